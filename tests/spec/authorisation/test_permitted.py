"""What the permits of items allow: research goods, transport, exit certificates: OWN, CAR-09, PMT-24."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any, Final

import pytest

from ledger.domain.authorisation.certificates import left_uncertified
from ledger.domain.bodies.vocabulary import Reference
from ledger.domain.custody.carriage import ShipmentPacked
from ledger.domain.custody.transfer import Ground, TransferSent
from ledger.domain.ending.exits import ItemReExported
from ledger.domain.judging import Signed
from ledger.domain.law.schemes import Scheme
from ledger.domain.work.collection import Basis, ItemCollected, NewItem
from ledger.domain.work.use import ItemTested, ItemUsed
from ledger.ids import ApprovalId, CaseId, ConsignmentId, ItemId
from ledger.reference.activities import Activity, Material
from tests.spec.authorisations import LICENCE, LIST, PARTIES, SCIENCE, drawn, ended, recorded
from tests.spec.bench import (
    DIGEST,
    ELSEWHERE,
    LAB,
    OTHER,
    VARIOLA,
    A,
    B,
    C,
    aliquoted,
    announced,
    child,
    ml,
    site,
    vials,
)
from tests.spec.parties import IMPORTER, LABORATORY
from tests.spec.world import NOON, breaches, events_of, grounds, judged, refused, said, world_of

LATER: Final = datetime(2026, 12, 3, 4, 0, tzinfo=UTC)
"""Under the edition that asks for exit certificates and transport permits."""
HOUR: Final = timedelta(hours=1)


def listed(**members: Any) -> Signed[Any]:  # noqa: ANN401  members of the body
    return recorded(LIST, Scheme.RESEARCH_IMPORT_LIST, SCIENCE, **members)


def used(purpose: str, item: ItemId = A, at: datetime = NOON + HOUR) -> Signed[Any]:
    body = ItemUsed(
        item=item, laboratory=LAB, project="p", purpose=purpose, activity=Activity.UNCULTURED, quantity=ml("1")
    )
    return said(body, LABORATORY, at=at)


EVERYTHING: Final = ("research", "clinical-trial", "diagnosis", "treatment", "sale")
GIVEN: Final = [*PARTIES, *vials(purposes=EVERYTHING)]


@pytest.mark.rule("OWN-01")
@pytest.mark.parametrize("purpose", ["clinical-trial", "diagnosis", "treatment", "sale"])
def test_goods_of_the_research_list_are_not_for_the_clinic_or_for_sale(purpose: str) -> None:
    given = [*GIVEN, listed(), drawn(A, permit=LIST)]
    (found,) = breaches(given, used(purpose))
    assert (found.rule, found.given) == ("OWN-01", {"permit": LIST, "purpose": purpose})
    assert judged(given, used(purpose, B)) == [], "which is under no entry of the list"
    assert judged(given, used("research")) == []


@pytest.mark.parametrize("given", [[], [listed()]])
def test_goods_of_a_list_come_in_under_an_approval_all_the_same(given: list[Signed[Any]]) -> None:
    """An entry of the list waives the drug clearance form, which no rule asks for, and never the approval."""
    first, listing = announced(C, goods=ConsignmentId("consignment:2"), under=ApprovalId("approval:none"))
    assert refused([*GIVEN, *given], first) == "BAL-01"
    assert refused([*GIVEN, *given, *announced(C, goods=ConsignmentId("consignment:2"))[:1]], listing) == "CON-13"


def test_what_is_made_of_research_goods_is_for_research_too() -> None:
    given = [*GIVEN, listed(), drawn(A, permit=LIST), aliquoted(child(ItemId("item:made"), "3"), residual="7")]
    assert judged(given, used("diagnosis", ItemId("item:made"))) == ["OWN-01"]


def test_goods_stay_for_research_when_their_entry_ends() -> None:
    given = [*GIVEN, listed(), drawn(A, permit=LIST), ended(permit=LIST, by=SCIENCE)]
    assert judged(given, used("sale")) == ["OWN-01"]


def test_goods_of_the_other_list_are_used_as_approved() -> None:
    given = [*GIVEN, recorded(LIST, Scheme.SPECIAL_ITEM_LIST, SCIENCE), drawn(A, permit=LIST)]
    assert judged(given, used("clinical-trial")) == []


@pytest.mark.rule("OWN-02")
def test_goods_of_the_research_list_stay_with_their_enterprise() -> None:
    given = [*GIVEN, listed(holder=IMPORTER.party), drawn(A, permit=LIST)]
    (found,) = breaches(given, used("research"))
    assert (found.rule, found.given) == ("OWN-02", {"permit": LIST, "party": LABORATORY.party})
    tested = ItemTested(items=(A,), laboratory=LAB, test="pcr", activity=Activity.UNCULTURED)
    assert judged(given, said(tested, LABORATORY, at=NOON + HOUR)) == ["OWN-02"]
    assert judged(given, aliquoted(child(C, "1"), residual="9")) == ["OWN-02"]


def test_goods_of_the_research_list_are_not_handed_on() -> None:
    given = [*GIVEN, site(ELSEWHERE, owner=OTHER), listed(), drawn(A, permit=LIST)]
    body = TransferSent(
        case=CaseId("case:t"), items=(A,), from_site=LAB, to_site=ELSEWHERE, receiver=OTHER.party,
        ground=Ground.SAME_APPROVAL,
    )  # fmt: skip
    assert "OWN-02" in judged(given, said(body, LABORATORY, at=NOON + HOUR))


def packed(at: datetime = LATER) -> Signed[Any]:
    return said(
        ShipmentPacked(items=(A,), packing_instruction="p620", un_number="2814", seals=("S-1",)), LABORATORY, at=at
    )


def transport(**members: Any) -> Signed[Any]:  # noqa: ANN401  members of the body
    return recorded(LICENCE, Scheme.TRANSPORT_PERMIT, **members)


@pytest.mark.rule("CAR-09")
def test_high_pathogenic_material_is_carried_under_a_transport_permit() -> None:
    given = [*PARTIES, *vials(agent=VARIOLA, material=Material.UNCULTURED)]
    (found,) = breaches(given, packed())
    assert (found.rule, found.given) == ("CAR-09", {"agents": (VARIOLA,), "count": 1})
    assert grounds(found, LATER) == ("State Council Order 424 Arts 10-11; MoH Order 45", True)
    assert judged([*given, transport(), drawn(A)], packed()) == []
    over = [*given, transport(), drawn(A), ended(at=LATER - HOUR)]
    assert judged(over, packed()) == ["CAR-09"]


@pytest.mark.parametrize("agent", ["virus-81", "virus-128"])
def test_class_3_in_packaging_class_a_is_carried_under_one_too(agent: str) -> None:
    assert judged([*PARTIES, *vials(agent=agent, material=Material.UNCULTURED)], packed()) == ["CAR-09"]


@pytest.mark.parametrize(
    ("agent", "material"),
    [
        pytest.param(VARIOLA, Material.NONINFECTIOUS, id="harms nobody"),
        pytest.param("virus-156", Material.UNCULTURED, id="class 4"),
        pytest.param(None, None, id="no agent stated"),
    ],
)
def test_other_material_needs_no_transport_permit(agent: str | None, material: Material | None) -> None:
    assert judged([*PARTIES, *vials(agent=agent, material=material)], packed()) == []


def test_what_an_earlier_edition_did_not_ask_is_not_asked() -> None:
    assert judged([*PARTIES, *vials(agent=VARIOLA, material=Material.UNCULTURED)], packed(NOON)) == []


OWN: Final = ItemId("item:own")


def collected(origin: str | None = "CN") -> Signed[Any]:
    item = NewItem(item=OWN, label="own", quantity=ml("5"), type="plasma-edta", donor_origin=origin)
    body = ItemCollected(
        laboratory=LAB,
        country="CN",
        collected_by="Hospital",
        basis=Basis.ETHICS_APPROVAL,
        document=Reference(document="EC 1", issued_by="Committee", digest=DIGEST),
        items=(item,),
    )
    return said(body, LABORATORY, at=NOON)


def left(item: ItemId = OWN, at: datetime = LATER) -> Signed[Any]:
    return said(ItemReExported(items=(item,), declaration_number="1", destination_country="DE"), LABORATORY, at=at)


def asked(given: list[Signed[Any]], when: Signed[Any]) -> bool:
    return "PMT-24" in judged(given, when)


@pytest.mark.rule("PMT-24")
def test_material_of_the_countrys_own_donors_leaves_under_an_exit_certificate() -> None:
    given = [*PARTIES, site(), collected()]
    assert asked(given, left())
    certificate = recorded(LICENCE, Scheme.HGR_EXIT_CERTIFICATE)
    assert not asked([*given, certificate, drawn(OWN, at=NOON + HOUR)], left())
    assert asked([*given, certificate, drawn(OWN, at=NOON + HOUR), ended(at=LATER - HOUR)], left())
    assert asked([*given, recorded(), drawn(OWN, at=NOON + HOUR)], left()), "a licence is no certificate"


@pytest.mark.parametrize("origin", ["SE", None])
def test_material_of_other_or_unknown_donors_needs_none(origin: str | None) -> None:
    assert not asked([*PARTIES, site(), collected(origin)], left())


def test_a_certificate_is_not_asked_by_an_earlier_edition() -> None:
    assert not asked([*PARTIES, site(), collected()], left(at=NOON + HOUR))


def test_what_was_made_of_it_is_of_the_same_donors() -> None:
    made = ItemId("item:made")
    given = [*PARTIES, site(), collected(), aliquoted(child(made, "2"), residual="3", parent=OWN, at=NOON + HOUR)]
    assert asked(given, left(made))
    under = [*given, recorded(LICENCE, Scheme.HGR_EXIT_CERTIFICATE), drawn(OWN, at=NOON + 2 * HOUR)]
    assert not asked(under, left(made)), "it is under what its parent is under"


def test_which_material_left_without_a_certificate_is_asked_of_the_record() -> None:
    given = [*PARTIES, site(), collected()]
    assert left_uncertified(world_of(events_of([*given, left()]), LATER), "CN") == (OWN,)
    certified = [*given, recorded(LICENCE, Scheme.HGR_EXIT_CERTIFICATE), drawn(OWN, at=NOON + HOUR), left()]
    assert left_uncertified(world_of(events_of(certified), LATER), "CN") == ()
    assert left_uncertified(world_of(events_of(given), LATER), "CN") == (), "it is still here"
