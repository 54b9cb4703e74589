"""Private keys in files: PKCS#8 PEM, encrypted with a passphrase, readable by their owner alone (mode 0600).

Never writes a key in clear, and never over a file that is there.
"""

from __future__ import annotations

import os
import stat
from typing import TYPE_CHECKING, Final, TypeAlias

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization

from ledger.errors import NotTrusted

if TYPE_CHECKING:
    from pathlib import Path

    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PrivateKey
    from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes

    AnyPrivateKey: TypeAlias = PrivateKeyTypes | MLDSA44PrivateKey
    WrittenKey: TypeAlias = Ed25519PrivateKey | EllipticCurvePrivateKey | MLDSA44PrivateKey

_LARGEST_KEY_FILE: Final = 16_384


def write_key(path: Path, private: WrittenKey, passphrase: str) -> None:
    """Write a private key to a new file of mode 0600; when this returns, the file and its name are on disk.

    Raises NotTrusted: KEY-22 the passphrase is empty. FileExistsError, never overwriting; other OSErrors.
    """
    if not passphrase:
        raise NotTrusted("KEY-22", "the passphrase is empty")
    pem = private.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.BestAvailableEncryption(passphrase.encode()),
    )
    _write_new(path, pem)


def read_key(path: Path, passphrase: str) -> AnyPrivateKey:
    """Return the private key in a file, of whatever algorithm.

    Raises NotTrusted: KEY-20 others can reach the file, KEY-21 not encrypted or not PKCS#8 PEM, KEY-22 the passphrase
    does not open it. OSError: the file cannot be read.
    """
    pem = _read_private(path)
    # OpenSSL's older encrypted form ("RSA PRIVATE KEY" with a header) derives its key with MD5: only PKCS#8 is taken.
    if not pem.startswith(b"-----BEGIN ENCRYPTED PRIVATE KEY-----"):
        raise NotTrusted("KEY-21", f"the key file {path} is not an encrypted PKCS#8 PEM: encrypt it with a passphrase")
    if not passphrase:
        raise NotTrusted("KEY-22", "the passphrase is empty")
    try:
        return serialization.load_pem_private_key(pem, passphrase.encode())
    except (ValueError, UnsupportedAlgorithm):
        raise NotTrusted("KEY-22", f"the passphrase does not open {path}, or the file is damaged") from None


def _write_new(path: Path, data: bytes) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
    except OSError:
        path.unlink()  # a full disk: half a key must not stand in the way of the next attempt
        raise
    # The file's name is part of its folder: without this a crash could lose a key that has already been enrolled.
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Bring the names in a folder to the disk."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _read_private(path: Path) -> bytes:
    with path.open("rb") as file:
        mode = os.fstat(file.fileno()).st_mode  # of the file that is open, not of whatever the name points at next
        if mode & (stat.S_IRWXG | stat.S_IRWXO):
            raise NotTrusted("KEY-20", f"others can reach the key file {path}: run chmod 600 on it, or enrol a new key")
        return file.read(_LARGEST_KEY_FILE)
