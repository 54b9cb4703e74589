"""Signed notes: a text with one line for each signature (C2SP signed-note), and how one is opened.

    note      text blank-line 1*100(signature-line)      at most 1,000,000 bytes of UTF-8, no control but newline
    text      lines, each with its newline; the text may hold blank lines, the note splits at its last one
    signature-line   "— " name " " base64(key id || signature) newline           "—" is U+2014
    name, key id     as in ``vkey``; the key id is 4 bytes

Signatures of unknown keys are ignored. A signature under the name and id of a known key that does not verify
rejects the whole note. A text is believed only after ``open_note``. No I/O, no clock.

>>> from ledger.tlog.vkey import parse_vkey
>>> key = parse_vkey("PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW")
>>> note = (
...     "If you think cryptography is the answer to your problem,\\n"
...     "then you don't know what your problem is.\\n"
...     "\\n"
...     "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\\n"
... )
>>> opened = open_note(note.encode(), [Ed25519Verifier(key)])
>>> [signed.key.name for signed in opened.signed]
['PeterNeumann']
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Protocol

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from ledger import edwards
from ledger.errors import Malformed, NotTrusted
from ledger.tlog.vkey import KEY_ID_SIZE, SignatureType, VerifierKey, is_key_name
from ledger.tlog.wire import read_base64, write_base64

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

MAX_SIGNATURES: Final = 100
MAX_NOTE: Final = 1_000_000

_DASH: Final = "\u2014 "
_CONTROL: Final = re.compile(r"[\x00-\x09\x0b-\x1f]")


@dataclass(frozen=True, slots=True)
class NoteSignature:
    """One signature line: who is said to have signed, the 4-byte key id, and the signature's own bytes."""

    name: str
    key_id: bytes
    signature: bytes


@dataclass(frozen=True, slots=True)
class Note:
    """A note as parsed: nothing in it is verified. The text ends with a newline."""

    text: str
    signatures: tuple[NoteSignature, ...]


class Verifier(Protocol):
    """Whatever checks the signatures of one key."""

    @property
    def key(self) -> VerifierKey:
        """Return the key."""
        ...

    def verify(self, text: str, signature: bytes) -> int | None:
        """Check a signature over a note's text; return the POSIX seconds it states, None where it states none.

        Raises NotTrusted: TLOG-11, it does not verify.
        """
        ...


@dataclass(frozen=True, slots=True)
class Signed:
    """A verified signature: the key, and the time it states in POSIX seconds (None: none is stated)."""

    key: VerifierKey
    time: int | None


@dataclass(frozen=True, slots=True)
class OpenedNote:
    """A text that known keys have signed, with their verified signatures in the order of the note."""

    text: str
    signed: tuple[Signed, ...]


def parse_note(data: bytes) -> Note:
    """Return a note's text and signature lines, verified by nobody yet.

    Raises Malformed: TLOG-01, not a signed note.
    """
    if len(data) > MAX_NOTE:
        raise Malformed("TLOG-01", "$", f"larger than {MAX_NOTE} bytes")
    decoded = _decode(data)
    text, blank, lines = decoded.rpartition("\n\n")
    if not blank:
        raise Malformed("TLOG-01", "$", "no blank line before the signatures")
    return Note(text + "\n", _parse_lines(lines))


def format_note(note: Note) -> bytes:
    """Return a note's bytes.

    Raises Malformed: TLOG-01, they would not be a note.
    """
    data = f"{note.text}\n".encode() + format_signature_lines(note.signatures)
    if parse_note(data) != note:
        raise Malformed("TLOG-01", "$", "the text does not end with a newline, or runs into the signatures")
    return data


def parse_signature_lines(data: bytes) -> tuple[NoteSignature, ...]:
    """Return the signatures of some signature lines standing alone, as a witness answers them.

    Raises Malformed: TLOG-01.
    """
    if len(data) > MAX_NOTE:
        raise Malformed("TLOG-01", "$", f"larger than {MAX_NOTE} bytes")
    return _parse_lines(_decode(data))


