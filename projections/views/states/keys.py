"""Keys: whose each signing key is, and whether it is revoked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from projections.views.view import View

if TYPE_CHECKING:
    from ledger.domain.states.subjects import Key
    from projections.views.view import Row, Whence


def row(key: Key, _: Whence) -> Row:
    """Return the row of a key."""
    return key.id, key.party, key.person, key.alg, key.revoked


KEYS = View(name="key", of="key", columns=("key", "party", "person", "alg", "revoked"), key=1, state=row)
