"""``vialog statement cosign``: one signature more under a statement that somebody left open, on another machine.

What is signed are the bytes that the first signer made: the order of the signers, their keys and what each means by
signing stand inside them, so nobody can be put in another's place. No log is needed.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from api.cli.output import Json, print_object, say
from api.cli.passphrases import open_key
from api.cli.record.asking import confirm, say_unsigned, tell, waiting_for
from api.cli.record.reading import read_signed
from api.settings import read_settings
from api.submissions import write_submission
from ledger.files import refuse_existing, write_new, write_over
from ledger.service import Submission
from ledger.statement.disclosure import check_disclosures
from ledger.statement.envelope import parse_envelope
from ledger.statement.payload import read_payload
from ledger.statement.reading import read_statement
from ledger.statement.statement import cosign as add_signature


def cosign(
    file: Annotated[Path, typer.Argument(help="A statement that `vialog statement sign` left open.")],
    *,
    key: Annotated[Path, typer.Option("--key", help="The key file of a signer who has not signed yet.")],
    out: Annotated[Path | None, typer.Option("--out", help="Where it goes then; the file itself if left out.")] = None,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Sign without asking.")] = False,
    as_json: Json = False,
) -> None:
    """Add the next signature to an open statement, on any machine.

    What will be signed is told in words first, with who has signed and who has not. The signers, their order and what
    each declares were fixed by the first; whoever signs, signs the same bytes. No log is asked: the other signatures
    are verified when it is submitted.
    """
    if out is not None:
        refuse_existing(out)
    settings = read_settings()
    submission = read_signed(file)
    payload = read_payload(parse_envelope(submission.envelope).payload)
    read_statement(payload)
    check_disclosures(payload.sd, submission.disclosures)
    tell([payload])
    signer = open_key(settings, key)
    confirm(1, yes=yes)
    signed = Submission(add_signature(submission.envelope, signer), submission.disclosures)
    line = write_submission(signed) + b"\n"
    if out is None:
        write_over(file, line)
    else:
        write_new(out, line)
    if as_json:
        print_object({"file": str(out or file), "id": payload.id, "kind": payload.kind, **waiting_for(payload, signed)})
        return
    say(f"Signed: {out or file}")
    say_unsigned(payload, signed)
