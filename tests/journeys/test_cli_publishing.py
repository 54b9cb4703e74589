"""Publishing from the command line: keys, checkpoints and proofs without a server, and the server itself."""

from __future__ import annotations

import http.client
import json
import os
import signal
import socket
import stat
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from ledger.tlog.policy import Policy, parse_policy
from ledger.tlog.proof import check_proof, decode_proof
from ledger.tlog.tree import leaf_hash
from ledger.tlog.vkey import format_vkey
from tests.journeys.bench import LOG
from tests.witness_server import Manners, TestWitness, running

if TYPE_CHECKING:
    from tests.journeys.bench import Bench

_CHECKOUT = Path(__file__).parents[2]


@pytest.fixture
def log(bench: Bench) -> Bench:
    """A bench with an open log, and a data directory for what is kept outside the database."""
    bench.environ["VIALOG_DATA"] = str(bench.place / "data")
    bench.open()
    return bench


def _policy(log: Bench) -> Policy:
    lines = log.done("log", "vkey").stdout.splitlines()
    return parse_policy("".join(f"log {line}\n" for line in lines).encode() + b"quorum none\n")


def test_the_first_checkpoint_makes_the_keys_and_says_them(log: Bench) -> None:
    ran = log.done("publish", "--json")
    assert ran.objects[0] | {"root": "", "names": 0} == {
        "log": LOG,
        "published": True,
        "size": 2,
        "root": "",
        "names": 0,
    }
    vkeys = log.done("log", "vkey").stdout.splitlines()
    assert [f"log {line}" for line in vkeys] == ran.stderr.splitlines()[-2:]
    assert [line.split("+")[0] for line in vkeys] == [LOG, LOG]
    for name in ("ed25519.pem", "ml-dsa-44.pem"):
        file = log.place / "data" / "log-keys" / name
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        assert file.read_bytes().startswith(b"-----BEGIN ENCRYPTED PRIVATE KEY-----")


def test_publishing_again_publishes_nothing(log: Bench) -> None:
    log.done("publish")
    said = log.done("publish", "--json").objects[0]
    assert (said["published"], said["size"]) == (False, 2)


