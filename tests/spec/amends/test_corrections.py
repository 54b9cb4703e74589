"""Corrections and voidings: COR."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from msgspec.structs import replace as changed

from ledger.domain.amends.consequences import judge_consequences
from ledger.domain.amends.corrections import StatementVoided, judge_correction
from ledger.domain.judging import World
from ledger.domain.work.use import ItemUsed
from ledger.errors import Refused
from ledger.ids import StatementId, Tag, new_statement_id
from ledger.reference.activities import Activity
from tests.spec.bench import LAB, OTHER, A, C, aliquoted, announced, approval, child, ml, released, site, vials
from tests.spec.parties import LABORATORY, OPERATOR, SECOND_PERSON, registered
from tests.spec.world import (
    NOON,
    corrected,
    events_of,
    judged,
    refused,
    rules_at,
    said,
    spoken_of,
    state_of,
    target_of,
    world_of,
)

if TYPE_CHECKING:
    from ledger.domain.judging import Signatory, Signed
    from ledger.ids import ItemId

LATER = NOON + timedelta(hours=1)
USE = ItemUsed(item=A, laboratory=LAB, project="p", purpose="research", activity=Activity.UNCULTURED, quantity=ml("4"))


def used(value: str, *, item: ItemId = A, by: tuple[Signatory, ...] = (LABORATORY,)) -> Signed[Any]:
    return said(changed(USE, item=item, quantity=ml(value)), *by)


def voided(target: Signed[Any], *by: Signatory) -> Signed[Any]:
    return said(StatementVoided(statement=target.id, ground="entered-twice"), *(by or (LABORATORY,)), at=LATER)


def correction_judged(given: list[Signed[Any]], when: Signed[Any]) -> list[str]:
    """Return the rules of corrections that a statement breaks."""
    events = events_of(given)
    return [
        one.rule for one in judge_correction(world_of(events, LATER, target_of(events, when)), when, rules_at(LATER))
    ]


def correction_refused(given: list[Signed[Any]], when: Signed[Any]) -> str:
    with pytest.raises(Refused) as refusal:
        correction_judged(given, when)
    return refusal.value.rule


def consequences(given: list[Signed[Any]], when: Signed[Any]) -> None:
    target = target_of(events_of(given), when)
    assert target is not None
    judge_consequences(world(given), world([*given, when]), spoken_of(events_of(given), target))


def world(given: list[Signed[Any]]) -> World:
    return world_of(events_of(given), LATER)


FIRST = used("4")
JOINT = used("4", by=(LABORATORY, SECOND_PERSON))


def test_a_correction_counts_in_place_of_what_it_corrects() -> None:
    given = [*vials(), FIRST, used("2")]
    mended = corrected(FIRST, changed(USE, quantity=ml("3")))
    assert correction_judged(given, mended) == []
    assert judged(given, mended) == []
    consequences(given, mended)
    assert state_of([*given, mended], A).quantity.value == 5


def test_a_voided_statement_counts_no_more() -> None:
    given = [*vials(), FIRST]
    assert judged(given, voided(FIRST)) == []
    consequences(given, voided(FIRST))
    assert state_of([*given, voided(FIRST)], A).quantity.value == 10


def test_a_first_statement_is_no_correction() -> None:
    assert correction_judged(vials(), FIRST) == []


UNKNOWN = changed(FIRST, id=new_statement_id(LATER))
CONFIRMED = registered("party:new")


@pytest.mark.rule("COR-01", "COR-02", "COR-03")
@pytest.mark.parametrize(
    ("when", "rule"),
    [
        pytest.param(voided(UNKNOWN), "COR-01", id="a statement that is not on record"),
        pytest.param(voided(FIRST, OTHER), "COR-02", id="another party's statement"),
        pytest.param(voided(CONFIRMED, OPERATOR), "COR-03", id="the registration of a party"),
    ],
)
def test_a_voiding_is_refused_of(when: Signed[Any], rule: str) -> None:
    assert refused([*vials(), FIRST, CONFIRMED], when) == rule


@pytest.mark.rule("COR-03")
def test_a_voiding_is_not_voided() -> None:
    first = voided(FIRST)
    assert refused([*vials(), FIRST, first], voided(first)) == "COR-03"


@pytest.mark.rule("COR-01", "COR-02", "COR-04", "COR-05")
@pytest.mark.parametrize(
    ("members", "rule"),
    [
        pytest.param({"corrects": StatementId(UNKNOWN.id)}, "COR-01", id="a statement that is not on record"),
        pytest.param({"signers": (OTHER,)}, "COR-02", id="another party's statement"),
        pytest.param({"kind": "item.tested/1"}, "COR-04", id="a statement of another kind"),
        pytest.param({"reason": None}, "COR-05", id="no reason"),
    ],
)
def test_a_correction_is_refused_of(members: dict[str, Any], rule: str) -> None:
    assert correction_refused([*vials(), FIRST], changed(corrected(FIRST, USE), **members)) == rule


@pytest.mark.rule("COR-06")
def test_a_correction_leaves_no_item_with_less_than_nothing() -> None:
    given = [*vials(), FIRST, used("6")]
    with pytest.raises(Refused, match="COR-06"):
        consequences(given, corrected(FIRST, changed(USE, quantity=ml("5"))))


@pytest.mark.rule("COR-06")
def test_a_correction_overdraws_no_approval() -> None:
    given = [site(), approval(), *announced()]
    subjects = dict(world(given).subjects)
    before = world(given)
    granted = before.approval(approval().body.approval)
    line = granted.lines[1]
    overdrawn = changed(granted, lines=granted.lines.insert(1, changed(line, committed_total=line.approved.value + 1)))
    after = changed(before, subjects={**subjects, Tag(granted.id): overdrawn})
    with pytest.raises(Refused, match="COR-06"):
        judge_consequences(before, after, frozenset())


@pytest.mark.rule("COR-07")
@pytest.mark.parametrize("later", [used("1", item=C), said(changed(USE, item=C, quantity=None), LABORATORY)])
def test_what_was_used_since_does_not_vanish(later: Signed[Any]) -> None:
    split = aliquoted(child(C, "4"), residual="6")
    consequences([*vials(), split], voided(split))
    with pytest.raises(Refused, match="COR-07"):
        consequences([*vials(), split, later], voided(split))


@pytest.mark.rule("COR-07")
def test_an_announcement_whose_goods_were_released_does_not_vanish() -> None:
    announcement, *listed = announced()
    given = [site(), approval(), announcement, *listed, released()]
    with pytest.raises(Refused, match="COR-07"):
        consequences(given, voided(announcement))


@pytest.mark.rule("COR-08")
def test_fewer_persons_than_before_are_a_breach() -> None:
    given = [*vials(), JOINT]
    assert judged(given, voided(JOINT)) == ["COR-08"]
    assert judged(given, voided(JOINT, LABORATORY, SECOND_PERSON)) == []
    assert correction_judged(given, changed(corrected(JOINT, USE), signers=(LABORATORY,))) == ["COR-08"]


@pytest.mark.rule("COR-08")
def test_a_party_that_signed_and_does_not_sign_now_is_a_breach() -> None:
    both = used("4", by=(LABORATORY, OTHER))
    assert judged([*vials(), both], voided(both, LABORATORY, SECOND_PERSON)) == ["COR-08"]
