"""The tree and the index built anew from the entries, and compared with what stands beside them and what is published.

Each entry's rows of tags with the tags in its header: who asks for a tag is answered from the rows.

Each tile when it is full, each checkpoint when the tree reaches its size, each state entry where it stands, and the
tiles at the right edge and the pages of the index when the tree reaches the published size: so what differs first is
named first.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from ledger.errors import IntegrityFailed
from ledger.store.columns import check_line
from ledger.tlog.frontier import Frontier
from ledger.tlog.index import status_name
from ledger.tlog.tiles import TILE_HEIGHT, TILE_WIDTH, Tile, format_path
from ledger.tlog.tree import HASH_SIZE
from ledger.tlog.whole_index import WholeIndex

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from ledger.fsck.ranges import Checked
    from ledger.statement.entries.state_entry import StateEntry
    from ledger.store.database.survey import Standing, Survey


class Rebuilt:
    """Tree and index over the entries taken so far."""

    def __init__(
        self,
        standing: Standing,
        roots: Mapping[int, Mapping[str, bytes]],
        survey: Survey,
    ) -> None:
        """Start before the first entry.

        roots: for each size what the root has to be, by who says so.
        survey: gives the rows of tags, and a stored tile to name the leaf in which it differs.
        """
        self._standing = standing
        self._roots = roots
        self._survey = survey
        self._lines = survey.tag_lines(standing.head)
        self._line = next(self._lines, None)
        self._tree = Frontier()
        self._index = WholeIndex()
        self._edge: list[bytearray] = []
        self._tiles = dict(standing.tiles)
        self._missing: dict[int, int] = {}

    @property
    def size(self) -> int:
        """Return the number of entries taken."""
        return self._tree.size

    def root(self) -> bytes:
        """Return the root of the tree over them."""
        return self._tree.root()

    def take(self, checked: Checked) -> None:
        """Take the entries of a range, the next one, as far as they hold.

        Raises IntegrityFailed, naming the first position from which on it is not what stands published.
        """
        for at, (tags, status, kind) in enumerate(zip(checked.tags, checked.status, checked.kinds, strict=True)):
            position = checked.after + at + 1
            leaf = bytes(checked.leaves[at * HASH_SIZE : (at + 1) * HASH_SIZE])
            self._check_rows(position, kind, tags)
            state = checked.states.get(position)
            if state is not None:
                self._check_state(position, state)
            self._add(position, leaf, [*tags.split(), *map(status_name, status.split())])
            if position in self._roots:
                self._check_roots(position)
            if position == self._standing.published:
                self._check_published(is_state=state is not None)

    def check_all_reached(self) -> None:
        """Raise IntegrityFailed when anything stands published beyond the entries, or beside the publication."""
        beyond = {self._standing.published: "was published", **self._roots}
        for size in sorted(beyond):
            if size > self.size:
                who = ", ".join(self._roots.get(size, ["the publication"]))
                raise IntegrityFailed(f"position {self.size + 1}: the entry is missing: {who} covers {size} entries")
        newest, published = max(self._standing.checkpoints, default=0), self._standing.published
        for size, position in self._missing.items():
            if size <= published:
                problem = f"the checkpoint of {size} entries, which it names as published before, is missing"
                raise IntegrityFailed(f"position {position}: {problem}")
        if newest != published:
            raise IntegrityFailed(f"{published} entries are published, but the newest checkpoint is of {newest}")
        if self._tiles:
            level, place = min(self._tiles)
            raise IntegrityFailed(f"tile {place} of level {level} does not belong to the {published} entries published")

    def close(self) -> None:
        """Read no more rows."""
        self._lines.close()

    def _check_rows(self, position: int, kind: str, tags: str) -> None:
        line = self._line if self._line is not None and self._line.position == position else None
        check_line(position, kind, tags, line)
        if line is not None:
            self._line = next(self._lines, None)

    def _add(self, position: int, leaf: bytes, names: Collection[str]) -> None:
        for done in self._tree.append(leaf):
            level, rest = divmod(done.level, TILE_HEIGHT)
            if rest == 0:
                self._extend_tile(level, done.index, done.hash)
        self._index.add(position, leaf, names)

    def _extend_tile(self, level: int, index: int, hash_: bytes) -> None:
        if level == len(self._edge):
            self._edge.append(bytearray())
        self._edge[level] += hash_
        if len(self._edge[level]) == TILE_WIDTH * HASH_SIZE:
            if index < self._standing.published >> level * TILE_HEIGHT:
                self._check_tile(level, index // TILE_WIDTH)
            self._edge[level].clear()

    def _check_tile(self, level: int, place: int) -> None:
        built = bytes(self._edge[level])
        if self._tiles.pop((level, place), None) == hashlib.sha256(built).digest():
            return
        stored = self._survey.tile(level, place)
        differing = (at for at in range(len(built)) if stored[at : at + 1] != built[at : at + 1])
        at = next(differing, len(built) - 1)  # none: what is stored goes on where the tree has ended
        first = ((place * TILE_WIDTH + at // HASH_SIZE) << level * TILE_HEIGHT) + 1
        path = format_path(Tile(level, place, len(built) // HASH_SIZE))
        raise IntegrityFailed(f"position {first}: the entry is not the one that was published: {path} differs")

    def _check_state(self, position: int, state: StateEntry) -> None:
        if state.index_root != self._index.root():
            raise IntegrityFailed(f"position {position}: the state entry's index root is not that of the entries")
        if state.names != self._index.names:
            problem = f"the state entry counts {state.names} names, the entries have {self._index.names}"
            raise IntegrityFailed(f"position {position}: {problem}")
        self._check_named(position, state)

    def _check_named(self, position: int, state: StateEntry) -> None:
        """Check that the checkpoint that a state entry names is kept as it was published.

        One that is not there is missing, unless a later state entry names a smaller one: then the log was put back
        from a copy, which has none of those between.
        """
        size = state.published
        self._missing = {one: named for one, named in self._missing.items() if one <= size}
        note = self._standing.checkpoints.get(size)
        if size and note is None:
            self._missing[size] = position
        elif note is not None and hashlib.sha256(note).digest() != state.note:
            raise IntegrityFailed(
                f"position {position}: the checkpoint of {size} entries is not kept as it was published before"
            )

    def _check_roots(self, size: int) -> None:
        for who, root in self._roots[size].items():
            if root != self._tree.root():
                raise IntegrityFailed(f"position {size}: the entries up to it are not the tree of {who}")

    def _check_published(self, *, is_state: bool) -> None:
        size = self._standing.published
        if not is_state or size not in self._standing.checkpoints:
            raise IntegrityFailed(f"position {size}: published, but without its state entry or its checkpoint")
        for level, edge in enumerate(self._edge):
            if edge:
                self._check_tile(level, (size >> level * TILE_HEIGHT) // TILE_WIDTH)
        self._check_pages()

    def _check_pages(self) -> None:
        built = {path: hashlib.sha256(page).digest() for path, page in self._index.pages()}
        differing = {path for path, _ in built.items() ^ self._standing.pages.items()}
        if differing:
            problem = "missing, damaged or too much"
            raise IntegrityFailed(f"index page {min(differing)!r} is {problem}: it is not what the entries add up to")
