"""Key files: made once, for their owner alone, and opened with their passphrase alone."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

import pytest
from cryptography.hazmat import asn1
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, x25519

from ledger.errors import NotTrusted
from ledger.statement.signing import sealed_key
from ledger.statement.signing.key_files import write_key
from ledger.statement.signing.keys import P256_ORDER, Algorithm, admit, verify
from ledger.statement.signing.signer import FileSigner, MemorySigner
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
def test_a_key_file_whose_passphrase_is_guessed_easily_is_refused_with_what_to_do(tmp_path: Path) -> None:
    store(tmp_path / "key.pem", serialization.PrivateFormat.PKCS8, ed25519.Ed25519PrivateKey.generate())
    with pytest.raises(NotTrusted, match=r"earlier program.*openssl pkcs8 -topk8 -scrypt") as caught:
        FileSigner.load(tmp_path / "key.pem", PASSPHRASE)
    assert caught.value.rule == "KEY-21"


@pytest.mark.rule("KEY-21")
@pytest.mark.parametrize(
    ("cost", "parallel"),
    [
        (2**13, 16),
        (2**14, 4),
        (2**14, 65),
        (2**14, 2**30),
        (2**14 + 1, 5),
        (2**18, 1),
        (2**62, 1),
        (0, 5),
        (-(2**14), 5),
    ],
)
def test_a_derivation_that_costs_too_little_or_too_much_is_not_begun(
    monkeypatch: pytest.MonkeyPatch, cost: int, parallel: int
) -> None:
    monkeypatch.setattr(sealed_key, "_COST", 2)
    monkeypatch.setattr(sealed_key, "_PARALLEL", 1)
    der = sealed_key.seal(b"a key", b"a passphrase")
    monkeypatch.undo()
    sealed = asn1.decode_der(sealed_key._Sealed, der)
    scrypt = sealed.scheme.parameters.derivation.parameters
    scrypt.cost, scrypt.parallel = cost, parallel
    assert not sealed_key.is_sealed_well(asn1.encode_der(sealed))


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
    write_key(tmp_path / "key.pem", key, PASSPHRASE)  # type: ignore[arg-type]
    assert refused(tmp_path / "key.pem") == "KEY-21"


@pytest.mark.rule("KEY-22")
@pytest.mark.parametrize(
    "passphrase", ["", "wrong", PASSPHRASE + " ", "x" * 1_024, "电" * 100_000, "\udcff" * 12, "\x00\x1b\u202e" * 4]
)
def test_another_passphrase_does_not_open_a_key_file(tmp_path: Path, passphrase: str) -> None:
    FileSigner.generate(tmp_path / "key.pem", Algorithm.ED25519, PASSPHRASE)
    assert refused(tmp_path / "key.pem", passphrase) == "KEY-22"


def test_a_damaged_key_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "key.pem"
    FileSigner.generate(path, Algorithm.ED25519, PASSPHRASE)
    whole = path.read_bytes()
    for half in (b"", whole[:1], whole[:-2], whole[:-60], whole[:100], whole + b"x", whole.replace(b"A", b"*")):
        path.write_bytes(half)
        assert refused(path) == "KEY-21"
    lines = whole.split(b"\n")
    lines[-4] = b"A" * len(lines[-4])  # of what is encrypted
    path.write_bytes(b"\n".join(lines))
    assert refused(path) == "KEY-22"


@pytest.mark.rule("KEY-24")
@pytest.mark.parametrize(
    ("passphrase", "said"),
    [
        ("", "too short"),
        (" ", "too short"),
        ("eleven char", "too short"),
        ("   short     ", "too short"),
        (" " * 40, "too short"),
        ("x" * 256, "too long"),
        ("电" * 100_000, "too long"),
        ("\u0958" * 200, "too long"),
        ("correct horse\x00", "cannot be seen"),
        ("correct horse\u202e", "cannot be seen"),
        ("correct\u3000horse", "cannot be seen"),
        ("\udcff" * 12, "cannot be seen"),
    ],
)
def test_a_key_is_not_made_under_a_passphrase_that_is_none(tmp_path: Path, passphrase: str, said: str) -> None:
    with pytest.raises(NotTrusted, match=said) as caught:
        FileSigner.generate(tmp_path / "key.pem", Algorithm.ED25519, passphrase)
    assert caught.value.rule == "KEY-24"
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("passphrase", ["twelve chars", "😀" * 255, "éclair au café"])
def test_a_passphrase_opens_what_it_closed_however_it_was_typed(tmp_path: Path, passphrase: str) -> None:
    made = FileSigner.generate(tmp_path / "key.pem", Algorithm.ED25519, passphrase)
    typed = unicodedata.normalize("NFD", passphrase)
    assert FileSigner.load(tmp_path / "key.pem", typed).spki == made.spki


def test_an_empty_file_is_no_key_and_stands_in_no_keys_way(tmp_path: Path) -> None:
    (tmp_path / "key.pem").touch(mode=0o600)
    with pytest.raises(NotTrusted, match=r"KEY-21.*is empty"):
        FileSigner.load(tmp_path / "key.pem", PASSPHRASE)
    made = FileSigner.generate(tmp_path / "key.pem", Algorithm.ED25519, PASSPHRASE)
    assert FileSigner.load(tmp_path / "key.pem", PASSPHRASE).spki == made.spki


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
