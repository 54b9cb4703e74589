"""``vialog statement receipt``: check, offline, what a service signed about a statement that it did not take."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from api.cli.output import Json, print_object, print_pairs
from api.cli.record.incoming.reading import opened
from api.receipts.refusal import verify_receipt
from api.submissions import read_submission
from ledger.clock import format_time
from ledger.statement.form.envelope import parse_envelope
from ledger.statement.text import strict_json
from ledger.tlog.vkey import parse_vkey

if TYPE_CHECKING:
    from api.rows.record import ReceiptRow


def receipt(
    file: Annotated[
        Path, typer.Argument(help="A receipt, or the answer that it stands in; - is stdin.", metavar="FILE")
    ],
    *,
    log: Annotated[str, typer.Option("--log", help="The log's own key, its vkey, from a source that you trust.")],
    of: Annotated[Path | None, typer.Option("--of", help="The signed statement that it is to be about.")] = None,
    as_json: Json = False,
) -> None:
    """Check a receipt of a refusal: that a log's service did not take a statement, when, and by which rules.

    Nothing is asked of the service. It holds when the key has signed it; with --of, when it is of that very statement.
    It says what the service answered, and not that the answer was right.
    """
    payload = None if of is None else parse_envelope(read_submission(_read(of)).envelope).payload
    refusal = verify_receipt(_receipt(_read(file)), parse_vkey(log), payload)
    row: ReceiptRow = {
        "log": refusal.log,
        "digest": refusal.digest,
        "problem": refusal.problem,
        "rules": list(refusal.rules),
        "at": format_time(refusal.at),
    }
    if as_json:
        print_object(row)
        return
    print_pairs((name, ", ".join(said) if isinstance(said, list) else str(said)) for name, said in row.items())


def _receipt(data: bytes) -> bytes:
    """Return the envelope in its form, as it stands alone or in the answer of a service, however that is set."""
    said = strict_json.parse(data)
    found = said.get("receipt", said) if isinstance(said, dict) else said
    return json.dumps(found, ensure_ascii=False, separators=(",", ":")).encode()


def _read(path: Path) -> bytes:
    with opened(path) as stream:
        return stream.read()
