"""The log as the runner reads it: its entries, its published checkpoints, and the keys that sign these."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ledger.rulepacks.load import RulePacks
    from ledger.store.port import Store
    from ledger.tlog.vkey import VerifierKey
    from projections.folding.bound import Checkpoints


@dataclass(frozen=True, slots=True)
class Log:
    """One log.

    packs: the editions of the rules at hand, by which it is told what is owed. keys: the log's own; none where they are
    not here, and then no checkpoint's signature is looked at.
    """

    store: Store
    checkpoints: Checkpoints
    packs: RulePacks
    keys: Sequence[VerifierKey] = ()
