"""Which public keys are admitted and which signatures count, by published vectors and by the curve's own arithmetic."""

from __future__ import annotations

import hashlib

import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, utils

from ledger import edwards
from ledger.errors import NotTrusted
from ledger.statement.signing import keys
from ledger.statement.signing.keys import P256_ORDER, Algorithm, admit, verify
from tests.corpus.sample import seeded

ED25519_SPKI = bytes.fromhex("302a300506032b6570032100")

# RFC 8032 section 7.1, tests 1 to 3: secret key, public key, message, signature.
RFC_8032 = [
    (
        "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "",
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
    ),
    (
        "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "72",
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
    ),
    (
        "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
        "af82",
        "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a",
    ),
]

# The eight points of small order in their canonical encodings: orders 1, 2, 4, 4, 8, 8, 8, 8.
SMALL_ORDER = [
    "0100000000000000000000000000000000000000000000000000000000000000",
    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "0000000000000000000000000000000000000000000000000000000000000000",
    "0000000000000000000000000000000000000000000000000000000000000080",
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
]
# Other encodings of the same points that lenient decoders take.
SMALL_ORDER_NOT_CANONICAL = [
    "0100000000000000000000000000000000000000000000000000000000000080",
    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
    "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
    "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
]

# Chalkias, Garillot, Nikolaenko: "Taming the many EdDSAs", the published cases: message, key, signature, our rule.
EDGE_CASES = [
    (
        "9bd9f44f4dcc75bd531b56b2cd280b0bb38fc1cd6d1230e14861d861de092e79",
        "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
        "f7badec5b8abeaf699583992219b7b223f1df3fbbea919844e3f7c554a43dd43a5bb704786be79fc476f91d3f3f89b03984d8068dcf1bb7dfc6637b45450ac04",
        "KEY-04",
    ),
    (
        "9bd9f44f4dcc75bd531b56b2cd280b0bb38fc1cd6d1230e14861d861de092e79",
        "cdb267ce40c5cd45306fa5d2f29731459387dbf9eb933b7bd5aed9a765b88d4d",
        "9046a64750444938de19f227bb80485e92b83fdb4b6506c160484c016cc1852f87909e14428a7a1d62e9f22f3d3ad7802db02eb2e688b6c52fcd6648a98bd009",
        "KEY-05",
    ),
    (
        "aebf3f2601a0c8c5d39cc7d8911642f740b78168218da8471772b35f9d35b9ab",
        "f7badec5b8abeaf699583992219b7b223f1df3fbbea919844e3f7c554a43dd43",
        "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa8c4bd45aecaca5b24fb97bc10ac27ac8751a7dfe1baff8b953ec9f5833ca260e",
        "KEY-05",
    ),
    (
        "85e241a07d148b41e47d62c63f830dc7a6851a0b1f33ae4bb2f507fb6cffec40",
        "442aad9f089ad9e14647b1ef9099a1ff4798d78589e66f28eca69c11f582a623",
        "e96f66be976d82e60150baecff9906684aebb1ef181f67a7189ac78ea23b6c0e547f7690a0e2ddcd04d87dbc3490dc19b3b3052f7ff0538cb68afb369ba3a514",
        "KEY-11",
    ),
    (
        "85e241a07d148b41e47d62c63f830dc7a6851a0b1f33ae4bb2f507fb6cffec40",
        "442aad9f089ad9e14647b1ef9099a1ff4798d78589e66f28eca69c11f582a623",
        "8ce5b96c8f26d0ab6c47958c9e68b937104cd36e13c33566acd2fe8d38aa19427e71f98a473474f2f13f06f97c20d58cc3f54b8bd0d272f42b695dd7e89a8c22",
        "KEY-11",
    ),
]


def refused(spki: bytes, alg: str) -> str:
    """Return the rule by which a key is not admitted."""
    with pytest.raises(NotTrusted) as caught:
        admit(spki, alg)
    return caught.value.rule


