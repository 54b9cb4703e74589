"""An answer is what the entries say: what stands beside them is held against them, or the answer says what it is not.

Every column beside an entry, and the rows by which it is found, are changed without a byte of it; nobody is told more
or less by that. They stop, or they say what they said before.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, Final

import pytest

from api.asking.resting import end_object
from api.asking.written import Written, read_written
from api.telling.labels import Labels
from ledger.errors import IntegrityFailed, NotFound
from ledger.ids import Tag, type_of
from ledger.rulepacks.load import load_packs
from ledger.statement.entries.state_entry import STATE_KIND
from projections.asked.answering import answer, position_at, read
from projections.asked.narrowed import narrowed
from projections.asked.question import Asked, Reads
from projections.asked.table import QUESTIONS
from projections.claims.table import CLAIMABLE
from projections.lists import ITEMS, Part, Where, folded
from projections.reading import event_at, is_event
from projections.source import Source
from tests.contracts.behind import as_admin
from tests.faults.columns import COLUMNS, ROWS, said_otherwise
from tests.recorded.record import LOGS
from tests.recorded.storing import put
from tests.servers import EMBEDDED
from tests.viewed import viewed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ledger.domain.judging import Event
    from projections.asked.question import Question
    from tests.servers import Database, Servers
    from tests.viewed import Viewed

    Doors = dict[str, Callable[[], object]]

PACKS: Final = load_packs()
DAYS: Final = {"first": "2026-01-01", "last": "2027-12-31"}
WITHOUT_SUBJECT: Final = (
    *("late-entries", "few-signers", "corrections", "breaches", "incidents", "nobodys"),
    *("held", "left-over", "samples", "uncovered", "unit-classes"),
)
"""Some that read the whole log, some that the views narrow, and both that these narrow to statements."""

TARGETS: Final = ("key.enrolled/1", "approval.granted/1", "item.used/1")
"""Kinds of the entries that are attacked: who signs, what is allowed, where goods are."""


@pytest.fixture(scope="module")
def log(servers: Servers) -> Iterator[tuple[Viewed, Database]]:
    """The log of a story that an earlier version recorded, with its views."""
    with servers.get(EMBEDDED).database() as database, viewed(database) as views:
        put(views.store, max(LOGS.glob("*.xz")))
        views.rebuild()
        yield views, database


@pytest.fixture(scope="module")
def events(log: tuple[Viewed, Database]) -> list[Event[Any]]:
    """All that is recorded in it."""
    return [event_at(one) for one in log[0].store.read() if is_event(one)]


def target(events: list[Event[Any]], kind: str) -> Event[Any]:
    """Return the last event of a kind that another statement follows at once."""
    positions = {event.position for event in events}
    return [one for one in events if one.said.kind == kind and one.position + 1 in positions][-1]


def doors_about(views: Viewed, events: list[Event[Any]], attacked: Event[Any]) -> Doors:
    """Return by name whatever is answered that an event has to do with: each computed anew when it is called."""
    store, last = views.store, events[-1]
    asked = Asked((), PACKS, "CN", last.recorded, first=last.recorded.date(), last=last.recorded.date(), hours=0)

    def ask(question: Question, subject: Tag | None = None) -> object:
        of_it = Asked(**{**_members(asked), "subject": subject})
        found = answer(question, read(store, question, of_it, store.head()), store.head())
        assert not end_object(question, found, None)["checked"]  # "this is the operator's word", docs/json.md
        return found.rows

    def by_views(question: Question) -> object:
        with views.tables.still() as still:
            found = narrowed(question, asked, still, store)
        return None if found is None else answer(question, found, store.head()).rows

    def signed(text: str) -> object:
        labels, question = Labels(lambda: store), QUESTIONS["signatures"]
        of_it, position = read_written(question, Written({"statement": text}), "CN", PACKS, labels)
        return answer(question, read(store, question, of_it, position), position).rows

    behind = next(one for one in events if one.position == attacked.position + 1)
    doors: Doors = {f"{name} of the log": partial(ask, QUESTIONS[name]) for name in WITHOUT_SUBJECT}
    doors |= {f"{name} by the views": partial(by_views, QUESTIONS[name]) for name in WITHOUT_SUBJECT[2:]}
    doors |= {
        f"signatures of {at}": partial(signed, text)
        for one in (attacked, behind, last)
        for at, text in ((str(one.position), str(one.position)), (f"the id of {one.position}", one.said.id))
    }
    doors |= {
        f"{name} of {tag}": partial(ask, QUESTIONS[name], tag)
        for tag in sorted(attacked.tags)[:12]
        for name in CLAIMABLE
        if type_of(tag) in QUESTIONS[name].about
    }
    return doors | {
        "what everything is called": lambda: sorted(Source(store).names.find("a", None), key=str),
        "a list": lambda: folded(ITEMS, Source(store), Where(), Part(1_000)).rows,
        "what was known by then": lambda: [position_at(store, one.recorded) for one in (attacked, behind, events[0])],
    }


def _members(asked: Asked) -> dict[str, Any]:
    return {name: getattr(asked, name) for name in asked.__dataclass_fields__}


def told(doors: Doors) -> dict[str, object]:
    """Return by door what it answers, or which error it ends with."""
    found: dict[str, object] = {}
    for name, ask in doors.items():
        try:
            found[name] = ask()
        except (IntegrityFailed, NotFound) as error:
            found[name] = error
    return found


@pytest.fixture(scope="module")
def truths() -> dict[str, dict[str, object]]:
    """By attacked kind what was answered before."""
    return {}


def before(
    log: tuple[Viewed, Database], events: list[Event[Any]], kind: str, kept: dict[str, dict[str, object]]
) -> dict[str, object]:
    if kind not in kept:
        kept[kind] = told(doors_about(log[0], events, target(events, kind)))
    return kept[kind]


@pytest.mark.parametrize("kind", TARGETS)
@pytest.mark.parametrize("name", COLUMNS)
def test_a_column_that_is_not_what_the_entry_says_is_never_told(
    log: tuple[Viewed, Database], events: list[Event[Any]], truths: dict[str, dict[str, object]], name: str, kind: str
) -> None:
    """Who is asked by an id that a row no longer bears says that there is none such."""
    attacked = target(events, kind)
    true = before(log, events, kind, truths)
    assert not [one for one in true.values() if isinstance(one, Exception)]
    other = next(one.said.id for one in events if one.position == attacked.position + 1)
    with said_otherwise(log[1], COLUMNS[name], attacked.position, other):
        found = told(doors_about(log[0], events, attacked))
    lied = [door for door, one in found.items() if not isinstance(one, Exception) and one != true[door]]
    assert lied == []
    assert any(isinstance(one, IntegrityFailed) for one in found.values())
    gone = [door for door, one in found.items() if isinstance(one, NotFound)]
    assert all(" the id of " in door for door in gone)


@pytest.mark.parametrize("kind", TARGETS)
@pytest.mark.parametrize("name", ROWS)
def test_rows_that_are_gone_or_lead_astray_change_no_answer_but_about_one_subject_unnoticed(
    log: tuple[Viewed, Database], events: list[Event[Any]], truths: dict[str, dict[str, object]], name: str, kind: str
) -> None:
    """What is asked of one subject is found by such a row: the answer says that what is missing is not shown."""
    attacked = target(events, kind)
    true = before(log, events, kind, truths)
    with said_otherwise(log[1], ROWS[name], attacked.position):
        found = told(doors_about(log[0], events, attacked))
    others = [door for door, one in found.items() if not isinstance(one, Exception) and one != true[door]]
    assert all(_is_about_one(door) for door in others)


def _is_about_one(door: str) -> bool:
    name = door.partition(" ")[0]
    return name in QUESTIONS and QUESTIONS[name].reads in {Reads.SUBJECT, Reads.LINEAGE}


def test_every_entry_that_says_how_the_log_stands_is_one(log: tuple[Viewed, Database]) -> None:
    """So that hiding one more among them is what is noticed above."""
    assert {one.kind for one in log[0].store.read() if not is_event(one)} <= {STATE_KIND}


@pytest.mark.parametrize(
    ("name", "view", "change"),
    [
        ("breaches", "breach", "update {} set statement = statement || 'x'"),
        ("corrections", "correction", "update {} set of_statement = of_statement || 'x'"),
        ("open-lines", "booking", "update {} set flow = flow || 'x'"),
        ("waste-manifests", "subject", "delete from {} where tag like 'item:%'"),
        ("remaining", "subject", "delete from {}"),
        ("discrepancies", "subject", "update {} set tag = tag || 'x'"),
    ],
)
def test_a_row_of_a_view_that_holds_what_no_event_makes_or_is_gone_stops_the_answer_in_words(
    log: tuple[Viewed, Database], events: list[Event[Any]], name: str, view: str, change: str
) -> None:
    views, database = log
    asked = Asked(
        (), PACKS, "CN", events[-1].recorded, first=events[0].recorded.date(), last=events[-1].recorded.date()
    )
    table = f"vialog_views.{view}"
    as_admin(database, f"create table public.kept as table {table}; {change.format(table)}")
    try:
        with views.tables.still() as still, pytest.raises(IntegrityFailed, match="vialog views rebuild"):
            narrowed(QUESTIONS[name], asked, still, views.store)
    finally:
        as_admin(database, f"delete from {table}; insert into {table} table public.kept; drop table public.kept")
