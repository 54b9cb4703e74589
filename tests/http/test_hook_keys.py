"""The keys that sign what hooks are told: one takes over from another, and nobody who checks is left without."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

import pytest
from cryptography.exceptions import InvalidSignature

from api.hooks.signing import FILE, OLD, HookKey, drop_old, rotate
from ledger.errors import NotFound, NotTrusted, Refused
from tests.http.hooked import Called

if TYPE_CHECKING:
    from pathlib import Path

_PASSPHRASE: Final = "correct horse battery staple"
_AT: Final = datetime(2026, 11, 30, tzinfo=UTC)


def called(key: HookKey, body: bytes = b"{}") -> Called:
    return Called("/", key.headers("a-message", _AT, body), body)


def test_until_the_key_before_is_dropped_whoever_checks_by_either_is_told(tmp_path: Path) -> None:
    before = HookKey.open(tmp_path, _PASSPHRASE)
    rotate(tmp_path, _PASSPHRASE)
    both = HookKey.open(tmp_path, _PASSPHRASE)
    assert both.public[1:] == before.public
    for public in both.public:
        called(both).check(public)
    drop_old(tmp_path)
    after = HookKey.open(tmp_path, _PASSPHRASE)
    assert after.public == both.public[:1]
    called(after).check(after.public[0])
    with pytest.raises(InvalidSignature):
        called(after).check(before.public[0])


def test_two_signatures_are_of_the_same_message(tmp_path: Path) -> None:
    HookKey.open(tmp_path, _PASSPHRASE)
    rotate(tmp_path, _PASSPHRASE)
    both = HookKey.open(tmp_path, _PASSPHRASE)
    told = called(both)
    assert len(told.headers["webhook-signature"].split(" ")) == 2
    for public in both.public:
        with pytest.raises(InvalidSignature):
            Called(told.path, told.headers, b"{ }").check(public)


@pytest.mark.rule("HOK-05")
def test_a_key_does_not_change_while_two_sign(tmp_path: Path) -> None:
    HookKey.open(tmp_path, _PASSPHRASE)
    rotate(tmp_path, _PASSPHRASE)
    known = HookKey.open(tmp_path, _PASSPHRASE).public
    with pytest.raises(Refused, match="HOK-05"):
        rotate(tmp_path, _PASSPHRASE)
    assert HookKey.open(tmp_path, _PASSPHRASE).public == known


def test_a_change_that_was_interrupted_is_done_again(tmp_path: Path) -> None:
    before = HookKey.open(tmp_path, _PASSPHRASE)
    (tmp_path / OLD).hardlink_to(tmp_path / FILE)
    (tmp_path / "hooks-new.pem").write_bytes(b"half a key")
    assert HookKey.open(tmp_path, _PASSPHRASE).public == before.public
    rotate(tmp_path, _PASSPHRASE)
    assert HookKey.open(tmp_path, _PASSPHRASE).public[1:] == before.public


def test_what_is_not_there_is_not_changed(tmp_path: Path) -> None:
    with pytest.raises(NotFound):
        rotate(tmp_path, _PASSPHRASE)
    HookKey.open(tmp_path, _PASSPHRASE)
    with pytest.raises(NotFound):
        drop_old(tmp_path)
    with pytest.raises(NotTrusted):
        rotate(tmp_path, "another passphrase")
    assert not (tmp_path / OLD).exists()
