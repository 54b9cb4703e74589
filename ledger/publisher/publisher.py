"""The publisher: lets the tree and the index grow with the log, signs checkpoints, and publishes them.

One round:  1 catch up      hash the new entries and carry them into tree and index, outside the lock
            2 guard         the tree must extend what is published, what this machine remembers, what witnesses hold
            3 state entry   under the head's lock: the rest, then the entry that says what the index is
            4 rows          of tags, by which the entries are looked up, must be those that the entries say
            5 sign          with both keys of the log
            6 cosign        all witnesses at once; too few for the quorum: not published, tried again
            7 remember      in a file outside the database
            8 publish       tiles, index pages and checkpoint in one transaction, by compare-and-swap

Stopped anywhere, the next round goes on. Nothing is signed when a guard refuses: whoever catches its IntegrityFailed
must stop, and a person must look. Several publishers may run over one database; of two at once one wins.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ledger.errors import Conflict, IntegrityFailed, NotTrusted, Unavailable
from ledger.publisher.growth import NEVER_SIGN_ON, Growth
from ledger.publisher.page_cache import PageCache
from ledger.statement.entries.entry import NO_RULES
from ledger.statement.entries.state_entry import STATE_KIND, encode_state, state_id
from ledger.store.database.publication import Published, Update
from ledger.store.deciding.permit import Permit
from ledger.store.port import Record
from ledger.tlog.checkpoint import Checkpoint
from ledger.tlog.note import parse_note
from ledger.tlog.own import check_own

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ledger.clock import Clock
    from ledger.publisher.log_keys import LogKeys
    from ledger.publisher.memory_file import MemoryFile
    from ledger.publisher.witness_client import Evidence
    from ledger.publisher.witnesses import Witnesses
    from ledger.store.database.publication import Publication, View
    from ledger.store.port import Store

_BATCH: Final = 2_000
_FEW: Final = 100  # entries that may be left for the time under the lock
_TRIES: Final = 10


class Publisher:
    """Publishes one log. One thread uses it."""

    def __init__(
        self,
        store: Store,
        publication: Publication,
        *,
        keys: LogKeys,
        remembered: MemoryFile,
        witnesses: Witnesses,
        clock: Clock,
        permit: Permit | None = None,
    ) -> None:
        """Publish what a store holds.

        remembered: outside the store, so that a restored backup is noticed.
        clock: tells when a checkpoint is signed.
        permit: says whether a state entry may be recorded, and when; the clock alone if left out.
        """
        self._store = store
        self._publication = publication
        self._keys = keys
        self._remembered = remembered
        self._clock = clock
        self.permit: Final = permit or Permit(clock)
        self._cache = PageCache()
        self.witnesses: Final = witnesses

    def publish_once(self) -> Published | None:
        """Publish a checkpoint over all that is recorded, and return it; None when another one covers that.

        Raises IntegrityFailed: stored bytes or somebody's checkpoint contradict the log, and nothing more may be signed
        until a person has looked. Unavailable: the database or the quorum's witnesses do not answer; try again later.
        OSError: the last checkpoint cannot be remembered.
        """
        wanted = self._store.head()
        for _ in range(_TRIES):
            try:
                return self._round()
            except Conflict:
                # Another publisher was first: what it published is where the next try begins, if one is needed. The
                # state entry that was appended here stands, and is covered like any other entry.
                if self._publication.size() >= wanted:
                    return None
        raise Unavailable("other publishers of this log are always faster")

    def _round(self) -> Published | None:
        size, remembered = self._publication.size(), self._remembered.read()
        released = self._released(size, remembered)
        # Read last: what another publisher releases meanwhile lies beyond it.
        head = self._store.head()
        _check_sizes(head, released)
        if head == size:
            return None
        with self._publication.view() as view:
            if view.published is not None:
                check_own(view.published.note, self._keys.keys)
            growth = Growth(view, self._publication.hashes(view.size), self._cache)
            self._catch_up(growth)
            self._witnesses_meet(view)
            self._append_state(growth, remembered)
            if growth.tree.size == growth.base:
                return None  # another publisher has published all there is since its size was read above
            # Die here: a state entry stands that no checkpoint covers. Harmless: the next round finds it at the end of
            # the log and covers it, or, when others were recorded after it, takes it in like any other entry.
            growth.rows.check(self._publication)
            growth.rows.check_subjects(self._publication, view, growth.new_tags)
        checkpoint = Checkpoint(self._store.origin, growth.tree.size, growth.tree.root())
        note = self._signed(checkpoint, growth)
        # Die here: witnesses hold a checkpoint that nobody has published. Its entries are durable, so whatever is
        # published next extends it.
        self._remembered.write(note)
        # Die here: this machine remembers what nobody has published. As above.
        return self._publish(note, growth)

    def _catch_up(self, growth: Growth) -> None:
        while self._store.head() - growth.tree.size > _FEW:
            before = growth.tree.size
            growth.take(self._store.read(before, _BATCH))
            if growth.tree.size == before:
                raise IntegrityFailed(f"position {before + 1}: the entry is missing")
            growth.rows.check(self._publication)

    def _witnesses_meet(self, view: View) -> None:
        last = None if view.published is None else parse_note(view.published.note)
        self.witnesses.meet(last, self._keys.keys)

    def _append_state(self, growth: Growth, remembered: Checkpoint | None) -> None:
        with self._store.locked() as log:
            now = self.permit.time(log)
            while rest := log.since(growth.tree.size, _BATCH):
                growth.take(rest)
            if growth.tree.size != log.head:
                raise IntegrityFailed(f"the head says {log.head} entries, and {growth.tree.size} are there")
            if growth.recorded != log.recorded:
                raise IntegrityFailed(f"the head says {log.recorded}, and its last entry {growth.recorded}")
            self._guard(growth, remembered)
            if not growth.ends_with_state:
                growth.take(log.append([self._state_record(growth)], now))

    def _released(self, size: int, remembered: Checkpoint | None) -> list[tuple[str, int]]:
        """Return who holds a checkpoint of this log, as far as is known here, and of how many entries."""
        released = [("the publication", size), *self.witnesses.cosigned]
        if remembered is not None:
            if remembered.origin != self._store.origin:
                raise IntegrityFailed(f"{self._remembered.path} is the checkpoint of {remembered.origin}")
            released.append((f"this machine ({self._remembered.path})", remembered.size))
        return released

    def _guard(self, growth: Growth, remembered: Checkpoint | None) -> None:
        """Refuse to go on unless the tree extends what was released. The head's lock is held: the tree is the log.

        Of what a witness claims nothing is believed; the witness itself checks what it cosigns.
        """
        _check_sizes(growth.tree.size, self._released(growth.base, remembered))
        if remembered is not None:
            growth.check_extends(remembered, f"this machine ({self._remembered.path})")
        for one in self.witnesses.evidence:
            self._check_evidence(one, growth, growth.tree.size)

    def _check_evidence(self, shown: Evidence, growth: Growth, head: int) -> None:
        """Hold the log against a checkpoint that its own key has signed. head: how many entries there are."""
        try:
            _check_sizes(head, [(shown.holder, shown.checkpoint.size)])
            if shown.checkpoint.size <= growth.tree.size:
                growth.check_extends(shown.checkpoint, shown.holder)
        except IntegrityFailed as error:
            kept = self._remembered.keep_evidence(shown.note)
            if shown.checkpoint.size > head:
                self._remembered.write(shown.note)  # so that every process of this machine knows
            raise IntegrityFailed(f"{error}; this log's own key has signed it: {kept}") from error

    def _state_record(self, growth: Growth) -> Record:
        data = encode_state(growth.state)
        return Record(state_id(data), STATE_KIND, frozenset(), NO_RULES, data)

    def _signed(self, checkpoint: Checkpoint, growth: Growth) -> bytes:
        note = self._keys.sign(checkpoint, int(self._clock.now().timestamp()))
        try:
            signed = self.witnesses.cosign(note, growth.tree, self._keys.keys)
        except NotTrusted as error:
            head = self._check_witnesses(checkpoint, growth)
            if any(checkpoint.size < size <= head for size in self.witnesses.claims.values()):
                raise Conflict("a witness claims to hold another publisher's checkpoint") from error
            silent = "; ".join(f"{name} {problem}" for name, problem in self.witnesses.problems.items())
            raise Unavailable(
                f"the checkpoint of {checkpoint.size} entries is kept back: {error} ({silent})"
            ) from error
        self._check_witnesses(checkpoint, growth)
        return signed

    def _check_witnesses(self, checkpoint: Checkpoint, growth: Growth) -> int:
        """Hold the log against what witnesses have shown instead of cosigning, and return the head it has now.

        Raises IntegrityFailed: it is not this log's. Conflict: it is a later checkpoint, of another publisher.
        """
        head = self._store.head()
        for one in self.witnesses.evidence:
            self._check_evidence(one, growth, head)
            if one.checkpoint.size > checkpoint.size:
                raise Conflict("another publisher's checkpoint has reached a witness")
        return head

    def _publish(self, note: bytes, growth: Growth) -> Published:
        size = growth.tree.size
        update = Update(growth.base, size, note, growth.tiles(), growth.pages)
        self._publication.publish(update)
        # Die here: it is published, and nobody was told. The next round finds nothing to do.
        self._cache.advance(size, growth.pages)
        published = self._publication.at(size)
        if published is None:
            raise IntegrityFailed(f"the checkpoint of {size} entries was published and is not there")
        return published


def _check_sizes(head: int, released: Iterable[tuple[str, int]]) -> None:
    """Raise IntegrityFailed where a log is shorter than what was released of it."""
    for name, size in released:
        if size > head:
            raise IntegrityFailed(
                f"{name} holds a checkpoint of {size} entries, and this log has only {head}: "
                f"it was cut off, or restored from a backup; {NEVER_SIGN_ON}"
            )
