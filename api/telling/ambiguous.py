"""What is written where an id goes, and may mean several things: an error of its own, which names each of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ledger.errors import Malformed

if TYPE_CHECKING:
    from collections.abc import Collection

    from projections.finding import Candidate

_MOST_LISTED: Final = 10


class Ambiguous(Malformed):
    """What is written may mean several things; each is told with what tells it apart."""

    def __init__(self, member: str, text: str, candidates: Collection[Candidate]) -> None:
        """Say who is meant. member: where it is written."""
        lines = [f"  {_told(one)}" for one in list(candidates)[:_MOST_LISTED]]
        if (more := len(candidates) - _MOST_LISTED) > 0:
            lines.append(f"  and {more} more")
        head = f'"{text}" may mean any of {len(candidates)}; write the id of the one that is meant:'
        super().__init__("LBL-01", member, "\n".join((head, *lines)))
        self.candidates = tuple(candidates)


def _told(one: Candidate) -> str:
    by = "" if one.sort == "id" else f'  {one.sort} "{one.text}"'
    about = f"  ({one.about})" if one.about else ""
    return f"{one.id}{by}{about}"
