"""What depends on a permit: asked when one ends, is suspended or is about to run out.

Pure functions over states, whoever folded them: they judge nothing and change nothing.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from ledger.domain.states.border import Approval
from ledger.domain.states.permit import Permit, PermitStatus
from ledger.domain.states.subjects import Item

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping
    from datetime import date

    from ledger.domain.states.subjects import Subject
    from ledger.ids import ApprovalId, ItemId, PermitId

Id = TypeVar("Id", bound=str)


@dataclass(frozen=True, slots=True)
class Dependents:
    """What depends on a permit.

    permits: those that rest on it, directly or through others. approvals: those that stand on it or on one of these.
    items: those under it or under one of these, and what was made of them; what came in under the approvals is theirs.
    """

    permits: frozenset[PermitId]
    approvals: frozenset[ApprovalId]
    items: frozenset[ItemId]


def dependents(subjects: Iterable[Subject], permit: PermitId) -> Dependents:
    """Return what depends on a permit, among some subjects as they stand."""
    every = list(subjects)
    permits = [one for one in every if isinstance(one, Permit)]
    items = [one for one in every if isinstance(one, Item)]
    resting = _reached({permit}, {one.id: one.permits for one in permits})
    approvals = {one.id for one in every if isinstance(one, Approval) and one.permits & resting}
    under = {one.id for one in items if one.permits & resting or one.approval in approvals}
    made = _reached(under, {one.id: one.parents for one in items})
    return Dependents(frozenset(resting - {permit}), frozenset(approvals), frozenset(made))


def running_out(subjects: Iterable[Subject], first: date, last: date) -> dict[PermitId, Dependents]:
    """Return the permits that hold and whose last day lies between two days, both included, with what depends on each.

    In the order in which they run out.
    """
    every = list(subjects)
    found = [
        one
        for one in every
        if isinstance(one, Permit)
        and one.status is not PermitStatus.ENDED
        and one.valid_to is not None
        and first <= one.valid_to <= last
    ]
    found.sort(key=lambda one: (one.valid_to, one.id))
    return {one.id: dependents(every, one.id) for one in found}


def _reached(first: Collection[Id], rests_on: Mapping[Id, Iterable[Id]]) -> set[Id]:
    """Return some ids and all that rest on them, directly or through others."""
    resting: dict[Id, list[Id]] = defaultdict(list)
    for one, others in rests_on.items():
        for other in others:
            resting[other].append(one)
    found, pending = set(first), list(first)
    for one in pending:
        more = [other for other in resting[one] if other not in found]
        found.update(more)
        pending.extend(more)
    return found
