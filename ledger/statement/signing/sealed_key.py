"""A private key under a passphrase, as other programs open it too: PKCS#8 (RFC 5958) with PBES2 (RFC 8018).

    scrypt (RFC 7914) derives a key from the passphrase; AES-256-CBC encrypts the private key with it

What the derivation costs stands beside it and is held within bounds, before it is paid: too little makes guessing
cheap, too much would hold up whoever is handed such a key. Why so: docs/adr/0031-keys-under-a-passphrase.md.
"""

from __future__ import annotations

import secrets
from typing import Final

from cryptography.hazmat import asn1
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES256
from cryptography.hazmat.primitives.ciphers.modes import CBC
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt
from cryptography.hazmat.primitives.padding import PKCS7
from cryptography.x509 import ObjectIdentifier

# Of RFC 8018, RFC 7914 and NIST's AES, in this order.
_PBES2: Final = ObjectIdentifier("1.2.840.113549.1.5.13")
_SCRYPT: Final = ObjectIdentifier("1.3.6.1.4.1.11591.4.11")
_AES_256_CBC: Final = ObjectIdentifier("2.16.840.1.101.3.4.1.42")

# 16 MiB five times over, as OWASP advises where more memory at once cannot be had: with more, OpenSSL's own commands
# refuse to open the key.
_COST: Final = 2**14
_BLOCK: Final = 8
_PARALLEL: Final = 5
_MOST_COST: Final = 2**17  # 128 MiB
_MOST_WORK: Final = 2**20  # cost times parallel: some seconds
_LEAST_SALT: Final = 8
_SALT: Final = 16
_IV: Final = 16
_KEY: Final = 32


@asn1.sequence
class _Scrypt:
    salt: bytes
    cost: int
    block: int
    parallel: int
    length: int | None


@asn1.sequence
class _Derivation:
    algorithm: ObjectIdentifier
    parameters: _Scrypt


@asn1.sequence
class _Encryption:
    algorithm: ObjectIdentifier
    iv: bytes


@asn1.sequence
class _Pbes2:
    derivation: _Derivation
    encryption: _Encryption


@asn1.sequence
class _Scheme:
    algorithm: ObjectIdentifier
    parameters: _Pbes2


@asn1.sequence
class _Sealed:
    scheme: _Scheme
    data: bytes


def seal(key: bytes, passphrase: bytes) -> bytes:
    """Return a private key (PKCS#8, DER, in clear) under a passphrase, as DER."""
    scrypt = _Scrypt(salt=secrets.token_bytes(_SALT), cost=_COST, block=_BLOCK, parallel=_PARALLEL, length=None)
    iv = secrets.token_bytes(_IV)
    derived = Scrypt(salt=scrypt.salt, length=_KEY, n=_COST, r=_BLOCK, p=_PARALLEL).derive(passphrase)
    padder, encryptor = PKCS7(AES256.block_size).padder(), Cipher(AES256(derived), CBC(iv)).encryptor()
    data = encryptor.update(padder.update(key) + padder.finalize()) + encryptor.finalize()
    parameters = _Pbes2(
        derivation=_Derivation(algorithm=_SCRYPT, parameters=scrypt),
        encryption=_Encryption(algorithm=_AES_256_CBC, iv=iv),
    )
    return asn1.encode_der(_Sealed(scheme=_Scheme(algorithm=_PBES2, parameters=parameters), data=data))


def is_sealed_well(der: bytes) -> bool:
    """Say whether bytes are a key that scrypt protects, at a cost within the bounds; nothing is derived."""
    try:
        sealed = asn1.decode_der(_Sealed, der)
    except ValueError:
        return False
    scheme, derivation = sealed.scheme, sealed.scheme.parameters.derivation
    named = (scheme.algorithm, derivation.algorithm, scheme.parameters.encryption.algorithm)
    return named == (_PBES2, _SCRYPT, _AES_256_CBC) and _is_within_bounds(derivation.parameters)


def _is_within_bounds(scrypt: _Scrypt) -> bool:
    return (
        len(scrypt.salt) >= _LEAST_SALT
        and scrypt.block == _BLOCK
        and scrypt.cost.bit_count() == 1
        and _COST <= scrypt.cost <= _MOST_COST
        and _COST * _PARALLEL <= scrypt.cost * scrypt.parallel <= _MOST_WORK
        and scrypt.length in {None, _KEY}
    )
