"""The index: a verifiable map from each name to the number of its events and their running hash.

A name is a tag, under which every event counts that bears it, or "status" and a tag, under which those few count that
establish, limit or end its subject, however busy that is. Which these are the entry's header says.

It makes "nothing is missing" provable to whoever knows that the index is that of the entries: who holds every event of
a name can compute the name's state, and the proof shows that the index has the same state and no later one. That the
index leaves no entry out only replaying the log shows, as mirrors do. What a verifier needs is here; how a publisher
keeps the map is in ``pages``.

    key      = SHA-256("vialog/tag/1" newline || tag), of a status SHA-256("vialog/status/1" newline || tag)
    chain_0  = 32 zero bytes
    chain_k  = SHA-256(0x04 || chain_(k-1) || u64be(position_k) || leaf_k)     the name's events, oldest first
    leaf     = SHA-256(0x02 || key || u64be(count) || chain)
    node     = SHA-256(0x03 || left || right)
    subtree  = of no keys 32 zero bytes; of one key its leaf, at whatever depth; else the node of the keys whose
               next bit is 0 and of those whose next bit is 1; bits are taken from the first byte's highest on
    root     = the subtree of all keys

A proof follows the bits of one key down from the root until a subtree holds at most one key. It has one of three
endings: the name's own leaf stands there, nothing does, or another key's leaf does. The last two prove that the
name has no event. The file, ASCII, each line with its newline:

    "vialog-index-proof/2"
    "tag " tag / "status " tag
    "present " count " " base64(chain)                            count from 1
      / "absent"
      / "absent " base64(key) " " count " " base64(chain)         the other key and what its leaf says
    *256(base64(hash))          the subtree beside the path at each depth: beside the ending first, below the root last

To check: hash the ending's leaf (of plain "absent": 32 zero bytes). With n hashes, the first stands at depth n.
For each of them, from depth n up to 1: when bit (depth - 1) of the name's key is 0, the new hash is
node(reached, given), else node(given, reached). The last one is the root. Another key must differ from the name's
and share its first n bits.

>>> state = advance(NO_EVENTS, 7, bytes(32))
>>> state.count, state.chain.hex()[:16]
(1, '49cf3ed0cdad7faf')
>>> root = Leaf(index_key("item:A"), state).hash()
>>> proof = IndexProof("item:A", Present(state), ())
>>> check_index_proof(proof, "item:A", root) == state
True
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from ledger.errors import IntegrityFailed, Malformed, newer_format
from ledger.ids import is_tag
from ledger.tlog.tree import HASH_SIZE
from ledger.tlog.wire import LIMIT, read_base64, read_number, write_base64

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

HEADER: Final = "vialog-index-proof/2"
_TAG: Final = "tag "
_STATUS: Final = "status "
EMPTY: Final = bytes(HASH_SIZE)
KEY_BITS: Final = 256
MAX_INDEX_PROOF: Final = 20_000


@dataclass(frozen=True, slots=True)
class TagState:
    """What the index says of a name: how many events count under it, and the running hash over them."""

    count: int
    chain: bytes


NO_EVENTS: Final = TagState(0, EMPTY)


@dataclass(frozen=True, slots=True)
class Leaf:
    """A key and its state, as the map holds it."""

    key: bytes
    state: TagState

    def hash(self) -> bytes:
        """Return the leaf's hash."""
        return leaf_hash(self.written())

    def written(self) -> bytes:
        """Return key, count and chain, as they are hashed."""
        return self.key + self.state.count.to_bytes(8, "big") + self.state.chain


@dataclass(frozen=True, slots=True)
class Present:
    """The path ends at the name's own leaf."""

    state: TagState


@dataclass(frozen=True, slots=True)
class Absent:
    """The path ends without the name: at the leaf of another key, or (None) at nothing."""

    other: Leaf | None


@dataclass(frozen=True, slots=True)
class IndexProof:
    """What the index says of one name, as parsed: nothing in it is checked.

    siblings: the hashes beside the path, the deepest first.
    """

    name: str
    ending: Present | Absent
    siblings: tuple[bytes, ...]


