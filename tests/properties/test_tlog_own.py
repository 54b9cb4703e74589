"""A log's own signed checkpoint, and that no byte of it can be another one unnoticed."""

from __future__ import annotations

from functools import cache
from typing import Final

import pytest

from ledger.errors import IntegrityFailed
from ledger.publisher.log_keys import LogKeys
from ledger.tlog.checkpoint import Checkpoint
from ledger.tlog.note import Note, format_note
from ledger.tlog.own import check_own
from tests.grown import ORIGIN, cosigner, tree

KEYS: Final = LogKeys.generate(ORIGIN)
WITNESS: Final = cosigner("witness.example/w1")
CHECKPOINT: Final = Checkpoint(ORIGIN, 3, tree(3).root())


@cache
def _note() -> tuple[bytes, bytes]:
    """Return what the log signed, and the line of a witness behind it."""
    own = KEYS.sign(CHECKPOINT, 1)
    note = format_note(Note(own.text, (*own.signatures, WITNESS.cosign(own.text, 2))))
    return format_note(own), note[len(format_note(own)) :]


def _changed(note: bytes, at: int) -> bytes:
    return note[:at] + (b"B" if note[at : at + 1] == b"A" else b"A") + note[at + 1 :]


def test_no_byte_that_the_log_has_signed_or_signed_with_can_be_another_one() -> None:
    own, line = _note()
    assert check_own(own + line, KEYS.keys) == CHECKPOINT
    for at in range(len(own)):
        with pytest.raises(IntegrityFailed):
            check_own(_changed(own + line, at), KEYS.keys)


def test_a_witnesss_signature_is_noticed_by_whoever_knows_the_witness() -> None:
    own, line = _note()
    signature = len(own) + line.rindex(b" ") + 8  # behind the key id: with another one the line is of somebody unknown
    assert check_own(_changed(own + line, signature), KEYS.keys) == CHECKPOINT
    for at in range(signature, len(own) + len(line) - 1):
        with pytest.raises(IntegrityFailed):
            check_own(_changed(own + line, at), KEYS.keys, [WITNESS.key])


def test_a_witness_need_not_have_signed() -> None:
    own, _ = _note()
    assert check_own(own, KEYS.keys, [WITNESS.key]) == CHECKPOINT
