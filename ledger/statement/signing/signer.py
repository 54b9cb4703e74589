"""Who holds a private key and signs with it. Private keys stay with the party; the server never sees one.

``StatementSigner`` is the port. ``FileSigner`` keeps the key in an encrypted file; ``MemorySigner`` keeps it nowhere:
for tests and demonstrations. Hardware, browsers and passkeys fill the same port elsewhere.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Protocol, TypeAlias

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, utils

from ledger.errors import NotTrusted
from ledger.statement.signing.key_files import read_key, write_key
from ledger.statement.signing.keys import P256_ORDER, Algorithm, thumbprint_of

if TYPE_CHECKING:
    from pathlib import Path

    from ledger.statement.signing.key_files import AnyPrivateKey

PrivateKey: TypeAlias = ed25519.Ed25519PrivateKey | ec.EllipticCurvePrivateKey


class StatementSigner(Protocol):
    """Whatever can sign for one key."""

    @property
    def alg(self) -> Algorithm:
        """Return how the key signs."""
        ...

    @property
    def spki(self) -> bytes:
        """Return the public key as DER SubjectPublicKeyInfo."""
        ...

    @property
    def thumbprint(self) -> str:
        """Return the 64 lower-case hex digits of the SHA-256 of spki."""
        ...

    def sign(self, message: bytes) -> bytes:
        """Return a signature of 64 raw bytes over a message: R ‖ S of Ed25519, r ‖ s with the lower s of ES256."""
        ...


class MemorySigner:
    """Signs with a key that is held in memory alone."""

    def __init__(self, private: PrivateKey) -> None:
        """Take a private key of one of the two algorithms, on P-256 if of a curve."""
        self._private = private
        self.alg: Final = Algorithm.ED25519 if isinstance(private, ed25519.Ed25519PrivateKey) else Algorithm.ES256
        self.spki: Final = private.public_key().public_bytes(
            serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
        )
        self.thumbprint: Final = thumbprint_of(self.spki)

    @classmethod
    def generate(cls, alg: Algorithm) -> MemorySigner:
        """Return a signer with a fresh random key."""
        return cls(_generate(alg))

    @classmethod
    def from_seed(cls, alg: Algorithm, seed: bytes) -> MemorySigner:
        """Return the signer that belongs to a seed of 32 bytes: whoever knows the seed can sign, so for tests only.

        Ed25519: the seed is the private key. ES256: the private scalar is the seed, big-endian, modulo n - 1, plus 1.
        """
        if alg is Algorithm.ED25519:
            return cls(ed25519.Ed25519PrivateKey.from_private_bytes(seed))
        return cls(ec.derive_private_key(int.from_bytes(seed, "big") % (P256_ORDER - 1) + 1, ec.SECP256R1()))

    def sign(self, message: bytes) -> bytes:
        """Return a signature of 64 raw bytes over a message."""
        return _sign(self._private, message)

    def keep(self, path: Path, passphrase: str) -> None:
        """Write the key to a new file, for a demonstration whose keys somebody is to use. Raises as ``write_key``."""
        write_key(path, self._private, passphrase)


class FileSigner:
    """Signs with a key from a file under a passphrase, readable by its owner alone."""

    def __init__(self, path: Path, held: MemorySigner) -> None:
        """Take an opened key and where it came from; use generate or load."""
        self._held = held
        self.path: Final = path
        self.alg: Final = held.alg
        self.spki: Final = held.spki
        self.thumbprint: Final = held.thumbprint

    @classmethod
    def generate(cls, path: Path, alg: Algorithm, passphrase: str) -> FileSigner:
        """Write a fresh key to a new file of mode 0600 and return its signer; the file and its name are on disk.

        Raises NotTrusted: KEY-24 the passphrase is not good enough. FileExistsError, never overwriting; other OSErrors.
        """
        private = _generate(alg)
        write_key(path, private, passphrase)
        return cls(path, MemorySigner(private))

    @classmethod
    def load(cls, path: Path, passphrase: str) -> FileSigner:
        """Open a key file.

        Raises NotTrusted: KEY-20 others can reach the file, KEY-21 it is not of the form or of another algorithm,
        KEY-22 the passphrase does not open it. OSError: the file cannot be read.
        """
        return cls(path, MemorySigner(_supported(path, read_key(path, passphrase))))

    def sign(self, message: bytes) -> bytes:
        """Return a signature of 64 raw bytes over a message."""
        return self._held.sign(message)


def _generate(alg: Algorithm) -> PrivateKey:
    if alg is Algorithm.ED25519:
        return ed25519.Ed25519PrivateKey.generate()
    return ec.generate_private_key(ec.SECP256R1())


def _sign(private: PrivateKey, message: bytes) -> bytes:
    if isinstance(private, ed25519.Ed25519PrivateKey):
        return private.sign(message)
    r, s = utils.decode_dss_signature(private.sign(message, ec.ECDSA(hashes.SHA256())))
    low = min(s, P256_ORDER - s)
    return r.to_bytes(32, "big") + low.to_bytes(32, "big")


def _supported(path: Path, private: AnyPrivateKey) -> PrivateKey:
    if isinstance(private, ed25519.Ed25519PrivateKey):
        return private
    if isinstance(private, ec.EllipticCurvePrivateKey) and isinstance(private.curve, ec.SECP256R1):
        return private
    raise NotTrusted("KEY-21", f"the key file {path} holds a key of another algorithm than ed25519 and es256")
