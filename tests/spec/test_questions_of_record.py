"""Questions about the record itself: a small history is recorded, and the answer folded from it."""

from __future__ import annotations

from dataclasses import replace as changed
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from msgspec.structs import replace

from ledger.breach import Breach
from ledger.domain.amends.corrections import StatementVoided
from projections.questions.amends import amends
from projections.questions.late import late_entries
from tests.spec.bench import LAB, A, aliquoted, child, vials
from tests.spec.parties import LABORATORY, SECOND_PERSON
from tests.spec.test_recalls import used
from tests.spec.world import NOON, corrected, events_of, said

if TYPE_CHECKING:
    from ledger.domain.judging import Event

LATER: Final = NOON + timedelta(hours=1)


# Records that were corrected or voided: by whom, why, and what they said before


def test_a_correction_tells_who_why_and_what_was_said_before() -> None:
    first = used(A, at=NOON)
    again = corrected(first, replace(first.body, laboratory=LAB, purpose="diagnosis"))
    third = changed(corrected(again, again.body), occurred_at=LATER)
    rows = amends(events_of([*vials(), first, again, third]))
    assert [(one.statement, one.by, one.reason) for one in rows] == [
        (first.id, again.id, "misread"),
        (again.id, third.id, "misread"),
    ]
    assert (rows[0].kind, rows[0].before, rows[0].after) == ("item.used/1", first.body, again.body)
    assert (rows[0].members, rows[0].moved, rows[0].persons) == (("purpose",), None, first.persons)
    assert (rows[1].members, rows[1].moved) == ((), (NOON, LATER))


def test_a_voiding_tells_its_ground_and_what_was_taken_back() -> None:
    first = used(A, at=NOON)
    voiding = said(StatementVoided(statement=first.id, ground="entered-twice"), LABORATORY, at=LATER)
    [row] = amends(events_of([*vials(), first, voiding]))
    assert (row.by, row.reason, row.before, row.after, row.members) == (
        voiding.id,
        "entered-twice",
        first.body,
        None,
        (),
    )
    assert amends(events_of(vials())) == ()


# Late entries, by person and site


def told_late(event: Event[Any], hours: int, *breaches: Breach) -> Event[Any]:
    """Return an event as recorded some hours after its act."""
    return changed(event, recorded=event.said.occurred_at + timedelta(hours=hours), breaches=breaches)


def test_late_entries_are_told_by_person_and_site() -> None:
    first = said(used(A, at=NOON).body, LABORATORY, acknowledged={"GEN-10": "no-connection"})
    second = aliquoted(child(A, "2"), residual="7", at=LATER)
    *before, one, two = events_of([*vials(), first, second])
    events = [*before, told_late(one, 30, Breach("GEN-10", ())), told_late(two, 25)]
    answer = late_entries(events, timedelta(hours=24))
    assert [(row.statement, row.took, row.told, row.reason) for row in answer.rows] == [
        (first.id, timedelta(hours=30), True, "no-connection"),
        (second.id, timedelta(hours=25), False, None),
    ]
    laboratory, second_person = ((one.party, one.person) for one in (LABORATORY, SECOND_PERSON))
    assert answer.by_person == {laboratory: 2, second_person: 1}
    assert answer.by_site == {LAB: 2}
    assert late_entries(events, timedelta(hours=30)).rows == ()


def test_a_correction_is_as_late_as_what_it_corrects_was_first_told() -> None:
    first = used(A, at=NOON)
    *before, one, two = events_of([*vials(), first, corrected(first, first.body)])
    events = [*before, one, changed(two, recorded=NOON + timedelta(days=30))]
    assert late_entries(events, timedelta(hours=1)).rows == ()
