"""What is asked before anybody signs: what will be signed, in words, and whether it is meant."""

from __future__ import annotations

import sys
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Final

import typer

from api.cli.exits import BUG
from api.cli.output import say
from api.language import label
from api.settings import read_settings
from api.telling.reading import Readers
from ledger.ids import is_tag
from ledger.statement.form.envelope import parse_envelope
from ledger.statement.statement import unsigned
from ledger.words.reader import code_word, name_of, nameless
from ledger.words.telling import change, sentence

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from api.rows.record import SignedFile, Waiting
    from ledger.service import Submission
    from ledger.statement.form.payload import Payload
    from ledger.words.reader import Names

_MOST_TOLD: Final = 10


def _unknown(_: str) -> Payload | None:
    """Know no statement that was recorded before."""
    return None


def _called(called: Names, otherwise: Names, ident: str) -> str | None:
    """Return what something is called here, and else what anybody calls it: an agent by its catalogue."""
    return called(ident) or (None if is_tag(ident) else otherwise(ident))


def tell(
    payloads: Sequence[Payload],
    called: Names = nameless,
    earlier: Callable[[str], Payload | None] = _unknown,
) -> None:
    """Say in words what statements state, the first ten of many.

    called: what subjects are called. earlier: returns a recorded statement by its id, of which a correction tells what
    it changes; None of one that is not here.
    """
    readers = Readers(read_settings())
    for payload in payloads[:_MOST_TOLD]:
        reader = readers.of(None, payload.occurred_at)
        reader = replace(reader, names=partial(_called, called, reader.names))
        say(sentence(payload, reader))
        before = None if payload.corrects is None else earlier(payload.corrects)
        if before is not None:
            say(f"  {label('it changes: {change}').format(change=change(before, payload, reader))}")
        for signer in payload.signers:
            told = label("{meaning}: {person} of {party}, as {role}").format(
                meaning=code_word("meaning", signer.meaning, reader),
                person=signer.person,
                party=name_of(signer.party, reader),
                role=code_word("role", signer.role, reader),
            )
            say(f"  {told}")
    if (more := len(payloads) - _MOST_TOLD) > 0:
        say(label("and {more} more").format(more=more))


def sent(names: Mapping[str, str]) -> Callable[[str], str | None]:
    """Return what subjects are called by who sent a statement: the name with the id, because nobody signed the name."""

    def called(ident: str) -> str | None:
        name = names.get(ident)
        return None if name is None else label("{name} ({id})").format(name=name, id=ident)

    return called


def confirm(number: int, *, yes: bool) -> None:
    """Ask whether to sign. yes: it was said already. Raises Exit: it is not; BadParameter: nobody can be asked."""
    if yes:
        return
    if not sys.stdin.isatty():
        raise typer.BadParameter("nobody can be asked here: say --yes to sign", param_hint="--yes")
    if not typer.confirm(
        label("Sign it?") if number == 1 else label("Sign all {number}?").format(number=number), err=True
    ):
        say(label("Nothing was signed."))
        raise typer.Exit(BUG)


def signed_object(file: Path, payload: Payload, submission: Submission) -> SignedFile:
    """Return a statement that was written to a file, and who has not signed it yet, as the members of a JSON object."""
    lacking = unsigned(payload, parse_envelope(submission.envelope))
    waiting: list[Waiting] = [{"party": one.party, "person": one.person, "meaning": one.meaning} for one in lacking]
    return {"file": str(file), "id": payload.id, "kind": payload.kind, "unsigned": waiting}


def say_unsigned(payload: Payload, submission: Submission, names: Mapping[str, str]) -> None:
    """Say who has not signed yet, and how they do; nothing where all have. names: of parties, by their ids."""
    for one in unsigned(payload, parse_envelope(submission.envelope)):
        party = names.get(one.party, one.party)
        say(f"Not signed yet by {one.person} of {party} ({one.meaning}): vialog statement cosign FILE --key KEY")
