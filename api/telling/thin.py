"""What is told of a statement to whom it is announced: its kind, about whom it is, when it came, where it is read.

In the form of CloudEvents 1.0. It is what the feed and hooks tell, and says nothing for which a right would have to be
decided besides that of reading the statement.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from ledger.clock import format_time
from projections.reading import read_checked

if TYPE_CHECKING:
    from ledger.store.port import Recorded

_MOST_SUBJECTS: Final = 100


def announced(recorded: Recorded, log: str) -> dict[str, Any]:
    """Return the members of an event that tells of a statement. log: its name."""
    subjects = sorted(read_checked(recorded).tags)
    return {
        "specversion": "1.0",
        "id": str(recorded.position),
        "source": log,
        "type": recorded.kind,
        "subject": recorded.statement,
        "time": format_time(recorded.recorded),
        "data": {
            "position": recorded.position,
            "statement": recorded.statement,
            "subjects": subjects[:_MOST_SUBJECTS],
            "more": max(0, len(subjects) - _MOST_SUBJECTS),
            "link": f"/v1/entries/{recorded.position}",
        },
    }
