"""Statements that belong together: all of them are recorded, or none is.

Beside the committer, with folded subjects of its own, in the caller's thread: to all others it is as if another process
had recorded them. It holds the head for as long as it takes; nobody else is decided meanwhile.
"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from ledger.store.deciding.committer import MOST_IN_BATCH, Outcome, Pending

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ledger.store.deciding.committer import Deciding, Verified
    from ledger.store.port import Store


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
    pending = [Pending(one, record=True) for one in statements]
    answers: dict[Pending, Outcome | Exception] = {}
    stands = False
    with suppress(_Undone), store.locked() as log:
        batch = deciding.open(log, pending)
        for one in pending:
            deciding.decide(batch, one)
            if len(batch.waiting) >= MOST_IN_BATCH:
                batch.flush()
        batch.flush()
        answers = dict(batch.decided)
        stands = record and not any(isinstance(answer, Exception) for answer in answers.values())
        if not stands:
            raise _Undone
    decided = (answers[one] for one in pending)
    return list(decided) if stands else [_unrecorded(answer) for answer in decided]


def _unrecorded(answer: Outcome | Exception) -> Outcome | Exception:
    """Return the answer to a statement whose recording is undone; what was recorded before still stands."""
    if isinstance(answer, Exception) or answer.repeated:
        return answer
    return Outcome(None, answer.rules, answer.breaches)
