"""The rows of tags, which say what a subject is folded from, held against what the log itself says.

    up to the newest checkpoint   the signed index knows of each tag how many entries bear it, and their running hash
    behind it                     each entry says by itself which tags it bears

So a row that is deleted or of another kind is found before anything is decided on it, without reading the whole log.
What no row tells of is not looked at, unless it is a key: that all rows of a subject are gone shows in the whole check
alone (``fsck``). Changes nothing; used under the lock of the head only.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from ledger.errors import IntegrityFailed
from ledger.ids import type_of
from ledger.statement.entries.entry import leaf_of
from ledger.store.borne import MOST_READ, Beyond, Borne, borne_by, compare, entry_of
from ledger.tlog.index import NO_EVENTS, TagState, advance, state_of
from ledger.tlog.own import check_last, check_own
from ledger.tlog.pages import name_states

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence, Set
    from datetime import datetime

    from ledger.ids import StatementId, Tag
    from ledger.store.database.publication import Publication, View
    from ledger.store.port import LockedLog, Record, Recorded, Store
    from ledger.tlog.vkey import VerifierKey

_MOST_TAGS: Final = 1_000


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
        self._beyond = Beyond()

    def over(self, log: LockedLog) -> LockedLog:
        """Return a locked log whose answers by tag are checked, just after its lock was taken."""
        return _CheckedLog(log, self)

    def check(
        self, log: LockedLog, upto: int, wanted: Mapping[Tag, Collection[str]], found: Sequence[Recorded]
    ) -> None:
        """Check what rows have answered.

        upto: the last position that is committed. wanted: tags, and the kinds asked for. found: what came of it.

        Raises IntegrityFailed, naming a tag and what differs. TooOld: this program cannot read an entry.
        """
        borne = _borne(wanted.keys(), [one for one in found if one.position <= upto])
        asked = [tag for tag in wanted if tag in borne or type_of(tag) == "key"]
        if not asked:
            return
        with self._publication.view() as view:
            size = self._signed(view)
            states = name_states(view.index_root, view, asked)
            for tag in asked:
                under = [one for one in borne[tag] if one.position <= size]
                self._check_under(view, tag, states[tag], wanted[tag], under)
        self._beyond.catch_up(log, size, upto)
        for tag in asked:
            self._beyond.check(tag, wanted[tag], borne[tag])

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

    def _check_under(
        self, view: View, tag: Tag, state: TagState, kinds: Collection[str], loaded: Sequence[Borne]
    ) -> None:
        if state_of((one.position, one.leaf) for one in loaded) == state:
            return
        # Entries of kinds that were not asked for bear it too, or its rows are wrong: only all of them can tell.
        if state.count > MOST_READ:
            _check_count(tag, view.rows_of(tag), state)
        else:
            due = [one for one in self._read_whole(tag, view.size, state) if one.kind in kinds]
            compare(tag, due, [one for one in loaded if one.kind in kinds])

    def _read_whole(self, tag: Tag, size: int, state: TagState) -> Sequence[Borne]:
        whole = self._whole.pop(tag, None) or _Whole()  # kept again only if it holds
        for recorded in self._store.about(tag, whole.entries[-1].position if whole.entries else 0):
            if recorded.position > size:
                break
            entry = entry_of(recorded)
            if tag not in entry.tags:
                raise IntegrityFailed(f"position {recorded.position}: a row gives it the tag {tag}, which it has not")
            one = borne_by(recorded, entry)
            whole.entries.append(one)
            whole.state = advance(whole.state, one.position, one.leaf)
        _check_count(tag, whole.state.count, state)
        if whole.state != state:
            raise IntegrityFailed(f"the {state.count} entries that rows give the tag {tag} are not those of the index")
        if len(self._whole) >= _MOST_TAGS:
            self._whole.clear()
        self._whole[tag] = whole
        return whole.entries


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
        self._rows.check(self._log, self._committed, wanted, found)
        return found

    def named(self, statements: Collection[StatementId]) -> Mapping[StatementId, Recorded]:
        return self._log.named(statements)

    def append(self, records: Sequence[Record], recorded: datetime) -> Sequence[Recorded]:
        return self._log.append(records, recorded)


def _borne(tags: Set[Tag], found: Iterable[Recorded]) -> defaultdict[Tag, list[Borne]]:
    """Return by tag what was found, as its bytes say it; the kinds are as asked for, and read by whoever folds."""
    borne: defaultdict[Tag, list[Borne]] = defaultdict(list)
    for recorded in found:
        one = Borne(recorded.position, leaf_of(recorded.entry), recorded.kind)
        for tag in entry_of(recorded).tags & tags:
            borne[tag].append(one)
    return borne


def _check_count(tag: Tag, rows: int, state: TagState) -> None:
    if rows != state.count:
        raise IntegrityFailed(f"{rows} entries bear {tag} by its rows, and the signed index knows {state.count}")
