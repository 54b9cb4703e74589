"""Cases: how a statement opens a matter that later statements belong to. What becomes of it is each matter's own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ledger.domain.state import Case

if TYPE_CHECKING:
    from ledger.domain.judging import Event, Rule, World
    from ledger.ids import CaseId


def check_new(world: World, case: CaseId, rule: Rule) -> None:
    """Check that nobody has opened a case. Raises Refused: the rule given."""
    if world.case(case).known:
        raise rule.refuse(f"{case} is a case already")


def opened(case: Case, event: Event[Any], matter: str) -> Case:
    """Return the case that a statement opens on its items; another case as it is.

    matter: what kind of case.
    """
    said = event.said
    if case.id != said.body.case:
        return case
    return Case(
        id=case.id,
        known=True,
        matter=matter,
        items=frozenset(said.body.items),
        party=said.party,
        opened_by=said.persons,
        opened_on=said.occurred_at,
    )