def refused_signature(key: keys.PublicKey, message: bytes, signature: bytes) -> str:
    """Return the rule by which a signature does not count."""
    with pytest.raises(NotTrusted) as caught:
        verify(key, message, signature)
    return caught.value.rule


@pytest.mark.parametrize(("secret", "public", "message", "signature"), RFC_8032)
def test_the_rfcs_ed25519_vectors_hold(secret: str, public: str, message: str, signature: str) -> None:
    signer = private_key(secret)
    assert signer.sign(bytes.fromhex(message)).hex() == signature
    verify(admit(ED25519_SPKI + bytes.fromhex(public), "ed25519"), bytes.fromhex(message), bytes.fromhex(signature))


def private_key(secret: str) -> ed25519.Ed25519PrivateKey:
    """Return the private key of an RFC vector."""
    return ed25519.Ed25519PrivateKey.from_private_bytes(bytes.fromhex(secret))


@pytest.mark.rule("KEY-04")
@pytest.mark.parametrize("encoded", SMALL_ORDER)
def test_a_key_of_small_order_is_not_admitted(encoded: str) -> None:
    assert refused(ED25519_SPKI + bytes.fromhex(encoded), "ed25519") == "KEY-04"


@pytest.mark.rule("KEY-03")
@pytest.mark.parametrize("encoded", SMALL_ORDER_NOT_CANONICAL)
def test_a_key_in_another_than_the_canonical_encoding_is_not_admitted(encoded: str) -> None:
    assert refused(ED25519_SPKI + bytes.fromhex(encoded), "ed25519") == "KEY-03"


@pytest.mark.rule("KEY-03")
def test_a_key_that_is_no_point_is_not_admitted() -> None:
    assert refused(ED25519_SPKI + (2).to_bytes(32, "little"), "ed25519") == "KEY-03"


@pytest.mark.rule("KEY-04", "KEY-05", "KEY-11")
@pytest.mark.parametrize(("message", "public", "signature", "rule"), EDGE_CASES)
def test_where_verifiers_disagree_we_refuse(message: str, public: str, signature: str, rule: str) -> None:
    with pytest.raises(NotTrusted) as caught:
        verify(admit(ED25519_SPKI + bytes.fromhex(public), "ed25519"), bytes.fromhex(message), bytes.fromhex(signature))
    assert caught.value.rule == rule


@pytest.mark.parametrize("encoded", [*SMALL_ORDER, *SMALL_ORDER_NOT_CANONICAL])
def test_a_signature_whose_r_is_of_small_order_does_not_count(encoded: str) -> None:
    key = admit(seeded(1).spki, "ed25519")
    assert refused_signature(key, b"", bytes.fromhex(encoded) + bytes(32)) == "KEY-12"


def test_the_list_of_unfit_r_is_what_decoding_would_find() -> None:
    small = {bytes.fromhex(encoded) for encoded in SMALL_ORDER}
    for encoded in small:
        assert edwards.is_identity(edwards.multiply(edwards.COFACTOR, edwards.decode_point(encoded)))
    for encoded in edwards._UNFIT_R - small:
        with pytest.raises(ValueError, match=r"not reduced|minus zero"):
            edwards.decode_point(encoded)
    not_reduced = {(y | sign << 255).to_bytes(32, "little") for y in range(edwards.PRIME, 2**255) for sign in (0, 1)}
    minus_zero = {bytes.fromhex(encoded) for encoded in SMALL_ORDER_NOT_CANONICAL[:2]}
    assert small | not_reduced | minus_zero == edwards._UNFIT_R


def test_s_is_less_than_the_order() -> None:
    key, signature = admit(seeded(1).spki, "ed25519"), seeded(1).sign(b"message")
    more = int.from_bytes(signature[32:], "little") + edwards.ORDER
    assert refused_signature(key, b"message", signature[:32] + more.to_bytes(32, "little")) == "KEY-11"


