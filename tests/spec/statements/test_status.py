"""What a subject's status is: the kinds that establish, limit or end it, apart from what is done under it."""

from __future__ import annotations

from typing import Final

import pytest

from ledger.domain.states.border import Approval, Consignment
from ledger.domain.states.party import Party
from ledger.domain.states.permit import Permit
from ledger.domain.states.site import Site
from ledger.domain.states.subjects import Case, Item, Key, Subject
from ledger.domain.status import RULED, STATUS
from ledger.statement.catalogue import KINDS

UNDER: Final[dict[type[Subject], frozenset[str]]] = {
    Approval: frozenset(
        {
            "consignment.announced/1", "consignment.declared/1", "consignment.released/1", "return.executed/1",
            "transfer.sent/1",
        }
    ),
    Consignment: frozenset(
        {
            "item.listed/1", "item.received/1", "item.labelled/1", "item.aliquoted/1", "item.derived/1",
            "item.pooled/1", "item.propagated/1",
        }
    ),
    Party: frozenset({"audit.granted/1", "access.digested/1"}),
    Permit: frozenset({"permit.drawn/1", "permit.reported/1"}),
    Site: frozenset(
        {
            "return.executed/1", "destruction.executed/1", "custody.handed-over/1", "custody.accepted/1",
            "item.received/1", "item.stored/1", "item.moved/1", "item.checked-out/1", "item.returned/1",
            "transfer.sent/1", "transfer.received/1", "loss.reported/1", "item.destroyed/1", "waste.handed-over/1",
            "item.re-exported/1", "item.collected/1", "stock.opened/1", "item.aliquoted/1", "item.derived/1",
            "item.pooled/1", "item.propagated/1",
        }
    ),
}  # fmt: skip
"""What changes a subject and is none of its status: it is done under it, and as often as anybody likes."""

TYPES: Final = {Approval: "approval", Consignment: "consignment", Party: "party", Permit: "permit", Site: "site"}
WHOLE: Final = {Item, Case, Key}


def test_every_type_of_subject_has_a_status_or_is_shown_whole() -> None:
    assert STATUS.keys() | WHOLE == {Approval, Case, Consignment, Item, Key, Party, Permit, Site}
    assert not STATUS.keys() & WHOLE


@pytest.mark.parametrize("subject", TYPES)
def test_every_kind_that_changes_a_subject_is_of_its_status_or_done_under_it(subject: type[Subject]) -> None:
    changing = {name for name, kind in KINDS.items() if kind.changes(TYPES[subject])}
    assert STATUS[subject] | UNDER[subject] == changing
    assert not STATUS[subject] & UNDER[subject]


@pytest.mark.parametrize("kind", sorted(RULED))
def test_a_kind_names_in_its_body_whose_status_it_is(kind: str) -> None:
    members = KINDS[kind].body.__struct_fields__
    assert set(RULED[kind]) <= set(members)
