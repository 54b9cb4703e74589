"""Who signs: the sets of roles that several rows of the catalogue name."""

from __future__ import annotations

from typing import Final

from ledger.domain.bodies.vocabulary import SPEAKS_AS, Role
from ledger.domain.law.schemes import ISSUING

OPERATOR: Final = frozenset({Role.OPERATOR})
ANYONE: Final = frozenset(Role)
CUSTOMS: Final = frozenset({Role.CUSTOMS})
SUPERVISORS: Final = frozenset(SPEAKS_AS.values())
"""The authorities of all departments that supervise together."""
ASSESSORS: Final = SUPERVISORS | {Role.ASSESSMENT_BODY}
"""Who assesses units and risks: authorities, and the bodies that they entrust."""
AUTHORITY: Final = frozenset({Role.CUSTOMS, Role.HEALTH_AUTHORITY})
APPLICANT: Final = frozenset({Role.APPLICANT})
DECLARANT: Final = frozenset({Role.APPLICANT, Role.BROKER})
USING_UNIT: Final = frozenset({Role.APPLICANT, Role.LABORATORY})
CONCERNED: Final = DECLARANT | USING_UNIT
HANDS: Final = CONCERNED | AUTHORITY | {Role.CARRIER, Role.DEPOSITORY, Role.WASTE_CONTRACTOR}
"""Whose hands goods pass through."""
KEEPERS: Final = USING_UNIT | AUTHORITY | {Role.DEPOSITORY}
LABORATORIES: Final = AUTHORITY | {Role.LABORATORY}
CONTRACTOR: Final = frozenset({Role.WASTE_CONTRACTOR})
ISSUERS: Final = ISSUING
"""Who gives permits beside the approval form."""
HOLDERS: Final = CONCERNED | {Role.CARRIER, Role.DEPOSITORY}
"""Who holds such permits, and may record one from its document."""
