"""The witness keeps its protocol: every answer, over HTTP too, and one history only, whoever asks at the same time."""

from __future__ import annotations

import doctest
import http.client
import socket
import sqlite3
import threading
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from multiprocessing import get_context
from typing import TYPE_CHECKING

import pytest
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PrivateKey
from typer.testing import CliRunner

import ledger.witness.request
from api.cli.main import app
from api.http.connections import Limits
from api.http.server import Server
from api.http.witness import STATUS, witness_app
from ledger.errors import IntegrityFailed, LedgerError, Malformed, NotFound, NotTrusted, Unavailable
from ledger.tlog.checkpoint import Checkpoint, encode_checkpoint
from ledger.tlog.cosignature import CosignatureVerifier, MlDsa44Cosigner, verifier_for
from ledger.tlog.note import Ed25519Signer, Note, format_note, open_note
from ledger.tlog.vkey import format_vkey, parse_vkey
from ledger.witness.core import Behind, Witness
from ledger.witness.keys import CosignerAlgorithm, load_cosigner, make_cosigner
from ledger.witness.request import MAX_REQUEST, Request, encode_request, parse_request
from ledger.witness.service import WitnessService
from ledger.witness.state import WitnessState
from tests.grown import ORIGIN, SIGNER, cosigner, private, request, signed, tree

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from ledger.clock import Clock
    from ledger.witness.core import Known

NAME = "witness.example/w1"
NOW = datetime(2026, 11, 21, 4, 0, tzinfo=UTC)


class _Clock:
    """A clock that stands still until it is set."""

    def __init__(self) -> None:
        self.time = NOW

    def now(self) -> datetime:
        return self.time


def witness_at(path: Path, clock: Clock | None = None) -> WitnessService:
    return WitnessService(Witness([SIGNER.key], [cosigner(NAME)]), WitnessState(path), clock or _Clock())


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "witness.db"


@pytest.fixture
def witness(path: Path) -> WitnessService:
    return witness_at(path)


def cosigned_at(data: bytes, lines: bytes) -> int | None:
    """Return the time that a witness's answer to a request states, verified."""
    opened = open_note(parse_request(data).note + lines, [verifier_for(SIGNER.key), verifier_for(cosigner(NAME).key)])
    (time,) = (one.time for one in opened.signed if one.key.name == NAME)
    return time


def test_the_worked_example_of_a_request_holds() -> None:
    result = doctest.testmod(ledger.witness.request)
    assert (result.attempted, result.failed) == (3, 0)


def test_the_first_checkpoint_of_a_log_is_cosigned_without_a_proof(witness: WitnessService) -> None:
    data = request(0, tree(5))
    assert cosigned_at(data, witness.add_checkpoint(data)) == int(NOW.timestamp())


def test_a_tree_that_grew_is_cosigned(witness: WitnessService) -> None:
    for old, new in ((0, 3), (3, 8), (8, 8), (8, 21)):
        data = request(old, tree(new))
        assert cosigned_at(data, witness.add_checkpoint(data))


def test_the_empty_tree_is_cosigned_again_and_again(witness: WitnessService) -> None:
    assert witness.add_checkpoint(request(0, tree(0))) == witness.add_checkpoint(request(0, tree(0)))


def test_every_key_of_a_witness_cosigns(path: Path) -> None:
    second = MlDsa44Cosigner("witness.example/w1-pq", MLDSA44PrivateKey.generate())
    both = WitnessService(Witness([SIGNER.key], [cosigner(NAME), second]), WitnessState(path), _Clock())
    data = request(0, tree(5))
    opened = open_note(
        parse_request(data).note + both.add_checkpoint(data),
        [verifier_for(cosigner(NAME).key), CosignatureVerifier(second.key)],
    )
    assert [one.key.name for one in opened.signed] == [NAME, "witness.example/w1-pq"]


def _bent(data: bytes) -> bytes:
    return data[:-2] + (b"A" if data[-2:-1] != b"A" else b"B") + b"\n"


