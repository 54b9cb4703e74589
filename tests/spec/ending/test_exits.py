"""Re-export and the end of an activity: EXI."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from ledger.domain.approval.approvals import Direction
from ledger.domain.approval.changes import ApprovalSuspended
from ledger.domain.ending.exits import ActivityEnded, ItemReExported
from ledger.domain.states.subjects import ItemStatus
from ledger.ids import ApprovalId
from tests.spec.bench import (
    APPROVAL,
    BEFORE,
    CUSTOMS,
    LAB,
    NOBODYS,
    OTHER,
    A,
    B,
    announced,
    approval,
    received,
    site,
    vials,
)
from tests.spec.parties import LABORATORY
from tests.spec.world import judged, refused, said, state_of

if TYPE_CHECKING:
    from ledger.domain.judging import Signatory, Signed
    from ledger.ids import ItemId

EXIT = ApprovalId("approval:exit")


def exported(*items: ItemId, under: ApprovalId | None = EXIT, by: Signatory = LABORATORY) -> Signed[Any]:
    body = ItemReExported(items=items or (A,), declaration_number="9", destination_country="SE", approval=under)
    return said(body, by)


def ended(*items: ItemId, by: Signatory = LABORATORY) -> Signed[Any]:
    return said(ActivityEnded(site=LAB, project="p-7", items=items), by)


def exit_approval(**members: Any) -> Signed[Any]:  # noqa: ANN401
    return approval(EXIT, **{"direction": Direction.EXPORT, **members})


def test_an_item_leaves_the_country_under_an_approval_to_export_it() -> None:
    given = [*vials(), exit_approval()]
    assert judged(given, exported()) == []
    item = state_of([*given, exported()], A)
    assert (item.status, item.custodian) == (ItemStatus.RE_EXPORTED, None)
    assert state_of([*given, exported()], B).status is ItemStatus.RECEIVED


@pytest.mark.rule("EXI-01")
@pytest.mark.parametrize(
    ("when", "rule"),
    [
        pytest.param(exported(), "EXI-01", id="an approval that is not on record"),
        pytest.param(exported(NOBODYS), "GAT-01", id="an unknown item"),
        pytest.param(exported(by=OTHER), "GAT-02", id="another party's item"),
        pytest.param(ended(A, by=OTHER), "GAT-04", id="the end of work at another party's laboratory"),
        pytest.param(ended(NOBODYS), "GAT-01", id="the end of work on an unknown item"),
    ],
)
def test_an_exit_is_refused_of(when: Signed[Any], rule: str) -> None:
    assert refused(vials(), when) == rule


@pytest.mark.rule("EXI-02")
@pytest.mark.parametrize(
    ("more", "under"),
    [
        pytest.param([], None, id="no approval"),
        pytest.param([], APPROVAL, id="an approval to import"),
        pytest.param([exit_approval(valid_to=date(2026, 8, 31))], EXIT, id="an approval that has ended"),
        pytest.param(
            [exit_approval(), said(ApprovalSuspended(approval=EXIT, ground="investigation"), CUSTOMS, at=BEFORE)],
            EXIT,
            id="an approval that is suspended",
        ),
    ],
)
def test_an_export_is_a_breach_with(more: list[Signed[Any]], under: ApprovalId | None) -> None:
    assert judged([*vials(), *more], exported(under=under)) == ["EXI-02"]


@pytest.mark.rule("GAT-06")
def test_an_export_before_release_is_a_breach() -> None:
    given = [site(), approval(), *announced(), received(), exit_approval()]
    assert judged(given, exported()) == ["GAT-06"]


def test_the_end_of_an_activity_lists_what_is_left() -> None:
    assert judged(vials(), ended(A, B)) == []
    assert judged(vials(), ended()) == []
    assert refused([*vials(), exit_approval(), exported(A)], ended(A)) == "GAT-02"
