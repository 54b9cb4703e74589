"""The order of the telling changes nothing: states, tables of custody and balances are those of the acts."""

from __future__ import annotations

import dataclasses
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from api.telling.histories import custody_of, history_from
from ledger.domain.amends.corrections import StatementVoided
from ledger.domain.approval.changes import ApprovalResumed, ApprovalSuspended
from ledger.domain.bodies.vocabulary import Packaging
from ledger.domain.border.inspection import ConsignmentHeld, ConsignmentHoldLifted
from ledger.domain.custody.custody import CustodyHandedOver
from ledger.domain.custody.positions import Placed
from ledger.domain.custody.stock import ItemCheckedOut, ItemMoved, ItemReturned, ItemStored
from ledger.domain.ending.disposal import DisposalApproved, DisposalRequested, Method
from ledger.domain.registry.parties import SiteChanged
from ledger.domain.work.use import ItemUsed
from ledger.ids import Tag, new_statement_id, type_of
from ledger.reference.activities import Activity
from projections.balance import mass_balance
from tests.spec.bench import (
    APPROVAL,
    CASE,
    CUSTOMS,
    GOODS,
    LAB,
    OTHER,
    THIRD_PERSON,
    A,
    B,
    C,
    D,
    aliquoted,
    child,
    ml,
    received,
    vials,
)
from tests.spec.parties import LABORATORY
from tests.spec.world import NOON, events_of, said, world_of

if TYPE_CHECKING:
    from ledger.domain.bodies.vocabulary import Body
    from ledger.domain.judging import Event, Signed

PLACES = st.sampled_from(["F1", "F2", "F3"])
PUT = st.builds(lambda item, place: (Placed(item=item, place=place),), st.sampled_from([A, B]), PLACES)
BODIES: st.SearchStrategy[Body] = st.one_of(
    st.builds(lambda items: ItemStored(site=LAB, items=items), PUT),
    st.builds(lambda items: ItemMoved(site=LAB, items=items), PUT),
    st.builds(lambda item: ItemCheckedOut(site=LAB, items=(item,), project="p"), st.sampled_from([A, B])),
    st.builds(lambda items: ItemReturned(site=LAB, items=items), PUT),
    st.builds(
        lambda item: CustodyHandedOver(
            items=(item,), receiver=OTHER.party, count=1, packaging=Packaging.INTACT, site=LAB
        ),
        st.sampled_from([A, B]),
    ),
    st.builds(
        lambda item, value: ItemUsed(
            item=item, laboratory=LAB, project="p", purpose="research", activity=Activity.UNCULTURED, quantity=ml(value)
        ),
        st.sampled_from([A, B]),
        st.sampled_from(["1", "2", "3"]),
    ),
    st.sampled_from(
        [
            received().body,
            aliquoted(child(C, "2"), residual="8").body,
            aliquoted(child(D, "1", "d"), residual="9", parent=B).body,
            ConsignmentHeld(consignment=GOODS, ground="documents"),
            ConsignmentHoldLifted(consignment=GOODS, ground="documents"),
            ApprovalSuspended(approval=APPROVAL, ground="fraud"),
            ApprovalResumed(approval=APPROVAL),
            SiteChanged(site=LAB, level=1),
            SiteChanged(site=LAB, level=3, active=False),
            DisposalRequested(case=CASE, items=(A, B), ground="expired", method=Method.CHEMICAL),
            DisposalApproved(case=CASE, items=(A,)),
        ]
    ),
)


def spoken_by(body: Body) -> tuple[Any, ...]:
    match body:
        case ConsignmentHeld() | ConsignmentHoldLifted() | ApprovalSuspended() | ApprovalResumed():
            return (CUSTOMS,)
        case DisposalApproved():
            return (THIRD_PERSON,)
        case _:
            return (LABORATORY,)


@st.composite
def mornings(draw: st.DrawFn) -> list[Signed[Any]]:
    """Draw acts, each at a time of its own, some of which are corrected, in content or time, or voided."""
    bodies = draw(st.lists(BODIES, min_size=2, max_size=9, unique_by=lambda body: (type(body), str(body))))
    minutes = draw(st.permutations(range(2 * len(bodies))))
    acts = [
        said(body, *spoken_by(body), at=NOON + timedelta(minutes=minutes[number])) for number, body in enumerate(bodies)
    ]
    amended = []
    for number, act in enumerate(acts):
        fate = draw(st.sampled_from(["stands", "stands", "corrected", "moved", "voided"]))
        if fate == "voided":
            amended.append(said(StatementVoided(statement=act.id, ground="entered-twice"), *act.signers))
        elif fate != "stands":
            later = minutes[len(bodies) + number] if fate == "moved" else minutes[number]
            body = replace(act.body, site=LAB) if isinstance(act.body, ItemStored) else act.body
            amended.append(
                replace(
                    act,
                    id=new_statement_id(NOON),
                    body=body,
                    corrects=act.id,
                    reason="misread",
                    occurred_at=NOON + timedelta(minutes=later),
                )
            )
    return acts + amended


def told_in(order: list[int], statements: list[Signed[Any]]) -> list[Event[Any]]:
    """Return statements as events, told in some order, but each correction or voiding after what it names."""
    turn = {statements[index].id: place for place, index in enumerate(order)}

    def when(statement: Signed[Any]) -> tuple[int, bool]:
        named = statement.body.statement if isinstance(statement.body, StatementVoided) else statement.corrects
        return (turn[statement.id], False) if named is None else (max(turn[statement.id], turn[named]), True)

    return events_of([*vials(), *sorted(statements, key=when)])


@settings(max_examples=150, deadline=None)
@given(mornings(), st.data())
def test_the_order_of_the_telling_changes_nothing(statements: list[Signed[Any]], data: st.DataObject) -> None:
    first = told_in(list(range(len(statements))), statements)
    other = told_in(data.draw(st.permutations(range(len(statements)))), statements)
    states = world_of(first, NOON).subjects
    assert world_of(other, NOON).subjects == states
    assert mass_balance(first) == mass_balance(other)
    for tag in states:
        if type_of(tag) == "item":
            assert _custody(first, tag) == _custody(other, tag)


def _custody(events: list[Event[Any]], tag: Tag) -> list[Any]:
    rows = custody_of(history_from(tag, tuple(event for event in events if tag in event.tags), len(events)))
    assert all(row.ended is None or row.began <= row.ended for row in rows)
    return [dataclasses.replace(row, out_of_order=False) for row in rows]
