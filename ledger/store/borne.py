"""Which tags an entry bears and of what kind it is, by its own bytes, whatever stands in the columns beside it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from ledger.errors import IntegrityFailed, Malformed, unreadable
from ledger.statement.entries.entry import leaf_of, parse_known
from ledger.statement.quick import tags_quickly
from ledger.store.columns import check_columns, plainly_holds

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from ledger.ids import Tag
    from ledger.statement.entries.entry import Entry
    from ledger.store.port import LockedLog, Recorded

MOST_READ: Final = 20_000
"""How many entries are read at most for one tag, or behind the newest checkpoint: the head waits for it meanwhile."""

_PAGE: Final = 500


@dataclass(frozen=True, slots=True)
class Borne:
    """An entry that bears a tag."""

    position: int
    leaf: bytes
    kind: str


def entry_of(recorded: Recorded) -> Entry:
    """Read a stored entry. Raises IntegrityFailed: it is none, or stands at another position than it says. TooOld."""
    try:
        entry = parse_known(recorded.entry)
    except Malformed as error:
        raise unreadable(recorded.position, error) from error
    if entry.position != recorded.position:
        raise IntegrityFailed(f"position {recorded.position}: the entry stored there says {entry.position}")
    return entry


def borne_by(recorded: Recorded, entry: Entry) -> Borne:
    """Return an entry as its bytes say. Raises IntegrityFailed: the columns beside it say otherwise. TooOld."""
    try:
        check_columns(recorded, entry)
    except Malformed as error:
        raise unreadable(recorded.position, error) from error
    return Borne(recorded.position, leaf_of(recorded.entry), recorded.kind)


def borne_with(tag: Tag, recorded: Recorded) -> Borne:
    """Return an entry that a row gives a tag, as its bytes say; the close reading is for what is not plain.

    Raises IntegrityFailed: it does not bear the tag, or as ``borne_by``. TooOld.
    """
    if plainly_holds(recorded) and tag in tags_quickly(recorded.entry):
        return Borne(recorded.position, recorded.leaf, recorded.kind)
    entry = entry_of(recorded)
    if tag not in entry.tags:
        raise IntegrityFailed(f"position {recorded.position}: a row gives it the tag {tag}, which it has not")
    return borne_by(recorded, entry)


def compare(tag: Tag, due: Sequence[Borne], loaded: Sequence[Borne]) -> None:
    """Compare what rows have answered for a tag with what it is due to be.

    Raises IntegrityFailed, naming the first position that differs.
    """
    if missing := sorted({one.position for one in due} ^ {one.position for one in loaded}):
        is_due = any(one.position == missing[0] for one in due)
        row = "no row of its kind gives it" if is_due else "a row of another kind gives it"
        raise IntegrityFailed(f"position {missing[0]}: {row} the tag {tag}: nothing can be decided on that")
    for one, other in zip(due, loaded, strict=True):
        if one.leaf != other.leaf:
            raise IntegrityFailed(f"position {one.position}: the entry is not the one that was read before")


class Beyond:
    """What the entries behind the newest checkpoint say of their tags; each is read once, forward."""

    def __init__(self) -> None:
        """Start with nothing read."""
        self._after = 0
        self._upto = 0
        self._borne: dict[Tag, list[Borne]] = {}

    def catch_up(self, log: LockedLog, size: int, upto: int) -> None:
        """Read on to a committed position, from the newest checkpoint of a size on, and forget what it covers.

        Raises IntegrityFailed: an entry is missing, or is not what its columns say. TooOld.
        """
        after = max(size, upto - MOST_READ)
        if upto < self._upto or after < self._after:  # the log, or its publication, was put back behind our back
            self._after = self._upto = 0
            self._borne.clear()
        self._forget(after)
        while self._upto < upto:
            page = log.since(self._upto, min(_PAGE, upto - self._upto))
            if not page:
                raise IntegrityFailed(f"position {self._upto + 1}: the entry is missing")
            for recorded in page:
                self._take(recorded)

    def check(self, tag: Tag, kinds: Collection[str], loaded: Sequence[Borne]) -> None:
        """Compare what rows have answered for a tag. Raises IntegrityFailed, naming the position that differs."""
        due = [one for one in self._borne.get(tag, ()) if one.kind in kinds]
        compare(tag, due, [one for one in loaded if one.position > self._after and one.kind in kinds])

    def _forget(self, after: int) -> None:
        if after == self._after:
            return
        self._after, self._upto = after, max(after, self._upto)
        kept = {tag: [one for one in borne if one.position > after] for tag, borne in self._borne.items()}
        self._borne = {tag: borne for tag, borne in kept.items() if borne}

    def _take(self, recorded: Recorded) -> None:
        entry = entry_of(recorded)
        if recorded.position != self._upto + 1:
            raise IntegrityFailed(f"position {self._upto + 1}: the entry is missing")
        one = borne_by(recorded, entry)
        for tag in entry.tags:
            self._borne.setdefault(tag, []).append(one)
        self._upto = recorded.position
