"""Digests of the access log as the log has them, voided ones too: each was stated, and holds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from api.accesses.checking import Digest
from ledger.domain.registry.accesses import AccessDigested
from ledger.ids import PartyId, Tag
from projections.reading import read_checked

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ledger.store.port import Readable

KIND: Final = "access.digested/1"


def operator_of(store: Readable) -> PartyId | None:
    """Return who runs a log: whose statement opened it; None: nobody has opened it."""
    first = next(iter(store.read(limit=1)), None)
    return None if first is None else read_checked(first).said.party


def digests_of(store: Readable) -> Iterator[Digest]:
    """Yield the digests on record, oldest first; costs what they are. Raises IntegrityFailed, TooOld, Unavailable."""
    operator = operator_of(store)
    for recorded in [] if operator is None else store.about(Tag(operator), kinds={KIND}):
        body = read_checked(recorded).said.body
        if isinstance(body, AccessDigested):
            yield Digest(recorded.position, recorded.recorded, body.first, body.entries, body.root)
