"""A key as the log knows it: whose it is, and whether it still counts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger.errors import NotFound
from ledger.ids import Tag, key_tag

if TYPE_CHECKING:
    from ledger.domain.states.subjects import Key
    from ledger.store.port import Readable


def key_in_log(store: Readable, thumbprint: str) -> tuple[Key, int]:
    """Return a key as the log knows it, and the position of its enrolment. Raises NotFound."""
    # Loaded here: who makes a key needs no catalogue of kinds.
    from ledger.domain.fold import fold
    from ledger.domain.states.subjects import Key
    from ledger.statement.catalogue import KINDS
    from ledger.statement.entries.enrolment import ENROLLING, REVOKED
    from projections.reading import read_checked

    kinds = (*ENROLLING, REVOKED)
    events = [read_checked(recorded) for recorded in store.about(Tag(key_tag(thumbprint)), kinds=kinds)]
    key = fold(Tag(key_tag(thumbprint)), events, KINDS)
    if not isinstance(key, Key) or not key.known:
        raise NotFound(f"the log {store.origin} does not know the key {thumbprint}")
    return key, events[0].position
