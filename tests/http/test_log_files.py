"""The log as files: exactly what C2SP tlog-tiles says, checked by a reader that shares no code with the program."""

from __future__ import annotations

import base64
import gzip
import hashlib
from typing import TYPE_CHECKING

import pytest

from ledger.domain.bodies.vocabulary import Role
from tests.authors import admissions, author, opening
from tests.http.serving import TOKEN, Served, served
from tests.servers import EMBEDDED

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.servers import Servers

FOR_EVER = "max-age=31536000, immutable"


@pytest.fixture(scope="module")
def log(servers: Servers, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A served log with some entries, published; the tests only read it."""
    with served(servers.get(EMBEDDED), tmp_path_factory.mktemp("log")) as log:
        people = [author(f"party:lab-{number}", Role.LABORATORY) for number in range(20)]
        answers = list(log.doors.ledger.record_many([opening(), *admissions(*people)]))
        assert log.doors.publisher.wait_for(len(answers), 20) is not None
        yield log


def _root(leaves: list[bytes]) -> bytes:
    """Return the tree hash of RFC 6962 2.1, as it is written there."""
    if len(leaves) == 1:
        return leaves[0]
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    return hashlib.sha256(b"\x01" + _root(leaves[:k]) + _root(leaves[k:])).digest()


def _entries(bundle: bytes) -> list[bytes]:
    entries = []
    while bundle:
        length = int.from_bytes(bundle[:2], "big")
        entries.append(bundle[2 : 2 + length])
        bundle = bundle[2 + length :]
    return entries


def test_a_stranger_reads_the_log_from_its_files(log: Served) -> None:
    answer = log.get("/log/checkpoint")
    assert (answer.status, answer.headers["cache-control"]) == (200, "no-cache")
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    origin, size_line, root_line, blank, *signatures = answer.body.decode().split("\n")
    assert (origin, blank, signatures[-1]) == ("vialog.test/log", "", "")
    assert all(line.startswith("— vialog.test/log ") for line in signatures[:-1])
    size = int(size_line)
    assert 40 < size < 256
    bundle = log.get(f"/log/tile/entries/000.p/{size}", token=TOKEN)
    entries = _entries(bundle.body)
    leaves = [hashlib.sha256(b"\x00" + entry).digest() for entry in entries]
    tile = log.get(f"/log/tile/0/000.p/{size}")
    assert tile.body == b"".join(leaves)
    assert base64.b64encode(_root(leaves)).decode() == root_line
    assert entries[0].startswith(b"vialog-entry/3\nposition 1\n")
    assert b'"size":%d,' % (size - 1) in entries[-1]


def test_tiles_and_bundles_are_cacheable_for_ever(log: Served) -> None:
    tile = log.get("/log/tile/0/000.p/7")
    assert (tile.status, len(tile.body)) == (200, 7 * 32)
    assert tile.headers["content-type"] == "application/octet-stream"
    assert tile.headers["cache-control"] == f"public, {FOR_EVER}"
    bundle = log.get("/log/tile/entries/000.p/7", token=TOKEN)
    assert bundle.headers["cache-control"] == f"private, {FOR_EVER}"
    assert len(_entries(bundle.body)) == 7


@pytest.mark.parametrize(
    "path",
    [
        pytest.param("tile/0/000", id="a full tile that is not full yet"),
        pytest.param("tile/0/001.p/1", id="a tile beyond the tree"),
        pytest.param("tile/1/000.p/1", id="a level that the tree does not have"),
        pytest.param("tile/entries/000", id="a full bundle that is not full yet"),
        pytest.param("tile/0/0", id="an index of one digit"),
        pytest.param("tile/0/x000/000.p/1", id="an index with a zero element"),
        pytest.param("tile/0/000.p/0", id="a width of zero"),
        pytest.param("tile/0/000.p/01", id="a width with a zero in front"),
        pytest.param("tile/64/000.p/1", id="a level above 63"),
        pytest.param("tile/9/000.p/1", id="a level that no tree has"),
        pytest.param("tile/0/000.p/1/", id="a slash at the end"),
        pytest.param("tile/0/../0/000.p/1", id="a way around"),
        pytest.param("tile/-1/000.p/1", id="a level below 0"),
        pytest.param("issuer/00", id="another file"),
    ],
)
def test_what_the_newest_checkpoint_does_not_cover_is_not_there(log: Served, path: str) -> None:
    answer = log.get(f"/log/{path}", token=TOKEN)
    assert answer.status == 404
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize(
    "path",
    [
        *("/log/checkpoint", "/log/tile/0/000.p/7", "/log/tile/entries/000.p/7", "/log/tile/0/000"),
        *("/healthz", "/openapi.json", "/v1/questions", "/v1/items", "/nowhere", "/v1/statements"),
    ],
)
def test_head_answers_as_get_does_without_the_body(log: Served, path: str) -> None:
    read, asked = log.get(path, token=TOKEN), log.ask("HEAD", path, token=TOKEN)
    assert (asked.status, asked.body) == (read.status, b"")
    its_own = {"date": "", "x-request-id": ""}
    assert asked.headers | its_own == read.headers | its_own


@pytest.mark.parametrize("path", ["/log/checkpoint/", "/healthz/", "/v1/statements/", "//log/checkpoint"])
def test_nobody_is_redirected_to_the_host_that_a_request_names(log: Served, path: str) -> None:
    answer = log.ask("GET", path, headers={"Host": "evil.example"})
    assert (answer.status, "location" in answer.headers) == (404, False)


@pytest.mark.parametrize(
    ("accepted", "compressed"),
    [
        pytest.param("gzip", True, id="gzip"),
        pytest.param("br;q=1.0, GZIP;q=0.5", True, id="gzip among others"),
        pytest.param("*", True, id="anything"),
        pytest.param("gzip;q=0", False, id="anything but gzip"),
        pytest.param("*;q=0.5, gzip; q=0.000", False, id="anything, and not gzip"),
        pytest.param("identity", False, id="nothing"),
        pytest.param("", False, id="not said"),
    ],
)
def test_a_bundle_is_compressed_for_those_who_take_gzip(log: Served, accepted: str, *, compressed: bool) -> None:
    path = "/log/tile/entries/000.p/40"
    plain = log.get(path, token=TOKEN)
    answer = log.ask("GET", path, token=TOKEN, headers={"Accept-Encoding": accepted})
    assert answer.headers["vary"] == plain.headers["vary"] == "Accept-Encoding"
    assert ("content-encoding" in answer.headers) is compressed
    assert (gzip.decompress(answer.body) if compressed else answer.body) == plain.body
    assert (len(answer.body) < len(plain.body) / 2) is compressed


@pytest.mark.parametrize("token", [None, "", "another-token-of-tests", TOKEN[:-1], TOKEN + "x"])
def test_entries_need_the_token(log: Served, token: str | None) -> None:
    answer = log.get("/log/tile/entries/000.p/1", token=token)
    assert answer.status == 401
    assert answer.headers["www-authenticate"] == "Bearer"
    assert b"vialog-entry" not in answer.body


def test_without_a_configured_token_entries_are_refused(servers: Servers, tmp_path: Path) -> None:
    with served(servers.get(EMBEDDED), tmp_path, token=None) as log:
        log.doors.ledger.record(opening())
        assert log.doors.publisher.wait_for(1, 20) is not None
        for token in (None, "", "None", TOKEN):
            assert log.get("/log/tile/entries/000.p/1", token=token).status == 403
        assert log.get("/log/tile/0/000.p/1").status == 200


def test_there_is_no_checkpoint_before_the_first(servers: Servers, tmp_path: Path) -> None:
    with served(servers.get(EMBEDDED), tmp_path) as log:
        assert log.get("/log/checkpoint").status == 404
        assert log.get("/log/tile/0/000.p/1").status == 404