def status_name(tag: str) -> str:
    """Return the name of a subject's status. A tag has no space in it, so this is no tag."""
    return f"{_STATUS}{tag}"


def is_status(name: str) -> bool:
    """Say whether a name is that of a subject's status, and not a tag."""
    return name.startswith(_STATUS)


def index_key(name: str) -> bytes:
    """Return the 32-byte key of a name."""
    if is_status(name):
        return hashlib.sha256(b"vialog/status/1\n" + name.removeprefix(_STATUS).encode()).digest()
    return hashlib.sha256(b"vialog/tag/1\n" + name.encode()).digest()


def leaf_hash(written: bytes) -> bytes:
    """Return the hash of a leaf. written: its key, count and chain."""
    return hashlib.sha256(b"\x02" + written).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Return the hash of a node of the index over its two subtrees."""
    return hashlib.sha256(b"\x03" + left + right).digest()


def advance(state: TagState, position: int, leaf: bytes) -> TagState:
    """Return a name's state after one more event.

    position: the event's, from 1. leaf: the event's leaf hash in the log.
    """
    return TagState(state.count + 1, _chained(state.chain, link_of(position, leaf)))


def link_of(position: int, leaf: bytes) -> bytes:
    """Return what an event adds to the running hash of each of its names: for whoever adds it to many."""
    return position.to_bytes(8, "big") + leaf


def _chained(chain: bytes, link: bytes) -> bytes:
    return hashlib.sha256(b"\x04" + chain + link).digest()


def state_of(events: Iterable[tuple[int, bytes]]) -> TagState:
    """Return a name's state after its events, each a position and a leaf hash, oldest first."""
    return linked([link_of(position, leaf) for position, leaf in events])


def linked(links: Collection[bytes]) -> TagState:
    """Return the same. links: by ``link_of``."""
    chain = EMPTY
    for link in links:
        chain = _chained(chain, link)
    return TagState(len(links), chain)


def key_bit(key: bytes, depth: int) -> int:
    """Return the bit of a key that decides below a depth, 0 to 255: the first byte's highest at depth 0."""
    return key[depth >> 3] >> (7 - (depth & 7)) & 1


def check_index_proof(proof: IndexProof, name: str, root: bytes) -> TagState:
    """Check what the index with some root says of a name, and return it; NO_EVENTS when the name is absent.

    name: the one that was asked about, from the verifier and not from the proof.

    Raises IntegrityFailed: the proof is about another name, or does not lead to the root.
    """
    if proof.name != name:
        raise IntegrityFailed(f"index proof: about {proof.name} and not about {name}")
    if len(proof.siblings) > KEY_BITS or any(len(given) != HASH_SIZE for given in (root, *proof.siblings)):
        raise IntegrityFailed(f"index proof of {name}: more hashes than bits, or one of another length")
    key = index_key(name)
    reached = _ending_hash(proof, key)
    for above, given in enumerate(proof.siblings, start=1):
        bit = key_bit(key, len(proof.siblings) - above)
        reached = node_hash(given, reached) if bit else node_hash(reached, given)
    if reached != root:
        raise IntegrityFailed(f"index proof of {name}: does not lead to the root of the index")
    return proof.ending.state if isinstance(proof.ending, Present) else NO_EVENTS


def check_complete(proof: IndexProof, name: str, events: Iterable[tuple[int, bytes]], root: bytes) -> TagState:
    """Check that some events are all that the index with some root knows of a name; return the name's state.

    events: positions and leaf hashes of the entries that were verified and count under the name, oldest first.

    Raises IntegrityFailed: the proof fails, or an event is missing, foreign, changed or out of order.
    """
    given = tuple(events)
    if any(len(leaf) != HASH_SIZE for _, leaf in given):
        raise IntegrityFailed(f"index proof of {name}: the leaf hash of an event is not {HASH_SIZE} bytes long")
    known = check_index_proof(proof, name, root)
    held = state_of(given)
    if held.count != known.count:
        raise IntegrityFailed(f"index proof of {name}: the log knows {known.count} events, {held.count} are here")
    if held.chain != known.chain:
        raise IntegrityFailed(f"index proof of {name}: the {held.count} events are not those of the log")
    return known


