"""What each route tells of cases that one did not open: a table written by hand, as that of test_who_sees_what.

Who has something of a recall is told what concerns that, and not what others have; an authority is told of the
application that it acted in, wherever that lies.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

import pytest

from ledger.ids import Tag
from ledger.statement.entries.entry import parse_entry
from ledger.statement.form.envelope import parse_envelope
from ledger.statement.form.payload import read_payload
from tests.http.cases_world import ACTED, APPLICATION, HOLDER, IDLE, MAKER, RECALL, STRANGER, story
from tests.http.serving import Served, served
from tests.http.test_signing_in import signed_in
from tests.servers import EMBEDDED

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ledger.ids import CaseId
    from tests.servers import Servers

WHO: Final = {"maker": MAKER, "holder": HOLDER, "stranger": STRANGER, "acted": ACTED, "idle": IDLE}

OF_CASES: Final[dict[str, dict[CaseId, set[str]]]] = {
    "/v1/cases": {RECALL: {"maker", "holder"}, APPLICATION: {"maker", "acted"}},
    "/v1/cases/{case}": {RECALL: {"maker", "holder"}, APPLICATION: {"maker", "acted"}},
    "/cases/{case}": {RECALL: {"maker", "holder"}, APPLICATION: {"maker", "acted"}},
}
"""By route and case, who is told of it."""

OF_STATEMENTS: Final = {
    ("recall.ordered/1", MAKER.party): {"maker", "holder"},
    ("recall.confirmed/1", MAKER.party): {"maker"},
    ("recall.confirmed/1", HOLDER.party): {"maker", "holder"},
    ("application.submitted/1", MAKER.party): {"maker", "acted"},
    ("application.accepted/1", ACTED.party): {"maker", "acted"},
}
"""By kind and who signed it, who reads a statement of these cases."""

EVIDENCE: Final = {
    RECALL: {"maker": 200, "holder": 403, "stranger": 404, "acted": 404, "idle": 404},
    APPLICATION: {"maker": 200, "holder": 404, "stranger": 404, "acted": 200, "idle": 404},
}
"""What each is answered who asks for the evidence of a case in part: of what is not seen whole there is none."""


@pytest.fixture(scope="module")
def world(servers: Servers, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A served log with both cases, all of it under a checkpoint."""
    with served(servers.get(EMBEDDED), tmp_path_factory.mktemp("cases")) as log:
        for one in story():
            log.doors.ledger.record(one)
        log.doors.publisher.wait_for(log.doors.ledger.store.head(), 20)
        yield log


@pytest.fixture(scope="module")
def cookies(world: Served) -> dict[str, str]:
    """The cookie of each who asks."""
    return {name: signed_in(world, one.signer) for name, one in WHO.items()}


def _told(world: Served, cookie: str, path: str, case: CaseId) -> bool:
    answer = world.ask("GET", path.replace("{case}", case), headers={"Cookie": cookie})
    if "{case}" in path:
        assert answer.status in {200, 404}, answer.body
        return answer.status == 200
    return case in [row["id"] for row in json.loads(answer.body)["rows"]]


@pytest.mark.parametrize("case", [RECALL, APPLICATION])
@pytest.mark.parametrize("route", OF_CASES)
def test_a_route_tells_of_a_case_as_the_table_says(
    world: Served, cookies: dict[str, str], route: str, case: CaseId
) -> None:
    told = {name for name, cookie in cookies.items() if _told(world, cookie, route, case)}
    assert told == OF_CASES[route][case]


@pytest.mark.parametrize("path", ["/v1/entries/{0.position}", "/v1/statements/{0.statement}", "/entries/{0.position}"])
def test_a_statement_of_a_case_is_read_by_whom_the_table_says(
    world: Served, cookies: dict[str, str], path: str
) -> None:
    found: dict[tuple[str, str], set[str]] = {}
    for one in (one for case in (RECALL, APPLICATION) for one in world.doors.ledger.store.about(Tag(case))):
        signer = read_payload(parse_envelope(parse_entry(one.entry).data).payload).signers[0]
        reading = {name: world.ask("GET", path.format(one), headers={"Cookie": it}) for name, it in cookies.items()}
        found[one.kind, signer.party] = {name for name, answer in reading.items() if answer.status == 200}
    assert found == OF_STATEMENTS


@pytest.mark.parametrize("case", [RECALL, APPLICATION])
def test_evidence_of_a_case_is_given_to_who_sees_it_whole(world: Served, cookies: dict[str, str], case: CaseId) -> None:
    path = f"/v1/cases/{case}/evidence?part=yes"
    given = {name: world.ask("GET", path, headers={"Cookie": cookie}).status for name, cookie in cookies.items()}
    assert given == EVIDENCE[case]