def _wrong_proof() -> bytes:
    asked = parse_request(request(5, tree(9)))
    return encode_request(Request(5, (*asked.proof[:-1], bytes(32)), asked.note))


def _longer_proof() -> bytes:
    asked = parse_request(request(5, tree(9)))
    return encode_request(Request(5, (*asked.proof, bytes(32)), asked.note))


def _of_size_0() -> bytes:
    text = f"{ORIGIN}\n0\n{'A' * 43}=\n"
    return b"old 0\n\n" + format_note(Note(text, (SIGNER.sign(text),)))


ANSWERS: list[tuple[str, bytes, type[LedgerError], int]] = [
    ("nothing", b"", Malformed, 400),
    ("only blank lines", b"\n\n", Malformed, 400),
    ("a leading zero", request(5, tree(9)).replace(b"old 5", b"old 05"), Malformed, 400),
    ("a negative size", request(5, tree(9)).replace(b"old 5", b"old -5"), Malformed, 400),
    ("no old line", request(5, tree(9)).replace(b"old 5", b"size 5"), Malformed, 400),
    ("carriage returns", request(5, tree(9)).replace(b"\n", b"\r\n"), Malformed, 400),
    ("a hash without padding", request(5, tree(9)).replace(b"=\n", b"\n", 1), Malformed, 400),
    ("64 hashes", b"old 5\n" + 64 * (43 * b"A" + b"=\n") + b"\n", Malformed, 400),
    ("no note", b"old 5\n\n" + signed(Checkpoint(ORIGIN, 9, bytes(32)))[:60], Malformed, 400),
    ("old above new", request(9, tree(5)), Malformed, 400),
    ("too large", bytes(MAX_REQUEST + 1), Malformed, 413),
    (
        "a log that is not watched",
        request(5, tree(9), Ed25519Signer("other.example/log", private("o")), "other.example/log"),
        NotFound,
        404,
    ),
    ("another key", request(5, tree(9), Ed25519Signer(ORIGIN, private("o"))), NotTrusted, 403),
    ("signed by another log", request(5, tree(9), Ed25519Signer("other.example/log", private("o"))), NotTrusted, 403),
    ("a signature that does not verify", _bent(request(5, tree(9))), NotTrusted, 403),
    ("from nothing, once more", request(0, tree(9)), Behind, 409),
    ("from a smaller size", request(4, tree(9)), Behind, 409),
    ("from a larger size", request(6, tree(9)), Behind, 409),
    ("a wrong proof", _wrong_proof(), IntegrityFailed, 422),
    ("a hash too many", _longer_proof(), IntegrityFailed, 422),
    ("a rewritten tree", request(5, tree(9, fork_at=3)), IntegrityFailed, 422),
    ("the same size with another root", request(5, tree(5, fork_at=3)), IntegrityFailed, 422),
    ("the empty tree with another root", _of_size_0(), IntegrityFailed, 422),
    ("the empty tree with another root, not signed", _bent(_of_size_0()), NotTrusted, 403),
]


@pytest.mark.parametrize(("data", "error"), [pytest.param(data, error, id=name) for name, data, error, _ in ANSWERS])
def test_what_is_not_cosigned_leaves_the_state_alone(
    data: bytes, error: type[LedgerError], path: Path, witness: WitnessService
) -> None:
    witness.add_checkpoint(request(0, tree(5)))
    before = WitnessState(path).known(ORIGIN)
    with pytest.raises(error):
        witness.add_checkpoint(data)
    assert WitnessState(path).known(ORIGIN) == before


@contextmanager
def _serving(service: WitnessService) -> Iterator[http.client.HTTPConnection]:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        server = Server(witness_app(service), Limits(), lambda: None)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        connection = http.client.HTTPConnection(*listening.getsockname())
        try:
            yield connection
        finally:
            connection.close()
            server.should_exit = True
            thread.join()