def format_signature_lines(signatures: Iterable[NoteSignature]) -> bytes:
    """Return the signature lines of a note, each with its newline."""
    lines = (f"{_DASH}{one.name} {write_base64(one.key_id + one.signature)}\n" for one in signatures)
    return "".join(lines).encode()


def _decode(data: bytes) -> str:
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        raise Malformed("TLOG-01", "$", "not UTF-8") from None
    if _CONTROL.search(text):
        raise Malformed("TLOG-01", "$", "a control character other than newline")
    return text


def _parse_lines(text: str) -> tuple[NoteSignature, ...]:
    *lines, rest = text.split("\n")
    if rest or not 0 < len(lines) <= MAX_SIGNATURES:
        raise Malformed("TLOG-01", "signatures", f"not 1 to {MAX_SIGNATURES} signature lines, each with its newline")
    return tuple(_parse_line(line, f"signatures[{at}]") for at, line in enumerate(lines))


def _parse_line(line: str, member: str) -> NoteSignature:
    name, space, encoded = line.removeprefix(_DASH).partition(" ")
    if not line.startswith(_DASH) or not space or not is_key_name(name):
        raise Malformed("TLOG-01", member, "not a dash, a key name and a signature with one space between")
    signature = read_base64(encoded, rule="TLOG-01", member=member)
    if len(signature) <= KEY_ID_SIZE:
        raise Malformed("TLOG-01", member, "too short for a key id and a signature")
    return NoteSignature(name, signature[:KEY_ID_SIZE], signature[KEY_ID_SIZE:])


def open_note(data: bytes, verifiers: Iterable[Verifier]) -> OpenedNote:
    """Return a note's text and who of the known keys signed it.

    verifiers: the known keys; no two with the same name and key id.

    Raises Malformed: TLOG-01. NotTrusted: TLOG-11 a known key's signature does not verify, TLOG-12 no known key
    has signed. ValueError: two verifiers share a name and a key id.
    """
    note = parse_note(data)
    known: dict[tuple[str, bytes], Verifier] = {}
    for verifier in verifiers:
        if known.setdefault((verifier.key.name, verifier.key.key_id), verifier) is not verifier:
            raise ValueError(f"two verifiers share the name {verifier.key.name} and a key id")
    signed = tuple(
        Signed(match.key, match.verify(note.text, line.signature))
        for line in note.signatures
        if (match := known.get((line.name, line.key_id))) is not None
    )
    if not signed:
        raise NotTrusted("TLOG-12", "no known key has signed the note")
    return OpenedNote(note.text, signed)


class Ed25519Verifier:
    """Checks the plain Ed25519 signatures (type 01) of one key."""

    def __init__(self, key: VerifierKey) -> None:
        """Check with a key; raises ValueError when it is of another type."""
        if key.type is not SignatureType.ED25519:
            raise ValueError("the key is not for plain Ed25519 signatures")
        self.key: Final = key
        self._public = Ed25519PublicKey.from_public_bytes(key.public)

    def verify(self, text: str, signature: bytes) -> None:
        """Check a signature over a note's text; it states no time. Raises NotTrusted: TLOG-11."""
        try:
            edwards.check_form(signature)
            self._public.verify(signature, text.encode())
        except (InvalidSignature, NotTrusted):
            raise NotTrusted("TLOG-11", f"the signature of {self.key.name} does not verify") from None


class Ed25519Signer:
    """Makes plain Ed25519 signatures (type 01): how a log signs its checkpoints."""

    def __init__(self, name: str, private: Ed25519PrivateKey) -> None:
        """Sign under a name; a log's is its origin. Raises ValueError: not a key name."""
        if not is_key_name(name):
            raise ValueError("a key name is not empty and has no space and no plus")
        self.key: Final = VerifierKey(name, SignatureType.ED25519, private.public_key().public_bytes_raw())
        self._private = private

    def sign(self, text: str) -> NoteSignature:
        """Return the signature over a note's text."""
        return NoteSignature(self.key.name, self.key.key_id, self._private.sign(text.encode()))