@pytest.mark.parametrize("alg", list(Algorithm))
def test_a_thumbprint_is_the_sha256_of_the_exact_der(alg: Algorithm) -> None:
    signer = seeded(1, alg)
    key = admit(signer.spki, alg)
    encoded = key.loaded.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    assert encoded == key.spki == signer.spki
    assert key.thumbprint == signer.thumbprint == hashlib.sha256(encoded).hexdigest()


@pytest.mark.rule("KEY-01")
@pytest.mark.parametrize("alg", ["", "rs256", "ED25519", "none"])
def test_a_key_of_another_algorithm_is_not_admitted(alg: str) -> None:
    assert refused(seeded(1).spki, alg) == "KEY-01"


@pytest.mark.rule("KEY-02")
@pytest.mark.parametrize("alg", list(Algorithm))
def test_a_key_in_another_form_is_not_admitted(alg: Algorithm) -> None:
    spki = seeded(1, alg).spki
    other = seeded(1, Algorithm.ES256 if alg is Algorithm.ED25519 else Algorithm.ED25519).spki
    long_form = spki[:1] + b"\x81" + spki[1:]
    for bent in (b"", spki[:-1], spki + b"\0", long_form, spki[12:], other):
        assert refused(bent, alg) == "KEY-02"


@pytest.mark.rule("KEY-02")
def test_a_compressed_p256_key_is_not_admitted() -> None:
    loaded = ec.derive_private_key(7, ec.SECP256R1()).public_key()
    point = loaded.public_bytes(serialization.Encoding.X962, serialization.PublicFormat.CompressedPoint)
    spki = bytes.fromhex("3039301306072a8648ce3d020106082a8648ce3d030107032200") + point
    assert refused(spki, "es256") == "KEY-02"


@pytest.mark.rule("KEY-06")
def test_a_key_off_p256_is_not_admitted() -> None:
    spki = seeded(1, Algorithm.ES256).spki
    assert refused(spki[:-1] + bytes([spki[-1] ^ 1]), "es256") == "KEY-06"
    assert refused(spki[:-64] + bytes(64), "es256") == "KEY-06"


def test_an_es256_signature_counts_with_its_low_s_alone() -> None:
    private = ec.derive_private_key(7, ec.SECP256R1())
    spki = private.public_key().public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    r, s = utils.decode_dss_signature(private.sign(b"message", ec.ECDSA(hashes.SHA256())))
    low, high = sorted((s, P256_ORDER - s))
    key = admit(spki, "es256")
    verify(key, b"message", r.to_bytes(32, "big") + low.to_bytes(32, "big"))
    assert refused_signature(key, b"message", r.to_bytes(32, "big") + high.to_bytes(32, "big")) == "KEY-14"


@pytest.mark.parametrize(("r", "s"), [(0, 1), (1, 0), (P256_ORDER, 1), (1, P256_ORDER), (2**256 - 1, 2**256 - 1)])
def test_r_and_s_of_es256_are_in_range(r: int, s: int) -> None:
    key = admit(seeded(1, Algorithm.ES256).spki, "es256")
    assert refused_signature(key, b"", r.to_bytes(32, "big") + s.to_bytes(32, "big")) == "KEY-13"


@pytest.mark.parametrize("alg", list(Algorithm))
def test_a_signature_over_other_bytes_or_of_another_length_does_not_count(alg: Algorithm) -> None:
    signer = seeded(1, alg)
    key, signature = admit(signer.spki, alg), signer.sign(b"message")
    assert refused_signature(key, b"massage", signature) == "KEY-15"
    assert refused_signature(key, b"message", signature[:-1]) == "KEY-10"
    assert refused_signature(key, b"message", signature + b"\0") == "KEY-10"
    assert refused_signature(admit(seeded(2, alg).spki, alg), b"message", signature) == "KEY-15"


def test_the_base_point_has_the_order_of_the_group() -> None:
    base = edwards.decode_point(bytes.fromhex("58" + "66" * 31))
    assert edwards.is_identity(edwards.multiply(edwards.ORDER, base))
    assert not edwards.is_identity(edwards.multiply(edwards.ORDER - 1, base))
