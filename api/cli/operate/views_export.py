"""``vialog views export``: the views as Parquet files, for analysis by other programs."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from api.cli.output import Json, print_object, print_table, say
from api.logs.wiring import open_publication, open_store, open_views
from api.settings import read_settings
from ledger.errors import NotFound
from projections.database.tables import Tables


def export(
    folder: Annotated[Path, typer.Argument(help="A new folder for the files.")],
    *,
    as_json: Json = False,
) -> None:
    """Write each view as a Parquet file into a new folder, all as of one position, with a manifest of their hashes.

    Persons are codes, and no disclosure is in any file. Amounts are texts, exact to the last digit; instants are UTC.
    """
    try:
        from api.logs.exporting import export as export_views
    except ModuleNotFoundError as error:
        raise NotFound(f"Parquet files need {error.name}: install vialog with its extra, analysis") from None

    settings = read_settings()
    with (
        open_store(settings) as store,
        open_publication(settings) as publication,
        open_views(settings, store, publication) as views,
        Tables(views.session).still() as still,
    ):
        manifest = export_views(still, store.origin, folder)
    if as_json:
        print_object(manifest)
        return
    names = ("view", "rows", "bytes", "sha256")
    print_table(names, [[one["view"], one["rows"], one["bytes"], one["sha256"]] for one in manifest["files"]])
    say(
        f"{folder}: as of position {manifest['position']}; the log was held against the checkpoint of "
        f"{manifest['checkpoint']}"
    )
