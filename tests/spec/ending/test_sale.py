"""Sale and deposit: SAL and DEP."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pytest
from msgspec.structs import replace

from ledger.domain.bodies.vocabulary import Role
from ledger.domain.custody.transfer import Ground, TransferReceived, TransferSent
from ledger.domain.ending.deposit import DepositReceipted
from ledger.domain.ending.sale import SaleRecorded
from ledger.domain.law.schemes import Scheme
from ledger.domain.work.portions import Portion
from ledger.ids import CaseId
from projections.balance import mass_balance
from projections.booking import Flow
from tests.spec.authorisations import LIST, PARTIES, drawn, recorded
from tests.spec.bench import CASE, ELSEWHERE, LAB, OTHER, A, B, ml, site, vials
from tests.spec.parties import IMPORTER, LABORATORY, registered
from tests.spec.supervision.test_recalls import recalled
from tests.spec.world import events_of, judged, refused, said, signer, state_of

if TYPE_CHECKING:
    from ledger.domain.bodies.vocabulary import Body
    from ledger.domain.judging import Signed
    from ledger.ids import SiteId

SOLD: Final = SaleRecorded(
    portions=(Portion(item=A, quantity=ml("4")),), buyer="Riverside Diagnostics", country="CN", invoice="FP 1"
)
KEEPER: Final = signer("party:keeper", Role.DEPOSITORY)
MOVE: Final = CaseId("case:move")
RECEIPT: Final = DepositReceipted(case=MOVE, items=(A,), receipt="HZ 1")


def test_what_is_sold_leaves_its_item_and_the_balance_tells_of_it() -> None:
    given = vials(purposes=("research", "sale"))
    sale = said(SOLD, LABORATORY)
    assert judged(given, sale) == []
    assert str(state_of([*given, sale], A).quantity) == "6 mL"
    rows = mass_balance(events_of([*given, sale]))
    assert [row.flows[Flow.SOLD] for row in rows if row.unit == "mL"] == [4]


@pytest.mark.rule("GAT-15", "GAT-08")
def test_only_what_is_approved_for_sale_and_not_held_is_sold() -> None:
    assert judged(vials(), said(SOLD, LABORATORY)) == ["GAT-15"]
    assert judged([*vials(purposes=("sale",)), recalled()], said(SOLD, LABORATORY)) == ["GAT-08"]


@pytest.mark.rule("SAL-01")
@pytest.mark.parametrize(
    ("body", "rule"),
    [
        pytest.param(replace(SOLD, buyer_party=LABORATORY.party), "SAL-01", id="to itself"),
        pytest.param(replace(SOLD, buyer_party=OTHER.party), "SAL-01", id="to a party that is not registered"),
        pytest.param(replace(SOLD, portions=(Portion(item=A, quantity=ml("40")),)), "PRT-02", id="more than there is"),
    ],
)
def test_a_sale_is_refused(body: SaleRecorded, rule: str) -> None:
    assert refused(vials(purposes=("sale",)), said(body, LABORATORY)) == rule


def test_a_registered_buyer_is_named() -> None:
    given = [*vials(purposes=("sale",)), registered(OTHER.party)]
    assert judged(given, said(replace(SOLD, buyer_party=OTHER.party), LABORATORY)) == []


@pytest.mark.rule("OWN-01", "OWN-02")
def test_goods_of_a_list_of_research_imports_are_not_sold() -> None:
    """Neither by who the list names nor by somebody else, and to nobody, whatever their approval names."""
    given = [*PARTIES, registered(OTHER.party), *vials(purposes=("sale",))]
    own = [*given, recorded(LIST, Scheme.RESEARCH_IMPORT_LIST), drawn(A, permit=LIST)]
    assert judged(own, said(SOLD, LABORATORY)) == ["OWN-01"]
    assert judged(own, said(replace(SOLD, buyer_party=OTHER.party), LABORATORY)) == ["OWN-01", "OWN-02"]
    others = recorded(LIST, Scheme.RESEARCH_IMPORT_LIST, holder=IMPORTER.party)
    assert judged([*given, others, drawn(A, permit=LIST, by=IMPORTER)], said(SOLD, LABORATORY)) == ["OWN-01", "OWN-02"]


def deposited(to: SiteId = ELSEWHERE) -> list[Signed[Any]]:
    """Return vials of which one was sent to a depository and has arrived."""
    place = said(replace(site(to, owner=KEEPER).body, use="depository"), KEEPER, at=vials()[0].occurred_at)
    sent = TransferSent(
        case=MOVE,
        items=(A, B),
        from_site=LAB,
        to_site=to,
        receiver=KEEPER.party,
        ground=Ground.DEPOSITORY,
    )
    arrived = TransferReceived(case=MOVE, items=(A,), site=to)
    return [*vials(), place, said(sent, LABORATORY), said(arrived, KEEPER)]


def test_a_depository_gives_a_receipt_for_what_has_arrived() -> None:
    assert judged(deposited(), said(RECEIPT, KEEPER)) == []


@pytest.mark.rule("DEP-01")
@pytest.mark.parametrize(
    ("body", "by"),
    [
        pytest.param(replace(RECEIPT, items=(B,)), KEEPER, id="of what has not arrived"),
        pytest.param(RECEIPT, LABORATORY, id="by who sent it"),
        pytest.param(replace(RECEIPT, case=CASE), KEEPER, id="of no transfer"),
    ],
)
def test_a_receipt_of_deposit_is_refused(body: Body, by: Any) -> None:  # noqa: ANN401  a signer
    assert refused(deposited(), said(body, by)) == "DEP-01"


@pytest.mark.rule("DEP-01")
def test_a_laboratory_is_no_depository() -> None:
    given = deposited()
    given[len(vials())] = site(ELSEWHERE, owner=KEEPER)
    assert refused(given, said(RECEIPT, KEEPER)) == "DEP-01"
