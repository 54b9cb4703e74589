"""Every kind of statement in one literal table for each wing: who may state what, and how it is judged.

A new kind is a new row of its wing's table; a new meaning of an old kind is a new version of it, and the old row stays.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from ledger.domain.kind import Kind
from ledger.statement.catalogue.amends import AMENDS
from ledger.statement.catalogue.approval import APPROVAL
from ledger.statement.catalogue.assessment import ASSESSMENT
from ledger.statement.catalogue.authorisation import AUTHORISATION
from ledger.statement.catalogue.border import BORDER
from ledger.statement.catalogue.custody import CUSTODY
from ledger.statement.catalogue.ending import ENDING
from ledger.statement.catalogue.registry import REGISTRY
from ledger.statement.catalogue.supervision import SUPERVISION
from ledger.statement.catalogue.work import WORK

KINDS: Final[Mapping[str, Kind[Any]]] = {
    kind.name: kind
    for kind in (
        *REGISTRY,
        *ASSESSMENT,
        *APPROVAL,
        *AUTHORISATION,
        *BORDER,
        *CUSTODY,
        *WORK,
        *ENDING,
        *SUPERVISION,
        *AMENDS,
    )
}
