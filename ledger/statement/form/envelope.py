"""The envelope around a signed payload: DSSE 1.0.2 in one fixed form.

    {"payload":"<base64>","payloadType":"application/vnd.vialog.statement+json","signatures":[{"keyid":"…","sig":"<base64>"}…]}

DSSE lets a reader accept either base64 alphabet and skip unknown members, so one signature would fit many envelopes.
Here the bytes of an envelope follow from what it carries: it is read, written again and compared. This module reads
no payload and verifies no signature.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

from ledger.errors import Malformed
from ledger.statement.text import strict_json
from ledger.statement.text.binary import decode_base64, encode_base64
from ledger.statement.text.shape import Form, read_array, read_form, read_members, read_text

if TYPE_CHECKING:
    from ledger.statement.text.strict_json import JsonValue

PAYLOAD_TYPE: Final = "application/vnd.vialog.statement+json"
ROOT: Final = "envelope"
"""What an envelope is called in an error's member; ``$`` is the payload, which is what people write."""

MOST_SIGNATURES: Final = 8
_KEY_ID: Final = Form("STM-23", re.compile("[0-9a-f]{64}"), "a whole thumbprint, 64 lower-case hex digits")
_TEXT: Final = "[0-9A-Za-z+/]*={0,2}"
_SIGNATURE: Final = re.compile(f'{{"keyid":"([0-9a-f]{{64}})","sig":"({_TEXT})"}}')
_FIXED: Final = re.compile(
    f'{{"payload":"({_TEXT})","payloadType":"{re.escape(PAYLOAD_TYPE)}","signatures":'
    rf"\[({_SIGNATURE.pattern}(?:,{_SIGNATURE.pattern})*)\]}}".encode()
)


class Signature(NamedTuple):
    """One signature: the thumbprint of its key (64 hex digits; unauthenticated here) and its raw bytes."""

    keyid: str
    sig: bytes


class Envelope(NamedTuple):
    """A payload as signed, and its signatures in the order of the payload's signers."""

    payload: bytes
    signatures: tuple[Signature, ...]


def pae(payload_type: str, payload: bytes) -> bytes:
    """Return the bytes that are signed: DSSE's pre-authentication encoding.

    payload_type: any text; its length counts in bytes of UTF-8, not in characters.

    DSSE 1.0.2, protocol, "Signature Definition".
    """
    encoded = payload_type.encode()
    return b"DSSEv1 %d %b %d %b" % (len(encoded), encoded, len(payload), payload)


def encode_envelope(envelope: Envelope, payload_type: str = PAYLOAD_TYPE) -> bytes:
    """Write an envelope in the one fixed form.

    payload_type: a statement's if left out.

    Raises Malformed: STM-22 no or too many signatures, STM-23 a key id is not one, STM-01 too large.
    """
    _check_number(len(envelope.signatures))
    for index, signature in enumerate(envelope.signatures):
        read_form(signature.keyid, f"{ROOT}.signatures[{index}].keyid", _KEY_ID)
    data = _write(envelope, payload_type)
    if len(data) > strict_json.SIZE_LIMIT:
        raise Malformed("STM-01", ROOT, f"{len(data)} bytes, more than {strict_json.SIZE_LIMIT}")
    return data


def parse_envelope(data: bytes) -> Envelope:
    """Read the envelope of a statement; nothing in it is verified yet.

    Raises Malformed: STM-01 to STM-18 not strict JSON of this shape, STM-20 another payload type, STM-21 not
    canonical base64, STM-22 no or too many signatures, STM-23 a key id is not one, STM-24 not the fixed form.
    """
    return _read_fixed(data) or _read_closely(data, PAYLOAD_TYPE)


def parse_other(data: bytes, payload_type: str) -> Envelope:
    """Read an envelope of another payload type, which is no statement's; raises as ``parse_envelope``."""
    return _read_closely(data, payload_type)


def _read_fixed(data: bytes) -> Envelope | None:
    """Read an envelope that is written in the one fixed form; None of another, of which the close reading tells why."""
    match = _FIXED.fullmatch(data) if len(data) <= strict_json.SIZE_LIMIT else None
    if match is None:
        return None
    signatures = _SIGNATURE.findall(match[2].decode())
    if len(signatures) > MOST_SIGNATURES:
        return None
    try:
        payload = decode_base64(match[1].decode())
        return Envelope(payload, tuple(Signature(keyid, decode_base64(sig)) for keyid, sig in signatures))
    except ValueError:
        return None


def _read_closely(data: bytes, payload_type: str) -> Envelope:
    """Read an envelope member by member, to say what is wrong with it and where."""
    said = read_members(strict_json.parse(data, root=ROOT), ROOT, ("payload", "payloadType", "signatures"))
    if read_text(said["payloadType"], f"{ROOT}.payloadType") != payload_type:
        raise Malformed("STM-20", f"{ROOT}.payloadType", f"is not {payload_type}")
    payload = _read_bytes(said["payload"], f"{ROOT}.payload")
    signatures = read_array(said["signatures"], f"{ROOT}.signatures", least=0, most=strict_json.SIZE_LIMIT)
    _check_number(len(signatures))
    envelope = Envelope(
        payload, tuple(_signature(value, f"{ROOT}.signatures[{i}]") for i, value in enumerate(signatures))
    )
    if _write(envelope, payload_type) != data:
        raise Malformed("STM-24", ROOT, "is not written in the one fixed form: member order, escapes or white space")
    return envelope


def _write(envelope: Envelope, payload_type: str) -> bytes:
    signatures = ",".join(
        f'{{"keyid":"{each.keyid}","sig":"{encode_base64(each.sig)}"}}' for each in envelope.signatures
    )
    payload = encode_base64(envelope.payload)
    return f'{{"payload":"{payload}","payloadType":"{payload_type}","signatures":[{signatures}]}}'.encode()


def _signature(value: JsonValue, member: str) -> Signature:
    said = read_members(value, member, ("keyid", "sig"))
    return Signature(read_form(said["keyid"], f"{member}.keyid", _KEY_ID), _read_bytes(said["sig"], f"{member}.sig"))


def _read_bytes(value: JsonValue, member: str) -> bytes:
    text = read_text(value, member)
    try:
        return decode_base64(text)
    except ValueError:
        raise Malformed("STM-21", member, "is not canonical base64 in the standard alphabet, padded") from None


def _check_number(signatures: int) -> None:
    if not 1 <= signatures <= MOST_SIGNATURES:
        raise Malformed("STM-22", f"{ROOT}.signatures", f"{signatures} signatures, not 1 to {MOST_SIGNATURES}")
