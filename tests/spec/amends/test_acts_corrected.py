"""Acts that are corrected or voided, and asked of a time: where they stand among the others: GEN-12, COR-12."""

from __future__ import annotations

from datetime import timedelta

import pytest
from msgspec.structs import replace

from api.telling.histories import custody_of, history_from
from ledger.domain.amends.corrections import StatementVoided
from ledger.domain.custody.positions import Placed
from ledger.domain.custody.stock import ItemMoved
from ledger.domain.registry.parties import SiteChanged
from ledger.domain.states.subjects import Item
from ledger.ids import Tag
from tests.spec.amends.test_acts import EVENING, at, given_away, moved, stored, told, used
from tests.spec.bench import (
    LAB,
    OTHER,
    A,
    C,
    aliquoted,
    child,
    site,
    vials,
)
from tests.spec.parties import LABORATORY, registered
from tests.spec.world import corrected, events_of, refused, said, state_of


def test_a_correction_stands_where_its_own_time_says() -> None:
    first = moved("F9", 4)
    earlier = replace(corrected(first, first.body), occurred_at=at(1))
    given = [*vials(), stored("F1", 0), first, moved("F3", 2)]
    assert state_of([*given, earlier], A).place == "F3"


@pytest.mark.rule("GEN-12")
def test_a_correction_that_passes_another_act_is_told_out_of_order() -> None:
    first = moved("F9", 2)
    given = [*vials(), stored("F1", 0), first, moved("F3", 4)]
    right = corrected(first, first.body)
    assert told(given, replace(right, occurred_at=at(1))) == []
    assert told(given, replace(right, occurred_at=at(3))) == []
    assert "GEN-12" in told(given, replace(right, occurred_at=at(5)))
    assert "GEN-12" in told(given, replace(right, occurred_at=at(-1)))


@pytest.mark.rule("COR-12")
def test_a_correction_moves_nothing_into_the_way_of_later_acts() -> None:
    given = [registered(OTHER.party), *vials(), used("1", 3), given_away(4)]
    away = given[-1]
    assert refused(given, replace(corrected(away, away.body), occurred_at=at(2)), now=EVENING) == "COR-12"


def test_a_voided_act_leaves_the_others_in_their_order() -> None:
    first = moved("F9", 2)
    voided = said(StatementVoided(statement=first.id, ground="never-happened"), LABORATORY, at=at(5))
    given = [*vials(), stored("F1", 3), first, voided]
    assert state_of(given, A).place == "F1"
    assert told(given, moved("F4", 4)) == []


def test_no_table_of_custody_runs_backwards() -> None:
    split = aliquoted(child(C, "4"), residual="6", at=at(2))
    given = [*vials(), stored("F1", 3), moved("F9", 1), split, moved("F5", 1, C), stored("F6", 4, C)]
    for item in (A, C):
        events = tuple(event for event in events_of(given) if Tag(item) in event.tags)
        rows = custody_of(history_from(Tag(item), events, len(given)))
        assert all(row.ended is None or row.began <= row.ended for row in rows)
        assert [row.ended for row in rows[:-1]] == [row.began for row in rows[1:]]
        assert [row.place for row in rows if row.out_of_order] == ["F9" if item == A else "F5"]


def test_a_history_up_to_a_time_has_what_happened_by_then_told_late_too() -> None:
    given = [*vials(), stored("F1", 2), moved("F9", 4), moved("F5", 3)]
    events = tuple(event for event in events_of(given) if Tag(A) in event.tags)
    for hour, place in ((2, "F1"), (3, "F5"), (4, "F9")):
        history = history_from(Tag(A), events, len(given), at(hour))
        assert isinstance(history.subject, Item)
        assert (history.subject.place, history.subject) == (place, history.steps[-1].after)
        assert all(step.event.said.occurred_at <= at(hour) for step in history.steps)
        assert custody_of(history)[-1].ended is None
    assert not history_from(Tag(A), events, len(given), at(0) - timedelta(days=9_000)).subject.known


def test_a_correction_counts_at_the_time_that_it_says() -> None:
    first = moved("F5", 3)
    later = corrected(first, ItemMoved(site=LAB, items=(Placed(item=A, place="F7"),)))
    given = [*vials(), stored("F1", 2), first, later]
    events = tuple(event for event in events_of(given) if Tag(A) in event.tags)
    history = history_from(Tag(A), events, len(given), at(3))
    assert isinstance(history.subject, Item)
    assert (history.subject.place, [step.event.said.id for step in history.steps][-1]) == ("F7", later.id)


def test_a_site_is_what_the_newest_act_says() -> None:
    first = said(SiteChanged(site=LAB, level=1), LABORATORY, at=at(1))
    second = said(SiteChanged(site=LAB, level=3), LABORATORY, at=at(2))
    assert told([site(), second], first) == ["GEN-12"]
    assert state_of([site(), second, first], LAB).level == 3
    assert state_of([site(), second, first], LAB).at(at(1)).level == 1
    assert state_of([site(), second, first], LAB) == state_of([site(), first, second], LAB)
