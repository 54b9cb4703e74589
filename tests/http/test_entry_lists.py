"""Entries over HTTP page by page: what may be read, in its order, narrowed, and written down as read."""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import pytest

from api.client.log import ServedLog
from api.client.transport import Transport
from ledger.errors import Malformed
from ledger.ids import StatementId, Tag
from ledger.statement.entries.entry import leaf_of, parse_entry
from projections.reading import read_checked
from tests.authors import admissions, opening
from tests.http.serving import served
from tests.http.test_asking import FOREIGN, OWN, stated
from tests.http.test_signing_in import signed_in
from tests.servers import EMBEDDED

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.http.serving import Answer, Served
    from tests.servers import Servers


@pytest.fixture(scope="module")
def log(servers: Servers, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A served log in which each of two laboratories has two items."""
    with served(servers.get(EMBEDDED), tmp_path_factory.mktemp("entries")) as log:
        given = [opening(), *admissions(OWN, FOREIGN)]
        for one in (*given, *stated("lab-1", "item:own", "A-1"), *stated("lab-2", "item:foreign", "F-1")):
            log.doors.ledger.record(one)
        yield log


def _asked(log: Served, **narrowed: object) -> Answer:
    path = f"/v1/entries?{urlencode(narrowed)}"
    return log.ask("GET", path, headers={"Cookie": signed_in(log, OWN.signer)})


def _page(log: Served, **narrowed: object) -> dict[str, Any]:
    answer = _asked(log, **narrowed)
    assert answer.status == 200, answer.body
    page: dict[str, Any] = json.loads(answer.body)
    return page


def test_who_has_signed_in_is_given_the_entries_that_may_be_read_and_no_others(log: Served) -> None:
    rows = _page(log, limit=1000)["rows"]
    stored = {one.position: one.entry for one in log.doors.ledger.store.read()}
    told = {row["position"]: base64.b64decode(row["entry"]) for row in rows}
    assert [*told] == sorted(told)
    assert told.items() <= stored.items()
    assert [leaf_of(entry).hex() for entry in told.values()] == [row["leaf"] for row in rows]
    tags = {tag for entry in told.values() for tag in parse_entry(entry).tags}
    assert "item:own" in tags
    assert "item:foreign" not in tags


def test_pages_lead_on_until_there_is_no_more(log: Served) -> None:
    every, found, after = _page(log, limit=1000)["rows"], [], 0
    while True:
        answer = _asked(log, limit=2, after=after)
        page = json.loads(answer.body)
        assert len(page["rows"]) <= 2
        found += page["rows"]
        assert page["more"] is ("link" in answer.headers)
        if not page["more"]:
            break
        after = int(answer.headers["link"].partition("after=")[2].partition(">")[0])
    assert found == every


def test_they_are_narrowed_to_a_subject_and_to_kinds(log: Served) -> None:
    about = _page(log, about="item:own")["rows"]
    assert {row["kind"] for row in about} == {one.kind for one in log.doors.ledger.store.about(Tag("item:own"))}
    kind = about[0]["kind"]
    assert {row["kind"] for row in _page(log, kinds=kind)["rows"]} == {kind}
    assert _page(log, about="item:own", kinds="key.enrolled/1")["rows"] == []
    assert _page(log, about="item:foreign")["rows"] == []


def test_as_of_a_position_nothing_later_is_given(log: Served) -> None:
    page = _page(log, as_of=4)
    assert page["as_known_at"] == 4
    assert max(row["position"] for row in page["rows"]) <= 4
    assert not page["more"]


@pytest.mark.parametrize(
    "narrowed",
    [
        {"limit": 0},
        {"limit": 1001},
        {"limit": "x"},
        {"after": -1},
        {"about": "own"},
        {"kind": "x"},
        {"kinds": "x" * 2001},
    ],
    ids=str,
)
def test_what_cannot_be_asked_is_told_to_be_so(log: Served, narrowed: dict[str, object]) -> None:
    assert _asked(log, **narrowed).status == 400


def test_the_client_reads_the_log_as_the_service_shows_it(log: Served) -> None:
    service = Transport(f"http://127.0.0.1:{log.port}")
    service.cookie = signed_in(log, OWN.signer)
    there, here = ServedLog(service), log.doors.ledger.store
    own = [*there.about(Tag("item:own"))]
    assert own == [*here.about(Tag("item:own"))]
    assert [read_checked(one).position for one in own] == [one.position for one in own]
    assert there.find(own[0].statement) == own[0]
    assert there.find(StatementId("01990f3c-5a00-7c31-9e44-2b6f0d8a1c57")) is None
    assert [*there.read(own[0].position - 1, 1)] == own[:1]
    assert there.origin == here.origin


@pytest.mark.rule("SVC-03")
def test_what_a_service_shows_of_another_subject_is_not_taken(log: Served) -> None:
    service = Transport(f"http://127.0.0.1:{log.port}")
    service.cookie = signed_in(log, OWN.signer)
    lying = ServedLog(_Lying(service, "item:own", "party:lab-1"))
    with pytest.raises(Malformed, match="not about item:own"):
        list(lying.about(Tag("item:own")))


class _Lying(Transport):
    """A service that answers about another subject than it was asked about."""

    def __init__(self, service: Transport, asked: str, told: str) -> None:
        super().__init__(service.origin)
        self.cookie, self._asked, self._told = service.cookie, asked, told

    def ask(self, method: str, path: str, body: bytes | None = None, **how: Any) -> Any:  # noqa: ANN401  as it is
        pairs = [(name, self._told if value == self._asked else value) for name, value in how.pop("query", ())]
        return super().ask(method, path, body, query=pairs, **how)
