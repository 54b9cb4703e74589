"""Cases: how a statement opens a matter that later statements belong to. What becomes of it is each matter's own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from msgspec.structs import replace

from ledger.domain.states.matter import Matter
from ledger.domain.states.subjects import Case

if TYPE_CHECKING:
    from ledger.domain.judging import Event, World
    from ledger.domain.law.rule import Rule
    from ledger.ids import CaseId

M = TypeVar("M", bound=Matter)


def check_new(world: World, case: CaseId, rule: Rule) -> None:
    """Check that nobody has opened a case. Raises Refused: the rule given."""
    if world.case(case).known:
        raise rule.refuse(f"{case} is a case already")


def opened(case: Case, event: Event[Any], matter: str) -> Case:
    """Return the case that a statement opens on its items; another case as it is.

    matter: what kind of case.
    """
    new = begun(case, event, matter, None)
    return case if new is case else replace(new, items=frozenset(event.said.body.items))


def begun(case: Case, event: Event[Any], matter: str, detail: Matter | None) -> Case:
    """Return the case that a statement opens, about no items; another case as it is.

    matter: what kind of case. detail: what only such a case has.
    """
    said = event.said
    if case.id != said.body.case:
        return case
    return Case(
        id=case.id,
        known=True,
        matter=matter,
        party=said.party,
        opened_by=said.persons,
        opened_on=said.occurred_at,
        detail=detail,
    )


def concerned(case: Case, event: Event[Any], matter: type[M]) -> M | None:
    """Return what only its matter has, of the case that an event's body names; None: it is another case's."""
    named = case.id == event.said.body.case
    return case.detail if named and isinstance(case.detail, matter) else None


def with_detail(case: Case, **changes: object) -> Case:
    """Return a case with some members of its matter's state changed."""
    assert case.detail is not None  # noqa: S101  whoever asks has looked
    return replace(case, detail=replace(case.detail, **changes))
