"""By which right a statement is shown to somebody, and whose data it is: what the access log is told. Pure.

A statement is data of the parties that signed it and of those that it names, by themselves or by a site of theirs. For
each of these it is their own, and so is the register everybody's: of both nothing is logged.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from ledger.ids import CaseId, PartyId, Tag


class Right(StrEnum):
    """Why somebody may read data of others."""

    PARTY = "party"
    """As a party: it has, had or is to get what the statement is about, or what was made of that."""

    AUTHORITY = "authority"
    """As an authority: it supervises that."""

    AUDIT = "audit"
    """By an audit that is open to it."""

    OPERATOR = "operator"
    """By the operator's token for mirrors, which opens all entries."""


@dataclass(frozen=True, slots=True)
class Showing:
    """That a statement may be read.

    right: None: nobody's data but the reader's own, or the register. whose: the parties whose data it is, then none.
    named: the ids in it. concerned: those of them by which it is seen. grant: the case of the audit, of one.
    """

    right: Right | None = None
    whose: frozenset[PartyId] = frozenset()
    named: frozenset[Tag] = frozenset()
    concerned: tuple[Tag, ...] = ()
    grant: CaseId | None = None


OWN: Final = Showing()
"""Of the reader itself, or of the register: nothing that is logged."""
