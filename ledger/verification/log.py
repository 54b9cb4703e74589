"""Replay a whole log from its first entry and check all that must hold, whoever kept it. Needs nothing but the entries.

What must hold: form, positions without gaps, times that never go back, leaves, signatures by keys that the log itself
enrolled before and had not revoked, tags, derived ones included, and what each state entry says of the index over the
entries before it. How a statement was judged may differ, with rules that were mended since: that is reported, and is no
failure. Memory grows with the log: what is replayed is kept, as judging reads it back.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger.errors import IntegrityFailed, LedgerError, unreadable
from ledger.store.memory import MemoryStore
from ledger.verification.replay import Replay

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ledger.rulepacks.load import RulePacks
    from ledger.store.port import Recorded
    from ledger.verification.replay import Verified


def verify_log(
    entries: Iterable[Recorded],
    origin: str,
    packs: RulePacks,
    *,
    beyond: bool = False,
    into: MemoryStore | None = None,
) -> Iterator[Verified]:
    """Verify the entries of a log, oldest first from the first one, and yield each one that holds.

    entries: as a store or a mirror holds them; none of their fields is believed.
    origin: the log's name.
    packs: what the entries are judged by again; an entry names its edition.

    beyond: True to go on behind an entry that this program is too old for, and check what can still be checked.
    into: an empty store in which each entry that holds is recorded again; one that nobody else sees if left out.

    Raises IntegrityFailed, naming the first entry that does not hold and why. TooOld: this program does not know what
    an entry holds. That the log was not cut off at its end no entry can show: compare size and last leaf with a
    checkpoint.
    """
    replay = Replay(MemoryStore(origin) if into is None else into, packs)
    for stored in entries:
        try:
            verified = replay.take(stored)
        except LedgerError as error:
            found = unreadable(replay.size + 1, error)
            if isinstance(found, IntegrityFailed) or not beyond:
                raise found from error
            replay.unread = str(found)
            verified = replay.glance(stored)
        yield verified
