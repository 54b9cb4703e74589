"""Items of domestic origin: on record without a consignment, held to everything that no border is behind."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction
from typing import Any

import pytest
from msgspec.structs import replace

from api.telling.samples import sample_object
from ledger.domain.bodies.vocabulary import Amount, Body, Reference
from ledger.domain.border.inspection import ConsignmentHeld
from ledger.domain.border.listing import ItemListed, ListedItem
from ledger.domain.custody.discrepancy import ItemLabelled
from ledger.domain.custody.transfer import Ground, TransferSent
from ledger.domain.ending.exits import ItemReExported
from ledger.domain.judging import Signatory, Signed
from ledger.domain.states.subjects import ItemStatus, Origin
from ledger.domain.work.collection import Basis, ItemCollected, NewItem
from ledger.domain.work.derive import ItemPooled
from ledger.domain.work.making import Child
from ledger.domain.work.portions import Portion
from ledger.domain.work.use import ItemUsed
from ledger.ids import CaseId, ItemId
from ledger.reference.activities import Activity, Material
from projections.balance import mass_balance
from projections.booking import Flow
from tests.spec.bench import (
    APPROVAL,
    CUSTOMS,
    DIGEST,
    ELSEWHERE,
    GOODS,
    LAB,
    OTHER,
    VARIOLA,
    A,
    B,
    C,
    D,
    aliquoted,
    announced,
    approval,
    child,
    ml,
    received,
    released,
    site,
    vials,
)
from tests.spec.parties import IMPORTER, LABORATORY, SECOND_PERSON
from tests.spec.world import NOON, corrected, events_of, judged, refused, said, state_of

DOCUMENT = Reference(document="EC 2026/31", issued_by="Ethics Committee", digest=DIGEST)
H = ItemId("item:h")
I = ItemId("item:i")  # noqa: E741  the second of two


def new(item: ItemId = H, label: str | None = None, **members: object) -> NewItem:
    stated = NewItem(item=item, label=label or item[5:], quantity=ml("10"), type="serum")
    return replace(stated, **members)


COLLECTED = ItemCollected(
    laboratory=LAB,
    country="CN",
    collected_by="Gulou Hospital",
    basis=Basis.ETHICS_APPROVAL,
    document=DOCUMENT,
    items=(new(),),
)


def collected(*items: NewItem, by: Signatory = LABORATORY, **members: object) -> Signed[Any]:
    body = replace(COLLECTED, items=items or COLLECTED.items)
    return said(replace(body, **members), by, SECOND_PERSON, at=NOON - timedelta(hours=1))


def act(body: Body, *signers: Signatory) -> Signed[Any]:
    return said(body, *(signers or (LABORATORY, SECOND_PERSON)), at=NOON)


def use(item: ItemId = H, purpose: str = "teaching") -> Signed[Any]:
    body = ItemUsed(
        item=item, laboratory=LAB, project="p-7", purpose=purpose, activity=Activity.UNCULTURED, quantity=ml("1")
    )
    return act(body)


def test_a_domestic_item_is_the_laboratorys_from_the_start_and_no_border_is_asked_of_it() -> None:
    given = [site(), collected()]
    assert judged(given[:1], given[1]) == []
    item = state_of(given, H)
    assert (item.origin, item.status, item.custodian, item.site) == (
        Origin.DOMESTIC,
        ItemStatus.RECEIVED,
        LABORATORY.party,
        LAB,
    )
    assert (item.approval, item.consignment, item.released) == (None, None, False)
    assert judged(given, use()) == []
    assert judged(given, aliquoted(child(C, "4"), residual="6", parent=H)) == []
    assert sample_object(item, ())["origin"] == ["domestic"]


def test_what_it_contains_asks_for_its_level_as_ever() -> None:
    virus = collected(new(agents=(VARIOLA,), material=Material.UNCULTURED))
    assert judged([site(), virus], use()) == ["GAT-12"]
    assert judged([site(level=3, until=date(2030, 1, 1)), virus], use()) == []


@pytest.mark.rule("COL-01", "COL-02", "COL-03")
@pytest.mark.parametrize(
    ("given", "when", "rule"),
    [
        pytest.param([], collected(country="SE"), "COL-03", id="collected abroad"),
        pytest.param([collected()], collected(), "COL-01", id="collected already"),
        pytest.param([], collected(new(), new(label="2")), "COL-01", id="twice in one statement"),
        pytest.param([collected()], collected(new(I, "H")), "COL-02", id="a label of the site"),
        pytest.param([], collected(new(), new(I, "H")), "COL-02", id="a label twice"),
        pytest.param(
            [collected(), aliquoted(child(C, "4", "h-1"), residual="6", parent=H)],
            collected(new(I, "H-1")),
            "COL-02",
            id="a label of what was made here",
        ),
        pytest.param([site(ELSEWHERE, owner=OTHER)], collected(laboratory=ELSEWHERE), "GAT-04", id="another's site"),
        pytest.param([], collected(new(type="soup")), "SMP-01", id="of no type"),
        pytest.param([], collected(new(quantity=ml("0"))), "PRT-04", id="of nothing"),
        pytest.param([], collected(new(quantity=Amount(value="1", unit="pint"))), "UNI-01", id="in no unit"),
        pytest.param([], collected(new(collected_on=date(2026, 9, 2))), "CON-22", id="collected tomorrow"),
    ],
)
def test_a_collection_is_refused_of(given: list[Signed[Any]], when: Signed[Any], rule: str) -> None:
    assert refused([site(), *given], when) == rule


@pytest.mark.rule("COL-01", "CON-11")
def test_an_item_is_imported_or_domestic_and_never_both() -> None:
    assert refused(vials(), collected(new(A, "other"))) == "COL-01"
    body = ItemListed(consignment=GOODS, approval=APPROVAL, line=1, items=(ListedItem(item=H, label="x"),))
    given = [site(), approval(), *announced(), collected()]
    assert refused(given, said(body, IMPORTER, at=NOON)) == "CON-11"


@pytest.mark.rule("BOR-03")
def test_customs_hold_no_item_that_came_with_no_consignment() -> None:
    hold = said(ConsignmentHeld(consignment=GOODS, items=(H,), ground="laboratory-test"), CUSTOMS, at=NOON)
    assert refused([*vials(), collected()], hold) == "BOR-03"


def pool(*inputs: ItemId, output: ItemId = D) -> Signed[Any]:
    body = ItemPooled(
        inputs=tuple(Portion(item=one, quantity=ml("5")) for one in inputs),
        laboratory=LAB,
        output=Child(item=output, quantity=ml(str(5 * len(inputs)))),
        loss=ml("0"),
    )
    return act(body)


@pytest.mark.rule("GAT-06", "GAT-15")
def test_in_a_pool_with_imported_material_the_stricter_counts() -> None:
    unreleased = [site(), approval(), *announced(), received(), collected()]
    assert judged(unreleased, pool(A, H)) == ["GAT-06"]
    pooled = [*vials(), collected(), pool(A, H)]
    assert judged(pooled[:-1], pooled[-1]) == []
    later = use(D)
    assert judged(pooled, replace_at(later)) == ["GAT-15"]
    assert judged(pooled, replace_at(use(D, "research"))) == []


def replace_at(statement: Signed[Any]) -> Signed[Any]:
    return said(statement.body, *statement.signers, at=NOON + timedelta(hours=1))


def test_a_pool_is_under_an_approval_only_with_the_part_that_came_in_under_it() -> None:
    events = events_of([*vials(), collected(), pool(A, H)])
    (row,) = mass_balance(events)
    assert row.approval == APPROVAL
    assert [row.flows[Flow.LISTED], row.on_hand] == [Fraction(20), Fraction(20)]


@pytest.mark.rule("MAK-02", "RCP-16")
def test_labels_of_what_is_made_of_domestic_items_are_new_at_their_site() -> None:
    given = [site(), collected(), collected(new(I))]
    assert refused(given, aliquoted(child(C, "4", "I"), residual="6", parent=H)) == "MAK-02"
    assert refused(given, act(ItemLabelled(item=H, label="i"), LABORATORY)) == "RCP-16"
    assert judged(given, act(ItemLabelled(item=H, label="h-2"), LABORATORY)) == []


@pytest.mark.rule("TRF-09")
@pytest.mark.parametrize(
    ("items", "ground", "rule"),
    [
        pytest.param((H,), Ground.SAME_APPROVAL, "TRF-09", id="a domestic one with an approval"),
        pytest.param((A, H), Ground.SAME_APPROVAL, "TRF-09", id="a domestic one among others"),
        pytest.param((A,), Ground.NONE_ON_RECORD, "TRF-09", id="an imported one without"),
        pytest.param((H,), Ground.NONE_ON_RECORD, None, id="a domestic one without"),
        pytest.param((A, B), Ground.SAME_APPROVAL, None, id="imported ones with theirs"),
    ],
)
def test_a_transfer_claims_no_approval_for_what_has_none(
    items: tuple[ItemId, ...], ground: Ground, rule: str | None
) -> None:
    given = [*vials(), collected(), site(ELSEWHERE, owner=OTHER)]
    body = TransferSent(
        case=CaseId("case:t"), items=items, from_site=LAB, to_site=ELSEWHERE, receiver=OTHER.party, ground=ground
    )
    if rule is None:
        assert set(judged(given, act(body))) <= {"GAT-11", "TRF-06"}
    else:
        assert refused(given, act(body)) == rule


@pytest.mark.rule("EXI-02")
def test_a_domestic_item_leaves_the_country_under_an_approval_to_export_it() -> None:
    body = ItemReExported(items=(H,), declaration_number="E-1", destination_country="SE")
    assert judged([site(), collected()], act(body)) == ["EXI-02"]


def test_release_stays_asked_of_what_came_with_a_consignment() -> None:
    given = [site(), approval(), *announced(), received(), collected()]
    assert judged(given, use(A, "research")) == ["GAT-06"]
    assert judged([*given[:3], *given[3:4], released(), *given[4:]], use(A, "research")) == []


def test_a_collection_is_corrected_with_its_own_labels_and_ids() -> None:
    first = collected(new(), new(I))
    given = [site(), first]
    assert judged(given, corrected(first, replace(first.body, items=(new(type="plasma"), new(I, "i-2"))))) == []
    assert judged([*given, use()], corrected(first, replace(first.body, country="CN", collected_by="Another"))) == []
    assert refused([*given, collected(new(C))], corrected(first, replace(first.body, items=(new(), new(I, "c"))))) == (
        "COL-02"
    )
