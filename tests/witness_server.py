"""A small witness for the tests of publishing, written from the specification: one log, state in memory, bad manners.

C2SP tlog-witness: POST /add-checkpoint, GET /<SHA-256 of the origin>/checkpoint. It holds what it cosigned last.
"""

from __future__ import annotations

import base64
from contextlib import contextmanager
from enum import StrEnum
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from typing import TYPE_CHECKING, Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from ledger.errors import IntegrityFailed
from ledger.tlog.checkpoint import decode_checkpoint
from ledger.tlog.cosignature import Ed25519Cosigner
from ledger.tlog.note import format_signature_lines, parse_note
from ledger.tlog.policy import Group, Party, Policy
from ledger.tlog.tree import EMPTY_ROOT, check_consistency

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

_TIME: Final = 1_795_000_000
_SIZE_TYPE: Final = "text/x.tlog.size"


class Manners(StrEnum):
    """How a witness behaves."""

    GOOD = "good"
    LOSES_ANSWERS = "cosigns, persists, and hangs up without an answer"
    HANGS = "never answers"
    DRIPS = "answers one byte at a time for ever"
    LIES = "answers with a cosignature over another checkpoint"
    BABBLES = "answers with what is no cosignature"
    REFUSES = "answers 500"
    CLAIMS_MUCH = "claims to hold more entries than there are"
    CLAIMS_NOTHING = "claims to hold nothing, whatever it is asked from"
    ECHOES = "answers 409 with the size that it is asked from"
    DENIES = "says that the checkpoint does not extend the one it holds"


class TestWitness:
    """A witness of one log."""

    __test__ = False

    def __init__(self, name: str, manners: Manners = Manners.GOOD) -> None:
        """Hold nothing yet."""
        self.cosigner = Ed25519Cosigner(name, Ed25519PrivateKey.generate())
        self.manners = manners
        self.size, self.root = 0, EMPTY_ROOT
        self.note = b""
        self.shows = True
        self.asked = 0
        self.meanwhile: dict[int, Callable[[], object]] = {}
        self.time = _TIME
        self.released = Event()
        self.url = ""

    @property
    def party(self) -> Party:
        """Return what a policy says of it."""
        return Party(self.cosigner.key, self.url)

    def answer(self, body: bytes) -> tuple[int, str, bytes]:
        """Return status, content type and body of the answer to a request's body.

        What is to happen just before the answer to the n-th request is taken out of ``meanwhile`` and done.
        """
        self.asked += 1
        self.meanwhile.pop(self.asked, lambda: None)()
        head, _, note = body.partition(b"\n\n")
        old, *proof = head.decode().split("\n")
        checkpoint = decode_checkpoint(parse_note(note).text)
        if int(old.removeprefix("old ")) != self.size:
            return 409, "text/x.tlog.size", f"{self.size}\n".encode()
        if self.size == checkpoint.size and self.root != checkpoint.root:
            return 409, "text/x.tlog.size", f"{self.size}\n".encode()
        if self.size > checkpoint.size:
            return 400, "text/plain", b"old size above the checkpoint's\n"
        hashes = [base64.b64decode(line) for line in proof]
        if self.size:
            try:
                check_consistency(self.size, checkpoint.size, hashes, self.root, checkpoint.root)
            except IntegrityFailed:
                return 422, "text/plain", b"no proof\n"
        self.size, self.root = checkpoint.size, checkpoint.root
        text = parse_note(note).text
        if self.manners is Manners.LIES:
            text = text.replace(f"\n{checkpoint.size}\n", f"\n{checkpoint.size + 1}\n")
        self.note = note
        line = self.cosigner.cosign(text, self.time)
        return 200, "text/plain", format_signature_lines([line])


def _handler(witness: TestWitness) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            if self.path != "/add-checkpoint":
                self.send_error(404)
                return
            match witness.manners:
                case Manners.HANGS:
                    witness.released.wait(30)
                case Manners.DRIPS:
                    self._drip()
                case Manners.BABBLES:
                    self._say(200, "text/plain", b"hello\n")
                case Manners.REFUSES:
                    self._say(500, "text/plain", b"out of order\n")
                case Manners.LOSES_ANSWERS:
                    witness.answer(body)
                case Manners.CLAIMS_MUCH:
                    self._say(409, _SIZE_TYPE, b"999999999\n")
                case Manners.CLAIMS_NOTHING:
                    self._say(409, _SIZE_TYPE, b"0\n")
                case Manners.ECHOES:
                    self._say(409, _SIZE_TYPE, body.split(b"\n")[0].removeprefix(b"old ") + b"\n")
                case Manners.DENIES:
                    self._say(422, "text/plain", b"no\n")
                case _:
                    self._say(*witness.answer(body))

        def do_GET(self) -> None:
            origin, _, _ = witness.note.partition(b"\n")
            if witness.shows and self.path == f"/{sha256(origin).hexdigest()}/checkpoint":
                self._say(200, "text/plain", witness.note)
            else:
                self.send_error(404)

        def _say(self, status: int, kind: str, body: bytes) -> None:
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def _drip(self) -> None:
            self.send_response(200)
            self.send_header("Content-Length", "60000")
            self.end_headers()
            while not witness.released.wait(0.02):
                try:
                    self.wfile.write(b"x")
                except OSError:
                    return

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002  the signature of the library
            return

    return Handler


@contextmanager
def running(*witnesses: TestWitness) -> Iterator[None]:
    """Let witnesses answer on loopback, each at a port of its own, for a with block."""
    servers = [ThreadingHTTPServer(("127.0.0.1", 0), _handler(one)) for one in witnesses]
    threads = [Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}) for server in servers]
    for one, server, thread in zip(witnesses, servers, threads, strict=True):
        server.daemon_threads = True
        one.url = f"http://127.0.0.1:{server.server_port}"
        thread.start()
    try:
        yield
    finally:
        for one, server, thread in zip(witnesses, servers, threads, strict=True):
            one.released.set()
            server.shutdown()
            thread.join()
            server.server_close()


def policy_of(witnesses: Sequence[TestWitness], threshold: int = 0) -> Policy:
    """Return a policy with some witnesses, of which a number must cosign; 0 for a policy without a quorum."""
    parties = {one.cosigner.key.name: one.party for one in witnesses}
    groups = {"enough": Group(threshold, tuple(parties))} if threshold else {}
    return Policy((), parties, groups, "enough" if threshold else None)
