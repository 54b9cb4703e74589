"""``vialog record``: one act, one command. It is drafted from options, told in words, signed, and recorded."""

from __future__ import annotations

import re
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from api.cli.exits import OK
from api.cli.output import Json, say
from api.cli.passphrases import open_key
from api.cli.record.drafting.completing import begun_acts
from api.cli.record.drafting.correcting import NOTHING, earlier_of
from api.cli.record.manifests.previews import say_encoding
from api.cli.record.signing.stating import Draft, How, leave_draft, state
from api.drafts.acts.authors import signers_of
from api.drafts.acts.kinds import ACTS, kind_of, likely
from api.drafts.acts.options import Given, body_of
from api.drafts.acts.slots import Slots
from api.logs.served import open_recording
from api.manifests.reading.sheets import read_manifest
from api.settings import read_settings
from api.telling.labels import Labels
from ledger.domain.bodies.vocabulary import Role
from ledger.errors import Malformed, NotFound
from ledger.files import refuse_existing
from ledger.meaning import Meaning

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ledger.domain.kind import Kind
    from ledger.statement.text.strict_json import JsonValue

_PAIR: Final = re.compile(r"([^=]+)=(.+)", re.DOTALL)


def record(
    context: typer.Context,
    kind: Annotated[
        str,
        typer.Argument(
            help="A kind, such as item.received, or an act of the bench, such as receive.", autocompletion=begun_acts
        ),
    ],
    *,
    key: Annotated[
        list[Path] | None,
        typer.Option(
            "--key",
            help="A key file to sign with; one for each signer, in order. Left out: --out is a draft for --with.",
        ),
    ] = None,
    role: Annotated[Role | None, typer.Option("--role", help="What to speak as, where more than one is possible.")] = (
        None
    ),
    meaning: Annotated[
        list[Meaning] | None,
        typer.Option(
            "--meaning",
            help="What each signature declares, in order; performed, then witnessed if left out; "
            "a visited unit confirms.",
        ),
    ] = None,
    rows: Annotated[
        Path | None,
        typer.Option("--from", metavar="LIST", help="A CSV or XLSX whose headers are members, for what differs."),
    ] = None,
    member: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="MEMBER=VALUE", help="A member that is called as an option of this command."),
    ] = None,
    acknowledge: Annotated[
        list[str] | None,
        typer.Option("--acknowledge", metavar="RULE=REASON", help="Record a breach of a rule, with a reason code."),
    ] = None,
    occurred_at: Annotated[
        str | None, typer.Option("--occurred-at", help="When it happened, in UTC; now if left out.")
    ] = None,
    reason: Annotated[str | None, typer.Option("--reason", help="Why, as a code.")] = None,
    corrects: Annotated[
        str | None,
        typer.Option(
            "--corrects",
            metavar="ID|POSITION",
            help="The statement that this one puts right; what is not said here is taken over from it.",
        ),
    ] = None,
    disclose: Annotated[
        list[str] | None,
        typer.Option("--disclose", metavar="NAME=TEXT", help="Words that travel beside the statement, erasable."),
    ] = None,
    absent: Annotated[
        list[str] | None,
        typer.Option(
            "--with",
            metavar="PERSON@PARTY[=MEANING]",
            help="Somebody who signs on another machine, as received or witnessed unless said; needs --out.",
        ),
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", help="Write what was signed to this new file, and record nothing.")
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Sign without asking.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Tell and judge it; record nothing.")] = False,
    as_json: Json = False,
) -> None:
    """State one act: say its members as options, read in words what will be signed, and it is signed and recorded.

    \b
    vialog record use --item HC-0033 --quantity "0.2 mL" --laboratory "Bench 2" …
    vialog record receive --consignment HB-784 --condition intact --item HC-1 --item HC-2 --condition missing …
    vialog record store --site "Bench 2" --from positions.csv --key lab.pem --yes

    Members are options by their names; `vialog statement new KIND` explains them, and what is missing is told, all at
    once. Where an id goes, what is printed does. In a list of objects, what stands behind an element is said of it, and
    what stands before the first of all. Short for kinds: receive, store, move, check-out, return, use, aliquot, pool,
    label, hand-over, accept, count, dispose (item.destroyed). With --from each row adds to the statement's list, or is
    a statement of its own; all are recorded, or none.
    """
    found = _known(kind)
    slots = Slots(found)
    constants = (Given(name, value, f"--set {name}") for name, value in map(_pair, member or ()))
    given = [*_options(context.args), *constants]
    files = key or []
    _check_out(files, absent, out)
    settings = read_settings()
    with open_recording(settings) as recording:
        labels = Labels(lambda: recording.store)
        earlier = NOTHING if corrects is None else earlier_of(recording.store, corrects)
        header: dict[str, JsonValue] = {
            "occurred_at": occurred_at or earlier.occurred_at,
            "reason": reason,
            "corrects": earlier.id,
            "acknowledges": [{"rule": rule, "reason": why} for rule, why in map(_pair, acknowledge or ())],
            "disclose": dict(map(_pair, disclose or ())),
        }
        before = earlier.body if earlier.kind == found.name else {}
        bodies = [body_of(slots, part, labels, before) for part in _parts(slots, given, rows)]
        keys = [open_key(settings, path) for path in files]
        signers = signers_of(labels, found, list(zip(keys, _meanings(meaning, len(keys)), strict=True)), role, absent)
        for note in dict.fromkeys(labels.notes):
            say(note)
        said = {name: value for name, value in header.items() if value}
        drafts: list[Draft] = [
            ({"log": recording.store.origin, "kind": found.name, "signers": signers, "body": body, **said}, keys)
            for body in bodies
        ]
        how = How(yes=yes, dry_run=dry_run, out=out, as_json=as_json)
        try:
            worst = state(recording, labels, drafts, how) if keys or out is None else leave_draft(labels, drafts, out)
        except Malformed as error:
            # Nobody wrote the draft: what is wrong with it is wrong with an option.
            raise Malformed(error.rule, slots.option_of(error.member), error.problem) from error
    if worst != OK:
        raise typer.Exit(worst)


