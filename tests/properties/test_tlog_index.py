"""However the index grew, it is the map that a plain recursion over all keys describes, and its proofs hold."""

from __future__ import annotations

import hashlib
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.errors import IntegrityFailed
from ledger.tlog.index import (
    EMPTY,
    NO_EVENTS,
    Absent,
    IndexProof,
    Leaf,
    Present,
    TagState,
    check_complete,
    check_index_proof,
    decode_index_proof,
    encode_index_proof,
    index_key,
    key_bit,
    state_of,
)
from ledger.tlog.pages import MemoryPages, extend_index, prove_names

Event = tuple[int, bytes, list[str]]
TAGS = [f"item:{number}" for number in range(60)]
STRANGERS = [f"case:{number}" for number in range(20)]


def naive_root(leaves: list[Leaf], depth: int = 0) -> bytes:
    if not leaves:
        return bytes(32)
    if len(leaves) == 1:
        return leaves[0].hash()
    sides: tuple[list[Leaf], list[Leaf]] = ([], [])
    for leaf in leaves:
        sides[key_bit(leaf.key, depth)].append(leaf)
    left, right = (naive_root(side, depth + 1) for side in sides)
    return hashlib.sha256(b"\x03" + left + right).digest()


def events_of(events: list[Event], tag: str) -> list[tuple[int, bytes]]:
    return [(position, leaf) for position, leaf, tags in events if tag in tags]


def grown(batches: list[list[Event]]) -> tuple[bytes, MemoryPages]:
    root, pages = EMPTY, MemoryPages()
    for batch in batches:
        result = extend_index(root, pages, batch)
        pages.write(result.pages)
        root = result.root
    return root, pages


@st.composite
def batched(draw: st.DrawFn) -> list[list[Event]]:
    """Return events with tags, cut into batches, with positions that count up through them."""
    shape = draw(st.lists(st.lists(st.sets(st.sampled_from(TAGS), max_size=5), max_size=8), max_size=6))
    batches: list[list[Event]] = []
    position = 0
    for batch in shape:
        events: list[Event] = []
        for tags in batch:
            position += 1
            events.append((position, hashlib.sha256(str(position).encode()).digest(), sorted(tags)))
        batches.append(events)
    return batches


@settings(deadline=None)
@given(batched())
def test_the_root_depends_on_the_events_and_not_on_the_batches(batches: list[list[Event]]) -> None:
    events = [event for batch in batches for event in batch]
    used = sorted({tag for _, _, tags in events for tag in tags})
    leaves = [Leaf(index_key(tag), state_of(events_of(events, tag))) for tag in used]
    assert grown(batches)[0] == grown([events])[0] == naive_root(leaves)


@settings(deadline=None)
@given(batched())
def test_every_tag_is_proven_with_all_its_events_and_every_stranger_absent(batches: list[list[Event]]) -> None:
    events = [event for batch in batches for event in batch]
    root, pages = grown(batches)
    for proof in prove_names(root, pages, [*TAGS, *STRANGERS]):
        assert decode_index_proof(encode_index_proof(proof)) == proof
        held = events_of(events, proof.name)
        assert check_complete(proof, proof.name, held, root) == state_of(held)
        assert isinstance(proof.ending, Present) == bool(held)


@settings(deadline=None)
@given(batched(), st.data())
def test_a_subject_without_one_of_its_events_is_found_out(batches: list[list[Event]], data: st.DataObject) -> None:
    events = [event for batch in batches for event in batch]
    used = sorted({tag for _, _, tags in events for tag in tags})
    if not used:
        return
    tag = data.draw(st.sampled_from(used))
    held = events_of(events, tag)
    del held[data.draw(st.integers(0, len(held) - 1))]
    root, pages = grown(batches)
    (proof,) = prove_names(root, pages, [tag])
    with pytest.raises(IntegrityFailed):
        check_complete(proof, tag, held, root)


def _fixed() -> tuple[bytes, MemoryPages]:
    return grown([[(at + 1, hashlib.sha256(tag.encode()).digest(), [tag, TAGS[0]]) for at, tag in enumerate(TAGS)]])


ROOT, PAGES = _fixed()
PROOFS = prove_names(ROOT, PAGES, [*TAGS, *STRANGERS])


