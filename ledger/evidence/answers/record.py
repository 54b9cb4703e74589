"""What some statements add up to: each subject in the order in which its acts count, now and as it was at a place."""

from __future__ import annotations

from collections import defaultdict
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

from ledger.evidence.answers.acts import Act, effective
from ledger.evidence.answers.folding import evolve, fresh
from ledger.evidence.answers.table import type_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from ledger.evidence.answers.folding import State

    Step = tuple[Act, State, State]
    Place = tuple[str, int]

_BY_POSITION: Final = frozenset({"approval", "permit"})
"""What the log alone orders; everything else goes by when its acts occurred."""


class Record:
    """Some statements, each counting for the subjects of which all are here."""

    def __init__(self, acts: Iterable[Act], whole: frozenset[str]) -> None:
        """Take the acts, oldest first. whole: the subjects of which these are all."""
        self.acts = tuple(acts)
        self._of: defaultdict[str, list[Act]] = defaultdict(list)
        self._steps: dict[str, list[Step]] = {}
        for act in self.acts:
            for tag in act.tags & whole:
                self._of[tag].append(act)

    @cached_property
    def effective(self) -> list[Act]:
        """Return the acts that count now."""
        return effective(self.acts)

    @cached_property
    def by_statement(self) -> Mapping[str, Act]:
        """Return the acts as they count, by their statements."""
        return {act.ident: act for act in self.effective}

    def of_type(self, subject_type: str) -> list[str]:
        """Return the subjects of a type that something is told of, sorted."""
        return sorted(tag for tag in self._of if type_of(tag) == subject_type)

    def steps(self, tag: str) -> list[Step]:
        """Return the acts of a subject in the order in which they count, with what it was before and after each."""
        if tag not in self._steps:
            self._steps[tag] = list(_steps(tag, sequence(tag, self._of.get(tag, ()))))
        return self._steps[tag]

    def now(self, tag: str) -> State:
        """Return what a subject is now."""
        steps = self.steps(tag)
        return steps[-1][2] if steps else fresh(tag)

    def at(self, tag: str, place: Place) -> State:
        """Return what a subject was at a place, by all that is told of it now."""
        state = fresh(tag)
        for act in sequence(tag, self._of.get(tag, ())):
            begins = evolve(fresh(tag), act)["known"]
            if act.position < place[1] if begins else act.place < place:
                state = evolve(state, act)
        return state

    def lineage(self, item: str, place: Place | None = None) -> list[State]:
        """Return an item and all that it was made of, each once, nearest first. place: as for ``at``; None: now."""
        found: dict[str, State] = {}
        pending = [item]
        for one in pending:
            if one not in found:
                found[one] = self.now(one) if place is None else self.at(one, place)
                pending.extend(found[one]["parents"])
        return list(found.values())

    def ancestry(self, item: str) -> list[tuple[State, str | None]]:
        """Return an item and all that it was made of, with when something on the way was made of each."""
        seen: dict[tuple[str, str | None], State] = {}
        pending: list[tuple[str, str | None]] = [(item, None)]
        for step in pending:
            if step not in seen:
                one = seen[step] = self.now(step[0])
                pending.extend((parent, one["made_at"]) for parent in one["parents"])
        return [(one, made_at) for (_, made_at), one in seen.items()]


def sequence(tag: str, acts: Iterable[Act]) -> Sequence[Act]:
    """Return the acts of a subject that count now: what brings it into being first, then the others in their order."""
    none, counting = fresh(tag), effective(acts)
    begins = [act for act in counting if evolve(none, act)["known"]]
    others = [act for act in counting if not evolve(none, act)["known"]]
    return begins + (others if type_of(tag) in _BY_POSITION else sorted(others, key=lambda act: act.place))


def _steps(tag: str, acts: Iterable[Act]) -> Iterable[Step]:
    after: Mapping[str, Any] = fresh(tag)
    for act in acts:
        before, after = after, evolve(after, act)
        yield act, before, after
