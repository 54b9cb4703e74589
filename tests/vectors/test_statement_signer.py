"""Key files: made once, for their owner alone, and opened with their passphrase alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, x25519

from ledger.errors import NotTrusted
from ledger.statement.keys import P256_ORDER, Algorithm, admit, verify
from ledger.statement.signer import FileSigner, MemorySigner
from tests.corpus.sample import seeded

if TYPE_CHECKING:
    from pathlib import Path

PASSPHRASE = "correct horse 电池"


def store(path: Path, private: serialization.PrivateFormat, key: object, *, encrypted: bool = True) -> None:
    assert isinstance(key, ed25519.Ed25519PrivateKey | ec.EllipticCurvePrivateKey | x25519.X25519PrivateKey)
    encryption = (
        serialization.BestAvailableEncryption(PASSPHRASE.encode()) if encrypted else serialization.NoEncryption()
    )
    path.touch(0o600)
    path.write_bytes(key.private_bytes(serialization.Encoding.PEM, private, encryption))


def refused(path: Path, passphrase: str = PASSPHRASE) -> str:
    with pytest.raises(NotTrusted) as caught:
        FileSigner.load(path, passphrase)
    return caught.value.rule


@pytest.mark.parametrize("alg", list(Algorithm))
def test_a_key_file_signs_after_it_is_loaded_again(tmp_path: Path, alg: Algorithm) -> None:
    made = FileSigner.generate(tmp_path / "key.pem", alg, PASSPHRASE)
    loaded = FileSigner.load(tmp_path / "key.pem", PASSPHRASE)
    assert (loaded.alg, loaded.spki, loaded.thumbprint) == (alg, made.spki, made.thumbprint)
    verify(admit(made.spki, alg), b"message", loaded.sign(b"message"))


def test_a_key_file_is_for_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "key.pem"
    FileSigner.generate(path, Algorithm.ED25519, PASSPHRASE)
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.read_bytes().startswith(b"-----BEGIN ENCRYPTED PRIVATE KEY-----")


def test_a_key_file_is_never_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "key.pem"
    FileSigner.generate(path, Algorithm.ED25519, PASSPHRASE)
    before = path.read_bytes()
    with pytest.raises(FileExistsError):
        FileSigner.generate(path, Algorithm.ED25519, PASSPHRASE)
    assert path.read_bytes() == before


@pytest.mark.rule("KEY-20")
@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o610, 0o644])
def test_a_key_file_that_others_can_reach_is_refused(tmp_path: Path, mode: int) -> None:
    path = tmp_path / "key.pem"
    FileSigner.generate(path, Algorithm.ED25519, PASSPHRASE)
    path.chmod(mode)
    assert refused(path) == "KEY-20"


@pytest.mark.rule("KEY-21")
def test_an_unencrypted_key_file_is_refused(tmp_path: Path) -> None:
    key = ed25519.Ed25519PrivateKey.generate()
    store(tmp_path / "key.pem", serialization.PrivateFormat.PKCS8, key, encrypted=False)
    assert refused(tmp_path / "key.pem") == "KEY-21"


@pytest.mark.rule("KEY-21")
def test_another_form_of_key_file_is_refused(tmp_path: Path) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    store(tmp_path / "key.pem", serialization.PrivateFormat.TraditionalOpenSSL, key)
    assert refused(tmp_path / "key.pem") == "KEY-21"


@pytest.mark.parametrize(
    "key", [ec.generate_private_key(ec.SECP384R1()), x25519.X25519PrivateKey.generate()], ids=["P-384", "X25519"]
)
def test_a_key_file_of_another_algorithm_is_refused(tmp_path: Path, key: object) -> None:
    store(tmp_path / "key.pem", serialization.PrivateFormat.PKCS8, key)
    assert refused(tmp_path / "key.pem") == "KEY-21"


@pytest.mark.rule("KEY-22")
@pytest.mark.parametrize("passphrase", ["", "wrong", PASSPHRASE + " "])
def test_another_passphrase_does_not_open_a_key_file(tmp_path: Path, passphrase: str) -> None:
    FileSigner.generate(tmp_path / "key.pem", Algorithm.ED25519, PASSPHRASE)
    assert refused(tmp_path / "key.pem", passphrase) == "KEY-22"


def test_a_damaged_key_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "key.pem"
    FileSigner.generate(path, Algorithm.ED25519, PASSPHRASE)
    path.write_bytes(path.read_bytes()[:-60])
    assert refused(path) == "KEY-22"


@pytest.mark.rule("KEY-22")
def test_a_key_without_a_passphrase_is_not_made(tmp_path: Path) -> None:
    with pytest.raises(NotTrusted, match="KEY-22"):
        FileSigner.generate(tmp_path / "key.pem", Algorithm.ED25519, "")
    assert list(tmp_path.iterdir()) == []


def test_es256_signs_with_the_low_s() -> None:
    signer = MemorySigner.generate(Algorithm.ES256)
    for number in range(16):
        signature = signer.sign(bytes([number]))
        assert len(signature) == 64
        assert int.from_bytes(signature[32:], "big") <= P256_ORDER // 2


@pytest.mark.parametrize(
    ("alg", "thumbprint"),
    [
        (Algorithm.ED25519, "fd110d301d2f077de1414b8f99f441b1403fab207b2052fbd2c065e4ee8e7dc2"),
        (Algorithm.ES256, "585fa9463eb7a5004ccaa6e286d5e6d86e2b11f15b08f6e7cb3b3e22c167125b"),
    ],
)
def test_a_seed_always_gives_the_same_key(alg: Algorithm, thumbprint: str) -> None:
    assert seeded(1, alg).thumbprint == thumbprint
