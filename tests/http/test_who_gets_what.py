"""What every route answers to every kind of caller: a table written by hand. A route that is not in it fails."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final, NamedTuple

import pytest
from starlette.routing import Route

from api.http.app import create_app
from api.submissions import write_submission
from ledger.domain.bodies.vocabulary import Role
from tests.authors import admissions, author, opening
from tests.http.serving import TOKEN, Answer, Served, served
from tests.http.test_signing_in import challenged, signed_in, with_cookie
from tests.servers import EMBEDDED

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from starlette.routing import BaseRoute

    from tests.servers import Servers

LAB: Final = author("party:lab-1", Role.LABORATORY)
ENTRIES: Final = "/log/tile/entries/000.p/1"


class Row(NamedTuple):
    """The status that each kind of caller gets, asking in the same way.

    reader, recorder: programs with a token of that scope. mirror: who has the token of the log's files.
    """

    stranger: int
    person: int
    reader: int
    recorder: int
    mirror: int


OPEN: Final = Row(200, 200, 200, 200, 200)
SIGNATURES_COUNT: Final = Row(400, 400, 400, 400, 400)
"""Open to all: here the body is none, and is told to be malformed; what counts of another are its signatures."""
PERSONS: Final = Row(401, 200, 403, 403, 401)
"""A person's own affairs: nobody else's programs."""

READERS: Final = Row(401, 200, 200, 403, 401)
"""Whoever has signed in and may read; of what, each answer's own tests say."""
NOT_THERE: Final = Row(401, 404, 404, 403, 401)
"""The same, of what is not on record, or may not be seen."""
NOT_THERE_TO_RECORD: Final = Row(401, 404, 403, 404, 401)
"""The same, of what is handed in, or is to be."""
PAGES: Final = Row(303, 200, 200, 403, 303)
"""A page for whoever has signed in and may read; a stranger is led to where one signs in."""
NO_PAGE: Final = Row(303, 404, 404, 403, 303)
NOBODYS: Final = "01990f3c-5a00-7c31-9e44-2b6f0d8a1c57"

