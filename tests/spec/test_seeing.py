"""Who may see what, from the record alone: time bounds, takings-back, districts, and what an attacker would try."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from msgspec.structs import replace

from api.access.principal import Principal
from api.access.rights.departments import SUPERVISED
from api.access.rights.seeing import Looking, opens, shows, sight
from ledger.domain.acts import place_of
from ledger.domain.amends.corrections import StatementVoided
from ledger.domain.bodies.vocabulary import Department, Packaging, Role
from ledger.domain.custody.custody import CustodyAccepted, CustodyHandedOver, CustodyRefused
from ledger.domain.custody.positions import Placed
from ledger.domain.custody.stock import ItemStored
from ledger.domain.registry.keys import KeyRevoked
from ledger.domain.registry.parties import RoleWithdrawn, SiteChanged
from ledger.domain.work.use import ItemUsed
from ledger.ids import ItemId, SiteId, Tag, type_of
from ledger.reference.activities import Activity
from tests.spec.bench import (
    APPROVAL,
    BEFORE,
    CUSTOMS,
    ELSEWHERE,
    GOODS,
    LAB,
    OTHER,
    A,
    B,
    C,
    D,
    aliquoted,
    child,
    ml,
    site,
    vials,
)
from tests.spec.looking import Looked, assigned, principal
from tests.spec.parties import IMPORTER, LABORATORY, OPERATOR, SECOND_PERSON
from tests.spec.world import NOON, said, signer

if TYPE_CHECKING:
    from datetime import datetime

    from ledger.domain.judging import Signatory, Signed

HOUR = timedelta(hours=1)
THIRD = signer("party:third", Role.LABORATORY)
HEALTH = signer("party:health", Role.HEALTH_AUTHORITY)
EVERYBODY = (IMPORTER, LABORATORY, SECOND_PERSON, OTHER, THIRD, CUSTOMS, HEALTH)


def handed(giver: Signatory, taker: Signatory, *items: ItemId, at: datetime) -> Signed[Any]:
    body = CustodyHandedOver(
        items=items or (A,), receiver=taker.party, count=len(items) or 1, packaging=Packaging.INTACT
    )
    return said(body, giver, at=at)


def taken(taker: Signatory, *items: ItemId, at: datetime) -> Signed[Any]:
    return said(CustodyAccepted(items=items or (A,), count=len(items) or 1, packaging=Packaging.INTACT), taker, at=at)


def used(who: Signatory, item: ItemId = A, *, at: datetime) -> Signed[Any]:
    where = {LABORATORY: LAB, OTHER: ELSEWHERE}.get(who, SiteId("site:third"))
    body = ItemUsed(
        item=item, laboratory=where, project="p", purpose="research", activity=Activity.UNCULTURED, quantity=ml("1")
    )
    return said(body, who, at=at)


def voided(target: Signed[Any], by: Signatory, at: datetime) -> Signed[Any]:
    return said(StatementVoided(statement=target.id, ground="entered-twice"), by, at=at)


USED = used(LABORATORY, at=NOON)
OFFERED = handed(LABORATORY, OTHER, at=NOON + HOUR)
TAKEN = taken(OTHER, at=NOON + 2 * HOUR)
USED_THERE = used(OTHER, at=NOON + 3 * HOUR)
AT_BENCH = [*vials(), site(ELSEWHERE, owner=OTHER), USED]
GONE = [*AT_BENCH, OFFERED, TAKEN, USED_THERE]


def looked(*given: Signed[Any]) -> Looked:
    return Looked(given, *EVERYBODY, now=NOON + 10 * HOUR)


def seen(record: Looked, who: Signatory, *statements: Signed[Any]) -> list[bool]:
    return [shows(principal(who), record.event(one), record) for one in statements]


def test_a_stranger_sees_nothing_and_what_is_not_there_is_seen_by_nobody() -> None:
    record = looked(*GONE)
    assert not any(shows(None, event, record) or opens(None, event, record) for event in record.events)
    assert not any(sight(None, tag, record) for event in record.events for tag in event.tags)
    assert not sight(principal(LABORATORY), Tag("item:none-such"), record)
    assert not sight(principal(LABORATORY), Tag("no id"), record)


def test_who_has_an_item_sees_all_of_it_and_who_never_had_it_nothing() -> None:
    record = looked(*AT_BENCH)
    assert sight(principal(LABORATORY), Tag(A), record).whole
    assert not sight(principal(OTHER), Tag(A), record)
    assert seen(record, OTHER, USED) == [False]


def test_a_former_custodian_sees_up_to_the_hand_over_and_not_after() -> None:
    record = looked(*GONE)
    former = sight(principal(LABORATORY), Tag(A), record)
    assert (former.whole, former.now) == (False, False)
    assert former.until is not None
    assert former.until.instant == TAKEN.occurred_at
    assert seen(record, LABORATORY, USED, OFFERED, TAKEN, USED_THERE) == [True, True, True, False]


def test_whoever_has_it_now_sees_its_past_too() -> None:
    record = looked(*GONE)
    assert sight(principal(OTHER), Tag(A), record).whole
    assert seen(record, OTHER, USED, OFFERED, TAKEN, USED_THERE) == [True] * 4


def test_an_item_on_offer_is_seen_and_once_refused_only_up_to_the_refusal() -> None:
    refused = said(CustodyRefused(items=(A,), ground="leaking"), OTHER, at=NOON + 2 * HOUR)
    after = used(LABORATORY, at=NOON + 3 * HOUR)
    assert sight(principal(OTHER), Tag(A), looked(*AT_BENCH, OFFERED)).whole
    record = looked(*AT_BENCH, OFFERED, refused, after)
    assert seen(record, OTHER, USED, OFFERED, refused, after) == [True, True, True, False]


def test_a_hand_over_that_is_corrected_to_another_receiver_shows_the_first_one_what_names_it_alone() -> None:
    mended = replace(handed(LABORATORY, THIRD, at=OFFERED.occurred_at), corrects=OFFERED.id)
    record = looked(*AT_BENCH, OFFERED, mended)
    assert not sight(principal(OTHER), Tag(A), record)
    assert seen(record, OTHER, OFFERED, mended, USED) == [True, True, False]
    assert sight(principal(THIRD), Tag(A), record).whole


def test_an_acceptance_that_is_voided_leaves_the_item_with_whoever_gave_it() -> None:
    undone = voided(TAKEN, OTHER, NOON + 3 * HOUR)
    again = used(LABORATORY, at=NOON + 4 * HOUR)
    record = looked(*AT_BENCH, OFFERED, TAKEN, undone, again)
    assert sight(principal(LABORATORY), Tag(A), record).whole
    assert seen(record, LABORATORY, TAKEN, undone, again) == [True, True, True]


def test_a_correction_of_the_past_is_seen_and_one_of_what_came_after_is_not() -> None:
    mended = replace(used(LABORATORY, at=USED.occurred_at), corrects=USED.id)
    later = replace(used(OTHER, at=USED_THERE.occurred_at), corrects=USED_THERE.id)
    record = looked(*GONE, mended, later)
    assert seen(record, LABORATORY, mended, later) == [True, False]


def test_whoever_has_what_was_made_of_an_item_sees_that_items_past_and_no_more() -> None:
    made = aliquoted(child(C, "1"), child(D, "1"), residual="7", loss="0", at=NOON + HOUR)
    given = handed(LABORATORY, OTHER, C, at=NOON + 2 * HOUR), taken(OTHER, C, at=NOON + 3 * HOUR)
    after = used(LABORATORY, at=NOON + 4 * HOUR)
    record = looked(*AT_BENCH, made, *given, after)
    assert seen(record, OTHER, USED, made, after) == [True, True, False]
    assert not sight(principal(OTHER), Tag(D), record)
    assert not sight(principal(OTHER), Tag(B), record)


def test_the_parties_of_a_consignment_see_its_items_until_they_are_received() -> None:
    record = looked(*AT_BENCH)
    importer = sight(principal(IMPORTER), Tag(A), record)
    assert importer.until is not None
    assert importer.until.instant == BEFORE
    assert seen(record, IMPORTER, USED) == [False]
    assert sight(principal(IMPORTER), Tag(GOODS), record).whole


def test_an_approval_does_not_show_what_is_done_under_it() -> None:
    record = looked(*AT_BENCH)
    assert sight(principal(IMPORTER), Tag(APPROVAL), record).whole
    assert Tag(APPROVAL) in record.event(USED).tags
    assert seen(record, IMPORTER, USED) == [False]
    assert not sight(principal(OTHER), Tag(APPROVAL), record)


@pytest.mark.parametrize(
    ("department", "who", "district", "expected"),
    [
        pytest.param(Department.CUSTOMS, CUSTOMS, "nanjing", True, id="its own district"),
        pytest.param(Department.CUSTOMS, CUSTOMS, "shanghai", False, id="another district"),
        pytest.param(Department.CUSTOMS, CUSTOMS, None, False, id="a ministry has no district"),
        pytest.param(Department.HEALTH, HEALTH, "nanjing", True, id="another department of the district"),
        pytest.param(Department.HEALTH, CUSTOMS, "nanjing", False, id="a department whose role it does not hold"),
        pytest.param(Department.ENVIRONMENT, HEALTH, "nanjing", False, id="not what its department supervises"),
    ],
)
def test_an_authority_sees_its_district_within_its_departments_scope(
    department: Department, who: Signatory, district: str | None, expected: bool
) -> None:
    here = said(SiteChanged(site=LAB, district="nanjing"), LABORATORY, at=BEFORE)
    record = looked(*AT_BENCH, here, assigned(who, district, department))
    assert sight(principal(who), Tag(A), record).whole is expected
    assert seen(record, who, USED) == [expected]


def test_an_authority_of_another_place_sees_an_item_for_the_time_it_stood_there() -> None:
    there = said(SiteChanged(site=ELSEWHERE, district="wuxi"), OTHER, at=BEFORE)
    back = handed(OTHER, LABORATORY, at=NOON + 4 * HOUR), taken(LABORATORY, at=NOON + 5 * HOUR)
    after = used(LABORATORY, at=NOON + 6 * HOUR)
    stored = said(ItemStored(site=ELSEWHERE, items=(Placed(item=A, place="F1"),)), OTHER, at=TAKEN.occurred_at)
    record = looked(
        *AT_BENCH, OFFERED, TAKEN, stored, USED_THERE, there, *back, after, assigned(HEALTH, "wuxi", Department.HEALTH)
    )
    assert sight(principal(HEALTH), Tag(A), record).until == place_of(record.event(back[1]))
    assert seen(record, HEALTH, USED_THERE, back[1], after) == [True, True, False]


def test_every_department_supervises_something_and_customs_every_matter_there_is() -> None:
    assert set(SUPERVISED) == set(Department)
    named = frozenset[str]().union(*(one.matters for one in SUPERVISED.values()))
    assert named <= SUPERVISED[Department.CUSTOMS].matters


def test_a_withdrawn_role_ends_an_authoritys_sight() -> None:
    here = said(SiteChanged(site=LAB, district="nanjing"), LABORATORY, at=BEFORE)
    gone = said(RoleWithdrawn(party=HEALTH.party, role=Role.HEALTH_AUTHORITY), OPERATOR)
    record = looked(*AT_BENCH, here, assigned(HEALTH, "nanjing", Department.HEALTH), gone)
    assert not sight(principal(HEALTH), Tag(A), record)


def test_a_revoked_key_sees_nothing_and_a_key_of_another_person_is_nobody() -> None:
    revoked = said(KeyRevoked(key=LABORATORY.key, ground="compromised"), LABORATORY, at=NOON + HOUR)
    record = looked(*AT_BENCH, revoked)
    assert not sight(principal(LABORATORY), Tag(A), record)
    assert seen(record, LABORATORY, USED) == [False]
    assert sight(principal(SECOND_PERSON), Tag(A), record).whole
    borrowed = Principal(LABORATORY.party, LABORATORY.person, OTHER.key, "session-1")
    assert not sight(borrowed, Tag(A), record)


def test_everybody_who_signed_in_reads_the_register_and_no_more_of_a_stranger() -> None:
    record = looked(*AT_BENCH)
    other = sight(principal(OTHER), Tag(LAB), record)
    assert (bool(other), other.register, other.windows) == (True, True, ())
    registered = [event for event in record.events if event.said.kind == "site.registered/1"]
    assert all(shows(principal(OTHER), event, record) for event in registered)


def test_the_operator_sees_the_register_and_nothing_of_the_goods() -> None:
    record = looked(*GONE)
    types = {"item", "approval", "consignment"}
    goods = {tag for event in record.events for tag in event.tags if type_of(tag) in types}
    assert not any(sight(principal(OPERATOR), tag, record) for tag in goods)
    assert seen(record, OPERATOR, USED, OFFERED) == [False, False]


def test_what_is_disclosed_is_read_by_its_own_party_alone() -> None:
    record = looked(*GONE)
    event = record.event(OFFERED)
    assert opens(principal(LABORATORY), event, record)
    assert shows(principal(OTHER), event, record)
    assert not opens(principal(OTHER), event, record)


def test_a_party_cannot_name_itself_into_the_sight_of_an_item() -> None:
    """Whoever is named sees the statement that names it; a statement of its own opens no item that it never had."""
    record = looked(*AT_BENCH, used(THIRD, at=NOON + HOUR))
    assert not sight(principal(THIRD), Tag(A), record)
    assert seen(record, THIRD, USED) == [False]


def test_of_what_is_said_to_be_shown_wholly_every_statement_is_shown() -> None:
    """To whoever that is said; what is not said so may be shown all the same, and who reads is told that of a part."""
    here = said(SiteChanged(site=LAB, district="nanjing"), LABORATORY, at=BEFORE)
    assigned_ = [assigned(CUSTOMS), assigned(HEALTH, "nanjing", Department.HEALTH)]
    record = looked(*GONE, here, *assigned_, voided(USED_THERE, OTHER, at=NOON + 4 * HOUR))
    every = {tag for event in record.events for tag in event.tags}
    wholly = {
        who.party: {tag for tag in every if Looking(principal(who), record).shows_all(tag)}
        for who in (*EVERYBODY, OPERATOR)
    }
    for who in (*EVERYBODY, OPERATOR):
        for tag in wholly[who.party]:
            assert all(seen(record, who, *(event.said for event in record.events if tag in event.tags))), (who, tag)
    assert {Tag(A), Tag(ELSEWHERE), Tag(OTHER.party)} <= wholly[OTHER.party]
    assert {Tag(B), Tag(LAB)} <= wholly[LABORATORY.party]
    assert wholly[LABORATORY.party].isdisjoint({Tag(A), Tag(APPROVAL), Tag(GOODS), Tag(ELSEWHERE)})
    assert {Tag(LAB), Tag(LABORATORY.party), Tag(APPROVAL)}.isdisjoint(wholly[HEALTH.party])


def test_customs_of_an_approvals_district_is_shown_all_that_is_done_under_it() -> None:
    begun = [
        replace(one, body=replace(one.body, district="nanjing")) if one.kind == "approval.granted/1" else one
        for one in GONE
    ]
    record = looked(*begun, assigned(CUSTOMS))
    customs = Looking(principal(CUSTOMS), record)
    assert customs.shows_all(Tag(APPROVAL))
    assert all(seen(record, CUSTOMS, *(event.said for event in record.events if Tag(APPROVAL) in event.tags)))
    assert not Looking(principal(IMPORTER), record).shows_all(Tag(APPROVAL))