def _post(connection: http.client.HTTPConnection, data: bytes) -> tuple[int, str | None, bytes]:
    connection.request("POST", "/add-checkpoint", data, {"content-type": "text/plain"})
    answer = connection.getresponse()
    return answer.status, answer.getheader("content-type"), answer.read()


def test_every_answer_has_its_status_over_http(witness: WitnessService) -> None:
    with _serving(witness) as connection:
        first = request(0, tree(5))
        status, kind, lines = _post(connection, first)
        assert (status, kind) == (200, "text/plain; charset=utf-8")
        assert cosigned_at(first, lines)
        answered = [_post(connection, data) for _, data, _, _ in ANSWERS]
    assert [status for status, _, _ in answered] == [status for _, _, _, status in ANSWERS]
    behind = {(kind, body) for status, kind, body in answered if status == 409}
    assert behind == {("text/x.tlog.size", b"5\n")}


def test_every_answer_of_a_witness_has_a_status() -> None:
    assert set(STATUS) >= {Malformed, NotTrusted, NotFound, *Behind.__bases__, IntegrityFailed, Unavailable}


def test_time_never_goes_back(path: Path) -> None:
    clock = _Clock()
    witness = witness_at(path, clock)
    witness.add_checkpoint(request(0, tree(5)))
    clock.time = datetime(2026, 11, 20, tzinfo=UTC)
    data = request(5, tree(6))
    assert cosigned_at(data, witness.add_checkpoint(data)) == int(NOW.timestamp())


def test_what_was_cosigned_outlives_the_process(path: Path) -> None:
    witness_at(path).add_checkpoint(request(0, tree(5)))
    with pytest.raises(Behind) as behind:
        witness_at(path).add_checkpoint(request(0, tree(9)))
    assert behind.value.size == 5


class _Dying(Witness):
    """A witness that dies when it would sign."""

    def cosign(self, text: str, time: int) -> bytes:
        raise KeyboardInterrupt


def test_a_crash_between_persisting_and_answering_cosigns_nothing_else(path: Path) -> None:
    dying = WitnessService(_Dying([SIGNER.key], [cosigner(NAME)]), WitnessState(path), _Clock())
    with pytest.raises(KeyboardInterrupt):
        dying.add_checkpoint(request(0, tree(5)))
    witness = witness_at(path)
    with pytest.raises(Behind):
        witness.add_checkpoint(request(0, tree(5, fork_at=2)))
    with pytest.raises(IntegrityFailed):
        witness.add_checkpoint(request(5, tree(5, fork_at=2)))
    again = request(5, tree(5))
    assert cosigned_at(again, witness.add_checkpoint(again))


def test_a_crash_before_persisting_leaves_everything_as_it_was(path: Path, witness: WitnessService) -> None:
    witness.add_checkpoint(request(0, tree(5)))

    def die(known: Known) -> Known:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        WitnessState(path).advance(ORIGIN, b"note", die)
    data = request(5, tree(9))
    assert cosigned_at(data, witness.add_checkpoint(data))


def test_a_state_that_cannot_be_kept_is_no_cosignature(path: Path, witness: WitnessService) -> None:
    path.write_bytes(b"not a database, and long enough to look like one is expected here" * 20)
    with pytest.raises(Unavailable, match="not a database"):
        witness.add_checkpoint(request(0, tree(5)))


def _ask(path: Path, data: bytes) -> bool:
    try:
        return bool(witness_at(path).add_checkpoint(data))
    except (Behind, IntegrityFailed):
        return False


def test_of_two_checkpoints_of_one_size_exactly_one_is_cosigned_by_threads(path: Path) -> None:
    asked = [request(0, tree(9, fork_at=at)) for at in range(8)]
    with ThreadPoolExecutor(len(asked)) as threads:
        assert sum(threads.map(partial(_ask, path), asked)) == 1


