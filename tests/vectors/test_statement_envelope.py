"""The exact bytes of envelopes and of what is signed (DSSE 1.0.2)."""

from __future__ import annotations

import pytest

from ledger.errors import Malformed
from ledger.statement.form.envelope import Envelope, Signature, encode_envelope, pae, parse_envelope

ENVELOPE = Envelope(b"{}", (Signature("ab" * 32, b"\xfb\xff\xfe"), Signature("cd" * 32, b"")))
WRITTEN = (
    b'{"payload":"e30=","payloadType":"application/vnd.vialog.statement+json","signatures":['
    b'{"keyid":"' + b"ab" * 32 + b'","sig":"+//+"},{"keyid":"' + b"cd" * 32 + b'","sig":""}]}'
)


@pytest.mark.parametrize(
    ("payload_type", "payload", "signed"),
    [
        pytest.param(
            "http://example.com/HelloWorld",
            b"hello world",
            b"DSSEv1 29 http://example.com/HelloWorld 11 hello world",
            id="the specification's example",
        ),
        pytest.param("", b"", b"DSSEv1 0  0 ", id="nothing"),
        pytest.param("类", b"x", b"DSSEv1 3 \xe7\xb1\xbb 1 x", id="a type of one character and three bytes"),
        pytest.param("t", "样品".encode(), b"DSSEv1 1 t 6 " + "样品".encode(), id="a payload of two characters"),
        pytest.param("a 1 b", b"1 c", b"DSSEv1 5 a 1 b 3 1 c", id="spaces do not move the borders"),
    ],
)
def test_what_is_signed_counts_bytes(payload_type: str, payload: bytes, signed: bytes) -> None:
    assert pae(payload_type, payload) == signed


def test_an_envelope_has_one_fixed_form() -> None:
    assert encode_envelope(ENVELOPE) == WRITTEN
    assert parse_envelope(WRITTEN) == ENVELOPE


@pytest.mark.parametrize("number", [0, 9])
def test_an_envelope_of_no_or_nine_signatures_is_not_written(number: int) -> None:
    with pytest.raises(Malformed, match="STM-22"):
        encode_envelope(Envelope(b"{}", (Signature("ab" * 32, b""),) * number))


@pytest.mark.parametrize("number", [1, 8])
def test_one_to_eight_signatures_fit(number: int) -> None:
    envelope = Envelope(b"{}", (Signature("ab" * 32, b""),) * number)
    assert parse_envelope(encode_envelope(envelope)) == envelope


@pytest.mark.parametrize("keyid", ["ab" * 31, "AB" * 32, "ab" * 32 + "\n", '"' * 64])
def test_an_envelope_with_a_bent_key_id_is_not_written(keyid: str) -> None:
    with pytest.raises(Malformed, match=r"STM-23: envelope\.signatures\[0\]\.keyid"):
        encode_envelope(Envelope(b"{}", (Signature(keyid, b""),)))


def test_an_envelope_is_at_most_60000_bytes_long() -> None:
    frame = len(encode_envelope(Envelope(b"", (Signature("ab" * 32, b""),))))
    largest = (60_000 - frame) // 4 * 3
    assert len(encode_envelope(Envelope(b"x" * largest, (Signature("ab" * 32, b""),)))) <= 60_000
    with pytest.raises(Malformed, match="STM-01"):
        encode_envelope(Envelope(b"x" * (largest + 1), (Signature("ab" * 32, b""),)))
