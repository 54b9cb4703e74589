"""A witness at the command line: it says where it listens, and what it cosigned."""

from __future__ import annotations

import http.client
import socket
from contextlib import closing
from typing import TYPE_CHECKING, Any

import pytest

from ledger.tlog.cosignature import verifier_for
from ledger.tlog.note import open_note
from ledger.tlog.vkey import format_vkey, parse_vkey
from ledger.witness.request import parse_request
from tests.grown import ORIGIN, SIGNER, request, tree
from tests.journeys.bench import Bench
from tests.journeys.test_cli_json import started

if TYPE_CHECKING:
    from pathlib import Path

NAME = "witness.example/w1"


@pytest.fixture
def place(tmp_path: Path) -> Bench:
    """A bench without a database, with a witness's key."""
    bench = Bench(tmp_path, "postgresql://nobody@nowhere.invalid/none")
    bench.done("witness", "key", "new", tmp_path / "w.pem", "--name", NAME)
    return bench


def watching(bench: Bench) -> list[object]:
    """Return the options of a witness of one log."""
    return ["--state", bench.place / "state", "--key", bench.place / "w.pem", "--log", format_vkey(SIGNER.key)]


def check(lines: str, vkey: str) -> None:
    """Check that somebody cosigned the tree of 5 entries."""
    open_note(parse_request(request(0, tree(5))).note + lines.encode(), [verifier_for(parse_vkey(vkey))])


def test_a_witness_says_as_json_what_a_policy_has_to_name_once_it_listens(place: Bench) -> None:
    (own,) = place.done("witness", "vkey", place.place / "w.pem", "--json").objects
    with started(place, "witness", "serve", *watching(place), "--port", 0, "--json") as said:
        assert (said["logs"], said["vkeys"]) == ([ORIGIN], [own["vkey"]])
        assert said["url"] == f"http://127.0.0.1:{said['port']}"
        with closing(http.client.HTTPConnection(said["host"], said["port"], timeout=30)) as connection:
            connection.request("POST", "/add-checkpoint", request(0, tree(5)))
            with connection.getresponse() as response:
                assert response.status == 200
                check(response.read().decode(), own["vkey"])


def test_an_address_that_is_taken_is_one_line_that_names_it(place: Bench) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        ran = place.run("witness", "serve", *watching(place), "--port", port)
    problem = f"error: 127.0.0.1:{port}: cannot listen there: Address already in use\n"
    assert (ran.code, ran.stdout, ran.stderr) == (2, "", problem)
    ran = place.run("witness", "serve", *watching(place), "--host", "a..b")
    assert (ran.code, ran.stderr) == (2, "error: a..b:8091: cannot listen there: there is no such host\n")


def test_what_was_cosigned_is_one_json_object(place: Bench) -> None:
    file = place.place / "request"
    file.write_bytes(request(0, tree(5)))
    (own,) = place.done("witness", "vkey", place.place / "w.pem", "--json").objects
    said: dict[str, Any]
    (said,) = place.done("witness", "cosign", file, *watching(place), "--json").objects
    check(said.pop("cosignature"), own["vkey"])
    assert said == {"log": ORIGIN, "size": 5, "root": tree(5).root().hex()}
    behind = place.run("witness", "cosign", file, *watching(place), "--json")
    assert (behind.code, behind.stdout, '"answer":"Conflict"' in behind.stderr) == (7, "", True)


def test_the_vkey_of_a_key_that_was_moved_away_is_not_overwritten(place: Bench) -> None:
    key, vkey = place.place / "w.pem", place.place / "w.pem.vkey"
    key.unlink()
    before = vkey.read_bytes()
    ran = place.run("witness", "key", "new", key, "--name", "another.example/w")
    assert (ran.code, ran.stderr.startswith(f"error: {vkey}: there is a file")) == (2, True)
    assert (key.exists(), vkey.read_bytes()) == (False, before)
