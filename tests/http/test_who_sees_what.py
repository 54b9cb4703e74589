"""Which data each route tells of, for how who asks stands to it: a table written by hand. A new route of data fails."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final, NamedTuple

import pytest

from tests.http.seen_world import ASKS, HOW, SINCE, story
from tests.http.serving import Answer, Served, served
from tests.http.test_signing_in import signed_in
from tests.http.test_who_gets_what import EXPECTED, NO_PAGE, NOT_THERE, PAGES, READERS
from tests.servers import EMBEDDED

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.servers import Servers


class Told(NamedTuple):
    """What a route tells a laboratory of data that is its own, another's, and of others who granted it an audit.

    ended, expired: an audit that is over. revoked: one of whoever's key was revoked since; what it signed stands.
    True: it is told of; False: as if it were not there.
    """

    own: bool
    foreign: bool
    granted: bool
    ended: bool
    expired: bool
    revoked: bool


DATA: Final = Told(own=True, foreign=False, granted=True, ended=False, expired=False, revoked=True)
REGISTER: Final = Told(own=True, foreign=True, granted=True, ended=True, expired=True, revoked=True)
"""Of parties and sites everybody is told."""

TABLE: Final[dict[str, tuple[Told, str]]] = {
    "GET /v1/items": (DATA, "item"),
    "GET /v1/items/{ident}": (DATA, "item"),
    "GET /v1/approvals": (DATA, "approval"),
    "GET /v1/approvals/{ident}": (DATA, "approval"),
    "GET /v1/permits": (DATA, "permit"),
    "GET /v1/permits/{ident}": (DATA, "permit"),
    "GET /v1/consignments": (DATA, "consignment"),
    "GET /v1/consignments/{ident}": (DATA, "consignment"),
    "GET /v1/cases": (DATA, "case"),
    "GET /v1/cases/{ident}": (DATA, "case"),
    "GET /v1/sites": (REGISTER, "site"),
    "GET /v1/sites/{ident}": (REGISTER, "site"),
    "GET /v1/parties": (REGISTER, "party"),
    "GET /v1/parties/{ident}": (REGISTER, "party"),
    "GET /v1/questions/{name}": (DATA, "item"),
    "GET /v1/entries/{position}": (DATA, "item"),
    "GET /v1/statements/{statement:uuid}": (DATA, "item"),
    "GET /items/{ident}": (DATA, "item"),
    "GET /approvals/{ident}": (DATA, "approval"),
    "GET /permits/{ident}": (DATA, "permit"),
    "GET /consignments/{ident}": (DATA, "consignment"),
    "GET /cases/{ident}": (DATA, "case"),
    "GET /sites/{ident}": (REGISTER, "site"),
    "GET /parties/{ident}": (REGISTER, "party"),
    "GET /lineage/{ident}": (DATA, "item"),
    "GET /entries/{position}": (DATA, "item"),
    "GET /evidence/{ident}": (DATA, "item"),
    "GET /ask/{name}": (DATA, "item"),
    **dict.fromkeys(("GET /labels", "GET /v1/labels.pdf", "GET /v1/labels.zpl", "GET /v1/labels.png"), (DATA, "item")),
}
"""By route, what it tells, and of which type the data is that it is asked for."""

OF_ONE: Final = dict.fromkeys(("GET /labels", "GET /v1/labels.pdf", "GET /v1/labels.zpl", "GET /v1/labels.png"), "item")
"""Routes of one subject, which a parameter names: by route, its name."""

OWN: Final = {"GET /bench/known": "item", "GET /overview": "approval"}
"""Pages of what is one's own, whatever else one may read: by route, the type."""

OF_NOBODY: Final = {
    "GET /acts": "/acts",
    "GET /acts/{act}": "/acts/use",
    "GET /cosign": "/cosign",
    "GET /manifest": "/manifest",
    "GET /ask": "/ask",
    "GET /keys": "/keys",
}
"""Forms, and one's own keys: by route, what is asked for."""

