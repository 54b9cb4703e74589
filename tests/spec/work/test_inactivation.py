"""Inactivation and its verification: INA."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from ledger.domain.states.subjects import Inactivation
from ledger.domain.work.inactivation import InactivationVerified, ItemInactivated, Outcome
from tests.spec.bench import LAB, NOBODYS, THIRD_PERSON, A, C, aliquoted, child, vials
from tests.spec.parties import LABORATORY
from tests.spec.world import NOON, judged, refused, said, state_of

if TYPE_CHECKING:
    from ledger.domain.judging import Signatory, Signed
    from ledger.ids import ItemId

LATER = NOON + timedelta(hours=1)


def inactivated(*items: ItemId) -> Signed[Any]:
    return said(ItemInactivated(items=items or (A,), laboratory=LAB, method="heat"), LABORATORY, at=NOON)


def verified(*items: ItemId, result: Outcome = Outcome.PASSED, by: Signatory = THIRD_PERSON) -> Signed[Any]:
    body = InactivationVerified(items=items or (A,), laboratory=LAB, result=result, test="culture")
    return said(body, by, at=LATER)


@pytest.mark.parametrize(
    ("result", "state"), [(Outcome.PASSED, Inactivation.VERIFIED), (Outcome.FAILED, Inactivation.NONE)]
)
def test_a_test_verifies_or_undoes_an_inactivation(result: Outcome, state: Inactivation) -> None:
    given = [*vials(), inactivated()]
    assert judged(vials(), given[-1]) == []
    assert judged(given, verified(result=result)) == []
    assert state_of([*given, verified(result=result)], A).inactivation is state


@pytest.mark.rule("INA-01")
@pytest.mark.parametrize(
    ("given", "item"),
    [
        pytest.param([], A, id="nothing was inactivated"),
        pytest.param([inactivated(), verified(result=Outcome.FAILED)], A, id="it failed before"),
        pytest.param([aliquoted(child(C, "5"), residual="5", at=NOON - timedelta(1)), inactivated()], C, id="earlier"),
    ],
)
def test_only_an_inactivation_on_record_is_verified(given: list[Signed[Any]], item: ItemId) -> None:
    assert refused([*vials(), *given], verified(item)) == "INA-01"


def test_a_child_of_an_inactivated_item_is_verified_by_itself() -> None:
    given = [*vials(), inactivated(), aliquoted(child(C, "5"), residual="5", at=LATER)]
    assert judged(given, verified(C)) == []
    assert judged(given, verified(C, by=LABORATORY)) == ["INA-02"]


@pytest.mark.rule("INA-02")
def test_a_verification_by_the_person_who_inactivated_is_a_breach() -> None:
    assert judged([*vials(), inactivated()], verified(by=LABORATORY)) == ["INA-02"]


def test_an_unknown_item_is_not_inactivated() -> None:
    assert refused(vials(), inactivated(NOBODYS)) == "GAT-01"