EXPECTED: Final[dict[str, tuple[Row, bytes | None, str]]] = {
    "POST /v1/statements": (SIGNATURES_COUNT, b"{}", ""),
    "POST /v1/statements/check": (SIGNATURES_COUNT, b"{}", ""),
    "POST /v1/statements/batch": (SIGNATURES_COUNT, b"", ""),
    "POST /v1/drafts": (SIGNATURES_COUNT, b"[]", ""),
    "GET /v1/statements/{statement}/proof": (
        Row(404, 404, 404, 404, 404),
        None,
        f"/v1/statements/{NOBODYS}/proof",
    ),
    "POST /v1/challenges": (SIGNATURES_COUNT, b"{}", ""),
    "POST /v1/sessions": (SIGNATURES_COUNT, b"{}", ""),
    "GET /v1/sessions/current": (Row(401, 200, 200, 403, 401), None, ""),
    "DELETE /v1/sessions/current": (Row(401, 204, 403, 403, 401), None, ""),
    "POST /v1/tokens": (
        Row(401, 201, 403, 403, 401),
        b'{"label":"x","scopes":["read"],"days":1}',
        "",
    ),
    "GET /v1/tokens": (PERSONS, None, ""),
    "DELETE /v1/tokens/{name}": (Row(401, 404, 403, 403, 401), None, "/v1/tokens/none"),
    "GET /v1/items": (READERS, None, ""),
    "GET /v1/items/{ident}": (NOT_THERE, None, "/v1/items/item:nobodys"),
    "GET /v1/approvals": (READERS, None, ""),
    "GET /v1/approvals/{ident}": (NOT_THERE, None, "/v1/approvals/approval:nobodys"),
    "GET /v1/permits": (READERS, None, ""),
    "GET /v1/permits/{ident}": (NOT_THERE, None, "/v1/permits/permit:nobodys"),
    "GET /v1/consignments": (READERS, None, ""),
    "GET /v1/consignments/{ident}": (NOT_THERE, None, "/v1/consignments/consignment:nobodys"),
    "GET /v1/sites": (READERS, None, ""),
    "GET /v1/sites/{ident}": (NOT_THERE, None, "/v1/sites/site:nobodys"),
    "GET /v1/cases": (READERS, None, ""),
    "GET /v1/cases/{ident}": (NOT_THERE, None, "/v1/cases/case:nobodys"),
    "GET /v1/keys": (READERS, None, ""),
    "GET /v1/keys/{ident}": (NOT_THERE, None, "/v1/keys/key:nobodys"),
    "GET /v1/storage": (READERS, None, ""),
    "GET /v1/feed": (READERS, None, "/v1/feed?once=true&after=0"),
    "GET /v1/items/{ident}/evidence": (NOT_THERE, None, "/v1/items/item:nobodys/evidence"),
    "GET /v1/approvals/{ident}/evidence": (NOT_THERE, None, "/v1/approvals/approval:nobodys/evidence"),
    "GET /v1/permits/{ident}/evidence": (NOT_THERE, None, "/v1/permits/permit:nobodys/evidence"),
    "GET /v1/consignments/{ident}/evidence": (NOT_THERE, None, "/v1/consignments/consignment:nobodys/evidence"),
    "GET /v1/cases/{ident}/evidence": (NOT_THERE, None, "/v1/cases/case:nobodys/evidence"),
    "GET /v1/parties/{ident}/evidence": (READERS, None, "/v1/parties/party:lab-1/evidence"),
    "GET /v1/labels.pdf": (NOT_THERE, None, "/v1/labels.pdf?item=item:nobodys"),
    "GET /v1/labels.zpl": (NOT_THERE, None, "/v1/labels.zpl?item=item:nobodys"),
    "GET /v1/labels.png": (NOT_THERE, None, "/v1/labels.png?item=item:nobodys"),
    "GET /lineage/{ident}": (NO_PAGE, None, "/lineage/item:nobodys"),
    "GET /labels": (NO_PAGE, None, "/labels?item=item:nobodys"),
    "GET /v1/worklist": (READERS, None, ""),
    "GET /v1/parties": (READERS, None, ""),
    "GET /v1/parties/{ident}": (READERS, None, "/v1/parties/party:lab-1"),
    "GET /v1/accesses": (READERS, None, ""),
    "GET /v1/accesses/{number}/proof": (NOT_THERE, None, "/v1/accesses/1/proof"),
    "GET /v1/inbox": (READERS, None, ""),
    "GET /v1/inbox/feed": (READERS, None, "/v1/inbox/feed?once=true"),
    "GET /v1/digest": (READERS, None, ""),
    "POST /v1/inbox/read": (READERS, b'{"up_to":0}', ""),
    "POST /v1/open-statements": (Row(401, 400, 403, 400, 401), b"{}", ""),
    "GET /v1/open-statements": (READERS, None, ""),
    "GET /v1/open-statements/{digest}": (NOT_THERE, None, "/v1/open-statements/none"),
    "DELETE /v1/open-statements/{digest}": (NOT_THERE_TO_RECORD, None, "/v1/open-statements/none"),
    "GET /v1/drafts": (READERS, None, ""),
    "PUT /v1/drafts/{name}": (Row(401, 200, 403, 200, 401), b"{}", "/v1/drafts/one"),
    "GET /v1/drafts/{name}": (NOT_THERE, None, "/v1/drafts/none"),
    "DELETE /v1/drafts/{name}": (NOT_THERE_TO_RECORD, None, "/v1/drafts/none"),
    "POST /v1/hooks": (Row(401, 201, 403, 403, 401), b'{"url":"http://127.0.0.1:9999","label":"x"}', ""),
    "GET /v1/hooks": (PERSONS, None, ""),
    "GET /v1/hooks/keys": (OPEN, None, ""),
    "DELETE /v1/hooks/{name}": (Row(401, 404, 403, 403, 401), None, "/v1/hooks/none"),
    "GET /v1/hooks/{name}/deliveries": (Row(401, 404, 403, 403, 401), None, "/v1/hooks/none/deliveries"),
    "POST /v1/hooks/{name}/replays": (Row(401, 404, 403, 403, 401), b'{"after":0}', "/v1/hooks/none/replays"),
    "GET /v1/questions": (OPEN, None, ""),
    "GET /v1/questions/{name}": (READERS, None, "/v1/questions/discrepancies"),
    "GET /v1/entries": (READERS, None, ""),
    "GET /v1/entries/{position}": (READERS, None, "/v1/entries/1"),
    "GET /v1/statements/{statement:uuid}": (NOT_THERE, None, f"/v1/statements/{NOBODYS}"),
    "GET /log/checkpoint": (OPEN, None, ""),
    "GET /log/tile/{path:path}": (OPEN, None, "/log/tile/0/000.p/1"),
    "GET /healthz": (OPEN, None, ""),
    "GET /readyz": (OPEN, None, ""),
    "GET /livez": (OPEN, None, ""),
    "GET /metrics": (OPEN, None, ""),
    "GET /openapi.json": (OPEN, None, ""),
    "GET /": (Row(200, 303, 200, 200, 200), None, ""),
    "GET /verify": (OPEN, None, ""),
    "GET /static/{name:path}": (OPEN, None, "/static/console.css"),
    "GET /sign-in": (OPEN, None, ""),
    "POST /sign-in": (Row(403, 403, 403, 403, 403), b"signed=none", ""),
    "GET /search": (PAGES, None, "/search?q=nothing"),
    "GET /worklist": (PAGES, None, ""),
    "GET /sites/{ident}/positions": (NO_PAGE, None, "/sites/site:nobodys/positions"),
    "GET /acts": (PAGES, None, ""),
    "GET /acts/{act}": (PAGES, None, "/acts/use"),
    "GET /cosign": (PAGES, None, ""),
    "POST /cosign": (Row(401, 400, 400, 403, 401), b"{}", ""),
    "GET /manifest": (PAGES, None, ""),
    "POST /manifest/told": (Row(401, 400, 400, 403, 401), b"{}", ""),
    "POST /bench/told": (Row(401, 400, 400, 403, 401), b"{}", ""),
    "GET /bench": (OPEN, None, ""),
    "GET /bench/version": (OPEN, None, ""),
    "GET /bench-worker.js": (OPEN, None, ""),
    "GET /bench/known": (READERS, None, ""),
    "GET /worklist.csv": (PAGES, None, ""),
    "GET /inbox": (PAGES, None, ""),
    "POST /inbox/read": (Row(303, 303, 303, 403, 303), b"up_to=0", ""),
    "GET /ask": (PAGES, None, ""),
    "GET /ask/{name}": (PAGES, None, "/ask/discrepancies"),
    "GET /overview": (PAGES, None, ""),
    "GET /evidence/{ident}": (NO_PAGE, None, "/evidence/item:nobodys"),
    "GET /accesses": (PAGES, None, ""),
    "GET /keys": (PAGES, None, ""),
    "GET /entries/{position}": (PAGES, None, "/entries/1"),
    "GET /items/{ident}": (NO_PAGE, None, "/items/item:nobodys"),
    "GET /approvals/{ident}": (NO_PAGE, None, "/approvals/approval:nobodys"),
    "GET /permits/{ident}": (NO_PAGE, None, "/permits/permit:nobodys"),
    "GET /consignments/{ident}": (NO_PAGE, None, "/consignments/consignment:nobodys"),
    "GET /sites/{ident}": (NO_PAGE, None, "/sites/site:nobodys"),
    "GET /cases/{ident}": (NO_PAGE, None, "/cases/case:nobodys"),
    "GET /cases/{ident}/tasks": (NO_PAGE, None, "/cases/case:nobodys/tasks"),
    "GET /parties/{ident}/file": (PAGES, None, "/parties/party:lab-1/file"),
    "GET /recall": (PAGES, None, "/recall?lot=none"),
    "GET /agenda": (PAGES, None, ""),
    "GET /figures": (PAGES, None, ""),
    "GET /find": (PAGES, None, "/find?q=nothing"),
    "GET /cases/{ident}/visit": (NO_PAGE, None, "/cases/case:nobodys/visit"),
    "GET /keys/{ident}": (NO_PAGE, None, f"/keys/key:{'0' * 64}"),
    "GET /parties/{ident}": (PAGES, None, "/parties/party:lab-1"),
    "POST /sign-out": (Row(303, 303, 403, 403, 303), b"", ""),
}
"""By method and address: what each gets, the body that is sent, and which address is asked for instead of a pattern."""


