"""A record that is folded once: what it is, and what it was at any place; that of an empty log can be asked too."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from msgspec.structs import replace

from ledger.domain.acts import Place, place_of
from ledger.domain.duties.steps import Told
from ledger.domain.fold import fold
from ledger.ids import ItemId, Tag
from ledger.statement.catalogue import KINDS
from projections.questions.record import Record
from tests.spec.bench import APPROVAL, GOODS, LAB, A, C, aliquoted, approval, child, vials
from tests.spec.supervision.test_recalls import used
from tests.spec.world import NOON, corrected, events_of

if TYPE_CHECKING:
    from typing import Any

    from ledger.domain.judging import Signed

HOUR: Final = timedelta(hours=1)
FIRST: Final = used(A, at=NOON + HOUR)
GIVEN: Final[list[Signed[Any]]] = [
    *vials(),
    FIRST,
    aliquoted(child(C, "1"), residual="1", at=NOON + 3 * HOUR),
    replace(used(A, at=NOON + 2 * HOUR), body=FIRST.body),  # told late
    replace(corrected(FIRST, FIRST.body), occurred_at=NOON + 4 * HOUR),
]


def test_of_an_empty_log_everything_is_unknown() -> None:
    record = Record([])
    assert (record.items, record.cases, record.effective) == ([], [], [])
    assert not record.world.item(A).known
    assert not record.at(Place(NOON, 1)).approval(APPROVAL).known
    assert record.steps(Tag(A)) == []


def test_at_every_place_each_subject_is_what_folding_it_up_to_there_gives() -> None:
    """Also where acts were told late, or moved by a correction, so that what counts is no beginning of the chain."""
    events = events_of([*GIVEN, approval()])
    record = Record(events)
    places = {
        Place(one.instant + after, one.position + more)
        for one in map(place_of, events)
        for after in (timedelta(), -HOUR / 2)
        for more in (0, 1)
    }
    for tag in (A, C, GOODS, LAB, APPROVAL, ItemId("item:none")):
        of_tag = [event for event in events if Tag(tag) in event.tags]
        for place in places:
            found = record.at(place).subjects.get(Tag(tag))
            assert found == (fold(Tag(tag), of_tag, KINDS, before=place) if of_tag else None), (tag, place)


def test_a_subject_is_folded_once_however_often_it_is_asked() -> None:
    told = Told(events_of(GIVEN), KINDS)
    (_, _, first), *_ = told.changes(Tag(A))
    asked = [told.at(Tag(A), Place(NOON - HOUR, 99)), told.at(Tag(A), Place(NOON, 99))]
    assert asked[0] is asked[1]
    assert first is told.changes(Tag(A))[0][2]
