"""What is owed, told as of where the views stand while they follow: by the rights of the head, and seconds old."""

from __future__ import annotations

import json
from contextlib import closing, contextmanager
from datetime import timedelta
from itertools import count
from threading import Thread
from typing import TYPE_CHECKING, Any, Final

import pytest

from api.http.answering import reading
from api.http.answering.due.page import page_of_owed
from api.http.bounds import views
from ledger.domain.registry.keys import KeyRevoked
from ledger.ids import Tag, key_tag, type_of
from ledger.rulepacks.load import load_packs
from projections.database.session import Session
from projections.obligations import Asked, Part, Place, folded
from projections.running.log import Log
from projections.running.rebuilding import rebuild
from projections.source import Source
from tests.authors import made
from tests.http.serving import by_views_alone
from tests.http.test_signing_in import signed_in
from tests.http.test_worklist_between import READERS, Earlier, Story, followed, story

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from api.http.answering.reading import Reading
    from projections.lists import Page
    from projections.obligations import ObligationRow

__all__ = ["story"]

ALL: Final = Part(10_000)
FEWER: Final = 4
"""At one in so many of the positions that the views come to it is compared: the whole log is read for that."""

SECOND: Final = timedelta(seconds=1)


def soon_behind(story: Story, position: int) -> datetime:
    """Return an instant at which what is behind a position is not late yet."""
    return next(story.log.doors.ledger.store.read(position, 1)).recorded + SECOND


def told(
    story: Story, who: str, at: datetime, least: int = 0, part: Part = ALL, head: int | None = None
) -> Page[ObligationRow]:
    with story.reads(who, head or story.head, at, least) as reads, by_views_alone(story.log.doors):
        return page_of_owed(reads, Asked(at), part)


def by_all_up_to(reads: Reading, position: int, at: datetime) -> tuple[ObligationRow, ...]:
    """Return what the entries up to a position make owed, of what may be seen by the rights of the head."""
    rows = folded(Source(reads.store.up_to(position), position), reads.packs, Asked(at), ALL).rows
    return tuple(row for row in rows if is_told(reads, row.subject))


def is_told(reads: Reading, subject: Tag) -> bool:
    seen = reads.looking.sight(subject)
    return bool(seen.windows) if type_of(subject) == "site" else bool(seen)


@contextmanager
def behind_by(story: Story, entries: int) -> Iterator[int]:
    """Let the views stand some entries behind the head, for a with block, and give where."""
    doors, position = story.log.doors, story.head - entries
    some: Any = Earlier(doors.ledger.store, position)
    with closing(Session(story.log.database.owner)) as session:
        rebuild(Log(some, doors.publication, load_packs()), session, lambda *_: None)
    yield position


def test_it_is_what_the_entries_up_to_there_make_owed_by_the_rights_of_the_head(story: Story) -> None:
    with followed(story) as following:
        for number in count():
            if (position := following.once()) >= story.head:
                break
            if number % FEWER:
                continue
            at = soon_behind(story, position)
            for who in READERS:
                page = told(story, who, at)
                assert page.as_of == position
                with story.reads(who, story.head, at) as reads:
                    every = by_all_up_to(reads, position, at)
                # Of what somebody sees a part of, the views do not name what ended by what they do not see.
                told_all = page.rows == every if who != READERS[-1] else set(page.rows) <= set(every)
                assert told_all, (position, who)


def test_what_was_recorded_longer_ago_is_told_wherever_the_views_stand(story: Story) -> None:
    with behind_by(story, 30) as position:
        late = soon_behind(story, position) - SECOND + reading.FRESH
        assert told(story, "first_lab", late).as_of == position
        at_the_head = told(story, "first_lab", late + SECOND)
        assert at_the_head.as_of is None
        with story.reads("first_lab", story.head, late + SECOND) as reads:
            assert at_the_head.rows == by_all_up_to(reads, story.head, late + SECOND)


def test_a_position_that_is_asked_for_is_told_if_the_views_do_not_come_to_it(
    story: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(views, "_WAITS", 0.1)
    monkeypatch.setattr(reading, "FRESH", timedelta(days=365))
    with behind_by(story, 150) as position:
        assert told(story, "first_lab", story.at, least=position).as_of == position
        newest = told(story, "first_lab", story.at, least=position + 1)
        assert newest.as_of is None
        latest = max(newest.rows, key=lambda row: row.place.opened_by).place
        assert latest.opened_by > position, "what nothing but the entries behind made owed"
        assert told(story, "first_lab", story.at, part=Part(10, latest)).as_of is None
        earliest = min(newest.rows, key=lambda row: row.place.opened_by).place
        assert told(story, "first_lab", story.at, part=Part(10, Place(*earliest))).as_of == position


def test_who_needs_a_position_waits_for_the_views_to_have_it(story: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(views, "_WAITS", 600.0)
    with followed(story) as following:
        waiting = Thread(target=story.log.doors.look_up.until, args=(story.head,))
        waiting.start()
        while (position := following.once()) < story.head:
            assert waiting.is_alive(), position
        waiting.join(60)
    assert not waiting.is_alive()


@pytest.mark.parametrize("said", ["", "nothing", "-1", "1.5", "9" * 15, "9" * 40])
def test_over_http_an_answer_says_as_of_which_position_it_is(
    story: Story, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(views, "_WAITS", 0.1)
    monkeypatch.setattr(reading, "FRESH", timedelta(days=1))
    session, head = signed_in(story.log, story.cast.first_lab.first.signer), story.log.doors.ledger.store.head()

    def position(path: str, cookie: str, **headers: str) -> tuple[int, int]:
        answer = story.log.ask("GET", path, headers={"Cookie": cookie, **headers})
        return int(answer.headers["vialog-position"]), json.loads(answer.body)["as_known_at"]

    with behind_by(story, 5) as stands:
        for path in ("/v1/worklist", "/v1/digest"):
            made_up = f"{session}; vialog-recorded={said}"
            assert position(path, made_up) == (stands, stands), "a browser says nothing that counts"
            assert position(path, f"{session}; vialog-recorded={head}") == (head, head), "it has just recorded that"
            assert position(path, session, **{"Vialog-Min-Position": str(head)}) == (head, head)


def test_a_key_that_was_revoked_behind_where_the_views_stand_is_told_nothing(
    story: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "FRESH", timedelta(days=365))
    importer, ledger = story.cast.importer, story.log.doors.ledger
    body = KeyRevoked(key=key_tag(importer.first.signer.thumbprint), ground="lost")
    event = ledger.record(made(body, importer.second, at=story.at, log=ledger.store.origin)).event
    assert event is not None
    with behind_by(story, 0) as position:
        before = told(story, "importer", story.at)
        assert before.rows
        after = told(story, "importer", story.at, head=event.position)
        assert (after.rows, after.as_of) == ((), position)
