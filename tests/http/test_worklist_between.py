"""What is owed, read where the views do not stand: by them and what lies between, as by views that stand there."""

from __future__ import annotations

from contextlib import closing, contextmanager
from typing import TYPE_CHECKING, Any, Final

import pytest

from api.access.principal import Principal
from api.access.record import AtHead
from api.http.answering.due import apart
from api.http.answering.due.page import page_of_owed
from api.http.answering.reading import reading
from api.http.asking import Known
from api.http.bounds.logged import Telling
from api.http.bounds.whole_logs import Why
from ledger.errors import Unavailable
from ledger.ids import key_tag
from ledger.rulepacks.load import load_packs
from projections import obligations
from projections.database.session import Session, prepare
from projections.database.tables import Tables
from projections.obligations import Asked, ObligationRow, Part
from projections.reading import read_checked
from projections.running.following import Following
from projections.running.log import Log
from projections.running.rebuilding import rebuild
from scripts.demo.stage import StoryClock
from tests.http.serving import by_views_alone
from tests.servers import EMBEDDED
from tests.told import story_served

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from api.http.answering.reading import Reading
    from ledger.domain.judging import Event
    from ledger.store.port import Recorded
    from scripts.demo.cast import Cast
    from tests.http.serving import Served
    from tests.servers import Servers

READERS: Final = ("first_lab", "port", "destination", "importer")
"""Of which the last one sees a part of what it was told of."""

EVERY: Final = 60
"""So many entries lie between the positions at which it is compared."""


class Earlier:
    """A store as it was at a position, for whoever asks where its head is."""

    def __init__(self, store: Any, position: int) -> None:  # noqa: ANN401  whatever a store can
        self._store, self._position = store, position

    def head(self) -> int:
        return self._position

    def read(self, after: int = 0, limit: int | None = None) -> Iterator[Recorded]:
        return (one for one in self._store.read(after, limit) if one.position <= self._position)

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401
        return getattr(self._store, name)


class Story:
    """The demo's story, served, its views followed as far as a test wants."""

    def __init__(self, log: Served, cast: Cast, at: datetime) -> None:
        self.log, self.cast, self.at = log, cast, at
        self.head = log.doors.ledger.store.head()

    @contextmanager
    def reads(self, who: str, position: int, at: datetime | None = None, least: int = 0) -> Iterator[Reading]:
        doors = self.log.doors
        record: Any = AtHead(Earlier(doors.ledger.store, position), self.at if at is None else at)
        key = record.world.key(key_tag(getattr(self.cast, who).first.signer.thumbprint))
        principal = Principal(key.party, key.person, key.id, "session")
        telling = Telling(doors.accesses, doors.signing_in.clock, "read_worklist", None)
        with reading(Known(principal, record), doors, telling, least) as reads:
            yield reads

    def owed(self, who: str, position: int, at: datetime | None = None) -> tuple[ObligationRow, ...]:
        """Return all that is owed, as of a position, by the views alone."""
        with self.reads(who, position, at) as reads, by_views_alone(self.log.doors):
            return page_of_owed(reads, Asked(self.at if at is None else at), Part(10_000)).rows


@pytest.fixture(scope="module")
def story(servers: Servers, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Story]:
    clock = StoryClock()
    with story_served(servers.get(EMBEDDED), tmp_path_factory.mktemp("between"), clock) as (log, cast, _):
        prepare(log.database.owner)
        yield Story(log, cast, clock.now())


@contextmanager
def followed(story: Story) -> Iterator[Following]:
    """Give a runner of views that stand before the first entry."""
    doors = story.log.doors
    with closing(Session(story.log.database.owner)) as session:
        empty: Any = Earlier(doors.ledger.store, 0)
        rebuild(Log(empty, doors.publication, load_packs()), session, lambda *_: None)
        yield Following(Log(doors.ledger.store, doors.publication, load_packs()), Tables(session), EVERY)


def test_views_behind_what_is_read_and_ahead_of_it_tell_what_those_tell_that_stand_there(
    story: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(apart, "MOST", 1_000_000)
    there: dict[tuple[str, int], object] = {}
    behind: dict[tuple[str, int], object] = {}
    with followed(story) as following:
        while (position := following.once()) < story.head:
            there |= {(who, position): story.owed(who, position) for who in READERS}
            behind |= {(who, position): story.owed(who, story.head) for who in READERS}
    last = {who: story.owed(who, story.head) for who in READERS}
    assert behind == {(who, position): last[who] for who, position in behind}
    assert there == {(who, position): story.owed(who, position) for who, position in there}
    assert len({len(rows) for rows in last.values()}) > 2, "readers see more or less of it"
    assert len(set(there.values())) > len(there) // 3, "what is owed changes on the way"


def test_views_tell_of_an_instant_before_acts_that_they_know_of(story: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(apart, "MOST", 1_000_000)
    with followed(story) as following:
        while following.once() < story.head:
            pass
    instants = sorted({one.said.occurred_at for one in events(story)})
    for at in instants[:: len(instants) // 5]:
        for who in READERS[:-1]:
            asked, part = Asked(at), Part(10_000)
            with story.reads(who, story.head) as reads:
                whole = obligations.folded(reads.source, reads.packs, asked, part).rows
                with by_views_alone(story.log.doors):
                    assert page_of_owed(reads, asked, part).rows == whole, (at, who)


def test_where_more_lies_between_than_is_looked_at_the_whole_log_is_read(
    story: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    with followed(story) as following:
        assert following.once() == EVERY
    monkeypatch.setattr(apart, "MOST", 10)
    with pytest.raises(Unavailable):
        story.owed("first_lab", story.head)
    with story.reads("first_lab", story.head) as reads:
        before = story.log.doors.whole_logs.counted
        assert page_of_owed(reads, Asked(story.at), Part(10_000)).rows
        after = story.log.doors.whole_logs.counted
    assert {why: after[why] - before[why] for why in after} == {**dict.fromkeys(Why, 0), Why.NO_VIEWS: 1}


def events(story: Story) -> list[Event[Any]]:
    return [read_checked(one) for one in story.log.handed_in()]
