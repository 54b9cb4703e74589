"""A hook of the tests' own on loopback, which keeps what it is told and answers as it is told to."""

from __future__ import annotations

import base64
import json
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from queue import Empty, Queue
from threading import Thread
from typing import TYPE_CHECKING, Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from api.hooks.delivering import Deliverer
from api.hooks.events import Events
from api.hooks.keeping import QUERIES
from api.http.hooks import kept_hooks
from api.sessions.election import Election

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.http.serving import Served


@dataclass(frozen=True)
class Called:
    """One request that a hook got; header names in lower case."""

    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def position(self) -> int:
        said: dict[str, Any] = json.loads(self.body)
        position: int = said["data"]["position"]
        return position

    def check(self, public: str) -> None:
        """Check the signature as the specification says. public: ``whpk_…``. Raises InvalidSignature."""
        key = Ed25519PublicKey.from_public_bytes(base64.b64decode(public.removeprefix("whpk_"), validate=True))
        signed = f"{self.headers['webhook-id']}.{self.headers['webhook-timestamp']}.".encode() + self.body
        check_signed(self.headers["webhook-signature"], key, signed)


def check_signed(header: str, key: Ed25519PublicKey, signed: bytes) -> None:
    """Check that one of the signatures in a header is a key's. Raises InvalidSignature, of the last that is not."""
    wrong: InvalidSignature | None = None
    for one in header.split(" "):
        version, _, signature = one.partition(",")
        assert version == "v1a"
        try:
            return key.verify(base64.b64decode(signature, validate=True), signed)
        except InvalidSignature as error:
            wrong = error
    raise wrong or InvalidSignature


@dataclass
class Hooked:
    """A hook that listens. answers: the status of each next answer; 204 once there is none left."""

    calls: Queue[Called] = field(default_factory=Queue)
    answers: list[int] = field(default_factory=list)
    location: str = ""
    url: str = ""

    def next(self) -> Called:
        """Return the next request, which has to come."""
        return self.calls.get(timeout=30)

    def soon(self) -> Called | None:
        """Return the next request, if it comes at once."""
        try:
            return self.calls.get(timeout=0.1)
        except Empty:
            return None

    def quiet(self) -> bool:
        """Say whether nothing more has come."""
        return self.calls.empty()


@contextmanager
def hooked() -> Iterator[Hooked]:
    """Listen for a with block."""
    hook = Hooked()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            hook.calls.put(Called(self.path, {name.lower(): one for name, one in self.headers.items()}, body))
            self.send_response(hook.answers.pop(0) if hook.answers else 204)
            if hook.location:
                self.send_header("Location", hook.location)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        hook.url = f"http://127.0.0.1:{server.server_address[1]}/told?by=vialog"
        thread = Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        try:
            yield hook
        finally:
            server.shutdown()
            thread.join()


@contextmanager
def delivering(log: Served) -> Iterator[Deliverer]:
    """Let a service deliver for a with block."""
    doors = log.doors
    election = Election(log.database.owner, QUERIES)
    ledger = doors.ledger
    events = Events(ledger.store, doors.notices, ledger.packs, ledger.jurisdiction)
    with closing(Deliverer(kept_hooks(doors), election, doors.signing_in, events, doors.accesses)) as deliverer:
        yield deliverer
