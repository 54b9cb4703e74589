"""Signed notes agree with the reference implementation's example, and only well-formed ones are opened."""

from __future__ import annotations

import base64

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from ledger.errors import Malformed, NotTrusted
from ledger.tlog.note import (
    Ed25519Signer,
    Ed25519Verifier,
    Note,
    NoteSignature,
    format_note,
    format_signature_lines,
    open_note,
    parse_note,
    parse_signature_lines,
)
from ledger.tlog.vkey import SignatureType, VerifierKey, format_vkey, parse_vkey

VKEY = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
SEED = base64.b64decode("AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz")[1:]
TEXT = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n"
LINE = "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
NOTE = f"{TEXT}\n{LINE}".encode()
VERIFIER = Ed25519Verifier(parse_vkey(VKEY))


def signer(name: str) -> Ed25519Signer:
    return Ed25519Signer(name, Ed25519PrivateKey.from_private_bytes(SEED))


def signed(text: str, *signers: Ed25519Signer) -> bytes:
    return format_note(Note(text, tuple(one.sign(text) for one in signers)))


def test_signing_gives_the_reference_note_byte_for_byte() -> None:
    assert signed(TEXT, signer("PeterNeumann")) == NOTE
    assert format_vkey(signer("PeterNeumann").key) == VKEY


def test_a_note_opens_to_the_text_before_the_last_blank_line() -> None:
    text = "one\n\ntwo\n\n— not a signature\n"
    opened = open_note(signed(text, signer("PeterNeumann")), [VERIFIER])
    assert opened.text == text
    assert [one.key for one in opened.signed] == [VERIFIER.key]
    assert opened.signed[0].time is None


def test_signatures_of_unknown_keys_are_ignored() -> None:
    same_name = NoteSignature("PeterNeumann", b"\x00\x00\x00\x01", b"x")
    same_id = NoteSignature("EnochRoot", VERIFIER.key.key_id, b"x")
    note = Note(TEXT, (same_name, *parse_note(NOTE).signatures, same_id))
    assert [one.key for one in open_note(format_note(note), [VERIFIER]).signed] == [VERIFIER.key]


@pytest.mark.rule("TLOG-11")
def test_one_failing_signature_of_a_known_key_rejects_the_whole_note() -> None:
    good = parse_note(NOTE).signatures[0]
    bad = NoteSignature(good.name, good.key_id, bytes(64))
    with pytest.raises(NotTrusted) as caught:
        open_note(format_note(Note(TEXT, (good, bad))), [VERIFIER])
    assert caught.value.rule == "TLOG-11"


@pytest.mark.rule("TLOG-12")
def test_a_note_that_no_known_key_signed_is_not_trusted() -> None:
    with pytest.raises(NotTrusted) as caught:
        open_note(NOTE, [Ed25519Verifier(signer("EnochRoot").key)])
    assert caught.value.rule == "TLOG-12"


def test_a_changed_text_is_not_trusted() -> None:
    with pytest.raises(NotTrusted):
        open_note(NOTE.replace(b"cryptography", b"cryptographY"), [VERIFIER])


def test_two_verifiers_of_one_name_and_id_are_a_mistake() -> None:
    with pytest.raises(ValueError, match="two verifiers"):
        open_note(NOTE, [VERIFIER, Ed25519Verifier(parse_vkey(VKEY))])


@pytest.mark.rule("TLOG-01")
def test_a_hundred_signatures_are_accepted_and_one_more_is_not() -> None:
    line = parse_note(NOTE).signatures[0]
    assert len(open_note(format_note(Note(TEXT, (line,) * 100)), [VERIFIER]).signed) == 100
    with pytest.raises(Malformed):
        open_note(format_note(Note(TEXT, (line,) * 101)), [VERIFIER])


@pytest.mark.rule("TLOG-01")
def test_a_note_of_a_million_bytes_is_read_and_a_longer_one_is_not() -> None:
    room = 1_000_000 - len(f"\n\n{LINE}".encode())
    assert parse_note(b"x" * room + f"\n\n{LINE}".encode()).text == "x" * room + "\n"
    with pytest.raises(Malformed):
        parse_note(b"x" * (room + 1) + f"\n\n{LINE}".encode())


