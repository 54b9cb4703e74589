"""Where a mirror reads a log from, a folder or a server: it follows a true log, and no source makes it take another."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

import pytest

from ledger.errors import IntegrityFailed, LedgerError, Malformed, NotFound, NotTrusted, Unavailable
from ledger.mirror.source import open_files
from ledger.tlog.cosignature import verifier_for
from ledger.tlog.note import open_note
from ledger.tlog.tiles import encode_bundle
from tests.faults.parties import registration
from tests.faults.written_log import NAME, pulled, written
from tests.grown import cosigner

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from ledger.mirror.mirror import Mirrored


def test_a_true_log_is_mirrored_replayed_and_cosigned(folder: Path, pull: Callable[[], Mirrored]) -> None:
    checkpoint = written().publish(folder)
    mirrored = pull()
    assert (mirrored.checkpoint, mirrored.entries) == (checkpoint, 6)
    opened = open_note(mirrored.note + (mirrored.cosignature or b""), [verifier_for(cosigner(NAME).key)])
    assert [one.key.name for one in opened.signed] == [NAME]


def test_a_mirror_goes_on_where_it_stopped(folder: Path, pull: Callable[[], Mirrored]) -> None:
    log = written()
    log.publish(folder)
    pull()
    (folder / "tile/entries/000.p/6").unlink()
    for number in range(2, 300):
        log.say(registration(number))
    checkpoint = log.state().publish(folder)
    mirrored = pull()
    assert (mirrored.checkpoint, mirrored.entries) == (checkpoint, 299)
    again = pull()
    assert (again.checkpoint, again.entries) == (checkpoint, 0)
    assert again.cosignature


def test_a_bundle_that_is_not_the_tree_is_refused(folder: Path, pull: Callable[[], Mirrored]) -> None:
    written().publish(folder)
    other = written().say(registration(2)).state()
    (folder / "tile/entries/000.p/6").write_bytes(encode_bundle([*other.entries[:5], written().entries[5]]))
    with pytest.raises(IntegrityFailed, match="not the tree"):
        pull()


def test_a_bundle_that_is_cut_off_is_refused(folder: Path, pull: Callable[[], Mirrored]) -> None:
    log = written()
    log.publish(folder)
    (folder / "tile/entries/000.p/6").write_bytes(encode_bundle(log.entries[:5]))
    with pytest.raises(IntegrityFailed, match="position 6: its bundle has 5 entries"):
        pull()


@contextmanager
def _serving(folder: Path, token: str) -> Iterator[str]:
    class Handler(SimpleHTTPRequestHandler):
        def do_GET(self) -> None:
            if "entries" in self.path and self.headers["authorization"] != f"Bearer {token}":
                self.send_error(401)
            else:
                super().do_GET()

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002  the signature of the library
            return

    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Handler, directory=str(folder))) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/log"
        finally:
            server.shutdown()
            thread.join()


@pytest.mark.rule("MIR-03")
def test_a_log_is_mirrored_over_http_with_a_token(folder: Path, tmp_path: Path) -> None:
    checkpoint = written().publish(folder)
    with _serving(tmp_path, "secret") as address:
        with pytest.raises(NotTrusted, match="MIR-03"):
            pulled(address, tmp_path)
        assert pulled(address, tmp_path, "secret").checkpoint == checkpoint
        with pytest.raises(NotFound):
            pulled(f"{address}/nowhere", tmp_path)
    with pytest.raises(Unavailable):
        pulled(address, tmp_path)


def test_an_endless_checkpoint_is_refused(folder: Path, tmp_path: Path) -> None:
    folder.mkdir()
    (folder / "checkpoint").write_bytes(bytes(1_000_001))
    with _serving(tmp_path, "secret") as address, pytest.raises(Malformed, match="MIR-02"):
        pulled(address, tmp_path)


@pytest.mark.parametrize("address", ["ftp://log.example/log", "file://elsewhere/log", "http://"])
def test_an_address_that_is_none_is_refused(address: str) -> None:
    with pytest.raises(LedgerError, match="MIR-01"):
        open_files(address, None)
