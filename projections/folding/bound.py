"""Bound to the log: the tree over the leaves that were applied, compared with each published checkpoint.

A checkpoint covers the entries up to a state entry (ADR 0035), and may be published after these are applied. So the
root is kept of every state entry that is passed, until a checkpoint of that size or a larger one has been compared.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from ledger.errors import IntegrityFailed
from ledger.statement.entries.state_entry import STATE_KIND
from ledger.tlog.frontier import Frontier
from ledger.tlog.own import check_own

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from ledger.store.database.publication import Published
    from ledger.store.port import Recorded
    from ledger.tlog.vkey import VerifierKey


class Checkpoints(Protocol):
    """Where the published checkpoints are."""

    def covering(self, position: int, /) -> Published | None:
        """Return the smallest checkpoint that covers a position; None if there is none yet."""
        ...


@dataclass(slots=True)
class Bound:
    """The tree as far as events were applied.

    roots: by size the roots at state entries that no checkpoint was compared with yet. checked: the size of the largest
    checkpoint that was compared; 0 before the first.
    """

    tree: Frontier = field(default_factory=Frontier)
    roots: dict[int, bytes] = field(default_factory=dict)
    checked: int = 0

    def take(self, batch: Iterable[Recorded]) -> None:
        """Take the leaves of the next entries."""
        for recorded in batch:
            self.tree.grow(recorded.leaf)
            if recorded.kind == STATE_KIND:
                self.roots[self.tree.size] = self.tree.root()

    def compare(self, checkpoints: Checkpoints, keys: Sequence[VerifierKey]) -> None:
        """Compare with every checkpoint up to here that was not compared before.

        keys: the log's own; none where they are not here, and then no signature is looked at.

        Raises IntegrityFailed: one of them is of another tree, or not signed by the log.
        """
        while (published := checkpoints.covering(self.checked + 1)) is not None:
            size = published.checkpoint.size
            if size > self.tree.size:
                return
            checkpoint = check_own(published.note, keys)
            if self.roots.get(size) != checkpoint.root:
                raise IntegrityFailed(
                    f"the checkpoint of {size} entries is of another tree than the entries that the views are made of"
                )
            self.checked = size
            self.roots = {one: root for one, root in self.roots.items() if one > size}
