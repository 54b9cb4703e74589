"""A case as tasks, each one signed statement, in whatever order: what is done, what is open, whose turn it is."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from api.console.acts.stated import roles_for
from api.console.owing import owed_of
from ledger.domain.fold import effective

if TYPE_CHECKING:
    from collections.abc import Iterable

    from api.console.owing import Owed
    from api.console.telling import Line, Teller
    from api.telling.histories import History
    from ledger.domain.judging import Event
    from ledger.domain.states.subjects import Case
    from ledger.ids import PartyId, Tag


class Standing(StrEnum):
    """How a task stands. OPEN: it is somebody's turn. WAITING: something else comes first. FREE: it may be done."""

    DONE = "done"
    OPEN = "open"
    WAITING = "waiting"
    FREE = "free"


@dataclass(frozen=True, slots=True)
class Task:
    """One task.

    says: what is to be done, in words. whose: the party whose turn it is; None: of no single one.
    lines: the statements by which it was done, oldest first. owed: what is owed of it and has not ended.
    links: where the reader states it, and what the act is called; none: it is not for them, or not in the browser.
    notes: what is told besides, such as what was not done and why, or what comes first.
    """

    says: str
    standing: Standing
    whose: PartyId | None = None
    lines: tuple[Line, ...] = ()
    owed: tuple[Owed, ...] = ()
    links: tuple[tuple[str, str], ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Section:
    """Tasks that belong together. title: what they are about. tag: a word on how that stands; "" none."""

    title: str
    tasks: tuple[Task, ...]
    tag: str = ""
    settled: bool = False


@dataclass(frozen=True)
class Matter:
    """A case of which the tasks are told, to whoever reads."""

    teller: Teller
    history: History
    case: Case

    @property
    def tag(self) -> Tag:
        """Return the case's id."""
        return self.case.id  # type: ignore[return-value]  # an id of a case is a tag

    @property
    def reader(self) -> PartyId:
        """Return the party that reads."""
        return self.teller.reads.who.party

    @cached_property
    def _events(self) -> dict[str, list[Event[Any]]]:
        found: dict[str, list[Event[Any]]] = defaultdict(list)
        for step in self.history.steps:
            found[step.event.said.kind].append(step.event)
        return found

    def events(self, *kinds: str) -> list[Event[Any]]:
        """Return the statements of some kinds that count, as the case has them."""
        return sorted((one for kind in kinds for one in self._events.get(kind, ())), key=lambda one: one.position)

    def about(self, kind: str) -> list[Event[Any]]:
        """Return the statements of a kind that count and name the case, whether or not they change it."""
        return [one for one in effective(self.history.events) if one.said.kind == kind]

    def lines(self, events: Iterable[Event[Any]]) -> tuple[Line, ...]:
        """Return statements as they are told."""
        return tuple(self.teller.line(one, self.history, self.tag) for one in events)

    @cached_property
    def _owed(self) -> tuple[Owed, ...]:
        return tuple(owed_of(self.teller, self.history, self.tag))

    def owed(self, duty: str, key: str | None = None) -> tuple[Owed, ...]:
        """Return what is owed by a duty and has not ended. key: of one of several; None: all of them."""
        return tuple(one for one in self._owed if one.row.duty == duty and key in {None, one.row.key})

    def act(self, act: str, called: str, **said: str | Iterable[str]) -> tuple[tuple[str, str], ...]:
        """Return where the reader states an act of the case, if their party may. said: what is said already."""
        party = self.teller.reads.record.world.party(self.reader)
        if not roles_for(act, party):
            return ()
        given = {"case": str(self.tag), **said}
        return ((f"/acts/{act}?{urlencode({name: one for name, one in given.items() if one}, doseq=True)}", called),)