@pytest.fixture(scope="module")
def published(servers: Servers, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A served log with a laboratory, published."""
    with served(servers.get(EMBEDDED), tmp_path_factory.mktemp("who")) as log:
        *before, last = [opening(), *admissions(LAB)]
        for one in before:
            log.doors.ledger.record(one)
        assert log.ask("POST", "/v1/statements?wait=proof", write_submission(last)).status == 201
        yield log


def _token(log: Served, scope: str) -> str:
    """Return a token of a scope; made once, because a person has at most fifty."""
    if (log.port, scope) not in _TOKENS:
        body = {"label": scope, "scopes": [scope], "days": 1}
        made = with_cookie(log, "POST", "/v1/tokens", signed_in(log), body)
        _TOKENS[log.port, scope] = json.loads(made.body)["token"]
    return _TOKENS[log.port, scope]


_TOKENS: Final[dict[tuple[int, str], str]] = {}


def _asked(log: Served, caller: str, method: str, path: str, body: bytes | None) -> Answer:
    match caller:
        case "person":
            return log.ask(method, path, body, headers={"Cookie": signed_in(log)})
        case "reader" | "recorder":
            return log.ask(method, path, body, token=_token(log, {"reader": "read", "recorder": "record"}[caller]))
        case "mirror":
            return log.ask(method, path, body, token=TOKEN)
        case _:
            return log.ask(method, path, body)


def _routes(routes: Iterable[BaseRoute]) -> Iterator[str]:
    """Yield every route with its methods, those of the routers that are included too, described or not."""
    for route in routes:
        if isinstance(route, Route):
            yield from (f"{method} {route.path}" for method in route.methods or () if method != "HEAD")
        else:
            yield from _routes(route.original_router.routes)  # type: ignore[attr-defined]  # FastAPI's own, untyped


def test_every_route_is_in_the_table(published: Served) -> None:
    assert set(_routes(create_app(published.doors).routes)) == set(EXPECTED), "say by hand what each caller gets there"


@pytest.mark.parametrize("caller", Row._fields)
@pytest.mark.parametrize("route", EXPECTED)
def test_a_route_answers_each_caller_as_the_table_says(published: Served, route: str, caller: str) -> None:
    row, body, address = EXPECTED[route]
    method, _, path = route.partition(" ")
    answer = _asked(published, caller, method, address or path, body)
    assert answer.status == getattr(row, caller), answer.body


@pytest.mark.parametrize(("caller", "status"), Row(401, 401, 401, 401, 200)._asdict().items())
def test_entries_are_whole_and_for_mirrors_alone(published: Served, caller: str, status: int) -> None:
    assert _asked(published, caller, "GET", ENTRIES, None).status == status


@pytest.mark.parametrize(
    ("path", "methods"),
    [
        ("/v1/sessions/current", "DELETE, GET, HEAD"),
        ("/v1/tokens", "GET, HEAD, POST"),
        ("/v1/tokens/none", "DELETE"),
        ("/v1/statements", "POST"),
        ("/v1/statements/batch", "POST"),
        ("/log/checkpoint", "GET, HEAD"),
        ("/v1/hooks/keys", "GET, HEAD"),
        ("/healthz", "GET, HEAD"),
    ],
)
def test_a_method_that_is_not_taken_is_told_all_that_are(published: Served, path: str, methods: str) -> None:
    for method in ("PATCH", "OPTIONS", "TRACE", "PROPFIND"):
        answer = published.ask(method, path)
        assert (answer.status, answer.headers["allow"]) == (405, methods), method


def test_what_a_stranger_gets_says_nothing_that_a_party_stated(published: Served) -> None:
    for route, (row, body, address) in EXPECTED.items():
        method, _, path = route.partition(" ")
        if row.stranger == 200 and path != "/openapi.json":
            answer = _asked(published, "stranger", method, address or path, body)
            assert b"party:lab-1" not in answer.body, route
    assert b"party:lab-1" not in challenged(published)
