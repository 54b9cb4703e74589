"""A mirror goes on: where its server closes idle connections, its copy takes long to replay, or its disk was full."""

from __future__ import annotations

from contextlib import closing, contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest

from ledger.errors import Unavailable
from ledger.mirror.copy import Copy
from ledger.mirror.mirror import Means, Mirror
from ledger.mirror.source import FolderFiles, HttpFiles, open_files
from ledger.rulepacks.load import load_packs
from tests.authors import SteppingClock
from tests.faults.parties import registration
from tests.faults.written_log import POLICY, pulled, written

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


class _Closing(SimpleHTTPRequestHandler):
    """Answers, promises to keep the connection, and closes it, as a server does with one that is idle."""

    protocol_version = "HTTP/1.1"
    asked = 0

    def do_GET(self) -> None:
        type(self).asked += 1
        super().do_GET()
        self.close_connection = True

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  the signature of the library
        return


class _Mute(_Closing):
    """Closes every connection without a word."""

    def do_GET(self) -> None:
        type(self).asked += 1
        self.close_connection = True


@contextmanager
def _serving(handler: type[_Closing], folder: Path) -> Iterator[str]:
    handler.asked = 0
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(handler, directory=str(folder))) as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/log"
        finally:
            server.shutdown()
            thread.join()


def _means(place: Path) -> Means:
    return Means(POLICY, load_packs(), None, SteppingClock(), place / "evidence")


def test_a_server_that_closes_its_connections_is_asked_again_over_new_ones(folder: Path, tmp_path: Path) -> None:
    log = written()
    log.publish(folder)
    with _serving(_Closing, tmp_path) as address, closing(Copy(tmp_path / "copy.db")) as copy:
        files = HttpFiles(urlsplit(address), None)
        mirror = Mirror(files, copy, _means(tmp_path))
        assert mirror.pull(lambda verified, size: None).entries == 6
        log.say(registration(2)).state().publish(folder)
        assert mirror.pull(lambda verified, size: None).entries == 2
        files._connection.close()


def test_a_server_that_never_answers_is_not_asked_for_ever(folder: Path, tmp_path: Path) -> None:
    with _serving(_Mute, tmp_path) as address:
        files = open_files(address, None)
        for _ in range(2):
            with pytest.raises(Unavailable, match="does not answer for checkpoint"):
                files.get("checkpoint", 100)
    assert _Mute.asked == 2


class _Told(FolderFiles):
    """Files that note when they are asked for."""

    def __init__(self, folder: Path, told: list[str]) -> None:
        super().__init__(folder)
        self._told = told

    def get(self, path: str, limit: int, /) -> bytes:
        self._told.append("asked")
        return super().get(path, limit)


def test_the_copy_is_replayed_before_the_log_is_asked(folder: Path, tmp_path: Path) -> None:
    written().publish(folder)
    pulled(str(folder), tmp_path)
    told: list[str] = []
    with closing(Copy(tmp_path / "copy.db")) as copy:
        Mirror(_Told(folder, told), copy, _means(tmp_path)).pull(lambda verified, size: told.append("replayed"))
    assert told == ["replayed"] * 6 + ["asked"]


def test_after_a_full_disk_the_copy_holds_every_entry(folder: Path, tmp_path: Path) -> None:
    log = written()
    log.publish(folder)
    with closing(Copy(tmp_path / "copy.db")) as copy:
        mirror = Mirror(open_files(str(folder), None), copy, _means(tmp_path))
        mirror.pull(lambda verified, size: None)
        for number in range(2, 60):
            log.say(registration(number))
        checkpoint = log.state().publish(folder)
        (pages,) = copy._connection.execute("pragma page_count").fetchone()
        copy._connection.execute(f"pragma max_page_count = {pages}")
        with pytest.raises(Unavailable, match="full"):
            mirror.pull(lambda verified, size: None)
        copy._connection.execute("pragma max_page_count = 100000")
        assert mirror.pull(lambda verified, size: None).entries == 59
        assert len(list(copy.entries())) == checkpoint.size