ELSEWHERE: Final = {
    **dict.fromkeys(
        ("GET /v1/inbox", "GET /v1/inbox/feed", "POST /v1/inbox/read", "GET /inbox", "GET /v1/digest"),
        "what falls due: tests/http/test_inbox.py, test_digest.py",
    ),
    "GET /v1/entries": "tests/http/test_entry_lists.py",
    "GET /v1/feed": "what was recorded, as it may be read: tests/http/test_feed.py",
    "GET /v1/worklist": "tests/http/test_worklist.py",
    "GET /v1/storage": "tests/http/test_worklist.py",
    "GET /v1/keys": "the register: tests/http/test_worklist.py",
    "GET /v1/keys/{ident}": "the register: tests/http/test_worklist.py",
    **{
        f"GET /v1/{noun}/{{ident}}/evidence": "all of a subject, or in part and saying so: tests/http/test_evidence.py"
        for noun in ("items", "approvals", "permits", "consignments", "cases", "parties")
    },
    "GET /v1/sessions/current": "who asks, and nothing of the record: tests/http/test_signing_in.py",
    "GET /keys/{ident}": "the register: tests/console/test_pages.py",
    "GET /search": "tests/console/test_told_of_others.py",
    "GET /worklist": "tests/console/test_told_of_others.py",
    "GET /worklist.csv": "tests/console/test_told_of_others.py",
    "GET /parties/{ident}/file": "of everybody in the register, by what may be seen: tests/console/test_overseeing.py",
    "GET /recall": "tests/console/test_overseeing.py",
    "GET /agenda": "tests/console/test_overseeing.py",
    "GET /figures": "tests/console/test_overseeing.py",
    "GET /find": "tests/console/test_overseeing.py",
    "GET /sites/{ident}/positions": "a register, and what stands in it: tests/console/test_positions.py",
    "GET /cases/{ident}/tasks": "of some matters alone: tests/console/test_supervision_journey.py",
    "GET /cases/{ident}/visit": "of a supervision alone: tests/console/test_supervision_journey.py",
    **dict.fromkeys(
        ("GET /v1/open-statements", "GET /v1/open-statements/{digest}", "GET /v1/drafts", "GET /v1/drafts/{name}"),
        "of no record yet: to each its own, tests/http/test_waiting.py",
    ),
    **dict.fromkeys(
        ("GET /v1/accesses", "GET /accesses"), "what is read of others, and not what they state: test_access_log.py"
    ),
    "GET /v1/accesses/{number}/proof": "of an entry that one may list: tests/http/test_access_proofs.py",
}
"""Routes of data whose cells other tests have."""

FORMER: Final = {
    "GET /v1/items": "/v1/items",
    "GET /v1/items/{ident}": "/v1/items/item:former",
    "GET /items/{ident}": "/items/item:former",
    "GET /v1/questions/{name}": "/v1/questions/custody-chain?item=item:former",
}
"""Routes that tell of an item that the laboratory had, and so might of what became of it since."""


