"""Questions over the whole log from the views: the rows are those of the whole log, whatever was said, and when."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

import pytest

from ledger.errors import IntegrityFailed
from ledger.rulepacks.load import load_packs
from ledger.statement.catalogue import KINDS
from ledger.statement.entries.entry import NO_RULES
from ledger.statement.entries.state_entry import STATE_KIND, StateEntry, encode_state, state_id
from ledger.store.port import Record
from projections.asked.narrowed import narrowed
from projections.asked.question import Asked
from projections.asked.table import QUESTIONS
from projections.folding.past import FOLDED
from projections.questions.supervision.compliance import MEASURES
from tests.narrowing import check_narrowed
from tests.recorded.record import LOGS
from tests.recorded.storing import put
from tests.viewed import viewed

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from ledger.ids import Tag
    from ledger.store.port import Recorded, Store
    from tests.servers import Database
    from tests.viewed import Viewed


@pytest.fixture
def views(embedded_database: Database) -> Iterator[Viewed]:
    """The log of a story that an earlier version recorded, with its views."""
    with viewed(embedded_database) as views:
        put(views.store, max(LOGS.glob("*.xz")))
        views.rebuild()
        yield views


def test_the_rows_are_those_of_the_whole_log_at_any_time(views: Viewed) -> None:
    last = list(views.store.read())[-1].recorded
    earlier, later = last - timedelta(days=9), last + timedelta(days=40)
    times = ((last, None), (last, last), (earlier, earlier), (later, None))
    answered = set[str]().union(*(check_narrowed(views, at, until) for at, until in times))
    assert answered >= {"corrections", "discrepancies", "excursions", "incidents", "waste-in-store", "waste-manifests"}
    assert answered >= {"compliance-file", "nobodys", "withdrawn"}


def test_whatever_stands_in_an_enterprises_file_changes_a_subject_that_is_read_for_it() -> None:
    members = {"permit": "permit", "approval": "approval", "consignment": "consignment", "items": "item"}
    for kind in MEASURES:
        named = [of for member, of in members.items() if member in KINDS[kind].body.__struct_fields__]
        assert named
        assert all(kind in FOLDED[of] for of in named), kind
    assert all(kind in FOLDED["case"] for kind in KINDS if kind.startswith(("supervision.", "finding.")))


def test_where_rows_are_of_more_subjects_than_pays_off_the_whole_log_is_read(views: Viewed) -> None:
    asked = Asked((), load_packs(), "CN", list(views.store.read())[-1].recorded)
    with views.tables.still() as still:
        assert narrowed(QUESTIONS["used-after-excursion"], asked, still, views.store) is not None
        assert narrowed(QUESTIONS["used-after-excursion"], asked, still, views.store, few=3, part=1_000) is None


class _LookedUp(Exception):
    """That the store was asked for the events of some subjects."""


class _Unasked:
    """A store that is not to be asked for the events of subjects, or for statements."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def __getattr__(self, name: str) -> object:
        if name in {"about_any", "find_any"}:
            raise _LookedUp
        return getattr(self._store, name)


def test_more_subjects_than_statements_may_be_read_are_not_looked_up_at_all(views: Viewed) -> None:
    """Each page of what is told of sixty thousand items looks at all of them: the views wait for that in a session."""
    asked = Asked((), load_packs(), "CN", list(views.store.read())[-1].recorded)
    store: Any = _Unasked(views.store)
    with views.tables.still() as still:
        assert narrowed(QUESTIONS["used-after-excursion"], asked, still, store, few=3, part=1_000) is None
        with pytest.raises(_LookedUp):
            narrowed(QUESTIONS["used-after-excursion"], asked, still, store)


def test_where_there_never_was_a_legal_hold_no_statement_is_read_for_it(views: Viewed) -> None:
    asked = Asked((), load_packs(), "CN", list(views.store.read())[-1].recorded)
    store: Any = _Unasked(views.store)
    with views.tables.still() as still:
        found = narrowed(QUESTIONS["legal-holds"], asked, still, store)
    assert found is not None
    assert len(found.events) == 1  # the newest of all, of which only when it was recorded counts


class _Noting:
    """A store that notes of which subjects the events were asked for."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.asked: list[str] = []

    def __getattr__(self, name: str) -> object:
        return getattr(self._store, name)

    def about_any(self, wanted: Mapping[Tag, Collection[str]], after: int = 0) -> Iterator[Recorded]:
        self.asked += wanted
        return self._store.about_any(wanted, after)


@pytest.mark.parametrize("question", ["nobodys", "uncertified-exits", "discrepancies"])
def test_all_that_is_told_of_a_subject_is_asked_for_once(views: Viewed, question: str) -> None:
    """What the runner noted of it is held against the same reading."""
    asked = Asked((), load_packs(), "CN", list(views.store.read())[-1].recorded)
    noting = _Noting(views.store)
    store: Any = noting
    with views.tables.still() as still:
        narrowed(QUESTIONS[question], asked, still, store)
    assert noting.asked
    assert len(noting.asked) == len(set(noting.asked))


_OWED: Final = """
    select debtor, subject, bool_or(coalesce(due <= %s and (ended_at is null or ended_at > due), false))
      from obligation where debtor is not null group by debtor, subject
"""


def test_of_what_an_enterprise_did_in_time_nothing_is_computed_again_for_its_file(views: Viewed) -> None:
    last = list(views.store.read())[-1].recorded
    day = last.date()
    asked = Asked((), load_packs(), "CN", last, first=day.replace(month=1, day=1), last=day)
    late: defaultdict[Tag, set[Tag]] = defaultdict(set)
    with views.session.lend() as connection:
        owed = connection.execute(_OWED, (last,)).fetchall()
    for party, subject, is_late in owed:
        late[party] |= {subject} if is_late else set()
    with views.tables.still() as still:
        for party, chains in late.items():
            told = narrowed(QUESTIONS["compliance-file"], replace(asked, subject=party), still, views.store, few=10_000)
            assert told is not None
            assert told.owing is not None
            assert set(told.owing) == chains
    assert 0 < sum(map(len, late.values())) < len(owed) / 2


def test_what_nobody_counted_for_a_year_is_told_by_the_views(views: Viewed) -> None:
    late = list(views.store.read())[-1].recorded + timedelta(days=400)
    data = encode_state(StateEntry(bytes(32), views.store.head(), 0))  # so that the editions of that day have begun
    with views.store.locked() as log:
        log.append([Record(state_id(data), STATE_KIND, frozenset(), NO_RULES, data)], late)
    views.rebuild()
    assert "uncounted" in check_narrowed(views, late)


def test_of_events_that_are_not_those_noted_nothing_is_told(views: Viewed) -> None:
    with views.session.lend() as connection:
        connection.execute("update subject set count = count + 1 where tag like 'case:%'")
    with pytest.raises(IntegrityFailed, match="the views note"):
        check_narrowed(views, list(views.store.read())[-1].recorded)
