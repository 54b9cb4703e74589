"""Something between a client and a service that fails as networks and services do, and counts what came through."""

from __future__ import annotations

import http.client
from collections import deque
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.http.serving import Served

_HOP = {"transfer-encoding", "connection", "content-length", "date", "server"}


@dataclass
class Between:
    """A service as it is reached over a bad line.

    faults: what befalls the next requests, in turn: ``lost`` the answer is lost once the service has it, ``half`` it
    breaks off, a number: the answer is that status, to be asked for again at once, None: nothing. heard: each request
    that the service got.
    """

    port: int
    faults: deque[str | int | None] = field(default_factory=deque)
    heard: list[tuple[str, str, dict[str, str]]] = field(default_factory=list)
    says: dict[str, bytes] = field(default_factory=dict)

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self.port}"


@contextmanager
def between(log: Served) -> Iterator[Between]:
    """Stand between a client and a served log, for a with block. ``says``: what is answered at a path in its place."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            self._pass()

        def do_POST(self) -> None:
            self._pass()

        def do_DELETE(self) -> None:
            self._pass()

        def _pass(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", "0"))) or None
            fault = line.faults.popleft() if line.faults else None
            if isinstance(fault, int):
                self._answer(fault, {"Retry-After": "0", "Content-Type": "text/plain"}, b"come again")
                return
            headers = {name: one for name, one in self.headers.items() if name.lower() != "host"}
            line.heard.append((self.command, self.path, headers))
            if (said := line.says.get(self.path)) is not None:
                self._answer(200, {}, said)
                return
            with closing(http.client.HTTPConnection("127.0.0.1", log.port, timeout=30)) as connection:
                connection.request(self.command, self.path, body, headers)
                with connection.getresponse() as response:
                    given = {name: one for name, one in response.getheaders() if name.lower() not in _HOP}
                    status, data = response.status, response.read()
            if fault == "lost":
                self.close_connection = True
                return
            self._answer(status, given, data, half=fault == "half")

        def _answer(self, status: int, headers: dict[str, str], data: bytes, *, half: bool = False) -> None:
            self.send_response(status)
            for name, one in headers.items():
                self.send_header(name, one)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data[: len(data) // 2] if half else data)
            self.close_connection = half

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    line = Between(server.server_address[1])
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield line
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
