"""What leaves for good leaves its storage position free: STK."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from msgspec.structs import replace

from ledger.domain.bodies.vocabulary import Amount
from ledger.domain.border.executions import DestructionExecuted, ReturnExecuted
from ledger.domain.border.orders import DestructionOrdered, ReturnOrdered
from ledger.domain.ending.destruction import Destroyed, Indicator, ItemDestroyed
from ledger.domain.ending.disposal import Method
from ledger.domain.ending.exits import ItemReExported
from ledger.domain.ending.incidents import Loss, LossReported
from ledger.domain.ending.waste import WasteHandedOver
from ledger.ids import CaseId
from tests.spec.bench import CONTRACTOR, DIGEST
from tests.spec.custody.test_stock import places
from tests.spec.goods import (
    ANNEX,
    CUSTOMS,
    GOODS,
    LAB,
    LATER,
    A,
    B,
    in_stock,
    stored,
)
from tests.spec.parties import LABORATORY, SECOND_PERSON
from tests.spec.world import NOON, judged, refused, said, state_of

if TYPE_CHECKING:
    from ledger.domain.bodies.vocabulary import Body
    from ledger.domain.judging import Signatory

CASE = CaseId("case:out")
RETURN = ReturnOrdered(case=CASE, consignment=GOODS, items=(A,), notice_number="N", ground="name-differs", due=LATER)
DESTRUCTION = DestructionOrdered(
    case=CASE, consignment=GOODS, items=(A,), notice_number="N", ground="name-differs", due=LATER
)


@pytest.mark.rule("STK-08")
@pytest.mark.parametrize(
    ("body", "by", "orders"),
    [
        pytest.param(
            LossReported(case=CASE, items=(A,), loss=Loss.LOST, discovered_at=NOON), (LABORATORY,), (), id="a loss"
        ),
        pytest.param(
            ItemReExported(items=(A,), declaration_number="9", destination_country="SE"),
            (LABORATORY,),
            (),
            id="re-export",
        ),
        pytest.param(
            WasteHandedOver(
                case=CASE,
                items=(A,),
                contractor=CONTRACTOR.party,
                manifest_number="M-1",
                weight=Amount(value="1", unit="kg"),
                stored_since=NOON,
            ),
            (LABORATORY, CONTRACTOR),
            (),
            id="waste",
        ),
        pytest.param(
            ReturnExecuted(case=CASE, consignment=GOODS, items=(A,), evidence=DIGEST),
            (CUSTOMS,),
            (RETURN,),
            id="a return",
        ),
        pytest.param(
            DestructionExecuted(case=CASE, consignment=GOODS, items=(A,), evidence=DIGEST, method=Method.INCINERATION),
            (CUSTOMS,),
            (DESTRUCTION,),
            id="a destruction",
        ),
    ],
)
def test_what_leaves_for_good_leaves_its_position_free(
    body: Body, by: tuple[Signatory, ...], orders: tuple[Body, ...]
) -> None:
    given = [*in_stock(), *(said(order, CUSTOMS) for order in orders)]
    assert refused(given, said(body, *by)) == "STK-08"
    gone = said(replace(body, site=LAB), *by)
    judged(given, gone)
    assert places([*given, gone]) == {}
    assert state_of([*given, gone], A).place is None
    assert judged([*given, gone], stored((B, "F1/A1"))) == []


@pytest.mark.rule("STK-08")
def test_an_item_is_destroyed_where_it_stands_and_stored_anew_if_something_is_left() -> None:
    part = Destroyed(item=A, quantity=Amount(value="0.4", unit="mL"))
    body = ItemDestroyed(
        laboratory=LAB, items=(part,), method=Method.CHEMICAL, indicator=Indicator.NONE, evidence=DIGEST
    )
    elsewhere = said(replace(body, laboratory=ANNEX), LABORATORY, SECOND_PERSON)
    here = said(body, LABORATORY, SECOND_PERSON)
    assert refused(in_stock(), elsewhere) == "STK-08"
    assert places([*in_stock(), here]) == {}
    assert judged([*in_stock(), here], stored((A, "F1/A2"))) == []
