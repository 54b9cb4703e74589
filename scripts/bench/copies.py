"""A log of very many events of all kinds, made fast: the recorded story, told of ever so many others at the same time.

The story is played once, and judged. Each of its statements is then put into the store once for every copy, at the
time at which it was recorded, before the next one: so the log grows in everything, and all is told in its order. A copy
has its own items, parties, sites, approvals, consignments, cases and keys, and nothing in common with any other.
It is not judged, and bears the signatures of the first words: reading checks leaf hashes, and no signature.
"""

from __future__ import annotations

import json
import re
from base64 import b64decode, b64encode
from contextlib import closing, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from ledger.ids import StatementId, Tag
from ledger.statement.entries.breach_line import encode_breaches, parse_breaches
from ledger.statement.entries.entry import parse_entry
from ledger.statement.entries.state_entry import STATE_KIND
from ledger.store.database.migrate import migrate, name_log
from ledger.store.database.postgres import PostgresStore
from ledger.store.memory import MemoryStore
from ledger.store.port import Record
from ledger.store.server.embedded import Role
from tests.recorded.record import ORIGIN, play

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ledger.statement.entries.entry import Entry
    from ledger.store.port import Recorded
    from ledger.store.server.embedded import Running

_BATCH: Final = 2_000
_IDS: Final = re.compile(
    r"\b(?:item|approval|consignment|party|site|case|permit):[0-9A-Za-z](?:[0-9A-Za-z-]*[0-9A-Za-z])?"
)
_STATEMENTS: Final = re.compile(r"\b([0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{4})[0-9a-f]{8}\b")
_KEYS: Final = re.compile(r"\b[0-9a-f]{8}([0-9a-f]{56})\b")

_ID: Final = "\x00"
_NUMBER: Final = "\x01"


@dataclass(frozen=True, slots=True)
class Copies:
    """A log, and how often the story is told in it. story: its statements, as they stand in the first copy."""

    store: PostgresStore
    story: Sequence[tuple[Recorded, Entry]]
    count: int

    def tags(self, id_type: str) -> list[Tag]:
        """Return the subjects of a type that the story names, sorted; ``of_copy`` makes those of a copy of them."""
        return sorted({tag for _, entry in self.story for tag in entry.tags if tag.startswith(f"{id_type}:")})


def of_copy(text: str, copy: int) -> str:
    """Return a text of the story, such as an id, as a copy has it; the first, 0, has it as it is."""
    return _told(_marked(text), text, copy)


def _marked(text: str) -> str:
    """Return a text with marks where a copy has something of its own: behind ids, and within other numbers."""
    named = _IDS.sub(rf"\g<0>{_ID}", text)
    said = _STATEMENTS.sub(rf"\1{_NUMBER}", named)
    return _KEYS.sub(rf"{_NUMBER}\1", said)


def _told(marked: str, text: str, copy: int) -> str:
    return marked.replace(_ID, f"-{copy}").replace(_NUMBER, f"{copy:08x}") if copy else text


@contextmanager
def copies(running: Running, events: int) -> Iterator[Copies]:
    """Yield a log of a server with about so many events: a whole number of copies."""
    migrate(running.conninfo(Role.OWNER))
    name_log(running.conninfo(Role.OWNER), ORIGIN)
    memory = MemoryStore(ORIGIN)
    play(memory)
    story = [(one, parse_entry(one.entry)) for one in memory.read() if one.kind != STATE_KIND]
    with closing(PostgresStore(running.conninfo())) as store:
        made = Copies(store, story, max(1, round(events / len(story))))
        for recorded, entry in story:
            _put(made, recorded, entry)
        yield made


def _put(made: Copies, recorded: Recorded, entry: Entry) -> None:
    template = _Template(recorded, entry)
    for first in range(0, made.count, _BATCH):
        records = [template.record(copy) for copy in range(first, min(first + _BATCH, made.count))]
        with made.store.locked() as log:
            log.append(records, recorded.recorded)


class _Template:
    """An entry of the story, of which records of copies are made."""

    def __init__(self, recorded: Recorded, entry: Entry) -> None:
        self._recorded, self._entry = recorded, entry
        tags = sorted(entry.tags)
        payload = b64decode(json.loads(entry.data)["payload"]).decode()
        _, mark, signed = entry.data.decode().partition('","payloadType"')
        breaches = encode_breaches(entry.breaches, tags)
        parts = (recorded.statement, " ".join(tags), " ".join(sorted(entry.status)), breaches, payload, mark + signed)
        self._parts = [(_marked(part), part) for part in parts]

    def record(self, copy: int) -> Record:
        """Return the record of a copy."""
        statement, tags, status, breaches, payload, signed = (_told(*part, copy) for part in self._parts)
        borne = [Tag(tag) for tag in tags.split()]  # in the order of the story's, by which breaches name them
        return Record(
            StatementId(statement),
            self._recorded.kind,
            frozenset(borne),
            self._entry.rules,
            f'{{"payload":"{b64encode(payload.encode()).decode()}{signed}'.encode(),
            breaches=parse_breaches(breaches, borne),
            status=frozenset(map(Tag, status.split())),
        )