def _ending_hash(proof: IndexProof, key: bytes) -> bytes:
    leaf = Leaf(key, proof.ending.state) if isinstance(proof.ending, Present) else proof.ending.other
    if leaf is None:
        return EMPTY
    # Fixed lengths are what keeps two different leaves from hashing the same bytes.
    if len(leaf.key) != HASH_SIZE or len(leaf.state.chain) != HASH_SIZE or not 0 < leaf.state.count < LIMIT:
        raise IntegrityFailed(f"index proof of {proof.name}: not a leaf of the index")
    if isinstance(proof.ending, Absent):
        _check_other(leaf.key, key, proof)
    return leaf.hash()


def _check_other(other: bytes, key: bytes, proof: IndexProof) -> None:
    if other == key or any(key_bit(other, at) != key_bit(key, at) for at in range(len(proof.siblings))):
        raise IntegrityFailed(f"index proof of {proof.name}: the other key is not on the name's path")


def encode_index_proof(proof: IndexProof) -> bytes:
    """Return a proof's file.

    Raises Malformed: TLOG-09, the proof has no such file.
    """
    match proof.ending:
        case Present(state):
            ending = f"present {_write_state(state)}"
        case Absent(None):
            ending = "absent"
        case Absent(Leaf(key, state)):
            ending = f"absent {write_base64(key)} {_write_state(state)}"
    lines = [HEADER, _write_name(proof.name), ending, *(write_base64(one) for one in proof.siblings), ""]
    data = "\n".join(lines).encode()
    decode_index_proof(data)
    return data


def _write_name(name: str) -> str:
    return name if is_status(name) else f"{_TAG}{name}"


def _write_state(state: TagState) -> str:
    return f"{state.count} {write_base64(state.chain)}"


def decode_index_proof(data: bytes) -> IndexProof:
    """Return the proof that a file writes.

    Raises Malformed: TLOG-09, not an index proof.
    """
    if len(data) > MAX_INDEX_PROOF or not data.isascii():
        raise Malformed("TLOG-09", "$", f"larger than {MAX_INDEX_PROOF} bytes, or not ASCII")
    match data.decode("ascii").split("\n"):
        case [header, name, ending, *siblings, ""] if header == HEADER and len(siblings) <= KEY_BITS:
            hashes = (_read_hash(line, f"siblings[{at}]") for at, line in enumerate(siblings))
            return IndexProof(_read_name(name), _read_ending(ending.split(" ")), tuple(hashes))
        case _:
            problem = f"not {HEADER}, a name, an ending and at most {KEY_BITS} hashes"
            newer = newer_format(data.decode("ascii").partition("\n")[0], HEADER)
            raise Malformed("TLOG-09", "$", problem, newer=newer)


def _read_name(line: str) -> str:
    word, _, tag = line.partition(" ")
    if f"{word} " not in {_TAG, _STATUS} or not is_tag(tag):
        raise Malformed("TLOG-09", "name", "not tag or status, and the id of a subject")
    return line.removeprefix(_TAG)


def _read_ending(words: list[str]) -> Present | Absent:
    match words:
        case ["present", count, chain]:
            return Present(_read_state(count, chain))
        case ["absent"]:
            return Absent(None)
        case ["absent", key, count, chain]:
            return Absent(Leaf(_read_hash(key, "ending.key"), _read_state(count, chain)))
        case _:
            raise Malformed("TLOG-09", "ending", "neither present nor absent with its words")


def _read_state(count: str, chain: str) -> TagState:
    state = TagState(read_number(count, rule="TLOG-09", member="ending.count"), _read_hash(chain, "ending.chain"))
    if state.count == 0:
        raise Malformed("TLOG-09", "ending.count", "a leaf has at least one event")
    return state


def _read_hash(text: str, member: str) -> bytes:
    return read_base64(text, rule="TLOG-09", member=member, length=HASH_SIZE)