def _flip(value: bytes, bit: int) -> bytes:
    return bytes(byte ^ (1 << bit % 8 if at == bit // 8 % len(value) else 0) for at, byte in enumerate(value))


def _bent_leaves(leaf: Leaf) -> list[Leaf]:
    state = leaf.state
    return [
        replace(leaf, key=_flip(leaf.key, 255)),
        replace(leaf, state=TagState(state.count + 1, state.chain)),
        replace(leaf, state=TagState(state.count - 1, state.chain)),
        replace(leaf, state=TagState(state.count, _flip(state.chain, 9))),
        replace(leaf, state=TagState(state.count, state.chain[1:])),
    ]


def _bent(proof: IndexProof) -> list[IndexProof]:
    siblings = proof.siblings
    bent = [
        replace(proof, siblings=(*siblings[:at], _flip(one, at * 5), *siblings[at + 1 :]))
        for at, one in enumerate(siblings)
    ]
    bent += [replace(proof, siblings=(*siblings, EMPTY)), replace(proof, siblings=(EMPTY, *siblings))]
    bent += [replace(proof, siblings=siblings[1:]), replace(proof, siblings=siblings[:-1])]
    match proof.ending:
        case Present(state):
            own = Leaf(index_key(proof.name), state)
            bent += [replace(proof, ending=Present(leaf.state)) for leaf in _bent_leaves(own)[1:]]
            bent += [replace(proof, ending=Absent(None)), replace(proof, ending=Absent(own))]
        case Absent(None):
            bent.append(replace(proof, ending=Present(NO_EVENTS)))
        case Absent(Leaf() as other):
            bent += [replace(proof, ending=Absent(leaf)) for leaf in _bent_leaves(other)]
            bent += [replace(proof, ending=Absent(None)), replace(proof, ending=Present(other.state))]
    return bent


def test_the_fixed_index_has_all_three_endings() -> None:
    shapes = {(type(proof.ending), getattr(proof.ending, "other", None) is None) for proof in PROOFS}
    assert shapes == {(Present, True), (Absent, True), (Absent, False)}


@pytest.mark.parametrize("proof", PROOFS, ids=lambda proof: proof.name)
def test_no_bent_proof_holds(proof: IndexProof) -> None:
    check_index_proof(proof, proof.name, ROOT)
    for bent in _bent(proof):
        with pytest.raises(IntegrityFailed):
            check_index_proof(bent, proof.name, ROOT)


@pytest.mark.parametrize("proof", PROOFS[::7], ids=lambda proof: proof.name)
def test_a_proof_holds_under_its_own_root_only(proof: IndexProof) -> None:
    newer = extend_index(ROOT, PAGES, [(99, bytes(32), [TAGS[3]])]).root
    for root in (newer, EMPTY):
        with pytest.raises(IntegrityFailed):
            check_index_proof(proof, proof.name, root)


def _paths() -> list[str]:
    return ["", *(f"{digit:x}" for digit in range(16) if PAGES.read([f"{digit:x}"]))]


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(_paths()), st.data())
def test_an_edited_page_is_found_before_anything_is_built_on_it(path: str, data: st.DataObject) -> None:
    page = PAGES.read([path])[path]
    bit = data.draw(st.integers(0, len(page) * 8 - 1))
    edited = MemoryPages()
    edited.write(PAGES.read(_paths()))
    edited.write({path: _flip(page, bit)})
    with pytest.raises(IntegrityFailed, match="index page"):
        extend_index(ROOT, edited, [(61, bytes(32), TAGS)])
    with pytest.raises(IntegrityFailed, match="index page"):
        prove_names(ROOT, edited, TAGS)


@pytest.mark.parametrize("path", _paths())
def test_a_missing_page_is_found(path: str) -> None:
    fewer = MemoryPages()
    fewer.write(PAGES.read([other for other in _paths() if other != path]))
    with pytest.raises(IntegrityFailed, match="is missing"):
        prove_names(ROOT, fewer, TAGS)


def test_pages_of_an_older_index_are_found() -> None:
    result = extend_index(ROOT, PAGES, [(61, bytes(32), [TAGS[3]])])
    with pytest.raises(IntegrityFailed, match="promises"):
        prove_names(result.root, PAGES, [TAGS[3]])


def test_a_page_of_one_key_below_the_top_is_refused() -> None:
    place = b"\x01" + index_key("item:A") + bytes(7) + b"\x01" + bytes(32)
    leaf = Leaf(index_key("item:A"), TagState(1, bytes(32)))
    digit, digit_below = index_key("item:A")[0] >> 4, index_key("item:A")[0] & 15
    neighbour = Leaf(bytes([(digit ^ 1) << 4]) + bytes(31), TagState(1, bytes(32)))
    places = [b"\x00"] * 16
    places[digit] = b"\x02" + leaf.hash()
    places[digit ^ 1] = b"\x01" + neighbour.key + bytes(7) + b"\x01" + bytes(32)
    pages = MemoryPages()
    pages.write({"": b"".join(places), f"{digit:x}": bytes(digit_below) + place + bytes(15 - digit_below)})
    root = naive_root([leaf, neighbour])
    with pytest.raises(IntegrityFailed, match="promises"):
        prove_names(root, pages, ["item:A"])


def test_a_change_costs_pages_by_the_tags_touched() -> None:
    many = [(at + 1, bytes(32), [f"item:{at}"]) for at in range(5000)]
    root, pages = grown([many])
    touched = extend_index(root, pages, [(5001, bytes(32), ["item:17"])]).pages
    assert len(touched) <= 6


def test_an_event_without_a_whole_leaf_hash_completes_nothing() -> None:
    tag, events = "item:short", [(7, bytes(31))]
    leaf = Leaf(index_key(tag), state_of(events))
    with pytest.raises(IntegrityFailed, match="32 bytes long"):
        check_complete(IndexProof(tag, Present(leaf.state), ()), tag, events, leaf.hash())
