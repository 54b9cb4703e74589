"""What a correction is judged in: its own rules at its own time, and what has been said since: COR-06 to COR-11."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from msgspec.structs import replace as changed

from ledger.domain.amends.consequences import judge_consequences
from ledger.domain.amends.corrections import StatementVoided
from ledger.domain.bodies.vocabulary import WriteOff
from ledger.domain.border.entry import ConsignmentDeclared
from ledger.domain.border.listing import ItemListed
from ledger.domain.border.release import ConsignmentReleased
from ledger.domain.custody.receipt import Condition, Documents, ItemReceived, ReceivedItem
from ledger.domain.ending.destruction import Destroyed, Indicator, ItemDestroyed
from ledger.domain.ending.disposal import Method
from ledger.domain.fold import standing
from ledger.domain.judging import World
from ledger.domain.registry.parties import SiteRegistered
from ledger.domain.work.use import ItemUsed
from ledger.errors import Refused
from ledger.ids import StatementId, Tag, new_statement_id
from ledger.reference.activities import Activity
from tests.spec import crossing
from tests.spec.bench import DIGEST, LAB, A, B, C, D, aliquoted, child, ml, vials
from tests.spec.border.test_entry import SECOND
from tests.spec.parties import IMPORTER, LABORATORY, SECOND_PERSON
from tests.spec.world import NOON, corrected, events_of, judged, refused, said, state_of, world_of

if TYPE_CHECKING:
    from ledger.domain.judging import Signed
    from ledger.ids import ItemId

LATER = NOON + timedelta(hours=1)


def used(value: str, item: ItemId = A) -> Signed[Any]:
    body = ItemUsed(
        item=item, laboratory=LAB, project="p", purpose="research", activity=Activity.UNCULTURED, quantity=ml(value)
    )
    return said(body, LABORATORY)


def destroyed(item: ItemId = A, value: str | None = None) -> Signed[Any]:
    what = Destroyed(item=item, quantity=None if value is None else ml(value))
    body = ItemDestroyed(
        laboratory=LAB, items=(what,), method=Method.CHEMICAL, indicator=Indicator.NONE, evidence=DIGEST
    )
    return said(body, LABORATORY, SECOND_PERSON)


def voided(target: Signed[Any], *by: Any) -> Signed[Any]:  # noqa: ANN401  signers
    return said(StatementVoided(statement=target.id, ground="entered-twice"), *(by or (LABORATORY,)), at=LATER)


SPLIT = aliquoted(child(C, "4"), residual="6")
RIGHT_SPLIT = corrected(SPLIT, aliquoted(child(C, "5"), residual="5").body)
FIRST = used("4")
RECEIPT = said(
    ItemReceived(
        consignment=crossing.CONSIGNMENT,
        laboratory=crossing.LAB,
        items=tuple(ReceivedItem(item=item, condition=Condition.INTACT) for item in crossing.VIALS),
        documents=Documents.MATCH,
    ),
    LABORATORY,
)


def test_an_aliquoting_is_corrected_after_its_parent_was_used() -> None:
    given = [*vials(), SPLIT, used("2")]
    assert judged(given, RIGHT_SPLIT) == []
    assert state_of([*given, RIGHT_SPLIT], A).quantity.value == 3
    assert state_of([*given, RIGHT_SPLIT], C).quantity.value == 5


@pytest.mark.rule("DER-01")
def test_a_correction_is_refused_that_would_have_been_refused_then() -> None:
    wrong = corrected(SPLIT, aliquoted(child(C, "5"), residual="3").body)
    assert refused([*vials(), SPLIT, used("2")], wrong) == "DER-01"


def test_a_use_is_corrected_after_its_item_was_destroyed() -> None:
    given = [*vials(), FIRST, destroyed()]
    right = corrected(FIRST, used("3").body)
    assert judged(given, right) == []
    assert state_of([*given, right], A).quantity.value == 0


@pytest.mark.rule("COR-06")
def test_a_use_is_not_corrected_to_more_than_was_left_to_destroy() -> None:
    given = [*vials(), FIRST, destroyed(value="6")]
    assert refused(given, corrected(FIRST, used("5").body)) == "COR-06"


def test_a_correction_is_judged_after_what_was_corrected_before_it() -> None:
    listing = next(one for one in vials() if isinstance(one.body, ItemListed))
    given = [one if one.kind != listing.kind else listing for one in vials()]
    more = tuple(changed(one, quantity=ml("20")) for one in listing.body.items)
    mended = corrected(listing, changed(listing.body, items=more))
    assert refused([*given, FIRST], corrected(FIRST, used("15").body)) == "PRT-02"
    assert judged([*given, FIRST, mended], corrected(FIRST, used("15").body)) == []


def test_a_voiding_is_judged_by_what_it_leaves() -> None:
    assert judged([*vials(), FIRST, destroyed()], voided(FIRST)) == []
    split = voided(SPLIT, LABORATORY, SECOND_PERSON)
    assert judged([*vials(), SPLIT, used("2")], split) == []
    assert refused([*vials(), SPLIT, used("1", C)], split) == "COR-07"


@pytest.mark.rule("COR-01")
def test_what_is_corrected_or_voided_stands_no_more() -> None:
    second = corrected(FIRST, used("3").body)
    given = [*vials(), FIRST, second]
    assert refused(given, corrected(FIRST, used("2").body)) == "COR-01"
    assert refused(given, voided(FIRST)) == "COR-01"
    assert judged(given, corrected(second, used("2").body)) == []
    assert refused([*given, voided(second)], corrected(second, used("2").body)) == "COR-01"


def test_a_statement_stands_at_the_place_of_what_it_first_corrected() -> None:
    second = corrected(FIRST, used("3").body)
    events = events_of([*vials(), FIRST, used("1"), second])
    first = next(event for event in events if event.said.id == FIRST.id)
    found = standing(events, second.id)
    assert found is not None
    assert (found.said, found.position, found.recorded) == (second, first.position, first.recorded)
    assert standing(events, FIRST.id) is None
    assert standing(events, StatementId(new_statement_id(NOON))) is None
    assert standing(events[: first.position], FIRST.id) == first


@pytest.mark.rule("COR-09")
def test_a_correction_makes_no_item_that_was_made_since() -> None:
    second = aliquoted(child(D, "1"), residual="9", parent=B)
    twins = aliquoted(child(C, "3"), child(D, "1"), residual="6").body
    assert judged([*vials(), SPLIT], corrected(SPLIT, twins)) == []
    assert refused([*vials(), SPLIT, second], corrected(SPLIT, twins)) == "COR-09"


def test_a_correction_gives_no_label_that_another_item_bears() -> None:
    first = aliquoted(child(C, "4", "c-1"), residual="6")
    second = aliquoted(child(D, "1", "d-1"), residual="9", parent=B)
    given = [*vials(), first, second]
    assert judged(given, corrected(first, aliquoted(child(C, "4", "c-2"), residual="6").body)) == []
    assert refused(given, corrected(first, aliquoted(child(C, "4", "d-1"), residual="6").body)) == "CON-12"


def original(given: list[Signed[Any]], body: object) -> Signed[Any]:
    return next(one for one in given if one.body is body)


@pytest.mark.rule("CON-37")
def test_the_declaration_of_released_goods_is_not_voided() -> None:
    given = crossing.released()
    assert refused(given, voided(original(given, crossing.DECLARATION), crossing.BROKER)) == "CON-37"


@pytest.mark.rule("COR-07")
def test_a_line_on_which_something_is_declared_stays_on_its_approval() -> None:
    given = crossing.declared()
    granted = original(given, crossing.APPROVED)
    one_line = corrected(granted, changed(crossing.APPROVED, lines=crossing.APPROVED.lines[:1]))
    in_grams = changed(crossing.APPROVED.lines[1], quantity=crossing.amount("5", "g"))
    other_unit = corrected(granted, changed(crossing.APPROVED, lines=(crossing.APPROVED.lines[0], in_grams)))
    undeclared = [one for one in given if not isinstance(one.body, ConsignmentDeclared)]
    assert judged(undeclared, one_line) == []
    assert refused(given, one_line) == "COR-07"
    assert refused(given, other_unit) == "COR-07"


@pytest.mark.rule("CON-34")
def test_an_approval_in_use_twice_is_not_corrected_to_single_use() -> None:
    once = crossing.declared()
    twice = [*once, crossing.second(), said(SECOND, crossing.BROKER)]
    single = corrected(original(once, crossing.APPROVED), changed(crossing.APPROVED, write_off=WriteOff.SINGLE))
    assert judged(once, single) == []
    assert refused(twice, single) == "CON-34"


def test_a_correction_of_one_declaration_leaves_room_for_the_next() -> None:
    given = [*crossing.declared(), crossing.second(), said(SECOND, crossing.BROKER)]
    declaration = original(given, crossing.DECLARATION)
    assert isinstance(declaration.body, ConsignmentDeclared)
    more = changed(declaration.body, lines=(crossing.declared_on_line(1, "10"), declaration.body.lines[1]))
    assert refused(given, corrected(declaration, more)) == "COR-06"


def test_another_party_corrects_nothing() -> None:
    assert refused([*vials(), FIRST], changed(corrected(FIRST, FIRST.body), signers=(IMPORTER,))) == "COR-02"


@pytest.mark.rule("COR-10")
def test_the_release_of_goods_that_were_used_is_not_voided() -> None:
    given = [*vials(), FIRST]
    release = next(one for one in given if isinstance(one.body, ConsignmentReleased))
    assert refused(given, voided(release, *release.signers)) == "COR-10"
    on_the_way = crossing.released()
    release = original(on_the_way, crossing.RELEASE)
    assert judged(on_the_way, voided(release, *release.signers)) == []


@pytest.mark.rule("COR-10")
def test_released_goods_stay_declared() -> None:
    before = world_of(events_of(crossing.released()), LATER)
    goods = before.consignment(crossing.CONSIGNMENT)
    undeclared = World({**before.subjects, Tag(goods.id): changed(goods, declared_on=None)}, LATER, before.size)
    with pytest.raises(Refused, match="COR-10"):
        judge_consequences(before, undeclared, frozenset())


@pytest.mark.rule("COR-11")
def test_less_written_off_for_goods_that_came_in_is_a_breach() -> None:
    given = crossing.released()
    release = original(given, crossing.RELEASE)
    less = changed(crossing.RELEASE, lines=(crossing.on_line(1, "2"), crossing.RELEASE.lines[1]))
    assert judged(given, corrected(release, less)) == []
    came_in = [*given, RECEIPT]
    assert judged(came_in, corrected(release, less)) == ["COR-11"]
    assert judged(came_in, corrected(release, changed(crossing.RELEASE, release_number="9"))) == []


@pytest.mark.rule("COR-07")
def test_an_approval_under_which_goods_are_announced_is_not_voided() -> None:
    given = crossing.listed()
    granted = original(given, crossing.APPROVED)
    assert refused(given, voided(granted, crossing.OFFICER)) == "COR-07"
    announced = original(given, crossing.ANNOUNCEMENT)
    alone = given[: given.index(announced)]
    assert judged(alone, voided(granted, crossing.OFFICER)) == []
    assert judged([*alone, announced, voided(announced, crossing.BROKER)], voided(granted, crossing.OFFICER)) == []


@pytest.mark.rule("COR-07")
def test_a_site_at_which_items_stand_is_not_voided() -> None:
    given = vials()
    registered = next(one for one in given if isinstance(one.body, SiteRegistered))
    assert refused(given, voided(registered, *registered.signers)) == "COR-07"


MUCH_LATER = NOON + timedelta(days=20)


@pytest.mark.rule("GEN-10")
def test_a_correction_that_names_another_item_is_a_new_statement() -> None:
    other = corrected(FIRST, used("5", B).body)
    assert judged([*vials(), FIRST], other) == []
    assert judged([*vials(), FIRST], other, now=MUCH_LATER) == ["GEN-10"]
    assert refused([*vials(), FIRST, destroyed(B)], other) == "GAT-03"


def test_a_correction_of_the_same_act_is_no_late_entry() -> None:
    assert judged([*vials(), FIRST], corrected(FIRST, used("3").body), now=MUCH_LATER) == []
    earlier = changed(corrected(FIRST, FIRST.body), occurred_at=NOON - timedelta(days=20))
    assert "GEN-10" in judged([*vials(), FIRST], earlier)


@pytest.mark.rule("GEN-10")
def test_a_correction_that_tells_of_a_later_act_is_a_new_statement() -> None:
    later = changed(corrected(FIRST, FIRST.body), occurred_at=LATER)
    assert judged([*vials(), FIRST], later, now=MUCH_LATER) == ["GEN-10"]
    assert refused([*vials(), FIRST, destroyed()], later, now=MUCH_LATER) == "GAT-03"
