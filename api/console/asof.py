"""When a page shows a subject: as it was at a time, as the record said at a position; and the steps to other times."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from urllib.parse import urlencode

from api.console.frame import changed
from api.telling.moments import Moment

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from fastapi import Request

    from api.http.answering.reading import Reading
    from ledger.ids import Tag

AT: Final = "at"
AS_OF: Final = "as-of"
_MOST: Final = 2_000
"""So many positions a slider has at most: of a longer history those of the newest statements."""


@dataclass(frozen=True, slots=True)
class Steps:
    """The steps from what a page shows to the statement before it and behind it, as addresses; "" there is none.

    positions: of all statements about the subject, oldest first. known: that of the last one which is taken in.
    """

    before: str
    behind: str
    positions: tuple[int, ...]
    known: int


def moment_of(given: Mapping[str, str], reads: Reading) -> Moment:
    """Return the moment that a page is asked at. Raises NotFound, Malformed: as ``Reading.moment`` and ``known_at``."""
    moment = reads.moment(given.get(AT) or None)
    if not (as_of := given.get(AS_OF)):
        return moment
    known = reads.known_at(as_of)
    return Moment(known if moment.position is None else min(known, moment.position), moment.instant)


def kept_of(given: Mapping[str, str]) -> list[tuple[str, str]]:
    """Return the parameters that name the moment; none of now."""
    return [(name, given[name]) for name in (AT, AS_OF) if given.get(name)]


def query_of(given: Mapping[str, str]) -> str:
    """Return the moment as the end of an address, "" of now."""
    kept = kept_of(given)
    return f"?{urlencode(kept)}" if kept else ""


def steps_of(request: Request, tag: Tag, moment: Moment, reads: Reading, kinds: Collection[str]) -> Steps:
    """Return the steps through what the reader is shown of a subject."""
    positions = tuple(one.position for one in reads.store.about(tag, kinds=kinds))[-_MOST:]
    known = [one for one in positions if moment.position is None or one <= moment.position]
    here = len(known) - 1

    def to(at: int | None) -> str:
        plain = {AT: None} if moment.instant is None else {}
        return changed(request, page=None, **plain, **{AS_OF: None if at is None else str(at)})

    before = to(positions[here - 1]) if here > 0 else ""
    behind = ""
    if moment.position is not None:
        behind = to(positions[here + 1]) if here + 1 < len(positions) else to(None)
    return Steps(before, behind, positions, known[-1] if known else 0)
