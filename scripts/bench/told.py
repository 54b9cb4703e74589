"""A log of very many events whose parties are few: the demo's story, told again and again of ever new goods.

All tellings but the first are appended unjudged and unsigned, with ids of their own: pages read what is recorded, and
judge nothing. So the demo's laboratory has had every vial of all tellings in its hands, and the customs of its district
see all that came in by the approvals of the others.
"""

from __future__ import annotations

import re
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from time import monotonic
from typing import TYPE_CHECKING, Final

from api.access.rights.sight import REGISTER
from api.console.frame import make_ready
from api.http.server import spare_the_collector
from ledger.ids import Tag
from ledger.rulepacks.load import load_packs
from ledger.statement.entries.entry import parse_entry
from ledger.statement.entries.state_entry import STATE_KIND
from ledger.statement.form.envelope import encode_envelope, parse_envelope
from ledger.store.port import Record
from projections.database.session import Session, prepare
from projections.running.log import Log
from projections.running.rebuilding import rebuild
from scripts.demo.cast import FIRST, REAGENTS
from scripts.demo.stage import StoryClock
from tests.console.browsing import at_own_address
from tests.servers import EMBEDDED, Servers
from tests.story import play

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime
    from pathlib import Path

    from ledger.ids import StatementId
    from ledger.statement.signing.signer import StatementSigner
    from ledger.store.port import Recorded
    from tests.http.serving import Served

_BATCH: Final = 2_000
_PUBLISHED_WITHIN: Final = 600.0
_EVERY: Final = 1.0
"""Seconds from one checkpoint to the next, as a service has it where nothing says otherwise."""
_RENAMED: Final = re.compile(r"(?<![a-z])((?:item|approval|permit|consignment|case):[A-Za-z0-9-]+)")
_NUMBERED: Final = re.compile(r'("(?:label|number)":"[^"]+)"')
_STATEMENT: Final = re.compile(r"\b([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{6})[0-9a-f]{6}\b")


class ToldClock(StoryClock):
    """That of the story, which goes on as time does once that is told: what is late by it is late."""

    _told: float | None = None

    def now(self) -> datetime:
        """Return the present instant."""
        if self._told is None:
            return super().now()
        return self._now + timedelta(seconds=monotonic() - self._told)

    def go_on(self) -> None:
        """Go as time does from here on."""
        self._told = monotonic()


@dataclass(frozen=True, slots=True)
class Told:
    """A served log with its views. people: who asks, by what they are. paths: what they ask for, by its name.

    story: the statements of one telling, as they are told again.
    """

    log: Served
    people: dict[str, StatementSigner]
    paths: dict[str, str]
    story: Sequence[Recorded]
    clock: ToldClock

    @property
    def size(self) -> int:
        """Return how many entries the log has."""
        return self.log.doors.ledger.store.head()

    def more(self, number: int) -> list[Record]:
        """Return the records of one more telling, which bears this number."""
        return [_renamed(one, number) for one in self.story]


@contextmanager
def told(place: Path, events: int) -> Iterator[Told]:
    """Serve a log of about so many events with its views, for a with block: the story, as often as it takes, or twice.

    What is asked for is of the second telling.
    """
    clock = ToldClock()
    with closing(Servers()) as servers, at_own_address(servers.get(EMBEDDED), place, clock, _EVERY) as log:
        store = log.doors.ledger.store
        cast, vials = play(log.doors.ledger, clock)
        story = [one for one in store.read() if one.kind != STATE_KIND and one.kind not in REGISTER]
        paths = {
            "item": f"/items/{vials[9].item}-1",
            "item with children": f"/items/{vials[20].item}-1",
            "approval": f"/approvals/{REAGENTS}-1",
            "consignment": f"/consignments/{FIRST}-1",
            "party": f"/parties/{cast.first_lab.id}",
            "worklist": "/worklist",
            "worklist, overdue": "/worklist?when=overdue",
            "worklist of a party": f"/worklist?about={cast.first_lab.id}",
            "overview": "/overview",
            "search": "/search?q=PL-010-1",
            "what a bench knows": "/bench/known",
            "items over HTTP": "/v1/items?limit=50",
        }
        people = {"custodian": cast.first_lab.first.signer, "authority": cast.destination.first.signer}
        made = Told(log, people, paths, story, clock)
        _tell_again(made, max(2, round(events / len(story))))
        clock.go_on()
        prepare(log.database.owner)
        with closing(Session(log.database.owner)) as session:
            rebuild(Log(store, log.doors.publication, load_packs()), session, lambda _, __: None)
        log.doors.publisher.wait_for(store.head(), _PUBLISHED_WITHIN)
        make_ready()  # as a service does that begins
        spare_the_collector()
        yield made


def _tell_again(made: Told, count: int) -> None:
    waiting: list[Record] = []
    for number in range(1, count):
        waiting += made.more(number)
        while len(waiting) >= _BATCH or (number == count - 1 and waiting):
            with made.log.doors.ledger.store.locked() as locked:
                locked.append(waiting[:_BATCH], made.clock.now())
            del waiting[:_BATCH]


def _renamed(one: Recorded, number: int) -> Record:
    entry = parse_entry(one.entry)
    envelope = parse_envelope(entry.data)

    def named(text: str) -> str:
        renamed = _RENAMED.sub(rf"\1-{number}", text)
        return _STATEMENT.sub(rf"\g<1>{number:06x}", _NUMBERED.sub(rf'\1-{number}"', renamed))

    payload = named(envelope.payload.decode()).encode()
    tags, status = (frozenset(Tag(named(tag)) for tag in tags) for tags in (entry.tags, entry.status))
    statement: StatementId = named(one.statement)  # type: ignore[assignment]
    breaches = tuple(
        replace(breach, subjects=tuple(Tag(named(tag)) for tag in breach.subjects)) for breach in entry.breaches
    )
    data = encode_envelope(envelope._replace(payload=payload))
    return Record(statement, one.kind, tags, entry.rules, data, (), breaches, status)
