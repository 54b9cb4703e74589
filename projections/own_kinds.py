"""By which kinds a subject is what it is: for who asks whose a site is and where it lies, and not what stands in it.

A busy site bears ten thousands of statements that bring things in and out, and two or three that say what it is. Rights
and duties look at the latter alone; tests hold both ways of folding against each other.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from ledger.domain.fold import VOIDED, kinds_for
from ledger.statement.catalogue import KINDS
from ledger.statement.duties import HEARD
from projections.folding.past import FOLDED

_TYPES: Final = ("item", "approval", "consignment", "party", "site", "case", "permit", "key")

OWN_KINDS: Final[Mapping[str, frozenset[str]]] = {
    **{of: kinds_for(of, KINDS) for of in _TYPES},
    "site": frozenset({"site.registered/1", "site.changed/1", VOIDED}),
}
"""By the type of a subject. Of a site folded from these nothing is known of what stands in it or ever did: ``places``,
``stands``, ``left``, ``labels``, ``opened`` and ``acted_at`` are those of an empty one."""

ASKED_KINDS: Final[Mapping[str, frozenset[str]]] = {
    **{of: OWN_KINDS[of] | FOLDED[of] for of in _TYPES},
    "site": OWN_KINDS["site"] | HEARD,
}
"""By the type of a subject what rights ask of it, and duties in the chains of others: none of these asks what stands
in a site."""
