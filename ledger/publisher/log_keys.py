"""The log's own two keys: plain Ed25519 (type 01) and ML-DSA-44 (type 06), both under the log's origin as their name.

Kept in ``<data>/log-keys/`` as encrypted key files, ``ed25519.pem`` and ``ml-dsa-44.pem``. They sign checkpoints; the
first one also receipts of refusals, each of one line and so no checkpoint. No statement is ever signed with them. Who
holds them can state another history, but cannot make a witness or the holder of an older checkpoint believe it.
"""

from __future__ import annotations

import stat
from typing import TYPE_CHECKING, Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PrivateKey

from ledger.errors import NotFound, NotTrusted
from ledger.files import holds_something, write_over
from ledger.statement.signing.key_files import read_key, write_key
from ledger.tlog.checkpoint import encode_checkpoint
from ledger.tlog.cosignature import MlDsa44Cosigner
from ledger.tlog.note import Ed25519Signer, Note
from ledger.tlog.vkey import VerifierKey, format_vkey, parse_vkey

if TYPE_CHECKING:
    from pathlib import Path

    from ledger.tlog.checkpoint import Checkpoint

ED25519_FILE: Final = "ed25519.pem"
ML_DSA_44_FILE: Final = "ml-dsa-44.pem"
VKEYS_FILE: Final = "vkeys"
"""The public keys, one vkey a line: for what has to know them and may not ask for the passphrase."""


def read_vkeys(folder: Path) -> tuple[VerifierKey, ...]:
    """Return the public keys of the log whose keys are in a folder, without opening them; none where none were opened.

    Raises Malformed: TLOG-02. OSError.
    """
    file = folder / VKEYS_FILE
    lines = file.read_text(encoding="utf-8").splitlines() if file.exists() else []
    return tuple(parse_vkey(line) for line in lines)


class LogKeys:
    """The two keys with which a log signs its checkpoints."""

    def __init__(self, origin: str, ed25519: Ed25519PrivateKey, ml_dsa_44: MLDSA44PrivateKey) -> None:
        """Sign for a log of some name with two private keys."""
        self._ed25519 = Ed25519Signer(origin, ed25519)
        self._ml_dsa_44 = MlDsa44Cosigner(origin, ml_dsa_44)
        self.keys: Final[tuple[VerifierKey, ...]] = (self._ed25519.key, self._ml_dsa_44.key)

    @classmethod
    def generate(cls, origin: str) -> LogKeys:
        """Return fresh keys that are held in memory alone."""
        return cls(origin, Ed25519PrivateKey.generate(), MLDSA44PrivateKey.generate())

    @classmethod
    def make(cls, folder: Path, origin: str, passphrase: str) -> LogKeys:
        """Write fresh keys into a folder of mode 0700, made if missing, and return them; what is there is kept.

        So an interrupted call can be repeated. Raises NotTrusted: KEY-20 to KEY-22, KEY-24. OSError.
        """
        folder.mkdir(mode=stat.S_IRWXU, parents=True, exist_ok=True)
        # Die here, or between the two files: the next call makes what is missing.
        if not holds_something(folder / ED25519_FILE):
            write_key(folder / ED25519_FILE, Ed25519PrivateKey.generate(), passphrase)
        if not holds_something(folder / ML_DSA_44_FILE):
            write_key(folder / ML_DSA_44_FILE, MLDSA44PrivateKey.generate(), passphrase)
        return cls.load(folder, origin, passphrase)

    @classmethod
    def load(cls, folder: Path, origin: str, passphrase: str) -> LogKeys:
        """Open the keys in a folder.

        Raises NotFound: a key file is missing. NotTrusted: KEY-20 others can reach one, KEY-21 it is not of the form or
        of another algorithm, KEY-22 the passphrase does not open it. OSError.
        """
        for name in (ED25519_FILE, ML_DSA_44_FILE):
            if not holds_something(folder / name):
                raise NotFound(f"there is no {name} in {folder}: the log's keys are missing")
        ed25519 = read_key(folder / ED25519_FILE, passphrase)
        ml_dsa_44 = read_key(folder / ML_DSA_44_FILE, passphrase)
        if not isinstance(ed25519, Ed25519PrivateKey) or not isinstance(ml_dsa_44, MLDSA44PrivateKey):
            raise NotTrusted("KEY-21", f"a key in {folder} is of another algorithm than its file's name says")
        keys = cls(origin, ed25519, ml_dsa_44)
        if read_vkeys(folder) != keys.keys:
            write_over(folder / VKEYS_FILE, "".join(f"{one}\n" for one in keys.vkeys).encode())
        return keys

    @property
    def vkeys(self) -> tuple[str, ...]:
        """Return the lines that stand for the keys in a policy: the Ed25519 one first."""
        return tuple(format_vkey(key) for key in self.keys)

    def sign(self, checkpoint: Checkpoint, time: int) -> Note:
        """Return a checkpoint's note with the signatures of both keys.

        time: POSIX seconds, above 0; the ML-DSA-44 signature states it.
        """
        text = encode_checkpoint(checkpoint)
        return Note(text, (self._ed25519.sign(text), self._ml_dsa_44.cosign(text, time)))

    def sign_line(self, text: str) -> bytes:
        """Return the Ed25519 key's signature over one line, which no note's text is: that ends with a line feed.

        Raises ValueError: it is more than one line.
        """
        if "\n" in text:
            raise ValueError("what is signed here is one line, without a line feed")
        return self._ed25519.sign(text).signature
