"""Cosignatures: signatures over a checkpoint with a time, by witnesses and by the log itself (C2SP tlog-cosignature).

A signature line's bytes after the key id are

    u64be(time) || signature          time in POSIX seconds, below 2^63; 0 states no time

and the signed message is, for an Ed25519 cosignature (type 04, 64 bytes),

    "cosignature/v1" newline "time " decimal(time) newline checkpoint-text

which does not commit to the cosigner's name, so one key serves one cosigner only; for ML-DSA-44 (type 06, 2420
bytes, pure mode, no context),

    "subtree/v1" newline 0x00 || u8len(name) name || u64be(time) || u8len(origin) origin
        || u64be(start) || u64be(end) || root          start is 0 and end the size for a checkpoint

A log signs its own checkpoint with ML-DSA-44 in this form too, under its origin as the name. Each type takes a
message of the other for garbage, and neither can be mistaken for a checkpoint. No clock: the time is given.

>>> text = "log.example/1\\n0\\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\\n"
>>> ed25519_message(text, 1679315147)
b'cosignature/v1\\ntime 1679315147\\nlog.example/1\\n0\\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\\n'
>>> subtree_message("w.example/1", text, 1679315147)[:32].hex()
'737562747265652f76310a000b772e6578616d706c652f3100000000641850cb'
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Protocol

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PublicKey

from ledger import edwards
from ledger.errors import Malformed, NotTrusted
from ledger.tlog.checkpoint import read_lines
from ledger.tlog.note import Ed25519Verifier, NoteSignature
from ledger.tlog.vkey import SignatureType, VerifierKey, is_key_name
from ledger.tlog.wire import LIMIT

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PrivateKey

    from ledger.tlog.note import Verifier

_TIME_SIZE: Final = 8
SUBTREE_LABEL: Final = b"subtree/v1\n\x00"


class Cosigner(Protocol):
    """Whatever cosigns checkpoints with one key."""

    @property
    def key(self) -> VerifierKey:
        """Return the public key."""
        ...

    def cosign(self, text: str, time: int) -> NoteSignature:
        """Return the cosignature over a checkpoint's text at a time in POSIX seconds."""
        ...


def ed25519_message(text: str, time: int) -> bytes:
    """Return what an Ed25519 cosignature signs: a checkpoint's text and a time in POSIX seconds."""
    return f"cosignature/v1\ntime {time}\n{text}".encode()


def subtree_message(name: str, text: str, time: int) -> bytes:
    """Return what an ML-DSA-44 cosignature signs.

    name: the cosigner's, at most 255 bytes of UTF-8. text: a checkpoint's. time: POSIX seconds, 0 for none.

    Raises Malformed: TLOG-03, the text is not that of a checkpoint.
    """
    checkpoint = read_lines(text)
    return b"".join(
        (
            SUBTREE_LABEL,
            _short(name.encode()),
            time.to_bytes(8, "big"),
            _short(checkpoint.origin.encode()),
            bytes(8),
            checkpoint.size.to_bytes(8, "big"),
            checkpoint.root,
        )
    )


def _short(value: bytes) -> bytes:
    return bytes([len(value)]) + value


class Ed25519Cosigner:
    """Makes Ed25519 cosignatures (type 04). Never share its key with another cosigner or with a log."""

    def __init__(self, name: str, private: Ed25519PrivateKey) -> None:
        """Cosign under a name; raises ValueError when it is not a key name."""
        public = private.public_key().public_bytes_raw()
        self.key: Final = VerifierKey(_named(name), SignatureType.ED25519_COSIGNATURE, public)
        self._private = private

    def cosign(self, text: str, time: int) -> NoteSignature:
        """Return the cosignature over a checkpoint's text; time in POSIX seconds, above 0."""
        return _stamped(self.key, time, self._private.sign(ed25519_message(text, _stated(time))))


class MlDsa44Cosigner:
    """Makes ML-DSA-44 cosignatures (type 06): a witness's under its own name, a log's under its origin."""

    def __init__(self, name: str, private: MLDSA44PrivateKey) -> None:
        """Cosign under a name; raises ValueError when it is not a key name."""
        public = private.public_key().public_bytes_raw()
        self.key: Final = VerifierKey(_named(name), SignatureType.ML_DSA_44_COSIGNATURE, public)
        self._private = private

    def cosign(self, text: str, time: int) -> NoteSignature:
        """Return the cosignature over a checkpoint's text; time in POSIX seconds, above 0."""
        return _stamped(self.key, time, self._private.sign(subtree_message(self.key.name, text, _stated(time))))


def _named(name: str) -> str:
    if not is_key_name(name):
        raise ValueError("a cosigner's name is 1 to 255 bytes without a space or a plus")
    return name


def _stated(time: int) -> int:
    if not 0 < time < LIMIT:
        raise ValueError("a cosignature states a time above 0 and below 2^63 POSIX seconds")
    return time


def _stamped(key: VerifierKey, time: int, signature: bytes) -> NoteSignature:
    return NoteSignature(key.name, key.key_id, time.to_bytes(_TIME_SIZE, "big") + signature)


class CosignatureVerifier:
    """Checks the cosignatures (type 04 or 06) of one key."""

    def __init__(self, key: VerifierKey) -> None:
        """Check with a key; raises ValueError when it is of another type."""
        self.key: Final = key
        self._public: Ed25519PublicKey | MLDSA44PublicKey
        if key.type is SignatureType.ED25519_COSIGNATURE:
            self._public = Ed25519PublicKey.from_public_bytes(key.public)
        elif key.type is SignatureType.ML_DSA_44_COSIGNATURE:
            self._public = MLDSA44PublicKey.from_public_bytes(key.public)
        else:
            raise ValueError("the key is not for cosignatures")

    def verify(self, text: str, signature: bytes) -> int | None:
        """Check a cosignature over a checkpoint's text and return its time in POSIX seconds; None for a time of 0.

        Raises NotTrusted: TLOG-11, it does not verify, or the text is not that of a checkpoint.
        """
        time, signed = int.from_bytes(signature[:_TIME_SIZE], "big"), signature[_TIME_SIZE:]
        try:
            if self.key.type is SignatureType.ED25519_COSIGNATURE:
                edwards.check_form(signed)
            self._public.verify(signed, self._message(text, time))
        except (InvalidSignature, Malformed, NotTrusted):
            raise NotTrusted("TLOG-11", f"the cosignature of {self.key.name} does not verify") from None
        if time >= LIMIT:
            raise NotTrusted("TLOG-11", f"the cosignature of {self.key.name} states a time of 2^63 or above")
        return time or None

    def _message(self, text: str, time: int) -> bytes:
        if self.key.type is SignatureType.ED25519_COSIGNATURE:
            return ed25519_message(text, time)
        return subtree_message(self.key.name, text, time)


def verifier_for(key: VerifierKey) -> Verifier:
    """Return what checks the signatures of a key, by the type that the key itself states."""
    return Ed25519Verifier(key) if key.type is SignatureType.ED25519 else CosignatureVerifier(key)
