"""The keys with which a service signs what it tells hooks: Standard Webhooks, asymmetric (``v1a``, Ed25519).

Signed is ``{webhook-id}.{webhook-timestamp}.{body}``. The key signs nothing else: no checkpoint, no statement. Who
holds it can tell hooks what never happened; whoever is told reads at the log what did. While a new key takes over, the
one before it signs beside it, so that whoever checks deliveries changes keys when it likes.
"""

from __future__ import annotations

import os
import stat
from typing import TYPE_CHECKING, Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from ledger.errors import NotFound, NotTrusted, Refused
from ledger.files import holds_something
from ledger.statement.signing.key_files import read_key, write_key
from ledger.statement.text.binary import encode_base64

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

FILE: Final = "hooks.pem"
"""Beside the log's own keys, under the same passphrase."""

OLD: Final = "hooks-old.pem"
"""The key before, while it signs beside the other."""

RULES: Final = {
    "HOK-05": "The key for hooks is changed once the key before it signs no more.",
}

_NEW: Final = "hooks-new.pem"


class HookKey:
    """What one log's service signs with: one key, or two while one takes over from the other."""

    def __init__(self, *private: Ed25519PrivateKey) -> None:
        """Sign with private keys, the newest first."""
        self._private = private

    @classmethod
    def open(cls, folder: Path, passphrase: str) -> HookKey:
        """Return the keys in a folder; one is made where there is none.

        Raises NotTrusted: KEY-20 to KEY-22, KEY-24. OSError.
        """
        file = folder / FILE
        if not holds_something(file):
            folder.mkdir(mode=stat.S_IRWXU, parents=True, exist_ok=True)
            write_key(file, Ed25519PrivateKey.generate(), passphrase)
        newest, old = _read(file, passphrase), folder / OLD
        before = _read(old, passphrase) if holds_something(old) else newest
        # Both are the same where making the new one was interrupted.
        return cls(newest) if _raw(before) == _raw(newest) else cls(newest, before)

    @property
    def public(self) -> list[str]:
        """Return the public halves as hooks are given them: ``whpk_`` and 32 bytes in base64, the newest first."""
        return [f"whpk_{encode_base64(_raw(one))}" for one in self._private]

    def headers(self, message: str, at: datetime, body: bytes) -> dict[str, str]:
        """Return the headers of one attempt. message: its id, the same in every attempt. at: of this attempt."""
        seconds = str(int(at.timestamp()))
        signed = f"{message}.{seconds}.".encode() + body
        return {
            "webhook-id": message,
            "webhook-timestamp": seconds,
            "webhook-signature": " ".join(f"v1a,{encode_base64(one.sign(signed))}" for one in self._private),
        }


def rotate(folder: Path, passphrase: str) -> None:
    """Let a new key take over from the one in a folder, which signs beside it until it is dropped.

    Stopped anywhere, the key that was there still signs, and this can be done again. Raises NotFound: there is none.
    Refused: HOK-05. NotTrusted: KEY-20 to KEY-22, KEY-24. OSError.
    """
    file, old, new = (folder / name for name in (FILE, OLD, _NEW))
    if not holds_something(file):
        raise NotFound("there is no key for hooks yet: `vialog serve` makes one")
    current = _read(file, passphrase)
    if holds_something(old) and _raw(_read(old, passphrase)) != _raw(current):
        raise Refused("HOK-05", "the key before still signs beside this one: `vialog hook rotate --drop` ends that")
    new.unlink(missing_ok=True)
    write_key(new, Ed25519PrivateKey.generate(), passphrase)
    if not holds_something(old):
        os.link(file, old)
    new.replace(file)


def drop_old(folder: Path) -> None:
    """Let the key before sign no more. Raises NotFound: there is none. OSError."""
    if not holds_something(folder / OLD):
        raise NotFound("no key for hooks signs beside the newest one")
    (folder / OLD).unlink()


def _read(file: Path, passphrase: str) -> Ed25519PrivateKey:
    private = read_key(file, passphrase)
    if not isinstance(private, Ed25519PrivateKey):
        raise NotTrusted("KEY-21", f"a key in {file.parent} is of another algorithm than its file's name says")
    return private


def _raw(private: Ed25519PrivateKey) -> bytes:
    return private.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
