"""Statements that belong together: all of them are recorded, or none is.

Beside the committer, with folded subjects of its own, in the caller's thread: to all others it is as if another process
had recorded them. It holds the head for as long as it takes; nobody else is decided meanwhile.
"""

from __future__ import annotations

from concurrent.futures import Future
from contextlib import suppress
from typing import TYPE_CHECKING, Final

from ledger.store.committer import Outcome, Pending

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ledger.store.committer import Deciding, Verified
    from ledger.store.port import Store

_MOST_AT_ONCE: Final = 256
"""How many are appended by one statement of the server."""


class _Undone(Exception):
    """Leaves the block, so that the store undoes all that was appended in it."""


def decide_together(
    store: Store, deciding: Deciding, statements: Sequence[Verified], *, record: bool
) -> list[Outcome | Exception]:
    """Decide statements in their order, each after those before it that were accepted, and return each one's answer.

    deciding: used by nobody else.
    record: False to record nothing, whatever the answers.

    Recorded are all, or none where one answer is an error: then the other outcomes have no event.

    Raises Unavailable, IntegrityFailed: then nothing is known to be recorded.
    """
    pending = [Pending(one, record=True, answer=Future()) for one in statements]
    answers: dict[int, Outcome | Exception] = {}
    stands = False
    with suppress(_Undone), store.locked() as log:
        batch = deciding.open(log, pending)
        for one in pending:
            deciding.decide(batch, one)
            if len(batch.waiting) >= _MOST_AT_ONCE:
                batch.flush()
        batch.flush()
        answers = {id(one): answer for one, answer in batch.decided}
        stands = record and not any(isinstance(answer, Exception) for answer in answers.values())
        if not stands:
            raise _Undone
    decided = (answers[id(one)] for one in pending)
    return list(decided) if stands else [_unrecorded(answer) for answer in decided]


def _unrecorded(answer: Outcome | Exception) -> Outcome | Exception:
    """Return the answer to a statement whose recording is undone; what was recorded before still stands."""
    if isinstance(answer, Exception) or answer.repeated:
        return answer
    return Outcome(None, answer.rules, answer.breaches)
