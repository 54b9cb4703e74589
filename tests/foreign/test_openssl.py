"""The ``openssl`` command verifies our statements and opens our key files, and we its own.

What is signed is put together here from the log's entries with nothing but JSON and base64, as a stranger would.
"""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import pytest
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

from ledger.errors import NotTrusted
from ledger.statement.signing.keys import Algorithm, admit, verify
from ledger.statement.signing.signer import FileSigner
from tests.corpus.bundle_story import SCIENTIST, TECHNICIAN, told
from tests.foreign.programs import ForeignRefusal, run, tool

if TYPE_CHECKING:
    from pathlib import Path

    from ledger.statement.authoring import Author

PASSPHRASE: Final = "correct horse 电池"
each_algorithm = pytest.mark.parametrize("alg", list(Algorithm))


@pytest.fixture(scope="module")
def openssl() -> str:
    """The command."""
    return tool("OpenSSL")


@dataclass(frozen=True)
class Signed:
    """A signature from the log, with all that is needed to verify it.

    spki: from the enrolment of the key. message: DSSE's pre-authentication encoding. signature: raw, 64 bytes.
    """

    spki: bytes
    message: bytes
    signature: bytes


def statements() -> list[dict[str, Any]]:
    """Return the envelopes of a whole log, oldest first."""
    data = (recorded.entry.partition(b"\n\n")[2] for recorded in told().log.store.read())
    return [one for one in map(json.loads, data) if "payload" in one]


def signed_by(who: Author) -> list[Signed]:
    """Return every signature of somebody in a log."""
    spki = b""
    found = []
    for envelope in statements():
        payload = base64.b64decode(envelope["payload"])
        said = json.loads(payload)
        if said["kind"] == "key.enrolled/1" and said["body"]["key"] == f"key:{who.signer.thumbprint}":
            spki = base64.b64decode(said["body"]["spki"])
        kind = envelope["payloadType"].encode()
        message = b"DSSEv1 %d %b %d %b" % (len(kind), kind, len(payload), payload)
        for signature in envelope["signatures"]:
            if signature["keyid"] == who.signer.thumbprint:
                found.append(Signed(spki, message, base64.b64decode(signature["sig"])))
    return found


def verify_with(openssl: str, folder: Path, signed: Signed, alg: Algorithm) -> None:
    """Let OpenSSL verify a signature. Raises ForeignRefusal."""
    signature = signed.signature
    if alg is Algorithm.ES256:
        signature = encode_dss_signature(int.from_bytes(signature[:32], "big"), int.from_bytes(signature[32:], "big"))
    for name, data in (("key", signed.spki), ("message", signed.message), ("signature", signature)):
        (folder / name).write_bytes(data)
    key: list[str | Path] = ["-pubin", "-keyform", "DER", "-inkey", folder / "key"]
    digest = ["-digest", "sha256"] if alg is Algorithm.ES256 else []
    files: list[str | Path] = ["-in", folder / "message", "-sigfile", folder / "signature"]
    run([openssl, "pkeyutl", "-verify", *key, "-rawin", *digest, *files])


@pytest.mark.parametrize("who", [SCIENTIST, TECHNICIAN], ids=["ed25519", "es256"])
def test_openssl_verifies_our_statements_with_the_key_of_their_enrolment(
    openssl: str, tmp_path: Path, who: Author
) -> None:
    all_signed = signed_by(who)
    assert len(all_signed) > 2
    for signed in all_signed:
        verify_with(openssl, tmp_path, signed, who.signer.alg)


@pytest.mark.parametrize("who", [SCIENTIST, TECHNICIAN], ids=["ed25519", "es256"])
def test_openssl_refuses_a_changed_payload(openssl: str, tmp_path: Path, who: Author) -> None:
    signed = signed_by(who)[-1]
    changed = signed.message.replace(b'"key', b'"kEy', 1)
    assert changed != signed.message
    with pytest.raises(ForeignRefusal, match="Signature Verification Failure"):
        verify_with(openssl, tmp_path, Signed(signed.spki, changed, signed.signature), who.signer.alg)


@each_algorithm
def test_openssl_opens_our_key_files(openssl: str, tmp_path: Path, alg: Algorithm) -> None:
    signer = FileSigner.generate(tmp_path / "key.pem", alg, PASSPHRASE)
    read: list[str | Path] = [openssl, "pkey", "-in", signer.path, "-pubout", "-outform", "DER", "-passin"]
    assert run([*read, f"pass:{PASSPHRASE}"]) == signer.spki
    with pytest.raises(ForeignRefusal):
        run([*read, "pass:another"])


@each_algorithm
def test_we_open_key_files_of_openssl(openssl: str, tmp_path: Path, alg: Algorithm) -> None:
    kind = {
        Algorithm.ED25519: ["-algorithm", "ed25519"],
        Algorithm.ES256: ["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"],
    }
    path = tmp_path / "key.pem"
    old = tmp_path / "old.pem"
    run([openssl, "genpkey", *kind[alg], "-aes-256-cbc", "-pass", f"pass:{PASSPHRASE}", "-out", old])
    words = ["-passin", f"pass:{PASSPHRASE}", "-passout", f"pass:{PASSPHRASE}"]
    # What whoever has a key file of another form is told to run.
    run([openssl, "pkcs8", "-topk8", "-scrypt", "-scrypt_p", "5", "-in", old, "-out", path, *words])
    path.chmod(0o600)
    signer = FileSigner.load(path, PASSPHRASE)
    assert signer.alg is alg
    assert run([openssl, "pkey", "-in", path, "-passin", f"pass:{PASSPHRASE}", "-pubout", "-outform", "DER"]) == (
        signer.spki
    )


def test_we_verify_what_openssl_signed_with_our_key_file(openssl: str, tmp_path: Path) -> None:
    signer = FileSigner.generate(tmp_path / "key.pem", Algorithm.ED25519, PASSPHRASE)
    (tmp_path / "message").write_bytes(b"DSSEv1 1 a 1 b")
    key: list[str | Path] = ["-inkey", signer.path, "-passin", f"pass:{PASSPHRASE}"]
    run([openssl, "pkeyutl", "-sign", *key, "-rawin", "-in", tmp_path / "message", "-out", tmp_path / "signature"])
    public = admit(signer.spki, signer.alg)
    verify(public, b"DSSEv1 1 a 1 b", (tmp_path / "signature").read_bytes())
    with pytest.raises(NotTrusted):
        verify(public, b"DSSEv1 1 a 1 c", (tmp_path / "signature").read_bytes())
