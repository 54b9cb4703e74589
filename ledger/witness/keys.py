"""Key files of cosigners: a witness's, a mirror's. One key for each role, never one for two.

    <file>         Ed25519 or ML-DSA-44, PKCS#8 PEM under a passphrase, mode 0600; never overwritten
    <file>.vkey    one line, the vkey: the name that it cosigns under and the public key; for others' policies

The name is read from the second file, whose key must be that of the first.
"""

from __future__ import annotations

import errno
from enum import StrEnum
from typing import TYPE_CHECKING

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PrivateKey

from ledger.errors import Malformed, NotTrusted
from ledger.files import PUBLIC, write_new
from ledger.statement.signing.key_files import read_key, write_key
from ledger.tlog.cosignature import Ed25519Cosigner, MlDsa44Cosigner
from ledger.tlog.vkey import format_vkey, is_key_name, parse_vkey

if TYPE_CHECKING:
    from pathlib import Path

    from ledger.tlog.cosignature import Cosigner


class CosignerAlgorithm(StrEnum):
    """How a cosigner signs: Ed25519 (type 04) or ML-DSA-44 (type 06)."""

    ED25519 = "ed25519"
    ML_DSA_44 = "ml-dsa-44"


def make_cosigner(path: Path, name: str, alg: CosignerAlgorithm, passphrase: str) -> Cosigner:
    """Write a fresh key to new files and return its cosigner.

    Raises Malformed: TLOG-02 the name is none. NotTrusted: KEY-24 the passphrase is not good enough. FileExistsError,
    never overwriting; other OSErrors.
    """
    if not is_key_name(name):
        raise Malformed("TLOG-02", "name", "a key's name is 1 to 255 bytes without a space or a plus")
    private: Ed25519PrivateKey | MLDSA44PrivateKey = (
        Ed25519PrivateKey.generate() if alg is CosignerAlgorithm.ED25519 else MLDSA44PrivateKey.generate()
    )
    write_key(path, private, passphrase)
    cosigner = _cosigner(path, name, private)
    # Die here: a key without a name, which nobody knows yet. Who opens it, or makes it again, is told to remove it.
    write_new(vkey_file(path), f"{format_vkey(cosigner.key)}\n".encode(), PUBLIC)
    return cosigner


def load_cosigner(path: Path, passphrase: str) -> Cosigner:
    """Open a key's files.

    Raises NotTrusted: KEY-20 others can reach the key, KEY-21 not such a key, or the vkey beside it is another's,
    KEY-22 the passphrase does not open it. Malformed: TLOG-02 no vkey beside it. OSError: a file cannot be read.
    """
    file = vkey_file(path)
    if not file.exists():
        raise nameless(path)
    name = parse_vkey(file.read_text(encoding="utf-8").removesuffix("\n"))
    cosigner = _cosigner(path, name.name, read_key(path, passphrase))
    if cosigner.key != name:
        raise NotTrusted("KEY-21", f"{file} is not the vkey of the key in {path}")
    return cosigner


def nameless(path: Path) -> FileNotFoundError:
    """Return what there is to say of a key that has no name beside it."""
    remedy = "put it back; where making the key was interrupted, nobody knows it yet: remove it and make another"
    return FileNotFoundError(errno.ENOENT, f"does not stand beside its key, {path}: {remedy}", str(vkey_file(path)))


def _cosigner(path: Path, name: str, private: object) -> Cosigner:
    match private:
        case Ed25519PrivateKey():
            return Ed25519Cosigner(name, private)
        case MLDSA44PrivateKey():
            return MlDsa44Cosigner(name, private)
        case _:
            raise NotTrusted("KEY-21", f"the key file {path} holds a key of another algorithm than a cosigner's")


def vkey_file(path: Path) -> Path:
    """Return the file of a key's name."""
    return path.with_name(f"{path.name}.vkey")
