"""``vialog statement cosign``: one signature more under statements that somebody left open, on another machine.

What is signed are the bytes that the first signer made: the order of the signers, their keys and what each means by
signing stand inside them, so nobody can be put in another's place. No log is needed.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NamedTuple

import typer

from api.cli.output import Json, print_object, say
from api.cli.passphrases import open_key
from api.cli.record.incoming.reading import read_all_signed
from api.cli.record.signing.asking import confirm, say_unsigned, sent, signed_object, tell
from api.settings import read_settings
from api.submissions import write_submission
from ledger.files import refuse_existing, write_new, write_over
from ledger.service import Submission
from ledger.statement.form.disclosure import check_disclosures
from ledger.statement.form.envelope import parse_envelope
from ledger.statement.form.payload import Payload, read_payload
from ledger.statement.reading import read_statement
from ledger.statement.statement import cosign as add_signature
from ledger.statement.statement import unsigned

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ledger.statement.signing.signer import StatementSigner


class _Open(NamedTuple):
    """A statement of the file. payload: as it was signed. names: as who left it says, signed by nobody."""

    payload: Payload
    submission: Submission
    names: Mapping[str, str]


def cosign(
    file: Annotated[Path, typer.Argument(help="Statements, one a line, that somebody left open.")],
    *,
    key: Annotated[Path, typer.Option("--key", help="The key file of a signer who has not signed yet.")],
    out: Annotated[Path | None, typer.Option("--out", help="Where it goes then; the file itself if left out.")] = None,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Sign without asking.")] = False,
    as_json: Json = False,
) -> None:
    """Add the next signature to open statements, on any machine.

    What will be signed is told in words first, with who has signed and who has not. The signers, their order and what
    each declares were fixed by the first; whoever signs, signs the same bytes. Of several statements in the file those
    are signed that wait for this key. Names stand beside the ids as whoever left it calls them; what is signed are the
    ids. No log is asked: the other signatures are verified when it is submitted.
    """
    if out is not None:
        refuse_existing(out)
    settings = read_settings()
    found = [_checked(*one) for one in read_all_signed(file)]
    left = [one for one in found if unsigned(one.payload, parse_envelope(one.submission.envelope))]
    tell([one.payload for one in left], sent({tag: name for one in left for tag, name in one.names.items()}))
    signer = open_key(settings, key)
    signed = [_signed(one, signer) for one in found]
    if not (added := sum(one is not before for one, before in zip(signed, found, strict=True))):
        add_signature(found[0].submission.envelope, signer)  # says why: KEY-23
    confirm(added, yes=yes)
    written = b"".join(write_submission(one.submission, one.names) + b"\n" for one in signed)
    if out is None:
        write_over(file, written)
    else:
        write_new(out, written)
    if not as_json:
        say(f"Signed: {out or file}")
    for payload, submission, names in signed:
        if as_json:
            print_object(signed_object(out or file, payload, submission))
        else:
            say_unsigned(payload, submission, names)


def _checked(submission: Submission, names: Mapping[str, str]) -> _Open:
    """Return a statement that a ledger could record. Raises Malformed: it is none."""
    payload = read_payload(parse_envelope(submission.envelope).payload)
    read_statement(payload)
    check_disclosures(payload.sd, submission.disclosures)
    return _Open(payload, submission, names)


def _signed(one: _Open, signer: StatementSigner) -> _Open:
    """Return a statement with one signature more; as it is where it does not wait for this key."""
    lacking = unsigned(one.payload, parse_envelope(one.submission.envelope))
    if signer.thumbprint not in {waited.key for waited in lacking}:
        return one
    signed = Submission(add_signature(one.submission.envelope, signer), one.submission.disclosures)
    return one._replace(submission=signed)
