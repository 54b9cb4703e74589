"""Statements as an answer reads them, and which of them count now: corrections in their place, voided ones left out."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from ledger.clock import format_time

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from ledger.statement.entries.entry import Entry
    from ledger.statement.form.payload import Payload

VOIDED: Final = "statement.voided/1"
_RECEIVED: Final = "received"


class Unreadable(Exception):
    """A body is not of the form that the table reads, which no ledger would have recorded."""

    def __init__(self, position: int) -> None:
        """Name the event, by the position at which it counts."""
        super().__init__(position)
        self.position = position


class Beyond(Exception):
    """An answer rests on what the table does not say."""

    def __init__(self, where: str) -> None:
        """Say which answer that is: a question, or one where something is the case."""
        super().__init__(where)
        self.where = where


@dataclass(frozen=True, slots=True)
class Act:
    """A statement that is on record.

    position: where it counts: of a correction, where what it first corrected stands. at: when it occurred, in UTC with
    six digits of a second, so that texts sort as instants. received: the parties that sign that they took something
    over. replaces: the statement that it corrects or voids.
    """

    position: int
    ident: str
    kind: str
    at: str
    party: str
    received: frozenset[str]
    body: Mapping[str, Any]
    replaces: str | None
    tags: frozenset[str]
    rules: str

    @property
    def place(self) -> tuple[str, int]:
        """Return its place in the order of acts."""
        return self.at, self.position


def act_of(entry: Entry, payload: Payload) -> Act:
    """Return a statement as it is recorded in an entry."""
    voided = payload.body.get("statement") if payload.kind == VOIDED else payload.corrects
    return Act(
        position=entry.position,
        ident=payload.id,
        kind=payload.kind,
        at=format_time(payload.occurred_at),
        party=payload.signers[0].party,
        received=frozenset(one.party for one in payload.signers if one.meaning == _RECEIVED),
        body=payload.body,
        replaces=voided if isinstance(voided, str) else None,
        tags=frozenset(entry.tags),
        rules=entry.rules,
    )


def effective(acts: Iterable[Act]) -> list[Act]:
    """Return the acts that count now, by the positions at which they do. acts: oldest first."""
    slots: list[Act | None] = []
    places: dict[str, int] = {}
    for act in acts:
        slot = None if act.replaces is None else places.get(act.replaces)
        if slot is not None and act.kind != VOIDED:
            old = slots[slot]
            slots[slot] = None if old is None else replace(act, position=old.position)
            places[act.ident] = slot
            continue
        if slot is not None:
            slots[slot] = None
        places[act.ident] = len(slots)
        slots.append(act)
    return [act for act in slots if act is not None and act.kind != VOIDED]
