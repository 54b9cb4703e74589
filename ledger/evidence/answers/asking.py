"""What is asked, with the acts that the answer rests on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from ledger.clock import format_time
from ledger.evidence.answers.acts import effective
from ledger.evidence.answers.basis import NEEDS
from ledger.evidence.answers.record import Record

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ledger.evidence.answers.acts import Act
    from ledger.evidence.bundle.answer import Claimed


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked, of the acts that it rests on.

    whole: the subjects that these are all acts of. acts: those up to the position that is asked for; counting: those of
    them that happened in time; later: those of the subject behind that position. now, until: instants, as acts have
    them. without: editions of rules that are not to be taken into account.
    """

    subject: str
    whole: frozenset[str]
    acts: Sequence[Act]
    counting: Record
    later: Sequence[Act]
    now: str
    until: str | None
    without: frozenset[str] = frozenset()


class Told(Protocol):
    """Where acts come from."""

    def about(self, tag: str) -> Sequence[Act]:
        """Return all acts that bear a tag, oldest first, up to the position that is asked for."""
        ...

    def later(self, tag: str) -> Sequence[Act]:
        """Return all acts that bear a tag behind that position, as far as is told of them."""
        ...


def asked_of(claimed: Claimed, told: Told) -> Asked:
    """Return what an answer is to; nothing else of it is read. Raises Unreadable, and what ``told`` raises."""
    whole = NEEDS[claimed.question](claimed.subject, told)
    held = {act.position: act for tag in sorted(whole) for act in told.about(tag)}
    acts = [held[position] for position in sorted(held)]
    until = None if claimed.until is None else format_time(claimed.until)
    counting = acts if until is None else [act for act in effective(acts) if act.at <= until]
    later = told.later(claimed.subject) if claimed.question == "whereabouts" else ()
    return Asked(claimed.subject, whole, acts, Record(counting, whole), later, format_time(claimed.now), until)
