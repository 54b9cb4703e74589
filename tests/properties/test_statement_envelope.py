"""A statement opens as it was signed, and in no other bytes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.errors import Malformed, NotTrusted
from ledger.statement.form.disclosure import check_disclosures, digest_of, make_disclosure
from ledger.statement.form.envelope import Envelope, Signature, encode_envelope, parse_envelope
from ledger.statement.signing.keys import Algorithm
from ledger.statement.signing.signer import MemorySigner
from ledger.statement.statement import open_envelope, sign_statement
from ledger.statement.text.binary import decode_base64, decode_base64url, encode_base64, encode_base64url
from tests.corpus.sample import admitted, sample_payload, seeded

SIGNERS = [seeded(number, alg) for number in (1, 2) for alg in Algorithm]
KEYS = admitted(SIGNERS)
HEX = st.binary(min_size=32, max_size=32).map(bytes.hex)
ENVELOPES = st.builds(
    Envelope,
    st.binary(max_size=200),
    st.lists(st.builds(Signature, HEX, st.binary(max_size=80)), min_size=1, max_size=8).map(tuple),
)


@given(st.lists(st.sampled_from(SIGNERS), min_size=1, max_size=4, unique_by=lambda signer: signer.thumbprint))
def test_a_statement_opens_with_the_keys_of_all_its_signers(signers: list[MemorySigner]) -> None:
    payload = sample_payload(signers)
    envelope = sign_statement(payload, signers)
    opened = open_envelope(envelope, KEYS.get)
    assert (opened.envelope, opened.payload_bytes) == (envelope, payload)
    assert [signer.key for signer in opened.payload.signers] == [signer.thumbprint for signer in signers]
    for missing in signers:
        known = {thumbprint: key for thumbprint, key in KEYS.items() if thumbprint != missing.thumbprint}
        with pytest.raises(NotTrusted, match="KEY-16"):
            open_envelope(envelope, known.get)


def test_another_key_than_the_one_asked_for_is_not_taken() -> None:
    envelope, other = sign_statement(sample_payload(SIGNERS[:1]), SIGNERS[:1]), KEYS[SIGNERS[2].thumbprint]
    with pytest.raises(NotTrusted, match="KEY-16"):
        open_envelope(envelope, lambda _: other)


def test_a_statement_keeps_its_identity_when_it_is_signed_again() -> None:
    signer = seeded(1, Algorithm.ES256)
    one, two = (open_envelope(sign_statement(sample_payload([signer]), [signer]), KEYS.get) for _ in range(2))
    assert one.envelope != two.envelope
    assert one.digest == two.digest


def test_no_envelope_opens_after_any_one_byte_is_changed() -> None:
    signers = SIGNERS[:2]
    envelope = sign_statement(sample_payload(signers), signers)
    for place in range(len(envelope)):
        changed = bytearray(envelope)
        changed[place] ^= 1 << place % 8
        with pytest.raises((Malformed, NotTrusted)):
            open_envelope(bytes(changed), KEYS.get)


@given(st.data())
def test_no_envelope_opens_after_a_piece_is_cut_out_or_repeated(data: st.DataObject) -> None:
    envelope = sign_statement(sample_payload(SIGNERS[:1]), SIGNERS[:1])
    start = data.draw(st.integers(0, len(envelope) - 1))
    end = data.draw(st.integers(start + 1, len(envelope)))
    for changed in (envelope[:start] + envelope[end:], envelope[:end] + envelope[start:]):
        with pytest.raises((Malformed, NotTrusted)):
            open_envelope(changed, KEYS.get)


@given(ENVELOPES)
def test_an_envelope_is_read_back_as_it_was_written(envelope: Envelope) -> None:
    assert parse_envelope(encode_envelope(envelope)) == envelope


@given(st.binary(max_size=300))
def test_any_bytes_are_an_envelope_or_malformed(data: bytes) -> None:
    with pytest.raises(Malformed):
        parse_envelope(data)


@given(st.text("AZaz09+/-_= \n", max_size=12))
def test_base64_has_one_spelling(text: str) -> None:
    for decode, encode in ((decode_base64, encode_base64), (decode_base64url, encode_base64url)):
        try:
            assert encode(decode(text)) == text
        except ValueError:
            continue


@given(st.permutations(range(4)), st.integers(0, 4))
def test_any_part_of_the_disclosures_in_any_order_is_accepted(order: list[int], number: int) -> None:
    made = [make_disclosure(f"name-{index}", index) for index in range(4)]
    handed_in = [made[index] for index in order[:number]]
    digests = sorted(digest_of(one.text) for one in made)
    assert check_disclosures(digests, [one.text for one in handed_in]) == tuple(handed_in)


@given(ENVELOPES, st.data())
def test_an_envelope_of_which_a_piece_is_another_is_malformed_or_in_its_one_form(
    envelope: Envelope, data: st.DataObject
) -> None:
    written = encode_envelope(envelope)
    start = data.draw(st.integers(0, len(written)))
    end = data.draw(st.integers(start, min(len(written), start + 3)))
    piece = data.draw(st.binary(max_size=3) | st.sampled_from([b" ", b"=", b"==", b'"', b"A", b"\n", b"-", b","]))
    changed = written[:start] + piece + written[end:]
    try:
        read = parse_envelope(changed)
    except Malformed:
        return
    assert encode_envelope(read) == changed
