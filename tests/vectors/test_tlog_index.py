"""The index, byte for byte: hashes, pages and proof files, each written out by hand."""

from __future__ import annotations

import hashlib
from base64 import b64encode

import pytest

from ledger.errors import IntegrityFailed, Malformed
from ledger.tlog.index import (
    EMPTY,
    NO_EVENTS,
    Absent,
    IndexProof,
    Leaf,
    Present,
    TagState,
    advance,
    check_complete,
    check_index_proof,
    decode_index_proof,
    encode_index_proof,
    index_key,
    status_name,
)
from ledger.tlog.pages import MemoryPages, extend_index, name_states, prove_names


def sha256(*parts: bytes) -> bytes:
    return hashlib.sha256(b"".join(parts)).digest()


def b64(value: bytes) -> str:
    return b64encode(value).decode()


KEY_A, KEY_B, KEY_C = (sha256(b"vialog/tag/1\n", tag) for tag in (b"item:A", b"item:B", b"item:C"))
ENTRY_1, ENTRY_2 = bytes([1]) * 32, bytes([2]) * 32
CHAIN_1 = sha256(b"\x04", bytes(32), bytes(7) + b"\x01", ENTRY_1)
CHAIN_2 = sha256(b"\x04", CHAIN_1, bytes(7) + b"\x02", ENTRY_2)
LEAF_A = sha256(b"\x02", KEY_A, bytes(7) + b"\x02", CHAIN_2)
LEAF_B = sha256(b"\x02", KEY_B, bytes(7) + b"\x01", CHAIN_1)
EVENTS = [(1, ENTRY_1, ["item:A", "item:B"]), (2, ENTRY_2, ["item:A"])]


def bits(key: bytes) -> str:
    return "".join(f"{byte:08b}" for byte in key)


def two_leaf_root() -> tuple[bytes, int]:
    """Return the root over A and B, and at which depth they part."""
    shared = next(at for at in range(256) if bits(KEY_A)[at] != bits(KEY_B)[at])
    left, right = (LEAF_A, LEAF_B) if bits(KEY_A)[shared] == "0" else (LEAF_B, LEAF_A)
    root = sha256(b"\x03", left, right)
    for at in reversed(range(shared)):
        root = sha256(b"\x03", root, bytes(32)) if bits(KEY_A)[at] == "0" else sha256(b"\x03", bytes(32), root)
    return root, shared


def grown() -> tuple[bytes, MemoryPages]:
    pages = MemoryPages()
    result = extend_index(EMPTY, pages, EVENTS)
    pages.write(result.pages)
    return result.root, pages


def test_a_tag_has_the_hash_of_its_text_as_key() -> None:
    assert index_key("item:A") == KEY_A


def test_the_status_of_a_tag_has_a_key_of_its_own() -> None:
    assert status_name("item:A") == "status item:A"
    assert index_key(status_name("item:A")) == hashlib.sha256(b"vialog/status/1\nitem:A").digest()


def test_the_proof_of_a_status_says_so_and_does_not_pass_for_the_tags() -> None:
    pages = MemoryPages()
    result = extend_index(EMPTY, pages, [(1, ENTRY_1, ["item:A", status_name("item:A")]), (2, ENTRY_2, ["item:A"])])
    pages.write(result.pages)
    of_status, of_tag = prove_names(result.root, pages, [status_name("item:A"), "item:A"])
    assert encode_index_proof(of_status).decode().split("\n")[1] == "status item:A"
    assert decode_index_proof(encode_index_proof(of_status)) == of_status
    assert check_complete(of_status, status_name("item:A"), [(1, ENTRY_1)], result.root).count == 1
    assert check_index_proof(of_tag, "item:A", result.root).count == 2
    with pytest.raises(IntegrityFailed, match="about status item:A and not about item:A"):
        check_index_proof(of_status, "item:A", result.root)


def test_the_chain_covers_position_and_leaf_of_each_event() -> None:
    assert advance(NO_EVENTS, 1, ENTRY_1) == TagState(1, CHAIN_1)
    assert advance(TagState(1, CHAIN_1), 2, ENTRY_2) == TagState(2, CHAIN_2)


