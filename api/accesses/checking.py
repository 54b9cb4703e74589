"""Whether the access log is what its digests say: each entry by itself, beside the one before it, and all under a root.

An entry that was taken out, put in, changed or moved is named where its own bytes or its neighbour show it. Who made
these fit again meets the root of the digest that covers it: then the entries of that digest are named. Pure.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

import msgspec

from api.accesses.entry import Kept, hash_of
from ledger.clock import format_time
from ledger.tlog.frontier import Frontier
from ledger.tlog.tree import leaf_hash

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

LONGEST_WAIT: Final = timedelta(hours=26)
"""How long an entry waits for its digest at most: a day, and what a timer may be late."""


@dataclass(frozen=True, slots=True)
class Digest:
    """A digest on record. position, recorded: of its statement. first, entries, root: what it covers and says."""

    position: int
    recorded: datetime
    first: int
    entries: int
    root: str

    @property
    def last(self) -> int:
        """Return the number of the last entry that it covers; the one before its first, where it covers none."""
        return self.first + self.entries - 1


@dataclass(frozen=True, slots=True)
class Difference:
    """Something that is not as it was written. number: the first entry that differs. problem: what, in English."""

    number: int
    problem: str


@dataclass(frozen=True, slots=True)
class Late:
    """Entries that waited for their digest too long. since: of the first of them. until: None: they still wait."""

    first: int
    last: int
    since: datetime
    until: datetime | None


@dataclass(frozen=True, slots=True)
class Checked:
    """What a check found. entries: so many were read; covered: so many the digests cover."""

    entries: int
    covered: int
    difference: Difference | None = None
    late: tuple[Late, ...] = ()


@dataclass(slots=True)
class _Covering:
    digest: Digest
    tree: Frontier


def check_accesses(kept: Iterable[Kept], digests: Sequence[Digest], now: datetime) -> Checked:
    """Hold the access log against its digests, up to the first entry that differs.

    kept: all entries, in the order of their numbers. digests: in the order of the log; one that was voided since was
    stated all the same, and holds.
    """
    covered = max((one.last for one in digests), default=0)
    beginning = defaultdict[int, list[_Covering]](list)
    for one in digests:
        beginning[one.first].append(_Covering(one, Frontier()))
    covering: list[_Covering] = []
    late: list[Late] = []
    before: Kept | None = None
    number = 0
    for number, entry in enumerate(kept, 1):
        covering = [each for each in covering + beginning[number] if number <= each.digest.last]
        if (found := _differs(entry, number, before) or _differs_from_root(entry, covering)) is not None:
            return Checked(number, covered, found, tuple(late))
        _note_wait(entry, min((each.digest.recorded for each in covering), default=None), now, late)
        before = entry
    if number < covered:
        gone = Difference(number + 1, f"entry {number + 1} is missing: the digests cover {covered}")
        return Checked(number, covered, gone, tuple(late))
    return Checked(number, covered, None, tuple(late))


def _differs(one: Kept, number: int, before: Kept | None) -> Difference | None:
    """Return how an entry differs by itself or beside the one before it; None: it does not."""
    if one.number != number:
        return Difference(number, f"entry {number} is missing: {one.number} stands in its place")
    if leaf_hash(one.entry) != one.leaf:
        return Difference(number, f"entry {number} was changed: its hash is another one")
    try:
        said: dict[str, Any] = msgspec.json.decode(one.entry, type=dict[str, Any])
        whose = tuple(dict.fromkeys(msgspec.json.decode(part, type=dict[str, Any])["party"] for part in one.parts))
        columns = (said["number"], said["at"], said["party"]) == (number, format_time(one.at), one.reader)
        parts = said["parts"] == list(map(hash_of, one.parts))
    except (msgspec.DecodeError, KeyError):
        return Difference(number, f"entry {number} was changed: it is not in the one form")
    if not columns:
        return Difference(number, f"entry {number} was changed: its columns say something else than its bytes")
    if not parts or whose != one.parties:
        return Difference(number, f"entry {number} was changed: its parts are not those that it names")
    if before is not None and one.at < before.at:
        return Difference(number, f"entry {number} was put in: it is older than the one before it")
    return None


def _differs_from_root(one: Kept, covering: Iterable[_Covering]) -> Difference | None:
    """Return how the entries of a digest that end here differ from what it states; None: they do not."""
    for each in covering:
        each.tree.grow(one.leaf)
        first, last, position = each.digest.first, each.digest.last, each.digest.position
        if one.number == last and each.tree.root().hex() != each.digest.root:
            return Difference(first, f"entries {first} to {last} are not those of the digest at position {position}")
    return None


def _note_wait(one: Kept, until: datetime | None, now: datetime, late: list[Late]) -> None:
    """Note an entry that waited too long, with the others before it that waited for the same digest."""
    if (until or now) - one.at <= LONGEST_WAIT:
        return
    if late and late[-1].until == until and late[-1].last == one.number - 1:
        late[-1] = replace(late[-1], last=one.number)
    else:
        late.append(Late(one.number, one.number, one.at, until))


def digest_of_entries(entries: Iterable[Kept]) -> tuple[int, str]:
    """Return how many entries these are, and the root of the tree over them, hexadecimal. RFC 6962 2.1."""
    tree = Frontier()
    for one in entries:
        tree.grow(leaf_hash(one.entry))
    return tree.size, tree.root().hex()
