"""Private keys in files: PKCS#8 PEM under a passphrase (``sealed_key``), readable by their owner alone (mode 0600).

Never writes a key in clear, and never over a file that holds something.
"""

from __future__ import annotations

import base64
import re
import unicodedata
from typing import TYPE_CHECKING, Final, TypeAlias

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization

from ledger.errors import NotTrusted
from ledger.files import holds_something, read_own, write_new
from ledger.statement.signing.sealed_key import is_sealed_well, seal

if TYPE_CHECKING:
    from pathlib import Path

    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PrivateKey
    from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes

    AnyPrivateKey: TypeAlias = PrivateKeyTypes | MLDSA44PrivateKey
    WrittenKey: TypeAlias = Ed25519PrivateKey | EllipticCurvePrivateKey | MLDSA44PrivateKey

_LARGEST_KEY_FILE: Final = 16_384
_BEGIN: Final = "-----BEGIN ENCRYPTED PRIVATE KEY-----"
_END: Final = "-----END ENCRYPTED PRIVATE KEY-----"
_PEM: Final = re.compile(rf"{_BEGIN}\r?\n([A-Za-z0-9+/\r\n]+={{0,2}})\r?\n{_END}\s*\Z".encode())
_LINE: Final = 64
_ANEW: Final = "openssl pkcs8 -topk8 -scrypt -scrypt_p 5 -in OLD -out NEW"

LEAST_PASSPHRASE: Final = 12
"""Characters of a new passphrase, blanks at its ends not counted."""
MOST_PASSPHRASE: Final = 255
"""Characters: in UTF-8 what every program takes that opens such files, 1023 bytes."""
_MOST_BYTES: Final = 1_023


def write_key(path: Path, private: WrittenKey, passphrase: str) -> None:
    """Write a private key to a new file of mode 0600; when this returns, the file and its name are on disk.

    An empty file is taken for none. Raises NotTrusted: KEY-24 the passphrase is not good enough. FileExistsError, never
    overwriting; other OSErrors.
    """
    check_new_passphrase(passphrase)
    clear = private.private_bytes(
        serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    text = base64.b64encode(seal(clear, _encoded(passphrase))).decode()
    lines = [text[at : at + _LINE] for at in range(0, len(text), _LINE)]
    if not holds_something(path):
        path.unlink(missing_ok=True)
    write_new(path, "\n".join([_BEGIN, *lines, _END, ""]).encode())


def read_key(path: Path, passphrase: str) -> AnyPrivateKey:
    """Return the private key in a file, of whatever algorithm.

    Raises NotTrusted: KEY-20 others can reach the file, KEY-21 it is not of the form, KEY-22 the passphrase does not
    open it. OSError: the file cannot be read.
    """
    der = _der(path, read_own(path, _LARGEST_KEY_FILE))
    try:
        return serialization.load_der_private_key(der, _encoded(passphrase))
    except (ValueError, UnsupportedAlgorithm):
        raise NotTrusted("KEY-22", f"the passphrase does not open {path}, or the file is damaged") from None


def _der(path: Path, pem: bytes) -> bytes:
    if not pem:
        raise NotTrusted("KEY-21", f"the key file {path} is empty: there is no key in it; make another")
    found = _PEM.fullmatch(pem)
    try:
        der = base64.b64decode(found[1] if found else b"=")
    except ValueError:
        said = "is not an encrypted PKCS#8 PEM, or not all of one; a key in clear is to be encrypted with a passphrase"
        raise NotTrusted("KEY-21", f"the key file {path} {said}") from None
    if not is_sealed_well(der):
        said = "is encrypted as an earlier program did it, or in another way: its passphrase can be guessed too easily"
        raise NotTrusted("KEY-21", f"the key file {path} {said}; make another key, or: {_ANEW}")
    return der


def check_new_passphrase(passphrase: str) -> None:
    """Raise NotTrusted: KEY-24 a passphrase is too easily guessed, or could not be typed again everywhere."""
    if len(passphrase.strip()) < LEAST_PASSPHRASE:
        advice = (
            f"a new one has at least {LEAST_PASSPHRASE} characters; several words that do not belong together are good"
        )
        raise NotTrusted("KEY-24", f"the passphrase is too short: {advice}")
    if len(unicodedata.normalize("NFC", passphrase)) > MOST_PASSPHRASE:
        raise NotTrusted("KEY-24", f"the passphrase is too long: a new one has at most {MOST_PASSPHRASE} characters")
    if not passphrase.isprintable():
        problem = "holds a character that cannot be seen, or typed everywhere: take letters, digits, signs and blanks"
        raise NotTrusted("KEY-24", f"the passphrase {problem}")


def _encoded(passphrase: str) -> bytes:
    """Return a passphrase as it is derived from: one word has one form, on whatever keyboard it was typed.

    Raises ValueError: no key file has such a passphrase.
    """
    data = unicodedata.normalize("NFC", passphrase).encode()
    if not 0 < len(data) <= _MOST_BYTES:
        raise ValueError("the passphrase is none")
    return data
