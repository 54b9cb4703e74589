"""Keys: whose each signing key is, and whether it is revoked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger.domain.states.subjects import Key
from projections.views.view import View

if TYPE_CHECKING:
    from collections.abc import Iterator

    from projections.views.view import Row, Step


def rows(step: Step) -> Iterator[Row]:
    """Yield the keys that an event changes, as they are after it."""
    for change in step.changes:
        key = change.after
        if isinstance(key, Key) and key.known:
            yield key.id, key.party, key.person, key.alg, key.revoked


KEYS = View(name="key", of="key", columns=("key", "party", "person", "alg", "revoked"), key=1, rows=rows)
