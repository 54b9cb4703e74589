"""A service that leads nowhere, or is not there: whoever asks hears what is wrong and what to do, and stops."""

from __future__ import annotations

import json
from contextlib import closing, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import TYPE_CHECKING, Final

import pytest

from api.client.asking import Asking
from api.client.transport import Patience, Transport
from ledger.errors import Malformed, Unavailable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

ONCE: Final = Patience(connect=5.0, answer=20.0, times=0)
BRIEFLY: Final = Patience(connect=5.0, answer=0.2, times=0)
ROW: Final = {"position": 1, "recorded": "", "statement": "", "kind": "", "leaf": "", "entry": ""}


@contextmanager
def leading(following: Callable[[int], str], *rows: object) -> Iterator[Asking]:
    """Ask a service that answers every request with the same rows. following: by how many came, where it leads to."""
    heard = 0

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            nonlocal heard
            heard += 1
            said = {"log": "l", "seen_by": "party:x", "as_known_at": 10**9, "more": True, "total": None, "rows": rows}
            body = json.dumps(said).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.send_header("Link", f'<{following(heard)}>; rel="next"')
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            return

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        try:
            with closing(Transport(f"http://127.0.0.1:{server.server_address[1]}", patience=ONCE)) as service:
                yield Asking(service)
        finally:
            server.shutdown()
            thread.join()


@pytest.mark.rule("SVC-03")
def test_a_page_that_leads_to_itself_or_back_is_followed_no_further() -> None:
    already = "leads back to a page that was read already"
    with leading(lambda _: "/v1/items?after=a", {"id": "item:a"}) as asking, pytest.raises(Malformed, match=already):
        list(asking.rows("items"))
    with leading(lambda heard: f"/v1/items?after={heard % 3}", ROW) as asking, pytest.raises(Malformed, match=already):
        list(asking.entries())


@pytest.mark.rule("SVC-03")
def test_pages_without_rows_are_not_followed_for_ever() -> None:
    without = "1000 pages and more without a row"
    with leading(lambda heard: f"/v1/entries?after={heard}") as asking, pytest.raises(Malformed, match=without):
        list(asking.entries())


def test_a_service_that_is_not_there_is_told_with_what_to_do() -> None:
    with ThreadingHTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler) as server:
        port = server.server_address[1]
    with closing(Transport(f"http://127.0.0.1:{port}", patience=ONCE)) as service, pytest.raises(Unavailable) as told:
        Asking(service).who()
    assert str(told.value) == (
        f"nothing answers at http://127.0.0.1:{port}: ask whether the service runs, and try again later"
    )


def test_a_name_that_nobody_has_is_told_with_what_to_do() -> None:
    with closing(Transport("https://nobody.invalid", patience=ONCE)) as service, pytest.raises(Unavailable) as told:
        Asking(service).who()
    assert "no machine is known by the name in https://nobody.invalid" in str(told.value)


def test_a_service_that_is_silent_is_told_with_what_to_do() -> None:
    with ThreadingHTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler) as server:  # it listens, and nobody accepts
        origin = f"http://127.0.0.1:{server.server_address[1]}"
        with closing(Transport(origin, patience=BRIEFLY)) as service, pytest.raises(Unavailable, match="in time"):
            Asking(service).who()


def test_a_service_that_speaks_no_tls_is_told_with_what_to_do() -> None:
    with leading(lambda _: "/") as asking:
        origin = asking.service.origin.replace("http://", "https://")
        with closing(Transport(origin, patience=ONCE)) as service, pytest.raises(Unavailable) as told:
            Asking(service).who()
    assert "no certificate that this machine trusts" in str(told.value)