def _check_out(keys: Sequence[Path], absent: Sequence[str] | None, out: Path | None) -> None:
    """Raise BadParameter: nobody signs, or there is no file for those who sign elsewhere. FileExistsError."""
    if not keys and not absent:
        raise typer.BadParameter("name a key file to sign with", param_hint="--key")
    if absent and out is None:
        raise typer.BadParameter("say with --out where it goes for those who sign elsewhere", param_hint="--with")
    if not keys and out is not None and out.suffix != ".json":
        raise typer.BadParameter("without a --key it is a draft, and its name ends in .json", param_hint="--out")
    if out is not None:
        refuse_existing(out)


def _meanings(said: list[Meaning] | None, number: int) -> Sequence[Meaning | None]:
    meanings: Sequence[Meaning | None] = said or [None] * number
    if len(meanings) != number:
        raise typer.BadParameter("give one for each --key, in order", param_hint="--meaning")
    return meanings


def _known(written: str) -> Kind[Any]:
    """Return the kind that is meant. Raises NotFound."""
    found = kind_of(written)
    if found is None:
        acts = ", ".join(ACTS)
        raise NotFound(f"{written} is not a kind that this ledger knows, and none of the acts {acts}{likely(written)}")
    return found


def _options(arguments: Sequence[str]) -> Iterator[Given]:
    """Yield the members that are said as options, in order. Raises BadParameter: it is not written as options are."""
    rest = iter(arguments)
    for word in rest:
        name, equals, value = word.partition("=")
        if not name.startswith("--") or len(name) < 3:
            raise typer.BadParameter(f"{word} stands behind no option; a member is written --name VALUE")
        if not equals:
            following = next(rest, None)
            if following is None:
                raise typer.BadParameter(f"{name} has no value")
            value = following
        yield Given(name.removeprefix("--"), value, name)


def _parts(slots: Slots, given: list[Given], rows: Path | None) -> Iterator[list[Given]]:
    """Yield what each statement is made of: the options and, where there is a list, its rows."""
    if rows is None:
        yield given
        return
    read = read_manifest(rows)
    say_encoding(read)
    sheet = read.sheet()
    lines = iter(sheet.rows)
    while part := list(islice(lines, slots.most or 1)):
        for row in part:
            if row.fault is not None:
                raise Malformed(row.fault.rule, f"{rows.name} line {row.line}", row.fault.problem)
        cells = [
            Given(name, cell, f'{rows.name} line {row.line}, column "{name}"', row.line)
            for row in part
            for name, cell in zip(sheet.headers, row.cells, strict=False)
            if name and cell is not None
        ]
        yield [*given, *cells]


def _pair(text: str) -> tuple[str, str]:
    found = _PAIR.fullmatch(text)
    if found is None:
        raise typer.BadParameter(f"{text} is not written NAME=VALUE")
    return found[1], found[2]
