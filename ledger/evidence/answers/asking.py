"""What is asked, with the acts that the answer rests on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Protocol

from ledger.clock import format_time
from ledger.errors import Malformed
from ledger.evidence.answers.acts import effective
from ledger.evidence.answers.basis import NEEDS
from ledger.evidence.answers.record import Record

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ledger.evidence.answers.acts import Act
    from ledger.evidence.bundle.answer import Claimed


NARROWED_BY: Final[Mapping[str, frozenset[str]]] = {"descendants": frozenset({"lot", "donor"})}
"""By question what an answer may be narrowed by; others take nothing."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked, of the acts that it rests on.

    whole: the subjects that these are all acts of. acts: those up to the position that is asked for; counting: those of
    them that happened in time; later: those of the subject behind that position. now, until: instants, as acts have
    them. narrowed: by what, by the names of parameters. form: the number of the form whose rows these are. without:
    editions of rules that are not taken into account.
    """

    subject: str
    whole: frozenset[str]
    acts: Sequence[Act]
    counting: Record
    later: Sequence[Act]
    now: str
    until: str | None
    narrowed: Mapping[str, str]
    form: int = 1
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
    record, now = Record(counting, whole), format_time(claimed.now)
    return Asked(claimed.subject, whole, acts, record, later, now, until, narrowed(claimed), claimed.form)


def narrowed(claimed: Claimed) -> Mapping[str, str]:
    """Return what an answer is narrowed by. Raises Malformed EVD-23: the question does not take that."""
    found: dict[str, str] = {}
    for name, value in claimed.parameters.items():
        if name not in NARROWED_BY.get(claimed.question, ()):
            raise Malformed("EVD-23", f"$.parameters.{name}", f"is not what {claimed.question} is narrowed by")
        if not isinstance(value, str) or not value:
            raise Malformed("EVD-23", f"$.parameters.{name}", "is not a text, or is empty")
        found[name] = value
    return found
