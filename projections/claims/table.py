"""Which questions can be claimed with evidence, and what the answer to each rests on, in one literal table.

A question that is not here rests on the whole log, or on subjects that nobody can name beforehand: whoever wants to
check its answer asks it of a mirror's copy.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from projections.claims.basis import ancestors, chain, duties, itself, judging, lineage, signing

if TYPE_CHECKING:
    from projections.claims.basis import Needing

CLAIMABLE: Final[Mapping[str, Needing]] = {
    "ancestors": ancestors,
    "balance": lineage,
    "custody-chain": chain,
    "descendants": lineage,
    "judged-by": judging,
    "owed": duties,
    "signatures": signing,
    "site-shares": lineage,
    "whereabouts": itself,
}
"""By the name of the question (``projections.asked.table``)."""

NEEDED: Final[Mapping[str, Needing]] = {name: needing for name, needing in CLAIMABLE.items() if needing is not itself}
"""Of questions about one subject that go on from it: what is read of a log for the answer, claimed or not."""
