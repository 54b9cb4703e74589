"""Questions from the views for who is shown a part of the log: the rows are those of that part, whoever asks."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Final

import pytest

from api.access.principal import Principal
from api.access.read import ReadOfOthers
from api.access.record import AtHead
from api.access.rights.seeing import Looking
from api.access.shown import Shown, Told
from ledger.domain.states.subjects import Key
from ledger.ids import type_of
from ledger.rulepacks.load import load_packs
from ledger.statement.entries.state_entry import STATE_KIND
from projections.asked.answering import answer, read
from projections.asked.narrowed import narrowed
from projections.asked.question import Asked, Reads
from projections.asked.table import QUESTIONS
from projections.questions.folded import subjects_of
from projections.reading import read_checked
from tests.recorded.record import LOGS
from tests.recorded.storing import put
from tests.servers import EMBEDDED
from tests.viewed import viewed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ledger.ids import Tag
    from projections.asked.question import Question
    from tests.servers import Servers
    from tests.viewed import Viewed

ASKED: Final = [one for one in QUESTIONS.values() if one.reads is Reads.VIEWS]
NOW_ALONE: Final = {"expiring", "held", "nobodys", "open-lines", "unanswered-handovers"}
"""Of which the views know who is so now, and not who ever was: for who is shown a part the whole log is read."""


@pytest.fixture(scope="module")
def views(servers: Servers) -> Iterator[Viewed]:
    """The log of a story that an earlier version recorded, with its views."""
    with servers.get(EMBEDDED).database() as database, viewed(database) as views:
        put(views.store, max(LOGS.glob("*.xz")))
        views.rebuild()
        yield views


def readers(views: Viewed) -> list[Principal]:
    """Return one person of each party that has a key which stands."""
    events = [read_checked(one) for one in views.store.read() if one.kind != STATE_KIND]
    found: dict[str, Principal] = {}
    for key in subjects_of(events, "key").values():
        if isinstance(key, Key) and key.party is not None and not key.revoked:
            found.setdefault(key.party, Principal(key.party, key.person, key.id, "session"))
    return list(found.values())


def compared(views: Viewed, who: Principal, asked: Asked, questions: list[Question]) -> set[str]:
    """Hold questions by the views against all that somebody is shown. Returns which have rows by the views."""
    record, answered = AtHead(views.store, asked.at), set[str]()
    shown = Shown(views.store, Looking(who, record), record, ReadOfOthers())
    whole = read(shown, QUESTIONS["compliance-file"], asked, views.store.head(), record.event)
    parties = sorted({tag for event in whole.events for tag in event.tags if type_of(tag) == "party"})
    for question in questions:
        subjects: list[Tag | None] = [*parties] if question.about else [None]
        for subject in subjects:
            with views.tables.still() as still:
                by = replace(asked, subject=subject)
                found = narrowed(question, by, still, views.store, few=10_000, teller=Told(shown, record))
            if found is not None:
                rows = answer(question, found, views.store.head()).rows
                assert rows == answer(question, replace(whole, subject=subject), views.store.head()).rows, (
                    question.name,
                    who.party,
                    subject,
                )
                answered |= {question.name} if rows else set()
    return answered


def test_the_rows_are_those_of_what_is_shown_at_any_time(views: Viewed) -> None:
    last = list(views.store.read())[-1].recorded
    earlier, later = last - timedelta(days=9), last + timedelta(days=40)
    answered, who = set[str](), readers(views)
    assert len(who) > 5
    for at, until in ((last, None), (last, last), (earlier, earlier), (later, None)):
        asked = Asked((), load_packs(), "CN", at, until, first=date(2026, 1, 1), last=date(2027, 12, 31))
        asked = replace(asked, days=90, hours=24)
        of_days = [one for one in ASKED if not one.about or until is None]
        answered |= {name for one in who for name in compared(views, one, asked, of_days)}
    assert answered >= {"breaches", "compliance-file", "corrections", "discrepancies", "excursions", "incidents"}
    assert answered >= {"late-declarations", "waste-in-store", "waste-manifests", "withdrawn"}


def test_of_others_what_an_answer_rests_on_counts_as_read_and_no_more(views: Viewed) -> None:
    at, some = list(views.store.read())[-1].recorded, 0
    for who in readers(views):
        record, others = AtHead(views.store, at), ReadOfOthers()
        told = Told(Shown(views.store, Looking(who, record), record, others), record)
        with views.tables.still() as still:
            asked = Asked((), load_packs(), "CN", at)
            found = narrowed(QUESTIONS["discrepancies"], asked, still, views.store, teller=told)
        assert found is not None
        positions = {event.position for event in found.events if event.tags}
        for part in others.close():
            assert {part.first, part.last} <= positions
            some += part.statements
    assert some


def test_where_the_views_know_only_who_is_so_now_who_is_shown_a_part_is_answered_by_the_log(views: Viewed) -> None:
    at = list(views.store.read())[-1].recorded
    record = AtHead(views.store, at)
    shown = Shown(views.store, Looking(readers(views)[0], record), record, ReadOfOthers())
    asked = Asked((), load_packs(), "CN", at, first=date(2026, 1, 1), last=date(2027, 12, 31), days=90, hours=24)
    with views.tables.still() as still:
        every = {one.name: one for one in ASKED if not one.about}
        all_told = {name for name, one in every.items() if narrowed(one, asked, still, views.store) is not None}
        part = {
            name
            for name, one in every.items()
            if narrowed(one, asked, still, views.store, teller=Told(shown, record)) is not None
        }
    assert all_told == every.keys()
    assert part == every.keys() - NOW_ALONE
