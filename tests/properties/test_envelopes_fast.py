"""The fast reading of the envelope takes exactly the bytes that the close reading takes, and reads them the same."""

from __future__ import annotations

import base64
from typing import Final

from hypothesis import example, given
from hypothesis import strategies as st

from ledger.errors import Malformed
from ledger.statement.form.envelope import (
    MOST_SIGNATURES,
    PAYLOAD_TYPE,
    Envelope,
    Signature,
    encode_envelope,
    parse_envelope,
    parse_other,
)

KEY: Final = "0123456789abcdef" * 4
WRITTEN: Final = encode_envelope(Envelope(b'{"v":1}', (Signature(KEY, bytes(64)), Signature(KEY, b""))))

envelopes = st.builds(
    Envelope,
    st.binary(max_size=40),
    st.lists(
        st.builds(Signature, st.text("0123456789abcdef", min_size=64, max_size=64), st.binary(max_size=70)),
        min_size=1,
        max_size=MOST_SIGNATURES,
    ).map(tuple),
)
_PIECES: Final = (
    b" ",
    b"\n",
    b"\\u0041",
    b"=",
    b"-",
    b"_",
    b"A",
    b"\xc3\xa9",
    b'"',
    b",",
    b"{",
    b"}",
    b"[",
    b"]",
    b"\x00",
)


@st.composite
def nearly_written(draw: st.DrawFn) -> bytes:
    """Return an envelope in which a few bytes were changed, taken out, put in or told twice."""
    data = bytearray(encode_envelope(draw(envelopes)))
    for _ in range(draw(st.integers(0, 3))):
        at = draw(st.integers(0, len(data)))
        to = min(len(data), at + draw(st.integers(0, 4)))
        data[at:to] = draw(st.sampled_from(_PIECES) | st.binary(max_size=3) | st.just(bytes(data[at:to]) * 2))
    return bytes(data)


def read_closely(data: bytes) -> Envelope | None:
    """Return what the reading member by member makes of some bytes; None: it refuses them."""
    try:
        return parse_other(data, PAYLOAD_TYPE)
    except Malformed:
        return None


def read(data: bytes) -> Envelope | None:
    try:
        return parse_envelope(data)
    except Malformed:
        return None


@given(nearly_written())
@example(WRITTEN.replace(b'"sig":""', b'"sig":"AA="'))
@example(WRITTEN.replace(b'"sig":""', b'"sig":"AB=="'))
@example(WRITTEN + b"\n")
@example(WRITTEN.replace(KEY.encode(), KEY.upper().encode(), 1))
@example(WRITTEN.replace(b"statement+json", b"statement\\u002bjson"))
@example(
    WRITTEN.replace(
        b'"signatures":[', b'"signatures":[' + b",".join([b'{"keyid":"%b","sig":""}' % KEY.encode()] * 8) + b","
    )
)
def test_both_readings_take_the_same_bytes_and_read_the_same(data: bytes) -> None:
    assert read(data) == read_closely(data)


@given(envelopes)
def test_what_is_written_is_read_fast_and_is_what_was_written(envelope: Envelope) -> None:
    data = encode_envelope(envelope)
    assert read(data) == read_closely(data) == envelope
    assert base64.b64encode(envelope.payload) in data