def test_of_two_checkpoints_of_one_size_exactly_one_is_cosigned_by_processes(path: Path) -> None:
    _ask(path, request(0, tree(5)))
    asked = [request(5, tree(9)), request(5, tree(9, fork_at=6))]
    with ProcessPoolExecutor(len(asked), mp_context=get_context("spawn")) as processes:
        assert sum(processes.map(partial(_ask, path), asked)) == 1
    assert WitnessState(path).known(ORIGIN).size == 9


def test_a_rolled_back_size_is_never_written(path: Path) -> None:
    _ask(path, request(0, tree(5)))
    asked = [request(5, tree(size)) for size in range(6, 14)]
    with ThreadPoolExecutor(len(asked)) as threads:
        answers = list(threads.map(partial(_ask, path), asked))
    assert sum(answers) == 1
    assert WitnessState(path).known(ORIGIN).size == 6 + answers.index(True)


def test_every_commit_is_synced_with_its_folder(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[str] = []
    connect = sqlite3.connect

    def traced(*args: object, **kwargs: object) -> sqlite3.Connection:
        connection: sqlite3.Connection = connect(*args, **kwargs)  # type: ignore[call-overload]  # passed on as given
        connection.set_trace_callback(said.append)
        return connection

    monkeypatch.setattr(sqlite3, "connect", traced)
    _ask(path, request(0, tree(5)))
    assert said[0] == "pragma synchronous = extra"
    assert said[1] == "begin immediate"


@pytest.mark.parametrize("alg", CosignerAlgorithm)
def test_a_key_file_opens_with_its_passphrase_alone(tmp_path: Path, alg: CosignerAlgorithm) -> None:
    file = tmp_path / "witness.pem"
    made = make_cosigner(file, NAME, alg, "correct horse")
    assert load_cosigner(file, "correct horse").key == made.key
    with pytest.raises(NotTrusted, match="KEY-22"):
        load_cosigner(file, "wrong")
    with pytest.raises(FileExistsError):
        make_cosigner(file, NAME, alg, "correct horse")
    file.chmod(0o640)
    with pytest.raises(NotTrusted, match="KEY-20"):
        load_cosigner(file, "correct horse")


@pytest.mark.parametrize(
    ("logs", "own"),
    [
        pytest.param([SIGNER.key], [], id="no key of its own"),
        pytest.param([cosigner("w").key], [cosigner(NAME)], id="a cosigner watched as a log"),
        pytest.param([Ed25519Signer(ORIGIN, private(NAME)).key], [cosigner(NAME)], id="the log's key is its own"),
    ],
)
def test_a_key_has_one_role(logs: list[object], own: list[object]) -> None:
    with pytest.raises(ValueError, match="key"):
        Witness(logs, own)  # type: ignore[arg-type]  # the cases are of the types that it names


def test_a_witness_without_a_network_answers_from_file_to_file(tmp_path: Path) -> None:
    (tmp_path / "phrase").write_text("correct horse\n")
    (tmp_path / "phrase").chmod(0o600)
    (tmp_path / "request").write_bytes(data := request(0, tree(5)))
    environ = {"VIALOG_PASSPHRASE_FILE": str(tmp_path / "phrase")}
    runner = CliRunner()
    key = str(tmp_path / "key.pem")
    made = runner.invoke(app, ["witness", "key", "new", key, "--name", NAME], env=environ)
    shown = runner.invoke(app, ["witness", "vkey", key], env=environ)
    assert made.stdout == shown.stdout
    arguments = ["--state", str(tmp_path / "state"), "--key", key, "--log", format_vkey(SIGNER.key)]
    asked = ["witness", "cosign", str(tmp_path / "request"), *arguments]
    answer = runner.invoke(app, asked, env=environ)
    opened = open_note(parse_request(data).note + answer.stdout_bytes, [verifier_for(parse_vkey(made.stdout.strip()))])
    assert opened.text == encode_checkpoint(Checkpoint(ORIGIN, 5, tree(5).root()))
    assert runner.invoke(app, asked, env=environ).exit_code == 7
