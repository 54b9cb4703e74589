"""By which kinds a subject is what it is: for who asks whose a site is and where it lies, and not what stands in it.

A busy site bears ten thousands of statements that bring things in and out, and two or three that say what it is. Rights
and duties look at the latter alone; tests hold both ways of folding against each other.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from ledger.domain.fold import VOIDED
from ledger.domain.states.site import Site
from ledger.domain.status import STATUS
from ledger.statement.duties import HEARD
from projections.folding.past import FOLDED

SITE_KINDS: Final = STATUS[Site] | {VOIDED}
"""Those of a site's status, and what voids these. Of a site folded from them nothing is known of what stands in it or
ever did: ``places``, ``stands``, ``left``, ``labels``, ``opened`` and ``acted_at`` are those of an empty one."""

ASKED_KINDS: Final[Mapping[str, frozenset[str]]] = {**FOLDED, "site": SITE_KINDS | HEARD}
"""By the type of a subject what rights ask of it, and duties in the chains of others: none of these asks what stands
in a site."""