def test_who_waits_for_the_proof_gets_a_file_that_checks_offline(log: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(log.place)
    body = {"party": "party:lab", "name": "Laboratory", "country": "CN", "business": "research"}
    signed = log.signed("party.registered/1", body, log.operator)
    said = log.done("statement", "submit", signed, "--wait-proof", "--json").objects[0]
    proof = decode_proof((log.place / f"{said['statement']}.tlog-proof").read_bytes())
    entry = log.done("log", "show", "--entry", said["position"]).stdout.encode()
    witnessed = check_proof(proof, leaf_hash(entry), _policy(log))
    assert (witnessed.checkpoint.origin, proof.index) == (LOG, said["position"] - 1)
    again = log.done("statement", "submit", signed, "--wait-proof", "--json").objects[0]
    assert again["status"] == "repeated"


def test_no_publishing_waits_for_a_mirror_which_cosigns_what_is_published(log: Bench) -> None:
    policy = log.place / "policy"
    policy.write_text(f"mirror m1 {format_vkey(TestWitness('m1').cosigner.key)}\nquorum m1\n", encoding="utf-8")
    log.environ["VIALOG_WITNESS_POLICY"] = str(policy)
    ran = log.run("publish")
    assert (ran.code, ": mirror: a mirror cosigns what is published already" in ran.stderr) == (3, True)


def test_keys_that_are_gone_are_not_made_anew(log: Bench) -> None:
    log.done("publish")
    (log.place / "data" / "log-keys" / "ed25519.pem").unlink()
    ran = log.run("publish")
    assert (ran.code, "the log's keys are missing" in ran.stderr) == (8, True)
    assert not (log.place / "data" / "log-keys" / "ed25519.pem").exists()


def test_a_checkpoint_without_its_quorum_is_kept_back(log: Bench) -> None:
    witness = TestWitness("w.example/1", Manners.REFUSES)
    with running(witness):
        policy = log.place / "policy"
        policy.write_text(f"witness one {format_vkey(witness.cosigner.key)} {witness.url}\nquorum one\n")
        log.environ["VIALOG_WITNESS_POLICY"] = str(policy)
        ran = log.run("publish")
        assert (ran.code, "TLOG-14" in ran.stderr, "one answers 500" in ran.stderr) == (9, True, True)
        witness.manners = Manners.GOOD
        assert log.done("publish", "--json").objects[0]["size"] == 2
        assert witness.size == 2


def test_backup_restored_is_refused_with_its_own_exit_code(log: Bench) -> None:
    log.done("publish")
    remembered = log.place / "data" / "last-checkpoint"
    remembered.write_bytes(remembered.read_bytes().replace(b"\n2\n", b"\n20\n", 1))
    ran = log.run("publish")
    assert (ran.code, "this log has 2 entries" in ran.stderr) == (12, True)


def test_nobody_to_ask_for_the_passphrase_is_one_error_that_says_what_to_set(log: Bench) -> None:
    log.environ["VIALOG_PASSPHRASE_FILE"] = None
    environ = {**os.environ, **{name: value for name, value in log.environ.items() if value is not None}}
    ran = subprocess.run(
        [sys.executable, "-m", "api.cli", "publish"],
        env=environ,
        cwd=_CHECKOUT,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        start_new_session=True,
        check=False,
    )
    line, rule = ran.stderr.splitlines()
    assert (ran.returncode, line.startswith("error: KEY-22"), "VIALOG_PASSPHRASE_FILE" in line) == (4, True, True)
    assert rule == "  rule: A key file opens with its passphrase."


def test_an_address_that_cannot_be_listened_at_is_told(log: Bench) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        ran = log.run("serve", "--port", port)
        in_json = log.run("serve", "--port", port, "--json")
    said = f"127.0.0.1:{port}: cannot listen there: Address already in use"
    assert (ran.code, ran.stdout, ran.stderr) == (2, "", f"error: {said}\n")
    assert (in_json.code, in_json.stdout) == (2, "")
    assert json.loads(in_json.stderr)["error"] == {"answer": "OSError", "code": 2, "problem": said}
    ran = log.run("serve", "--host", "a..b")
    assert (ran.code, ran.stderr) == (2, "error: a..b:8090: cannot listen there: there is no such host\n")


def test_a_file_that_is_no_copy_is_not_mirrored_into(log: Bench) -> None:
    policy, copy = log.place / "policy", log.place / "letter.txt"
    policy.write_text("quorum none\n")
    copy.write_text("Dear reader, this is no database.")
    ran = log.run("mirror", log.place, "--copy", copy, "--policy", policy)
    assert (ran.code, ran.stderr) == (2, f"error: {copy}: is not a mirror's copy; name another file\n")
    assert copy.read_text() == "Dear reader, this is no database."


def test_a_file_that_is_no_cosignature_is_not_replaced(log: Bench) -> None:
    policy, letter = log.place / "policy", log.place / "letter.txt"
    policy.write_text("quorum none\n")
    letter.write_text("Dear reader, nobody signed this.")
    for file in (letter, Path(os.devnull), log.place):
        ran = log.run("mirror", log.place, "--copy", log.place / "copy", "--policy", policy, "--cosignature", file)
        assert (ran.code, ran.stderr) == (2, f"error: {file}: is not a cosignature; name another file\n")
    assert letter.read_text() == "Dear reader, nobody signed this."


def test_the_server_serves_until_it_is_stopped(log: Bench) -> None:
    environ = {**os.environ, **{name: value for name, value in log.environ.items() if value is not None}}
    command = [sys.executable, "-m", "api.cli", "serve", "--port", "0"]
    with subprocess.Popen(
        command, env=environ, cwd=_CHECKOUT, stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        try:
            assert process.stderr is not None
            said = next(line for line in process.stderr if "is served at" in line)
            with closing(http.client.HTTPConnection(said.strip().rpartition("//")[2], timeout=30)) as connection:
                connection.request("GET", "/healthz")
                with connection.getresponse() as response:
                    assert response.status == 200
        finally:
            process.send_signal(signal.SIGTERM)
            _, rest = process.communicate()
    assert process.returncode == 0, rest
    assert "Traceback" not in rest
