"""Entries of the log as they are shown, as far as this program knows them: taken apart, or in words."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from api.answers import breach_lines, breach_objects, rules_object
from api.cli.output import counted, say
from api.cli.paragraphs import print_paragraph
from api.language import label
from ledger.clock import format_time
from ledger.errors import IntegrityFailed, Malformed, NotFound, TooOld, unreadable
from ledger.ids import StatementId, is_statement_id
from ledger.statement.entries.entry import newer_line, parse_known
from ledger.statement.entries.state_entry import is_state, state_of
from ledger.statement.form.envelope import parse_envelope
from ledger.statement.form.payload import read_known
from ledger.statement.reading import read_statement
from ledger.store.columns import check_columns
from ledger.words.telling import sentence
from ledger.words.times import zoned

if TYPE_CHECKING:
    from api.rows.log import Entry as Row
    from api.telling.reading import Readers
    from ledger.statement.entries.entry import Entry
    from ledger.statement.form.payload import Payload
    from ledger.store.port import Readable, Recorded
    from ledger.words.reader import Reader

BELOW: Final = " " * 7
"""What stands before the lines below a position."""


def recorded_at(store: Readable, position: int) -> Recorded:
    """Return the entry at a position. Raises NotFound."""
    for recorded in store.read(position - 1, 1) if position else ():
        return recorded
    head = store.head()
    if position <= head:
        raise NotFound(f"position {position} is not one that you may read")
    raise NotFound(f"the log has {counted(head, 'entry', 'entries')}; there is none at {position}")


def recorded_of(store: Readable, written: str) -> Recorded:
    """Return the entry of a statement, by its id or by its position. Raises NotFound."""
    if written.isdecimal():
        return recorded_at(store, int(written))
    found = store.find(StatementId(written)) if is_statement_id(written) else None
    if found is None:
        raise NotFound(f"the log here has no statement {written}")
    return found


def entry_object(recorded: Recorded) -> Row:
    """Return an entry taken apart, as the members of a JSON object; the payload as it was signed.

    What this program does not know of it is said in ``unread``, and what cannot be read for it is left out.
    """
    said: Row = {
        "position": recorded.position,
        "recorded": format_time(recorded.recorded),
        "kind": recorded.kind,
        "statement": recorded.statement,
        "leaf": recorded.leaf.hex(),
    }
    shown = read_shown(recorded)
    if shown.entry is not None:
        said = {
            **said,
            **rules_object(shown.entry.rules),
            "tags": sorted(shown.entry.tags),
            "status": sorted(shown.entry.status),
            "breaches": breach_objects(shown.entry.breaches, shown.entry.rules),
        }
    if shown.payload is not None:
        said["payload"] = dict(shown.payload.value)
    if shown.unread:
        said["unread"] = shown.unread
    return said


def print_entry(recorded: Recorded, readers: Readers) -> None:
    """Print an entry in words: position, time, what its statement says, when it was recorded, and its breaches."""
    shown = read_shown(recorded)
    if shown.unread:
        say(shown.unread)
    entry, reader = shown.entry, readers.of(None if shown.entry is None else shown.entry.rules, recorded.recorded)
    print_paragraph(_sentence(recorded, shown, reader), position_head(recorded.position))
    if shown.payload is not None:
        when = label("recorded {time}", reader.language)
        told = when.format(time=zoned(recorded.recorded, reader.zone, reader.language))
        print_paragraph(f"{recorded.kind}  {told}", BELOW)
    body = None if shown.payload is None else shown.payload.body
    for line in () if entry is None else breach_lines(entry.breaches, entry.rules, reader, body):
        print_paragraph(line, f"{BELOW}{label('breach', reader.language)} ")


def position_head(position: int) -> str:
    """Return a position as it stands before what is told of it."""
    return f"{position:>{len(BELOW) - 2}}  "


def _sentence(recorded: Recorded, shown: Shown, reader: Reader) -> str:
    if shown.payload is not None:
        return sentence(shown.payload, reader)
    time = zoned(recorded.recorded, reader.zone, reader.language)
    if shown.entry is None or not is_state(shown.entry):
        return f"{time}: {recorded.kind}"
    state = state_of(shown.entry)
    told = label(
        "{time}: The publisher states the index of the {size} entries before: {names} names.",
        reader.language,
    )
    return told.format(time=time, size=state.size, names=state.names)


@dataclass(frozen=True, slots=True)
class Shown:
    """An entry as far as this program knows it. unread: what it does not know, in words; "" where it knows all."""

    entry: Entry | None = None
    payload: Payload | None = None
    unread: str = ""


def read_shown(recorded: Recorded) -> Shown:
    """Read an entry. Raises IntegrityFailed: it is no entry, of whatever form."""
    found = Shown()
    try:
        found = replace(found, entry=(entry := parse_known(recorded.entry)))
        if is_state(entry):
            check_columns(recorded, entry)
            return found
        found = replace(found, payload=(payload := read_known(parse_envelope(entry.data).payload)))
        check_columns(recorded, entry)
        newer = newer_line(entry) if entry.later else payload.later
        if not newer:
            read_statement(payload)
    except Malformed as error:
        if isinstance(problem := unreadable(recorded.position, error), IntegrityFailed):
            raise problem from error
        return replace(found, unread=str(problem))
    return replace(found, unread=str(TooOld(recorded.position, newer))) if newer else found
