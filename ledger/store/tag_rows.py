"""The rows of tags, which say what a subject is folded from, held against what the log itself says.

    up to the newest checkpoint   the signed index knows of each tag how many entries bear it, and their running hash
    behind it                     each entry says by itself which tags it bears

So a row that is deleted or of another kind is found before anything is decided on it, without reading the whole log.
An entry that the index vouches for is known by its leaf: it is taken apart once, fast, for all tags that it bears.
What no row tells of is not looked at, unless it is a key: that all rows of a subject are gone shows in the whole check
alone (``fsck``). Changes nothing; used under the lock of the head only.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from msgspec.structs import replace

from ledger.errors import IntegrityFailed
from ledger.ids import type_of
from ledger.statement.entries.entry import leaf_of
from ledger.statement.quick import tags_quickly
from ledger.store.borne import MOST_READ, Beyond, Borne, borne_with, compare, entry_of
from ledger.tlog.index import NO_EVENTS, TagState, advance, state_of
from ledger.tlog.own import check_last, check_own
from ledger.tlog.pages import name_states

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence, Set
    from datetime import datetime

    from ledger.ids import StatementId, Tag
    from ledger.store.database.publication import Publication, View
    from ledger.store.database.tag_table import TagTable
    from ledger.store.port import LockedLog, Record, Recorded, Store
    from ledger.tlog.vkey import VerifierKey

_MOST_TAGS: Final = 1_000
_MOST_ENTRIES: Final = 50_000


@dataclass(slots=True)
class _Whole:
    """All entries under a checkpoint that bear a tag, as far as they were read and are those that the index knows."""

    state: TagState = NO_EVENTS
    entries: list[Borne] = field(default_factory=list)


class TagRows:
    """What is known of the rows of one log's tags. Whoever holds the head's lock uses it."""

    def __init__(self, store: Store, publication: Publication, keys: Sequence[VerifierKey] = ()) -> None:
        """Read nothing yet. keys: the log's own, by which a checkpoint is believed; none where they are not here."""
        self._store = store
        self._publication = publication
        self._keys = keys
        self._believed: tuple[bytes, bytes] | None = None
        self._whole: dict[Tag, _Whole] = {}
        self._entries: dict[int, Borne] = {}
        """Entries that were taken apart, by their positions: each is what its own leaf says."""
        self._beyond = Beyond()

    def over(self, log: LockedLog) -> LockedLog:
        """Return a locked log whose answers by tag are checked, just after its lock was taken."""
        return _CheckedLog(log, self)

    def check(
        self, log: LockedLog, upto: int, wanted: Mapping[Tag, Collection[str]], found: Sequence[Recorded]
    ) -> Set[int]:
        """Check what rows have answered, and return the positions of those entries that the signed index vouches for.

        upto: the last position that is committed. wanted: tags, and the kinds asked for. found: what came of it.

        Raises IntegrityFailed, naming a tag and what differs. TooOld: this program cannot read an entry.
        """
        committed = {one.position: one for one in found if one.position <= upto}
        borne = _borne(wanted.keys(), committed.values())
        asked = [tag for tag in wanted if tag in borne or type_of(tag) == "key"]
        if not asked:
            return frozenset()
        vouched = set[int]()
        with self._publication.glance(asked) as view:
            size = self._signed(view)
            states = name_states(view.index_root, view, asked)
            rows = view.rows(committed)
            for tag in asked:
                under = [one for one in borne[tag] if one.position <= size]
                if self._is_vouched_for(rows, tag, states[tag], wanted[tag], under):
                    vouched.update(one.position for one in under)
        self._beyond.catch_up(log, size, upto)
        for tag in asked:
            self._beyond.check(tag, wanted[tag], borne[tag])
        return vouched

    def _signed(self, view: View) -> int:
        """Return the size of the newest checkpoint, once its signature holds and its state entry is under it."""
        newest = view.published
        if newest is not None and self._believed != (newest.note, newest.entry):
            checkpoint = check_own(newest.note, self._keys)
            if checkpoint.origin != self._store.origin:
                raise IntegrityFailed(f"the newest checkpoint is of {checkpoint.origin}, not of {self._store.origin}")
            check_last(leaf_of(newest.entry), checkpoint, view.hashes())
            self._believed = newest.note, newest.entry
        return view.size

    def _is_vouched_for(
        self, rows: TagTable, tag: Tag, state: TagState, kinds: Collection[str], loaded: Sequence[Borne]
    ) -> bool:
        """Check what was loaded of a tag up to the checkpoint; say whether each entry was held against its leaf."""
        if len(loaded) == state.count and state_of((one.position, one.leaf) for one in loaded) == state:
            return True
        # Entries of kinds that were not asked for bear it too, or its rows are wrong: only all of them can tell.
        if state.count > MOST_READ:
            _check_count(tag, rows.count(tag), state)
            return False
        due = [one for one in self._read_whole(rows, tag, state) if one.kind in kinds]
        compare(tag, due, [one for one in loaded if one.kind in kinds])
        return True

    def _read_whole(self, rows: TagTable, tag: Tag, state: TagState) -> Sequence[Borne]:
        whole = self._whole.pop(tag, None) or _Whole()  # kept again only if it holds
        read = whole.entries[-1].position if whole.entries else 0
        leaves = rows.leaves(tag, read, state.count + 1)
        _check_count(tag, whole.state.count + len(leaves), state)
        self._take_apart(rows, tag, leaves)
        for position, leaf in leaves:
            one = self._entries.get(position)
            if one is None or one.leaf != leaf:
                raise IntegrityFailed(f"position {position}: the entry is missing")
            whole.entries.append(one)
            whole.state = advance(whole.state, position, leaf)
        if whole.state != state:
            raise IntegrityFailed(f"the {state.count} entries that rows give the tag {tag} are not those of the index")
        if len(self._whole) >= _MOST_TAGS:
            self._whole.clear()
        self._whole[tag] = whole
        return whole.entries

    def _take_apart(self, rows: TagTable, tag: Tag, leaves: Sequence[tuple[int, bytes]]) -> None:
        """Take apart those of a tag's entries that are not known by their leaves yet."""
        if len(self._entries) > _MOST_ENTRIES:
            self._entries.clear()
        new = [at for at, leaf in leaves if (known := self._entries.get(at)) is None or known.leaf != leaf]
        for recorded in rows.entries(new):
            self._entries[recorded.position] = borne_with(tag, recorded)


