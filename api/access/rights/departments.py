"""What a department supervises: which subjects of its district its authorities see. One literal table.

No text says it for a ledger; it follows from what each department looks at (269/2015 Art. 10; Nanjing Customs
Announcement 2/2022), and is kept narrow. What takes part in a joint supervision sees that case whatever stands here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from ledger.domain.bodies.vocabulary import SPEAKS_AS, Department

if TYPE_CHECKING:
    from datetime import datetime

    from ledger.domain.states.party import Assignment, Party

_ENDING: Final = frozenset({"disposal", "waste", "destruction", "return"})
_INCIDENTS: Final = frozenset({"loss", "incident"})
_ASSESSMENT: Final = frozenset({"application", "risk-assessment", "assessment-meeting"})
_HOLDS: Final = frozenset({"recall", "legal-hold", "consent"})
_WORK: Final = frozenset({"transfer", "discrepancy"})


@dataclass(frozen=True, slots=True)
class Supervised:
    """What a department supervises in its district.

    types: of subjects, as ids have them, seen whole. matters: of cases. permits: whether those of every scheme, and not
        only of the schemes that it issues.
    """

    types: frozenset[str]
    matters: frozenset[str] = frozenset()
    permits: bool = False


SUPERVISED: Final[Mapping[Department, Supervised]] = {
    Department.CUSTOMS: Supervised(
        frozenset({"item", "approval", "consignment", "party", "site"}),
        _ENDING | _INCIDENTS | _ASSESSMENT | _HOLDS | _WORK | {"supervision"},
        permits=True,
    ),
    Department.HEALTH: Supervised(
        frozenset({"item", "party", "site"}), _ENDING | _INCIDENTS | _HOLDS | _WORK | {"supervision"}
    ),
    Department.SCIENCE: Supervised(frozenset({"party", "site"}), _ASSESSMENT),
    Department.MARKET: Supervised(frozenset({"party", "site"}), frozenset({"recall"})),
    Department.ENVIRONMENT: Supervised(frozenset({"party", "site"}), _ENDING),
    Department.COMMERCE: Supervised(frozenset({"party"}), _ASSESSMENT),
    Department.POLICE: Supervised(frozenset({"party", "site"}), _INCIDENTS),
}


def authority_of(party: Party, at: datetime) -> Assignment | None:
    """Return where a party belongs as an authority that still has its role; None: it is none."""
    assigned = party.assigned_at(at)
    return assigned if assigned is not None and SPEAKS_AS[assigned.department] in party.roles else None
