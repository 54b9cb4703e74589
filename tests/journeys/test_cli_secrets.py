"""Passphrases, keys and tokens at the command line: taken where they are safe, and said what is wrong where not."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from tests.journeys.bench import PASSPHRASE

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.journeys.bench import Bench


def _with(content: bytes) -> Callable[[Path], object]:
    return lambda file: file.write_bytes(content)


def _fifo(file: Path) -> None:
    file.unlink()
    os.mkfifo(file, 0o600)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        pytest.param(_with(b"eleven char\n"), "KEY-24: the passphrase is too short: .* 12 characters", id="short"),
        pytest.param(_with(b" \n"), "KEY-24: the passphrase is too short", id="a blank"),
        pytest.param(_with(b"x" * 1_024), "KEY-24: the passphrase is too long: .* 255 characters", id="long"),
        pytest.param(_with(b"x" * 10_000_000), "KEY-24: the passphrase is too long", id="very long"),
        pytest.param(_with(b"correct\x00 horse\x07"), "KEY-24: .* cannot be seen", id="control characters"),
        pytest.param(_with(b"correct horse \xff\xfe"), "KEY-22: .* is not UTF-8", id="not UTF-8"),
        pytest.param(_with(b"\nsecond line"), "KEY-22: the first line of .* is empty", id="empty"),
        pytest.param(lambda file: file.chmod(0o640), "KEY-20: others can reach .*: run chmod 600", id="open"),
        pytest.param(_fifo, "KEY-20: .* is no regular file", id="pipe"),
    ],
)
def test_a_passphrase_file_that_does_not_do_is_told_and_no_key_is_made(
    bench: Bench, change: Callable[[Path], object], said: str
) -> None:
    change(bench.place / "passphrase")
    for command in (("keys", "new"), ("witness", "key", "new", "--name", "witness.example/w1")):
        ran = bench.run(*command, bench.place / "new.pem")
        assert (ran.code, ran.stdout) == (4, "")
        assert re.match(f"error: {said}", ran.stderr), ran.stderr
        assert [file.name for file in bench.place.iterdir()] == ["passphrase"]


def test_a_mark_that_an_editor_put_before_the_passphrase_is_none_of_it(bench: Bench) -> None:
    bench.done("keys", "new", bench.place / "mine.pem")
    (bench.place / "passphrase").write_bytes(b"\xef\xbb\xbf" + PASSPHRASE.encode() + b"\r\n")
    bench.done("keys", "show", bench.place / "mine.pem")


def test_an_empty_file_in_the_place_of_a_key_stands_in_nobodys_way(bench: Bench) -> None:
    bench.operator.key.touch()
    bench.open()
    (bench.place / "new.pem").touch()
    assert bench.run("keys", "show", bench.place / "new.pem").code == 4
    made = bench.done("keys", "new", bench.place / "new.pem", "--json").objects
    assert bench.done("keys", "show", bench.place / "new.pem", "--json").objects == made


def test_a_key_of_an_earlier_program_is_told_so_with_what_to_do(bench: Bench) -> None:
    old = bench.place / "old.pem"
    old.touch(mode=0o600)
    old.write_bytes(
        Ed25519PrivateKey.generate().private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.BestAvailableEncryption(PASSPHRASE.encode()),
        )
    )
    ran = bench.run("keys", "show", old)
    assert ran.code == 4
    assert "an earlier program" in ran.stderr
    assert "openssl pkcs8 -topk8 -scrypt -scrypt_p 5 -in OLD -out NEW" in ran.stderr


def test_a_witness_key_that_was_left_without_its_name_is_told_with_what_to_do(bench: Bench) -> None:
    key = bench.place / "w.pem"
    bench.done("keys", "new", key)  # what stands there when making a witness's key is killed between its two files
    for command in (("witness", "vkey"), ("witness", "key", "new", "--name", "witness.example/w1")):
        ran = bench.run(*command, key)
        assert ran.code == 2
        assert "remove it and make another" in ran.stderr
