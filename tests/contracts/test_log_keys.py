"""The log's own keys: made once, kept encrypted, and both on every checkpoint."""

from __future__ import annotations

import stat
from typing import TYPE_CHECKING

import pytest

from ledger.errors import NotFound, NotTrusted
from ledger.publisher.log_keys import ED25519_FILE, ML_DSA_44_FILE, LogKeys
from ledger.tlog.checkpoint import Checkpoint
from ledger.tlog.cosignature import verifier_for
from ledger.tlog.note import format_note, open_note
from ledger.tlog.vkey import SignatureType

if TYPE_CHECKING:
    from pathlib import Path

_ORIGIN = "ledger.example/log1"
_PASSPHRASE = "correct horse"


def test_keys_are_made_once_and_opened_again(tmp_path: Path) -> None:
    folder = tmp_path / "data" / "log-keys"
    made = LogKeys.make(folder, _ORIGIN, _PASSPHRASE)
    assert LogKeys.make(folder, _ORIGIN, _PASSPHRASE).vkeys == made.vkeys
    assert LogKeys.load(folder, _ORIGIN, _PASSPHRASE).vkeys == made.vkeys
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert {stat.S_IMODE(file.stat().st_mode) for file in folder.iterdir()} == {0o600}


def test_making_that_was_interrupted_goes_on(tmp_path: Path) -> None:
    made = LogKeys.make(tmp_path, _ORIGIN, _PASSPHRASE)
    (tmp_path / ML_DSA_44_FILE).unlink()
    again = LogKeys.make(tmp_path, _ORIGIN, _PASSPHRASE)
    assert (again.vkeys[0] == made.vkeys[0], again.vkeys[1] == made.vkeys[1]) == (True, False)


@pytest.mark.parametrize("name", [ED25519_FILE, ML_DSA_44_FILE])
def test_an_empty_file_that_a_kill_left_is_no_key_and_stands_in_nobodys_way(tmp_path: Path, name: str) -> None:
    made = LogKeys.make(tmp_path, _ORIGIN, _PASSPHRASE)
    (tmp_path / name).write_bytes(b"")
    with pytest.raises(NotFound, match=f"no {name}"):
        LogKeys.load(tmp_path, _ORIGIN, _PASSPHRASE)
    assert len(set(LogKeys.make(tmp_path, _ORIGIN, _PASSPHRASE).keys) & set(made.keys)) == 1


def test_both_keys_sign_a_checkpoint_under_the_logs_name() -> None:
    keys = LogKeys.generate(_ORIGIN)
    note = format_note(keys.sign(Checkpoint(_ORIGIN, 7, bytes(32)), 1_795_000_000))
    opened = open_note(note, [verifier_for(key) for key in keys.keys])
    assert [(one.key.name, one.key.type, one.time) for one in opened.signed] == [
        (_ORIGIN, SignatureType.ED25519, None),
        (_ORIGIN, SignatureType.ML_DSA_44_COSIGNATURE, 1_795_000_000),
    ]


def test_a_wrong_passphrase_opens_nothing(tmp_path: Path) -> None:
    LogKeys.make(tmp_path, _ORIGIN, _PASSPHRASE)
    with pytest.raises(NotTrusted, match="KEY-22"):
        LogKeys.load(tmp_path, _ORIGIN, "another")


def test_key_files_that_others_can_read_are_refused(tmp_path: Path) -> None:
    LogKeys.make(tmp_path, _ORIGIN, _PASSPHRASE)
    (tmp_path / ED25519_FILE).chmod(0o640)
    with pytest.raises(NotTrusted, match="KEY-20"):
        LogKeys.load(tmp_path, _ORIGIN, _PASSPHRASE)


def test_a_key_of_another_algorithm_than_its_file_says_is_refused(tmp_path: Path) -> None:
    LogKeys.make(tmp_path, _ORIGIN, _PASSPHRASE)
    (tmp_path / ED25519_FILE).replace(tmp_path / ML_DSA_44_FILE)
    with pytest.raises(NotFound, match=ED25519_FILE):
        LogKeys.load(tmp_path, _ORIGIN, _PASSPHRASE)
    (tmp_path / ED25519_FILE).write_bytes((tmp_path / ML_DSA_44_FILE).read_bytes())
    (tmp_path / ED25519_FILE).chmod(0o600)
    with pytest.raises(NotTrusted, match="KEY-21"):
        LogKeys.load(tmp_path, _ORIGIN, _PASSPHRASE)
