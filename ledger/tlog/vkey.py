"""The keys that check signed notes, and the one line that writes such a key (C2SP signed-note).

    vkey      name "+" 8 lower-case hex digits of the key id "+" base64(type || public key)
    name      1 to 255 bytes of UTF-8, no Unicode space, no control character, no "+"
    key id    SHA-256(name || newline || type || public key)[:4]
    type      01 Ed25519, 04 Ed25519 cosignature, 06 ML-DSA-44 cosignature
    public key    raw: 32 bytes for 01 and 04, 1312 for 06

An Ed25519 key whose point is not canonical or of small order is refused: under the latter anybody can make
a signature of anything. The key id identifies a key and proves nothing.

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

from ledger.errors import Malformed
from ledger.tlog.wire import UNICODE_SPACES, read_base64, write_base64

KEY_ID_SIZE: Final = 4

MAX_NAME: Final = 255
"""A name's bytes: an ML-DSA-44 cosignature writes their number in one byte."""

_UNFIT: Final = re.compile(rf"[\x00-\x20+\ud800-\udfff{UNICODE_SPACES}]")
_FIELD: Final = 2**255 - 19
_ORDER_EIGHT: Final = 0x05FC536D880238B13933C6D305ACDFD5F098EFF289F4C345B027B2C28F95E826
# The y-coordinates of the eight points whose order divides the cofactor.
_SMALL_ORDER: Final = {0, 1, _FIELD - 1, _ORDER_EIGHT, _FIELD - _ORDER_EIGHT}


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
    if key.type is not SignatureType.ML_DSA_44_COSIGNATURE and not _is_admissible(key.public):
        raise Malformed("TLOG-02", "vkey", "the Ed25519 point is not canonical or of small order")
    return key


def format_vkey(key: VerifierKey) -> str:
    """Return the vkey of a key."""
    return f"{key.name}+{key.key_id.hex()}+{write_base64(bytes([key.type]) + key.public)}"


def _is_admissible(public: bytes) -> bool:
    y = int.from_bytes(public, "little") & ((1 << 255) - 1)
    return y < _FIELD and y not in _SMALL_ORDER
