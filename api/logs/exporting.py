"""The views as files for analysis: each a Parquet file, and a manifest that says what they are rows of.

Persons are codes there as in the log, and no disclosure is read: a view never has one. Amounts are texts, exact to the
last digit; instants are UTC. The folder comes into being at once and is never written into again.
"""

from __future__ import annotations

import errno
import hashlib
import json
import os
import shutil
import tempfile
from contextlib import contextmanager
from decimal import Decimal
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pyarrow as pa
import pyarrow.parquet as pq

from ledger.errors import IntegrityFailed
from ledger.files import sync
from ledger.quantity import format_decimal
from projections.views.catalogue import VIEWS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from api.rows.operate import ViewFile, ViewsExported
    from projections.database.tables import Still
    from projections.views.view import View

MANIFEST: Final = "manifest.json"
FORMAT: Final = "vialog-views/1"
_BATCH: Final = 10_000
_TYPES: Final = {
    "text": pa.string(),
    "numeric": pa.string(),  # a decimal of any length; the last digit counts
    "int4": pa.int64(),
    "int8": pa.int64(),
    "bool": pa.bool_(),
    "date": pa.date32(),
    "timestamptz": pa.timestamp("us", "UTC"),
    "text[]": pa.list_(pa.string()),
}
"""What a column holds, by its type in the database."""


def export(still: Still, log: str, folder: Path) -> ViewsExported:
    """Write every view into a new folder: all files of one moment, or none.

    Raises FileExistsError: something is there. IntegrityFailed: the views go on no more. OSError.
    """
    if still.standing.stopped is not None:
        raise IntegrityFailed(f"the views go on no more: {still.standing.stopped}")
    with _new(folder) as place:
        files = [_write(still, view, place) for view in VIEWS]
        manifest: ViewsExported = {
            "format": FORMAT,
            "log": log,
            "position": still.standing.position,
            "checkpoint": still.standing.bound.checked,
            "views": still.standing.version,
            "files": files,
        }
        text = json.dumps(manifest, indent=1, ensure_ascii=False) + "\n"
        (place / MANIFEST).write_text(text, encoding="utf-8")
        sync(place / MANIFEST)
    return manifest


def _write(still: Still, view: View, place: Path) -> ViewFile:
    schema = pa.schema([(name, _TYPES[kind]) for name, kind in still.columns(view)])
    path, count = place / f"{view.name}.parquet", 0
    with pq.ParquetWriter(path, schema) as writer:
        rows = still.every(view)
        while batch := list(islice(rows, _BATCH)):
            columns = zip(*batch, strict=True)
            arrays = [pa.array(map(_cell, column), one.type) for column, one in zip(columns, schema, strict=True)]
            writer.write_table(pa.Table.from_arrays(arrays, schema=schema))
            count += len(batch)
    sync(path)
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return {"view": view.name, "file": path.name, "rows": count, "bytes": path.stat().st_size, "sha256": digest}


def _cell(value: Any) -> Any:  # noqa: ANN401  a cell of whatever view
    return format_decimal(value) if isinstance(value, Decimal) else value


@contextmanager
def _new(folder: Path) -> Iterator[Path]:
    """Give a folder beside for a with block, and put it in its place behind it; after an error nothing is left."""
    _check_free(folder)
    place = Path(tempfile.mkdtemp(prefix=f".{folder.name}.", dir=folder.resolve().parent))  # for its owner alone
    try:
        yield place
        _check_free(folder)
        # Die here: a folder with a point before its name is left over. Nothing has the name that was asked for.
        place.rename(folder)
    finally:
        shutil.rmtree(place, ignore_errors=True)
    sync(folder.resolve().parent)


def _check_free(folder: Path) -> None:
    if os.path.lexists(folder):
        raise FileExistsError(errno.EEXIST, "it is not overwritten; name another folder", str(folder))