@pytest.mark.rule("TLOG-01")
@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(b"\xff" + NOTE, id="not UTF-8"),
        pytest.param(b"\xc0\x80" + NOTE, id="overlong UTF-8"),
        pytest.param(b"a\tb\n\n" + LINE.encode(), id="tab"),
        pytest.param(b"a\r\n\n" + LINE.encode(), id="carriage return"),
        pytest.param(b"a\x00\n\n" + LINE.encode(), id="zero byte"),
        pytest.param(TEXT.encode(), id="no signatures"),
        pytest.param(TEXT.encode() + b"\n", id="no signature lines"),
        pytest.param(TEXT.encode() + LINE.encode(), id="no blank line"),
        pytest.param(NOTE[:-1], id="no last newline"),
        pytest.param(NOTE + b"\n", id="a blank line after the signatures"),
        pytest.param(NOTE + b"x\n", id="a line that is no signature"),
        pytest.param(NOTE.replace("—".encode(), b"-"), id="another dash"),
        pytest.param(NOTE.replace(b"PeterNeumann x", b"PeterNeumann  x"), id="two spaces"),
        pytest.param(NOTE.replace(b"PeterNeumann ", b" "), id="no name"),
        pytest.param(NOTE.replace(b"PeterNeumann", b"Peter+Neumann"), id="a plus in the name"),
        pytest.param(NOTE.replace(b"PeterNeumann", "Peter\u00a0Neumann".encode()), id="a Unicode space in the name"),
        pytest.param(NOTE.replace(b"nAM=\n", b"nAM\n"), id="no padding"),
        pytest.param(NOTE.replace(b"nAM=\n", b"nAN=\n"), id="bits behind the last byte"),
        pytest.param(NOTE.replace(b"nAM=\n", b"nAM= \n"), id="space at the end"),
        pytest.param(NOTE.replace(b"x08go/", b"x08go_"), id="URL alphabet"),
        pytest.param(TEXT.encode() + "\n— PeterNeumann x08gow==\n".encode(), id="a key id alone"),
    ],
)
def test_what_is_not_a_note_is_malformed(data: bytes) -> None:
    with pytest.raises(Malformed) as caught:
        parse_note(data)
    assert caught.value.rule == "TLOG-01"


@pytest.mark.parametrize("text", ["", "no newline", "tab\t\n"])
def test_a_text_that_is_no_note_text_is_not_written(text: str) -> None:
    with pytest.raises(Malformed):
        signed(text, signer("PeterNeumann"))


def test_signature_lines_stand_alone_as_a_witness_answers_them() -> None:
    lines = parse_note(NOTE).signatures
    assert format_signature_lines(lines) == LINE.encode()
    assert parse_signature_lines(LINE.encode()) == lines


def test_no_part_of_a_vkey_is_a_vkey() -> None:
    for start in range(len(VKEY)):
        for end in range(start + 1, len(VKEY) + 1):
            if (start, end) != (0, len(VKEY)):
                with pytest.raises(Malformed):
                    parse_vkey(VKEY[start:end])


def test_no_changed_vkey_is_a_vkey() -> None:
    for at, char in enumerate(VKEY):
        with pytest.raises(Malformed):
            parse_vkey(VKEY[:at] + chr(ord(char) + 1) + VKEY[at + 1 :])


@pytest.mark.rule("TLOG-02")
@pytest.mark.parametrize(
    "key",
    [
        VerifierKey("a", SignatureType.ED25519, bytes(31)),
        VerifierKey("a", SignatureType.ED25519_COSIGNATURE, bytes(33)),
        VerifierKey("a", SignatureType.ML_DSA_44_COSIGNATURE, bytes(32)),
        VerifierKey("a b", SignatureType.ED25519, bytes(32)),
        VerifierKey("é" * 128, SignatureType.ML_DSA_44_COSIGNATURE, bytes(1312)),
    ],
    ids=["too short", "too long", "another algorithm's", "a space in the name", "256 bytes of name"],
)
def test_a_vkey_of_the_wrong_form_is_malformed_even_with_its_own_id(key: VerifierKey) -> None:
    with pytest.raises(Malformed) as caught:
        parse_vkey(format_vkey(key))
    assert caught.value.rule == "TLOG-02"


def test_a_vkey_of_an_unknown_type_is_malformed() -> None:
    with pytest.raises(Malformed, match="none of 01, 04 and 06"):
        parse_vkey("PeterNeumann+173116ae+ZRpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW")


def _small_order_points() -> list[bytes]:
    eight = 0x05FC536D880238B13933C6D305ACDFD5F098EFF289F4C345B027B2C28F95E826
    field = 2**255 - 19
    canonical = [0, 1, field - 1, eight, field - eight]
    return [(y | sign << 255).to_bytes(32, "little") for y in (*canonical, field, field + 1) for sign in (0, 1)]


@pytest.mark.rule("TLOG-02")
@pytest.mark.parametrize("public", _small_order_points(), ids=bytes.hex)
@pytest.mark.parametrize("kind", [SignatureType.ED25519, SignatureType.ED25519_COSIGNATURE])
def test_a_key_under_which_anybody_can_sign_is_malformed(kind: SignatureType, public: bytes) -> None:
    with pytest.raises(Malformed, match=r"small order|not a canonical point"):
        parse_vkey(format_vkey(VerifierKey("a", kind, public)))


def test_a_lone_surrogate_names_no_key() -> None:
    with pytest.raises(Malformed):
        parse_vkey(VKEY.replace("PeterNeumann", "Peter\ud800Neumann"))
