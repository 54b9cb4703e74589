"""What stands in the database beside an entry, held against the entry's own bytes: its columns, and its rows of tags.

Who asks for a tag, a statement or a kind is answered from these, so whoever reads an entry and rests on them compares.
"""

from __future__ import annotations

import re
from base64 import b64decode
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from ledger.errors import IntegrityFailed
from ledger.ids import StatementId
from ledger.statement.entries.entry import beginning, leaf_of
from ledger.statement.entries.state_entry import STATE_KIND, is_state, state_id
from ledger.statement.form.envelope import parse_envelope
from ledger.statement.form.payload import read_known

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ledger.statement.entries.entry import Entry
    from ledger.store.port import Recorded

_PAYLOAD: Final = re.compile(rb'\{"payload":"([0-9A-Za-z+/]+={0,2})",')
_NAMES: Final = re.compile(rb'"id":"([0-9a-f-]{36})",.*?"kind":"([a-z_.]+/[0-9]+)"')


@dataclass(frozen=True, slots=True)
class TagLine:
    """What the rows say of one position: all its tags, sorted, one space between; and the kinds that the rows say."""

    position: int
    tags: str
    kinds: frozenset[str]


def check_columns(recorded: Recorded, entry: Entry) -> None:
    """Check that the columns beside an entry say what it says itself.

    Raises IntegrityFailed, naming position and column. Malformed: the entry's envelope or payload cannot be read.
    """
    statement, kind = _names_in(entry)
    for column, said, due in (
        ("position", recorded.position, entry.position),
        ("recorded", recorded.recorded, entry.recorded),
        ("statement", recorded.statement, statement),
        ("kind", recorded.kind, kind),
        ("leaf", recorded.leaf.hex(), leaf_of(recorded.entry).hex()),
    ):
        if said != due:
            raise IntegrityFailed(f"position {recorded.position}: the column {column} says {said}, the entry {due}")


def plainly_holds(recorded: Recorded) -> bool:
    """Say whether a look shows that the columns beside an entry say what it says; if not, ``check_columns`` tells."""
    header, _, data = recorded.entry.partition(b"\n\n")
    return (
        header.startswith(beginning(recorded.position, recorded.recorded))
        and _plain_names(data) == (recorded.statement, recorded.kind)
        and leaf_of(recorded.entry) == recorded.leaf
    )


def check_line(position: int, kind: str, tags: str, line: TagLine | None) -> None:
    """Check that rows give an entry its tags, each with its kind, and no others.

    kind, tags: the entry's own, the tags as in a TagLine. line: what the rows say of its position; None: nothing.

    Raises IntegrityFailed, naming the position and what differs.
    """
    said, due = line.tags.split(" ") if line else [], tags.split()
    if said != due:
        raise IntegrityFailed(f"position {position}: {_differing(said, due)}: who asks for that tag is misled")
    if line and line.kinds != {kind}:
        raise IntegrityFailed(f"position {position}: its rows of tags are of another kind than {kind}")


def _differing(said: Sequence[str], due: Sequence[str]) -> str:
    if apart := set(said) ^ set(due):
        tag = min(apart)
        return f"{'no' if tag in due else 'a'} row gives it the tag {tag}"
    return f"a row gives it the tag {next(tag for tag in due if said.count(tag) > 1)} a second time"


def _names_in(entry: Entry) -> tuple[StatementId, str]:
    """Return id and kind of what an entry holds. It is read whole only where a look does not tell: there are many."""
    if is_state(entry):
        return state_id(entry.data), STATE_KIND
    if (names := _plain_names(entry.data)) is not None:
        return names
    read = read_known(parse_envelope(entry.data).payload)
    return read.id, read.kind


def _plain_names(data: bytes) -> tuple[StatementId, str] | None:
    """Return id and kind of an envelope whose payload shows them at a look; None: it is to be read whole."""
    if (found := _PAYLOAD.match(data)) is not None:
        payload = b64decode(found[1])
        plain = payload.count(b'"id"') == payload.count(b'"kind"') == 1 and b"\\u" not in payload
        if plain and (names := _NAMES.search(payload)) is not None:
            return StatementId(names[1].decode()), names[2].decode()
    return None