@pytest.fixture(scope="module")
def world(servers: Servers, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A served log with all of it."""
    with served(servers.get(EMBEDDED), tmp_path_factory.mktemp("world")) as log:
        for one in story():
            log.doors.ledger.record(one)
        yield log


@pytest.fixture(scope="module")
def cookie(world: Served) -> str:
    """Return the cookie of the laboratory that asks."""
    return signed_in(world, ASKS.signer)


def _asked(world: Served, cookie: str, path: str) -> Answer:
    return world.ask("GET", path, headers={"Cookie": cookie})


def _address(world: Served, route: str, id_type: str, how: str) -> str:
    """Return what is asked for: a list itself, one subject, or the statement that brought an item into being."""
    path = route.removeprefix("GET ")
    if route in OF_ONE:
        return f"{path}?{OF_ONE[route]}={id_type}:{how}"
    if "{" not in path:
        return path
    named = f"party:lab-{HOW.index(how) + 1}" if id_type == "party" else f"{id_type}:{how}"
    if path in {"/v1/questions/{name}", "/ask/{name}"}:
        return f"{path.removesuffix('{name}')}whereabouts?item={named}"
    first = next(one for one in world.doors.ledger.store.about(named))  # type: ignore[arg-type]
    path = path.replace("{ident}", named).replace("{position}", str(first.position))
    return path.replace("{statement:uuid}", first.statement)


def test_every_route_of_data_is_in_the_table() -> None:
    data = {route for route, (row, _, _) in EXPECTED.items() if row in {READERS, NOT_THERE, PAGES, NO_PAGE}}
    listed = TABLE.keys() | OWN.keys() | OF_NOBODY.keys() | ELSEWHERE.keys()
    assert data == listed, "say by hand what it tells of own, foreign, former and granted data"


@pytest.mark.parametrize("how", HOW)
@pytest.mark.parametrize("route", TABLE)
def test_a_route_tells_of_data_as_the_table_says(world: Served, cookie: str, route: str, how: str) -> None:
    told, id_type = TABLE[route]
    expected: bool = getattr(told, how)
    answer = _asked(world, cookie, _address(world, route, id_type, how))
    if "{" in route or route in OF_ONE:
        assert answer.status == (200 if expected else 404), answer.body
    else:
        ids = [row["id"] for row in json.loads(answer.body)["rows"]]
        named = f"party:lab-{HOW.index(how) + 1}" if id_type == "party" else f"{id_type}:{how}"
        assert (named in ids) is expected, ids


@pytest.mark.parametrize("route", OWN)
def test_a_page_of_ones_own_names_nothing_else(world: Served, cookie: str, route: str) -> None:
    answer = _asked(world, cookie, route.removeprefix("GET "))
    assert answer.status == 200, answer.body
    assert [how for how in HOW if f"{OWN[route]}:{how}".encode() in answer.body] == ["own"]


@pytest.mark.parametrize("route", OF_NOBODY)
def test_a_page_of_nobody_names_nothing(world: Served, cookie: str, route: str) -> None:
    answer = _asked(world, cookie, OF_NOBODY[route])
    assert answer.status == 200, answer.body
    assert [how for how in HOW for one in ("item", "approval") if f"{one}:{how}".encode() in answer.body] == []


@pytest.mark.parametrize("route", FORMER)
def test_of_what_it_had_a_route_tells_up_to_when_it_left(world: Served, cookie: str, route: str) -> None:
    answer = _asked(world, cookie, FORMER[route])
    assert answer.status == 200, answer.body
    assert b"item:former" in answer.body
    assert SINCE.encode() not in answer.body


def test_the_statements_about_what_it_had_are_told_up_to_the_one_by_which_it_left(world: Served, cookie: str) -> None:
    about = list(world.doors.ledger.store.about("item:former"))  # type: ignore[arg-type]
    assert [one.kind for one in about] == [
        "item.collected/1",
        "custody.handed-over/1",
        "custody.accepted/1",
        "custody.handed-over/1",
    ]
    for path in ("/v1/entries/{0.position}", "/v1/statements/{0.statement}"):
        told = [_asked(world, cookie, path.format(one)).status for one in about]
        assert told == [200, 200, 200, 404]


def test_what_it_read_of_others_is_in_the_access_log_and_nothing_else_is(world: Served, cookie: str) -> None:
    """The whole table once more, from the other side: whose data each answer was."""
    log = world.doors.accesses
    for route, (told, id_type) in TABLE.items():
        if ("{" not in route and route not in OF_ONE) or told is REGISTER:
            continue
        for how in HOW:
            before = len(list(log.entries()))
            answer = _asked(world, cookie, _address(world, route, id_type, how))
            logged = list(log.entries())[before:]
            assert bool(logged) is (answer.status == 200 and how != "own"), (route, how)
            if logged:
                assert f"party:lab-{HOW.index(how) + 1}" in logged[0].parties, (route, how)