def test_the_index_of_no_tags_is_32_zero_bytes() -> None:
    assert bytes(32) == EMPTY
    assert extend_index(EMPTY, MemoryPages(), []).root == EMPTY
    (proof,) = prove_names(EMPTY, MemoryPages(), ["item:A"])
    assert proof == IndexProof("item:A", Absent(None), ())
    assert check_index_proof(proof, "item:A", EMPTY) == NO_EVENTS


def test_a_subtree_of_one_tag_is_its_leaf() -> None:
    pages = MemoryPages()
    result = extend_index(EMPTY, pages, [(1, ENTRY_1, ["item:B"])])
    assert result.root == LEAF_B
    place = b"\x01" + KEY_B + bytes(7) + b"\x01" + CHAIN_1
    assert result.pages == {"": bytes(KEY_B[0] >> 4) + place + bytes(15 - (KEY_B[0] >> 4))}


def test_two_tags_part_at_their_first_different_bit() -> None:
    assert grown()[0] == two_leaf_root()[0]


def test_a_proof_file_is_what_the_format_says() -> None:
    root, pages = grown()
    _, shared = two_leaf_root()
    (proof,) = prove_names(root, pages, ["item:A"])
    siblings = [LEAF_B, *[bytes(32)] * shared]
    lines = ["vialog-index-proof/2", "tag item:A", f"present 2 {b64(CHAIN_2)}", *map(b64, siblings)]
    assert encode_index_proof(proof).decode() == "".join(f"{line}\n" for line in lines)
    assert decode_index_proof(encode_index_proof(proof)) == proof
    assert check_index_proof(proof, "item:A", root) == TagState(2, CHAIN_2)


def test_an_absent_tag_whose_place_is_taken_shows_who_stands_there() -> None:
    result = extend_index(EMPTY, MemoryPages(), [(1, ENTRY_1, ["item:B"])])
    proof = IndexProof("item:C", Absent(Leaf(KEY_B, TagState(1, CHAIN_1))), ())
    lines = ["vialog-index-proof/2", "tag item:C", f"absent {b64(KEY_B)} 1 {b64(CHAIN_1)}"]
    assert encode_index_proof(proof).decode() == "".join(f"{line}\n" for line in lines)
    assert decode_index_proof(encode_index_proof(proof)) == proof
    assert check_index_proof(proof, "item:C", result.root) == NO_EVENTS


def test_a_withheld_last_event_is_missed() -> None:
    root, pages = grown()
    (proof,) = prove_names(root, pages, ["item:A"])
    events = [(1, ENTRY_1), (2, ENTRY_2)]
    assert check_complete(proof, "item:A", events, root).count == 2
    with pytest.raises(IntegrityFailed, match="knows 2 events, 1 are here"):
        check_complete(proof, "item:A", events[:1], root)


def test_a_withheld_event_is_missed_even_behind_a_foreign_one() -> None:
    root, pages = grown()
    (proof,) = prove_names(root, pages, ["item:A"])
    for events in ([(1, ENTRY_1), (2, ENTRY_1)], [(2, ENTRY_2), (1, ENTRY_1)], [(1, ENTRY_1), (3, ENTRY_2)]):
        with pytest.raises(IntegrityFailed, match="not those of the log"):
            check_complete(proof, "item:A", events, root)


def test_a_state_with_one_event_fewer_does_not_lead_to_the_root() -> None:
    root, pages = grown()
    (proof,) = prove_names(root, pages, ["item:A"])
    older = IndexProof("item:A", Present(TagState(1, CHAIN_1)), proof.siblings)
    with pytest.raises(IntegrityFailed, match="root of the index"):
        check_complete(older, "item:A", [(1, ENTRY_1)], root)


def test_a_present_tag_cannot_be_shown_absent_by_its_own_leaf() -> None:
    own = Absent(Leaf(KEY_B, TagState(1, CHAIN_1)))
    with pytest.raises(IntegrityFailed, match="not on the name's path"):
        check_index_proof(IndexProof("item:B", own, ()), "item:B", LEAF_B)


