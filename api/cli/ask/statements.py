"""``vialog statement show``: a statement in words, from a file, by its id or by its position in the log."""

from __future__ import annotations

import json
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from api.cli.ask.entries import entry_object, recorded_of
from api.cli.ask.told import Shown, print_told, told_object
from api.cli.output import Json, print_object, say
from api.cli.record.incoming.reading import opened
from api.logs.served import open_readable
from api.settings import read_settings
from api.submissions import read_submission
from api.telling.labels import Labels, open_labels
from api.telling.reading import Readers
from ledger.errors import LedgerError, Malformed, NotFound, unreadable
from ledger.ids import is_statement_id
from ledger.service import Submission
from ledger.statement.entries.entry import parse_known
from ledger.statement.entries.state_entry import is_state
from ledger.statement.form.envelope import parse_envelope
from ledger.statement.form.payload import read_known

if TYPE_CHECKING:
    from collections.abc import Iterator

    from api.logs.served import Disclosing
    from api.rows.log import ToldEntry, ToldFile
    from api.settings import Settings
    from ledger.statement.form.payload import Payload
    from ledger.store.port import Recorded

_ENTRY: Final = b"vialog-entry/"


def show(
    what: Annotated[
        str, typer.Argument(metavar="FILE|ID|POSITION", help="A file (- is stdin), a statement's id, or its position.")
    ],
    *,
    as_json: Json = False,
) -> None:
    """Show a statement in words: what it says, who signs it as what, and what its signers were told and disclose.

    A file holds signed statements, one a line, as `vialog statement sign` writes them, one bare envelope, or an entry
    as `vialog log show --entry` writes it. Of a file signatures are not checked: `vialog statement check` does that.

    Names, labels and numbers stand in the place of ids as far as the log here knows them. Times are those of the
    jurisdiction, with UTC. The language is that of the locale, or of VIALOG_LANGUAGE.
    """
    settings = read_settings()
    if what.isdecimal() or is_statement_id(what):
        with open_readable(settings) as store:
            _show_recorded(recorded_of(store, what), store, settings, as_json=as_json)
        return
    with opened(Path(what)) as stream:
        written = stream.read()
    _show_file(what, written, settings, as_json=as_json)


def _show_recorded(recorded: Recorded, store: Disclosing, settings: Settings, *, as_json: bool) -> None:
    try:
        entry = parse_known(recorded.entry)
        if is_state(entry):
            raise NotFound(f"position {recorded.position} holds no statement, but what the publisher says of the index")
        payload = read_known(parse_envelope(entry.data).payload)
    except Malformed as error:
        raise unreadable(recorded.position, error) from error
    if payload.later:
        say(f"position {recorded.position}: this program does not know all of it: {payload.later}")
    shown = Shown(payload, store.disclosures(recorded.statement), entry)
    readers = Readers(settings, Labels(lambda: store))
    said: ToldEntry = {**entry_object(recorded), **told_object(shown, readers)}
    print_object(said) if as_json else print_told(shown, readers)


def _show_file(name: str, written: bytes, settings: Settings, *, as_json: bool) -> None:
    """Show what a file holds, each statement with the names of the log that it is for, where that is here."""
    for number, shown in enumerate(_shown_in(written)):
        with ExitStack() as stack:
            labels = stack.enter_context(open_labels(settings, shown.payload.log))
            readers = Readers(settings, labels)
            if as_json:
                said: ToldFile = {
                    "file": name,
                    "statement": shown.payload.id,
                    "kind": shown.payload.kind,
                    "payload": dict(shown.payload.value),
                    **told_object(shown, readers),
                }
                print_object(said)
                continue
            if number:
                typer.echo()
            print_told(shown, readers)


def _shown_in(written: bytes) -> Iterator[Shown]:
    """Yield the statements of a file. Raises Malformed: it is none of the forms."""
    if written.startswith(_ENTRY):
        entry = parse_known(written)
        if is_state(entry):
            raise NotFound("the entry holds no statement, but what the publisher says of the index")
        yield Shown(_payload(entry.data), (), entry)
        return
    lines = [line for line in written.splitlines() if line.strip()]
    if not lines:
        raise Malformed("STM-03", "$", "there is no statement in it")
    for line in lines if not _is_spaced(written) else [written]:
        said = _submission(line)
        yield Shown(_payload(said.envelope), said.disclosures)


def _submission(line: bytes) -> Submission:
    """Read a line: a signed statement with its disclosures, or its envelope alone."""
    try:
        return read_submission(line)
    except Malformed as problem:
        try:
            parse_envelope(line.strip())
        except LedgerError:
            raise problem from None
        return Submission(line.strip(), ())


def _is_spaced(written: bytes) -> bool:
    """Say whether a file is one JSON object over several lines."""
    try:
        json.loads(written)
    except ValueError:
        return False
    return True


def _payload(envelope: bytes) -> Payload:
    return read_known(parse_envelope(envelope).payload)
