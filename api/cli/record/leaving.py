"""``vialog statement leave``, ``waiting`` and ``fetch``: open statements at a service, for the others who sign them.

What is signed is signed here, by ``vialog statement cosign``; the key that is given here signs in and nothing else.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, cast
from urllib.parse import quote

import typer

from api.cli.access.token import Key, Url, session_at
from api.cli.output import Json, print_object, print_table, say
from api.cli.record.incoming.reading import read_all_signed
from api.rows.waiting import OpenStatementRow, OpenStatementShown, OpenStatementsOfParty
from api.submissions import write_submission
from ledger.files import refuse_existing, write_new

if TYPE_CHECKING:
    from collections.abc import Sequence

_PATH = "/v1/open-statements"


def leave(
    file: Annotated[Path, typer.Argument(help="Statements, one a line, that somebody left open.")],
    *,
    key: Key,
    url: Url = None,
    as_json: Json = False,
) -> None:
    """Leave open statements at a service, where those who sign them too find them; or add signatures to those there.

    Whoever is to sign one sees it there, and nobody else. It is gone when it is recorded, withdrawn, or after 30 days.
    """
    lines = [write_submission(submission, names) for submission, names in read_all_signed(file)]
    with session_at(key, url) as service:
        rows = [service.ask("POST", _PATH, line).said(OpenStatementRow) for line in lines]
    _print(rows, as_json=as_json)


def waiting(*, key: Key, url: Url = None, as_json: Json = False) -> None:
    """List the open statements at a service that your party is to sign, or has signed, with who has and who has not."""
    with session_at(key, url) as service:
        said = service.ask("GET", _PATH).said(OpenStatementsOfParty)
    _print(said["open"], as_json=as_json)


def fetch(
    digest: Annotated[str, typer.Argument(help="The statement's digest, as `vialog statement waiting` shows it.")],
    *,
    key: Key,
    out: Annotated[Path | None, typer.Option("--out", help="Where it goes; stdout if left out.")] = None,
    url: Url = None,
    as_json: Json = False,
) -> None:
    """Fetch an open statement from a service, to sign it here, or to hand it in once all have signed.

    It is written as `vialog statement sign` writes it: one line, which `vialog statement cosign` takes.
    """
    if out is not None:
        refuse_existing(out)
    with session_at(key, url) as service:
        said = service.ask("GET", f"{_PATH}/{quote(digest, safe='')}").said(OpenStatementShown)
    line = json.dumps(said["submission"], ensure_ascii=False, separators=(",", ":"))
    if out is None:
        typer.echo(line)
        return
    write_new(out, f"{line}\n".encode())
    row = cast("OpenStatementRow", {name: one for name, one in said.items() if name != "submission"})
    _print([row], as_json=as_json)


def _print(rows: Sequence[OpenStatementRow], *, as_json: bool) -> None:
    if as_json:
        for row in rows:
            print_object(row)
        return
    if not rows:
        say("Nothing waits to be signed.")
        return
    print_table(
        ("digest", "kind", "left by", "expires", "signed", "not signed yet"),
        [
            (
                row["digest"],
                row["kind"],
                row["left_by"],
                row["expires"],
                _who(row, signed=True),
                _who(row, signed=False),
            )
            for row in rows
        ],
    )


def _who(row: OpenStatementRow, *, signed: bool) -> str:
    return ", ".join(f"{one['person']} ({one['party']})" for one in row["signers"] if one["signed"] is signed)
