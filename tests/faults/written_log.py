"""A log as a hostile operator could write it, and the mirror that reads it.

Every hash fits, and the checkpoint is signed with the log's key: only who replays the log finds what is wrong with it.
"""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from typing import TYPE_CHECKING

from ledger.mirror.copy import Copy
from ledger.mirror.mirror import Means, Mirror, Mirrored
from ledger.mirror.source import open_files
from ledger.rulepacks.load import load_packs
from ledger.statement.entries.entry import Entry, encode_entry, index_names, leaf_of
from ledger.statement.entries.state_entry import StateEntry, encode_state
from ledger.statement.form.envelope import parse_envelope
from ledger.statement.form.payload import read_payload
from ledger.tlog.checkpoint import Checkpoint
from ledger.tlog.frontier import GrowingTree
from ledger.tlog.note import Ed25519Signer
from ledger.tlog.policy import Party, Policy
from ledger.tlog.tiles import TILE_WIDTH, bundles_for, encode_bundle, format_path
from ledger.tlog.whole_index import WholeIndex
from tests.authors import OPERATOR, ORIGIN, SteppingClock, admissions, made, opening, ruled_by
from tests.faults.parties import LABORATORY, registration
from tests.grown import cosigner, private, signed

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from ledger.domain.bodies.vocabulary import Body
    from ledger.service import Submission

RULES = load_packs().by_id("cn-281/2026-08-01").name
NAME = "mirror.example/m1"
LOG = Ed25519Signer(ORIGIN, private(ORIGIN))
POLICY = Policy((Party(LOG.key, ""),), {}, {}, None)


class Written:
    """A log as its operator writes it, entry by entry; he judges nothing that he does not want to judge."""

    def __init__(self) -> None:
        self.entries: list[bytes] = []
        self.parts: list[Entry] = []
        self.index = WholeIndex()
        self.clock = SteppingClock()

    def add(self, *submissions: Submission, **changes: object) -> Written:
        """Append statements with the tags of their payloads, or with changes to what the entry says."""
        for submission in submissions:
            payload = read_payload(parse_envelope(submission.envelope).payload)
            place = len(self.entries) + 1, self.clock.now(), RULES, payload.tags
            self._append(Entry(*place, submission.envelope, status=ruled_by(payload.value)), changes)
        return self

    def say(self, body: Body, **changes: object) -> Written:
        """Append a statement of the operator's."""
        return self.add(made(body, OPERATOR), **changes)

    def state(self, **changes: object) -> Written:
        """Append a state entry, true but for some changes."""
        state = replace(StateEntry(self.index.root(), len(self.entries), self.index.names), **changes)  # type: ignore[arg-type]  # as below
        position = len(self.entries) + 1
        self._append(Entry(position, self.clock.now(), "none", frozenset(), encode_state(state)), {})
        return self

    def _append(self, entry: Entry, changes: dict[str, object]) -> None:
        self.write(entry._replace(**changes))  # type: ignore[arg-type]  # a member's own type, or the test fails

    def write(self, entry: Entry, encode: Callable[[Entry], bytes] = encode_entry) -> None:
        """Append an entry, written as this program writes it or in another way."""
        self.entries.append(encode(entry))
        self.parts.append(entry)
        self.index.add(len(self.entries), leaf_of(self.entries[-1]), index_names(entry))

    def publish(self, folder: Path, signer: Ed25519Signer = LOG) -> Checkpoint:
        """Write the log's files into a folder, and its checkpoint, signed."""
        tree = GrowingTree(map(leaf_of, self.entries))
        checkpoint = Checkpoint(ORIGIN, tree.size, tree.root())
        for bundle in bundles_for(0, tree.size):
            first = bundle.index * TILE_WIDTH
            path = folder / format_path(bundle)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(encode_bundle(self.entries[first : first + bundle.width]))
        (folder / "checkpoint").write_bytes(signed(checkpoint, signer))
        return checkpoint


def written() -> Written:
    """Return a log of six entries: opening, a party with role and key, another party, and their state."""
    return Written().add(opening(), *admissions(LABORATORY)).say(registration(1)).state()


def pulled(source: str, place: Path, token: str | None = None) -> Mirrored:
    means = Means(POLICY, load_packs(), cosigner(NAME), SteppingClock(), place / "evidence")
    with closing(Copy(place / "copy.db")) as copy:
        return Mirror(open_files(source, token), copy, means).pull(lambda verified, size: None)
