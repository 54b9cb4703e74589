"""What a witness and a mirror are given, before they look at a log: requests, keys, addresses, files and copies."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

import pytest
from typer.testing import CliRunner

from api.cli.main import app
from ledger.errors import Malformed
from ledger.mirror.copy import Copy, Replayed
from ledger.mirror.mirror import Means, Mirror
from ledger.mirror.source import open_files, read_checkpoint
from ledger.rulepacks.load import load_packs
from ledger.statement.entries.entry import NO_RULES, Entry, encode_entry, leaf_of
from ledger.statement.entries.state_entry import StateEntry, encode_state
from ledger.tlog.checkpoint import Checkpoint, encode_checkpoint
from ledger.tlog.note import MAX_NOTE, Ed25519Signer, Note, format_note
from ledger.tlog.policy import Party, Policy
from ledger.tlog.vkey import format_vkey
from ledger.witness.core import Witness
from ledger.witness.request import MAX_REQUEST, encode_request, parse_request
from tests.authors import START, SteppingClock
from tests.grown import ORIGIN, SIGNER, cosigner, private, request, tree

if TYPE_CHECKING:
    from pathlib import Path

REQUEST = request(5, tree(9))
NAME = "witness.example/w1"


def _passphrase(place: Path) -> dict[str, str]:
    path = place / "passphrase"
    path.touch(mode=0o600)
    path.write_text("correct horse\n", encoding="utf-8")
    return {"VIALOG_PASSPHRASE_FILE": str(path)}


def _begun(origin: str) -> tuple[Replayed, list[bytes]]:
    """Return what a copy keeps of a log that has only begun: one state entry, and the checkpoint over it."""
    entry = encode_entry(Entry(1, START, NO_RULES, frozenset(), encode_state(StateEntry(bytes(32), 0, 0))))
    text = encode_checkpoint(Checkpoint(origin, 1, leaf_of(entry)))
    note = format_note(Note(text, (Ed25519Signer(origin, private(origin)).sign(text),)))
    return Replayed(origin, 1, note, 0), [entry]


def test_a_request_has_one_form() -> None:
    assert encode_request(parse_request(REQUEST)) == REQUEST


@pytest.mark.rule("WIT-01")
@pytest.mark.parametrize(
    ("data", "member"),
    [
        pytest.param(b"", "$", id="nothing"),
        pytest.param(REQUEST.replace(b"\n\n", b"\n"), "$", id="no blank line"),
        pytest.param(REQUEST.replace(b"old 5", "old ٥".encode()), "$", id="not ASCII"),
        pytest.param(REQUEST.replace(b"old 5", b"size 5"), "old", id="no old line"),
        pytest.param(REQUEST.replace(b"old 5", b"old 05"), "old", id="a leading zero"),
        pytest.param(REQUEST.replace(b"=\n", b"\n", 1), "proof[0]", id="a hash without padding"),
        pytest.param(b"old 5\n" + b"A\n" * 64 + b"\n", "proof", id="64 hashes"),
        pytest.param(bytes(MAX_REQUEST + 1), "$", id="too large"),
    ],
)
def test_what_is_not_a_request_is_malformed(data: bytes, member: str) -> None:
    with pytest.raises(Malformed) as caught:
        parse_request(data)
    assert (caught.value.rule, caught.value.member) == ("WIT-01", member)


@pytest.mark.rule("WIT-02")
def test_a_tree_does_not_grow_from_a_larger_size() -> None:
    witness = Witness([SIGNER.key], [cosigner(NAME)])
    assert witness.open(request(9, tree(9))).checkpoint.size == 9
    with pytest.raises(Malformed, match="WIT-02: old"):
        witness.open(request(10, tree(9)))


@pytest.mark.rule("WIT-03")
def test_a_witness_does_not_watch_itself(tmp_path: Path) -> None:
    environ, runner, key = _passphrase(tmp_path), CliRunner(), str(tmp_path / "w.pem")
    made = runner.invoke(app, ["witness", "key", "new", key, "--name", NAME], env=environ)
    asked = tmp_path / "request"
    asked.write_bytes(REQUEST)
    command = ["witness", "cosign", str(asked), "--state", str(tmp_path / "state"), "--key", key]
    answer = runner.invoke(app, [*command, "--log", made.stdout.strip()], env=environ)
    assert (answer.exit_code, answer.stdout) == (3, "")
    assert "WIT-03: --key: " in answer.stderr


@pytest.mark.rule("MIR-01")
@pytest.mark.parametrize(
    "address",
    [
        "ftp://log.example/log",
        "file://elsewhere/log",
        "https://log.example/log?a=b",
        "http://[::1/log",
        "http://log.example:99999/log",
        "http://log.example/lög",
    ],
)
def test_what_is_no_address_of_a_log_is_refused(address: str) -> None:
    with pytest.raises(Malformed, match="MIR-01"):
        open_files(address, None)


@pytest.mark.rule("MIR-02")
def test_a_checkpoint_is_not_larger_than_a_note(tmp_path: Path) -> None:
    files = open_files(str(tmp_path), None)
    (tmp_path / "checkpoint").write_bytes(bytes(MAX_NOTE))
    assert len(read_checkpoint(files)) == MAX_NOTE
    (tmp_path / "checkpoint").write_bytes(bytes(MAX_NOTE + 1))
    with pytest.raises(Malformed, match="MIR-02: checkpoint"):
        read_checkpoint(files)


@pytest.mark.rule("MIR-04")
def test_another_log_is_not_mirrored_into_a_copy(tmp_path: Path) -> None:
    (tmp_path / "checkpoint").write_bytes(parse_request(REQUEST).note)
    policy = Policy((Party(SIGNER.key, ""),), {}, {}, None)
    means = Means(policy, load_packs(), None, SteppingClock(), tmp_path / "evidence")
    with closing(Copy(tmp_path / "copy.db")) as copy:
        copy.keep(*_begun("other.example/log"))
        with pytest.raises(Malformed, match=f"MIR-04: origin: the copy is of other.example/log, .* of {ORIGIN}"):
            Mirror(open_files(str(tmp_path), None), copy, means).pull(lambda verified, size: None)


@pytest.mark.rule("MIR-05")
@pytest.mark.parametrize("line", [b"", b"\nsecret\n", b"\xff\n", "schlüssel\n".encode(), b"se\0cret\n"])
def test_a_token_is_a_line_of_printable_ascii(line: bytes, tmp_path: Path) -> None:
    (tmp_path / "token").touch(mode=0o600)
    (tmp_path / "token").write_bytes(line)
    (tmp_path / "policy").write_text(f"log {format_vkey(SIGNER.key)}\nquorum none\n", encoding="utf-8")
    command = ["mirror", str(tmp_path / "log"), "--copy", str(tmp_path / "copy.db")]
    answer = CliRunner().invoke(
        app, [*command, "--policy", str(tmp_path / "policy"), "--token-file", str(tmp_path / "token")]
    )
    assert (answer.exit_code, answer.stdout) == (3, "")
    assert "MIR-05" in answer.stderr


@pytest.mark.rule("KEY-20")
def test_a_token_that_others_can_read_is_not_used(tmp_path: Path) -> None:
    (tmp_path / "token").write_bytes(b"a-token-of-the-tests\n")
    (tmp_path / "token").chmod(0o644)
    (tmp_path / "policy").write_text(f"log {format_vkey(SIGNER.key)}\nquorum none\n", encoding="utf-8")
    command = ["mirror", "http://127.0.0.1:1/log", "--copy", str(tmp_path / "copy.db")]
    answer = CliRunner().invoke(
        app, [*command, "--policy", str(tmp_path / "policy"), "--token-file", str(tmp_path / "token")]
    )
    assert (answer.exit_code, answer.stdout) == (4, "")
    assert f"KEY-20: others can reach {tmp_path / 'token'}: run chmod 600" in answer.stderr
