"""The keys that check signed notes, and the one line that writes such a key (C2SP signed-note).

    vkey      name "+" 8 lower-case hex digits of the key id "+" base64(type || public key)
    name      1 to 255 bytes of UTF-8, no Unicode space, no control character, no "+"
    key id    SHA-256(name || newline || type || public key)[:4]
    type      01 Ed25519, 04 Ed25519 cosignature, 06 ML-DSA-44 cosignature
    public key    raw: 32 bytes for 01 and 04, 1312 for 06

A key under which others than its holder can sign is refused, and so is one that verifiers read differently: an Ed25519
key is admitted as those of statements are (``ledger.edwards``); of an ML-DSA-44 key the numbers t1 are not all so small
that a signature leaves them unnoticed. The key id identifies a key and proves nothing.

>>> key = parse_vkey("PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW")
>>> key.name, key.type.name, key.key_id.hex()
('PeterNeumann', 'ED25519', 'c74f20a3')
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from enum import IntEnum
from typing import Final

from ledger import edwards
from ledger.errors import Malformed, NotTrusted
from ledger.tlog.wire import UNICODE_SPACES, read_base64, write_base64

KEY_ID_SIZE: Final = 4

MAX_NAME: Final = 255
"""A name's bytes: an ML-DSA-44 cosignature writes their number in one byte."""

_UNFIT: Final = re.compile(rf"[\x00-\x20+\ud800-\udfff{UNICODE_SPACES}]")
_RHO: Final = 32  # bytes of an ML-DSA-44 key before t1
_T1_BITS: Final = 10
_LEAST_T1: Final = 1 << 17


class SignatureType(IntEnum):
    """The byte that tells what a key signs and how."""

    ED25519 = 0x01
    ED25519_COSIGNATURE = 0x04
    ML_DSA_44_COSIGNATURE = 0x06


PUBLIC_KEY_SIZE: Final = {
    SignatureType.ED25519: 32,
    SignatureType.ED25519_COSIGNATURE: 32,
    SignatureType.ML_DSA_44_COSIGNATURE: 1312,
}


@dataclass(frozen=True, slots=True)
class VerifierKey:
    """A named public key for one type of signature; the public key is raw, 32 or 1312 bytes."""

    name: str
    type: SignatureType
    public: bytes

    @property
    def key_id(self) -> bytes:
        """Return the 4 bytes that stand for the key in a signature line."""
        return hashlib.sha256(self.name.encode() + b"\n" + bytes([self.type]) + self.public).digest()[:KEY_ID_SIZE]


def is_key_name(name: str) -> bool:
    """Say whether a text can name a key: 1 to 255 bytes, no Unicode space, no control character, no plus."""
    return _UNFIT.search(name) is None and 0 < len(name.encode()) <= MAX_NAME


def parse_vkey(text: str) -> VerifierKey:
    """Return the key that a vkey writes.

    Raises Malformed: TLOG-02, not a vkey, of a type not known here, or its key id is not that of its key.
    """
    name, _, rest = text.partition("+")
    _, _, encoded = rest.partition("+")
    if not is_key_name(name) or not encoded:
        raise Malformed("TLOG-02", "vkey", "not a name, a key id and a key with a plus between")
    raw = read_base64(encoded, rule="TLOG-02", member="vkey")
    if not raw or raw[0] not in PUBLIC_KEY_SIZE:
        raise Malformed("TLOG-02", "vkey", "the signature type is none of 01, 04 and 06")
    key = VerifierKey(name, SignatureType(raw[0]), raw[1:])
    if len(key.public) != PUBLIC_KEY_SIZE[key.type]:
        raise Malformed("TLOG-02", "vkey", "the public key has the wrong length for its type")
    if format_vkey(key) != text:
        raise Malformed("TLOG-02", "vkey", "the key id is not that of the name and key")
    _admit(key)
    return key


def format_vkey(key: VerifierKey) -> str:
    """Return the vkey of a key."""
    return f"{key.name}+{key.key_id.hex()}+{write_base64(bytes([key.type]) + key.public)}"


def _admit(key: VerifierKey) -> None:
    """Raise Malformed for a key with which others than its holder can sign, or that verifiers read differently."""
    if key.type is SignatureType.ML_DSA_44_COSIGNATURE:
        if _weight(key.public[_RHO:]) < _LEAST_T1:
            raise Malformed("TLOG-02", "vkey", "the numbers t1 of the key are so small that anybody can sign")
        return
    try:
        edwards.admit_point(key.public)
    except NotTrusted as error:
        raise Malformed("TLOG-02", "vkey", error.problem) from None


def _weight(t1: bytes) -> int:
    """Return how far the 1,024 numbers t1 of an ML-DSA-44 key are from 0, all together.

    Each has 10 bits, the lowest first. A verifier takes 2^13 c t1 from A z, c with 39 ones, and looks at the high parts
    alone, with up to 80 hints. There 2^13 * 1023 is -1, so a number's distance from 0 is the lesser of it and of 1023
    less it. With all of them near 0 a signature of z = 0 passes, and nobody needs the secret. Those of an honest key
    add up to 261,888, give or take 5,000; half of that no honest key has, and it is far more than hints could hide.
    FIPS 204, algorithms 3 and 8.
    """
    packed, most = int.from_bytes(t1, "little"), (1 << _T1_BITS) - 1
    numbers = (packed >> at & most for at in range(0, 8 * len(t1), _T1_BITS))
    return sum(min(number, most - number) for number in numbers)
