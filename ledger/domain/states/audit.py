"""What an audit adds up to: whom a party or an authority lets see what, and until when."""

from __future__ import annotations

from datetime import datetime

from ledger.domain.states.matter import Matter
from ledger.ids import PartyId, Tag


class Audit(Matter, frozen=True, kw_only=True):
    """A grant to an auditor. It shows nothing that who gave it may not see.

    party: whose data it is about; None: of whoever gave it. subjects: what it names; empty: all of that party.
    start, end: the acts that it shows lie between; None: without a bound on that side.
    until: when it ends, whatever becomes of the case.
    disclosures: whether what the party that gave it has disclosed is shown.
    """

    auditor: PartyId
    until: datetime
    party: PartyId | None = None
    subjects: frozenset[Tag] = frozenset()
    start: datetime | None = None
    end: datetime | None = None
    disclosures: bool = False
