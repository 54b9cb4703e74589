"""What holds of custody and stock after any statements that were accepted, breaches and all."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.domain.bodies.printed import place_key
from ledger.domain.custody.custody import CustodyAccepted, CustodyHandedOver, CustodyRefused
from ledger.domain.custody.receipt import ItemReceived
from ledger.domain.custody.stock import ItemCheckedOut, ItemMoved, ItemReturned
from ledger.domain.custody.transfer import Ground, TransferReceived, TransferSent
from ledger.domain.fold import initial
from ledger.domain.judging import Event, Signatory, Signed, World
from ledger.errors import Refused
from ledger.ids import CaseId, ItemId, PartyId, SiteId, Tag
from ledger.statement.catalogue import KINDS
from ledger.statement.form.tags import tags_of
from tests.spec.goods import (
    CARRIER,
    CLINIC,
    LAB,
    WARD,
    A,
    B,
    accepted,
    announced,
    handed_over,
    placed,
    received,
    released,
    stored,
)
from tests.spec.parties import LABORATORY
from tests.spec.world import NOON, rules_at, said, signer

if TYPE_CHECKING:
    from ledger.domain.states.site import Site
    from ledger.domain.states.subjects import Item, Subject

RULES = rules_at(NOON)
PARTIES = st.sampled_from([CARRIER, LABORATORY, CLINIC])
VIALS = st.sampled_from([(A,), (B,), (A, B)])
POSITIONS = st.sampled_from(["F1/A1", "F1/A2", "F1/A3"])
PLACED = st.builds(lambda item, place: placed((item, place)), st.sampled_from([A, B]), POSITIONS)


def _offered(giver: Signatory, receiver: Signatory, items: tuple[ItemId, ...], site: SiteId | None) -> Signed[Any]:
    return handed_over(giver, receiver.party, items=items, site=site)


def _passed(giver: Signatory, receiver: Signatory, items: tuple[ItemId, ...], site: SiteId | None) -> Signed[Any]:
    second = signer(receiver.party, receiver.role, meaning="received")
    return handed_over(giver, receiver.party, second, items=items, site=site)


def _sent(case: str, items: tuple[ItemId, ...]) -> Signed[Any]:
    body = TransferSent(
        case=CaseId(case), items=items, from_site=LAB, to_site=WARD, receiver=CLINIC.party, ground=Ground.SAME_APPROVAL
    )
    return said(body, LABORATORY)


HAND_OVERS = st.builds(_offered, PARTIES, PARTIES, VIALS, st.sampled_from([None, LAB, WARD]))
TWO_SIGNED = st.builds(_passed, PARTIES, PARTIES, VIALS, st.sampled_from([None, LAB, WARD]))
ACCEPTANCES = st.builds(
    lambda taker, items, site: accepted(taker, items=items, site=site), PARTIES, VIALS, st.sampled_from([None, LAB])
)
REFUSALS = st.builds(lambda by, items: said(CustodyRefused(items=items, ground="leaking"), by), PARTIES, VIALS)
RECEIPTS = st.builds(lambda items: received(*items), VIALS)
CASES = st.sampled_from(["case:1", "case:2"])
TRANSFERS = st.one_of(
    st.builds(_sent, CASES, VIALS),
    st.builds(
        lambda case, items: said(TransferReceived(case=CaseId(case), items=items, site=WARD), CLINIC), CASES, VIALS
    ),
)
STOCK = st.one_of(
    st.builds(lambda item, place: stored((item, place)), st.sampled_from([A, B]), POSITIONS),
    st.builds(lambda items: said(ItemMoved(site=LAB, items=items), LABORATORY), PLACED),
    st.builds(lambda items: said(ItemCheckedOut(site=LAB, items=items, project="p"), LABORATORY), VIALS),
    st.builds(lambda items: said(ItemReturned(site=LAB, items=items), LABORATORY), PLACED),
)
STATEMENTS = st.one_of(HAND_OVERS, TWO_SIGNED, ACCEPTANCES, REFUSALS, RECEIPTS, TRANSFERS, STOCK)


class Record:
    """A record that grows by what it does not refuse: the states of all subjects so far."""

    def __init__(self, statements: list[Signed[Any]]) -> None:
        self.subjects: dict[Tag, Subject] = {}
        self.size = 0
        self.broken: set[str] = set()
        for statement in statements:
            self.apply(statement)

    @property
    def world(self) -> World:
        return World(self.subjects, NOON, self.size)

    def offer(self, statement: Signed[Any]) -> bool:
        """Record a statement, its breaches acknowledged, and say whether it was not refused."""
        try:
            self.broken |= {breach.rule for breach in KINDS[statement.kind].judge(self.world, statement, RULES)}
        except Refused:
            return False
        self.apply(statement)
        return True

    def apply(self, statement: Signed[Any]) -> None:
        tags = set(tags_of(msgspec.json.decode(msgspec.json.encode(statement.body))))
        items = [ItemId(tag) for tag in tags if tag.startswith("item:")]
        tags |= {Tag(one.id) for one in self.world.approvals_of(items)}
        tags |= {Tag(one.id) for one in self.world.consignments_of(items)}
        self.size += 1
        event = Event(self.size, NOON, frozenset(tags), statement)
        for tag in tags:
            self.subjects[tag] = KINDS[statement.kind].evolve(self.subjects.get(tag, initial(tag)), event)

    @property
    def items(self) -> list[Item]:
        return [self.world.item(A), self.world.item(B)]


START = [*announced(), released()]
DELIVERED = [accepted(CARRIER), handed_over(CARRIER, LABORATORY.party), accepted(LABORATORY), received()]
STARTS = st.sampled_from(
    [START, [*START, *DELIVERED[:2]], [*START, *DELIVERED], [*START, *DELIVERED, stored((A, "F1/A1"))]]
)


def _takers(statement: Signed[Any]) -> set[PartyId]:
    """Return the parties that take items into their custody by a statement."""
    match statement.body:
        case CustodyAccepted() | ItemReceived() | TransferReceived():
            return {statement.party}
        case CustodyHandedOver():
            return {one.party for one in statement.signers if one.meaning == "received"}
        case _:
            return set()


@settings(max_examples=200, deadline=None)
@given(STARTS, st.lists(STATEMENTS, max_size=25))
def test_custody_changes_only_by_the_word_of_who_takes_it(
    start: list[Signed[Any]], statements: list[Signed[Any]]
) -> None:
    record = Record(start)
    for statement in statements:
        before = [one.custodian for one in record.items]
        record.offer(statement)
        for one, custodian in zip(record.items, before, strict=True):
            assert one.custodian == custodian or one.custodian in _takers(statement)
            assert one.custodian is not None or custodian is None


@settings(max_examples=200, deadline=None)
@given(STARTS, st.lists(STATEMENTS, max_size=25))
def test_a_refused_hand_over_leaves_the_items_with_their_giver(
    start: list[Signed[Any]], statements: list[Signed[Any]]
) -> None:
    record = Record(start)
    for statement in statements:
        before = {one.id: one for one in record.items}
        if record.offer(statement) and isinstance(statement.body, CustodyRefused):
            for one in (record.world.item(item) for item in statement.body.items):
                handover = before[one.id].handover
                assert handover is not None
                assert one == msgspec.structs.replace(before[one.id], handover=None)
                assert one.custodian in {handover.giver, None}


@settings(max_examples=200, deadline=None)
@given(st.lists(st.one_of(STATEMENTS, STOCK), max_size=25))
def test_a_site_and_its_items_agree_where_everything_stands(statements: list[Signed[Any]]) -> None:
    record = Record([*START, *DELIVERED, stored((A, "F1/A1"))])
    for statement in statements:
        record.offer(statement)
        for site in (record.world.site(LAB), record.world.site(WARD)):
            _agree(site, record)


def _agree(site: Site, record: Record) -> None:
    standing = {one.id: place_key(one.place) for one in record.items if one.place is not None and one.site == site.id}
    assert {item: stand.place for item, stand in site.stands.items() if stand.place is not None} == standing
    assert all(one.site is not None for one in record.items if one.place is not None)
    assert {item: place for place, items in site.places.items() for item in items} == standing
    assert "STK-06" in record.broken or all(len(items) == 1 for items in site.places.values())


@settings(max_examples=200, deadline=None)
@given(st.lists(STATEMENTS, max_size=15))
def test_effects_are_total_whatever_stands_in_the_record(statements: list[Signed[Any]]) -> None:
    record = Record([])
    for statement in statements:
        record.apply(statement)
    assert record.size == len(statements)
