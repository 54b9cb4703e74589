"""Every view, in one literal table, and what tells one version of them all from another."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Final

from projections.views.acts.bookings import BOOKINGS
from projections.views.acts.custody import CUSTODY
from projections.views.acts.draws import DRAWS
from projections.views.acts.excursions import EXCURSIONS
from projections.views.acts.findings import FINDINGS
from projections.views.acts.lines import LINES
from projections.views.acts.waste import WASTE
from projections.views.breaches import BREACHES
from projections.views.corrections import CORRECTIONS
from projections.views.leads import LEADS
from projections.views.names import FORMER, NAMES
from projections.views.obligations import OBLIGATIONS, RESTING
from projections.views.states.approvals import APPROVALS
from projections.views.states.cases import CASES
from projections.views.states.consignments import CONSIGNMENTS
from projections.views.states.incidents import INCIDENTS
from projections.views.states.items import ITEMS
from projections.views.states.keys import KEYS
from projections.views.states.parties import PARTIES
from projections.views.states.permits import PERMITS
from projections.views.states.positions import POSITIONS
from projections.views.states.sites import SITES
from projections.views.view import View

VIEWS: Final[tuple[View, ...]] = (
    *(ITEMS, CUSTODY, APPROVALS, LINES, BOOKINGS, CONSIGNMENTS, PERMITS, CASES, SITES, PARTIES, KEYS),
    *(POSITIONS, EXCURSIONS, INCIDENTS, WASTE, FINDINGS, DRAWS),
    *(OBLIGATIONS, RESTING, NAMES, FORMER, CORRECTIONS, BREACHES, LEADS),
)

SUBJECTS: Final = frozenset(view.of for view in VIEWS if view.of)
"""The types of subjects that rows belong to: those whose states are folded."""

OF: Final[Mapping[str, tuple[View, ...]]] = {of: tuple(view for view in VIEWS if view.of == of) for of in SUBJECTS}
"""The views whose rows belong to subjects of a type."""

_EDITION: Final = 8
"""Raised when rows come to say something else while their tables stay as they are, a subject is folded otherwise, or
something else is noted beside the rows."""


def version() -> str:
    """Return what tells these views from those of another program, which must not go on with their rows."""
    made_of = hashlib.sha256(f"{_EDITION}".encode())
    for view in VIEWS:
        made_of.update(view.sql.read_bytes())
    return made_of.hexdigest()[:16]