def test_a_tag_cannot_be_shown_absent_by_a_leaf_off_its_path() -> None:
    root, pages = grown()
    (of_b,) = prove_names(root, pages, ["item:B"])
    off_path = IndexProof("item:C", Absent(Leaf(KEY_B, TagState(1, CHAIN_1))), of_b.siblings)
    with pytest.raises(IntegrityFailed):
        check_index_proof(off_path, "item:C", root)


def test_the_other_key_shares_every_bit_that_the_path_has_taken() -> None:
    deep = IndexProof("item:C", Absent(Leaf(KEY_B, TagState(1, CHAIN_1))), (EMPTY,) * 256)
    with pytest.raises(IntegrityFailed, match="not on the name's path"):
        check_index_proof(deep, "item:C", LEAF_B)


def test_a_leaf_cut_at_other_places_is_not_another_leaf() -> None:
    # The same 73 bytes, read with a key of 33 bytes and a chain of 31, would show the tag itself as another key.
    shifted = Leaf(KEY_B + b"\x00", TagState(int.from_bytes(bytes(6) + b"\x01" + CHAIN_1[:1], "big"), CHAIN_1[1:]))
    assert shifted.hash() == LEAF_B
    with pytest.raises(IntegrityFailed, match="not a leaf"):
        check_index_proof(IndexProof("item:B", Absent(shifted), ()), "item:B", LEAF_B)


@pytest.mark.parametrize("count", [0, -1, 1 << 63, 1 << 64])
def test_an_impossible_number_of_events_is_no_leaf(count: int) -> None:
    with pytest.raises(IntegrityFailed, match="not a leaf"):
        check_index_proof(IndexProof("item:B", Present(TagState(count, CHAIN_1)), ()), "item:B", LEAF_B)


def test_a_proof_about_another_tag_is_not_an_answer() -> None:
    root, pages = grown()
    (of_b,) = prove_names(root, pages, ["item:B"])
    with pytest.raises(IntegrityFailed, match="about item:B and not about item:A"):
        check_index_proof(of_b, "item:A", root)


def test_states_are_read_back() -> None:
    root, pages = grown()
    states = name_states(root, pages, ["item:A", "item:B", "item:C"])
    assert states == {"item:A": TagState(2, CHAIN_2), "item:B": TagState(1, CHAIN_1), "item:C": NO_EVENTS}


def test_a_tag_counts_once_for_an_event() -> None:
    result = extend_index(EMPTY, MemoryPages(), [(1, ENTRY_1, ["item:B", "item:B"])])
    assert result.root == LEAF_B


FILE = encode_index_proof(IndexProof("item:A", Present(TagState(1, CHAIN_1)), (bytes(32),))).decode()


@pytest.mark.rule("TLOG-09")
@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="nothing"),
        pytest.param(FILE[:-1], id="no last newline"),
        pytest.param(FILE + "\n", id="blank line"),
        pytest.param(FILE.replace("proof/2", "proof/1"), id="another version"),
        pytest.param(FILE.replace("tag item:A\n", ""), id="no name"),
        pytest.param(FILE.replace("tag ", "party "), id="neither tag nor status"),
        pytest.param(FILE.replace("item:A", "vial:A"), id="not a tag"),
        pytest.param(FILE.replace("item:A", "item:Ä"), id="not ASCII"),
        pytest.param(FILE.replace("present 1", "present 0"), id="present without events"),
        pytest.param(FILE.replace("present 1", "present 01"), id="leading zero"),
        pytest.param(FILE.replace("present 1", "absent 1"), id="absent with a state only"),
        pytest.param(FILE.replace("present 1 ", "present 1  "), id="two spaces"),
        pytest.param(FILE.replace("present", "maybe"), id="neither"),
        pytest.param(FILE.replace("AAA=\n", "AAB=\n"), id="another spelling"),
        pytest.param(FILE + (b64(bytes(32)) + "\n") * 256, id="257 hashes"),
        pytest.param(FILE + b64(bytes(31)) + "\n", id="short hash"),
    ],
)
def test_what_is_not_an_index_proof_is_malformed(text: str) -> None:
    with pytest.raises(Malformed) as caught:
        decode_index_proof(text.encode())
    assert caught.value.rule == "TLOG-09"