class _CheckedLog:
    """A locked log whose answers by tag are checked; see the port."""

    def __init__(self, log: LockedLog, rows: TagRows) -> None:
        self._log = log
        self._rows = rows
        self._committed = log.head

    @property
    def head(self) -> int:
        return self._log.head

    @property
    def recorded(self) -> datetime | None:
        return self._log.recorded

    @property
    def clock(self) -> datetime | None:
        return self._log.clock

    def kinds(self) -> Set[str]:
        return self._log.kinds()

    def since(self, position: int, limit: int) -> Sequence[Recorded]:
        return self._log.since(position, limit)

    def concerning(self, wanted: Mapping[Tag, Collection[str]]) -> Sequence[Recorded]:
        found = self._log.concerning(wanted)
        vouched = self._rows.check(self._log, self._committed, wanted, found)
        return [replace(one, vouched=True) if one.position in vouched else one for one in found]

    def named(self, statements: Collection[StatementId]) -> Mapping[StatementId, Recorded]:
        return self._log.named(statements)

    def append(self, records: Sequence[Record], recorded: datetime) -> Sequence[Recorded]:
        return self._log.append(records, recorded)


def _borne(tags: Set[Tag], found: Iterable[Recorded]) -> defaultdict[Tag, list[Borne]]:
    """Return by tag what was found, as its bytes say it; the kinds are as asked for, and read by whoever folds."""
    borne: defaultdict[Tag, list[Borne]] = defaultdict(list)
    for recorded in found:
        one = Borne(recorded.position, leaf_of(recorded.entry), recorded.kind)
        for tag in tags & _tags_of(recorded):
            borne[tag].append(one)
    return borne


def _tags_of(recorded: Recorded) -> Set[Tag]:
    """Return the tags of an entry: read fast, because what comes of it is held against a leaf that others vouch for.

    Raises IntegrityFailed, TooOld: as the close reading, which tells what the fast one cannot.
    """
    return tags_quickly(recorded.entry) or entry_of(recorded).tags


def _check_count(tag: Tag, rows: int, state: TagState) -> None:
    if rows != state.count:
        raise IntegrityFailed(f"{rows} entries bear {tag} by its rows, and the signed index knows {state.count}")
