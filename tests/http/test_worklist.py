"""What is owed, over HTTP: each reader is told of what they may see, with its reasons, page by page."""

from __future__ import annotations

import json
from datetime import date
from typing import TYPE_CHECKING, Any, Final

import pytest

from ledger.domain.bodies.vocabulary import Role
from ledger.domain.states.supervision import Area
from ledger.domain.supervision.plans import Basis, SupervisionPlanned
from ledger.ids import CaseId
from tests.authors import admissions, author, made, opening
from tests.http.serving import Served, served
from tests.http.test_signing_in import signed_in
from tests.servers import EMBEDDED

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.http.serving import Answer
    from tests.servers import Servers

LAB: Final = author("party:lab-1", Role.LABORATORY)
OTHER: Final = author("party:lab-2", Role.LABORATORY)
CUSTOMS: Final = author("party:customs", Role.CUSTOMS)


@pytest.fixture(scope="module")
def planned(servers: Servers, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A log in which the customs planned two supervisions of one laboratory."""
    with served(servers.get(EMBEDDED), tmp_path_factory.mktemp("planned")) as log:
        for one in (opening(), *admissions(LAB, OTHER, CUSTOMS)):
            log.doors.ledger.record(one)
        for case, until in (("case:later", date(2026, 12, 31)), ("case:sooner", date(2026, 11, 30))):
            body = SupervisionPlanned(
                case=CaseId(case),
                party=LAB.party,
                basis=Basis.CLASS,
                areas=(Area.STORAGE,),
                period_from=date(2026, 9, 1),
                period_to=until,
                visits=1,
            )
            log.doors.ledger.record(made(body, CUSTOMS))
        yield log


def _asked(log: Served, query: str = "", *, who: Any = LAB, **headers: str) -> Answer:  # noqa: ANN401
    given = {"Cookie": signed_in(log, who.signer)} | {name.replace("_", "-"): one for name, one in headers.items()}
    return log.ask("GET", f"/v1/worklist{query}", headers=given)


def _rows(answer: Answer) -> list[dict[str, Any]]:
    assert answer.status == 200, answer.body
    rows: list[dict[str, Any]] = json.loads(answer.body)["rows"]
    return rows


def test_what_is_owed_is_told_with_its_reasons_in_the_order_of_its_dates(planned: Served) -> None:
    rows = _rows(_asked(planned))
    assert [(one["duty"], one["subject"], one["debtor"]) for one in rows] == [
        ("visit-unit", "case:sooner", CUSTOMS.party),
        ("visit-unit", "case:later", CUSTOMS.party),
    ]
    assert {"clause", "confidence", "edition", "opened_by", "closes", "due", "state"} <= rows[0].keys()
    assert _rows(_asked(planned, who=CUSTOMS)) == rows


def test_who_may_not_see_a_matter_is_told_of_no_obligation_in_it(planned: Served) -> None:
    assert _rows(_asked(planned, who=OTHER)) == []
    assert json.loads(_asked(planned, who=OTHER).body)["total"] == 0


def test_a_worklist_is_narrowed_as_the_commands_list_is(planned: Served) -> None:
    for query, cases in (
        (f"?party={CUSTOMS.party}", ["case:sooner", "case:later"]),
        ("?case=case:later", ["case:later"]),
        (f"?party={OTHER.party}", []),
        ("?duty=visit-unit&status=due", ["case:sooner", "case:later"]),
        ("?status=met", []),
        ("?status=overdue", []),
        ("?status=overdue&at=2026-12-15", ["case:sooner"]),
        ("?at=2026-11-01", ["case:sooner", "case:later"]),
        ("?at=2026-07-01", []),
    ):
        assert [one["subject"] for one in _rows(_asked(planned, query))] == cases, query


def test_a_worklist_goes_on_behind_what_its_page_ended_with(planned: Served) -> None:
    first = _asked(planned, "?limit=1")
    assert json.loads(first.body)["more"]
    following = first.headers["link"].partition("<")[2].partition(">")[0]
    assert following.startswith("/v1/worklist?limit=1&after=")
    second = _asked(planned, following.removeprefix("/v1/worklist"))
    assert ([one["subject"] for one in _rows(second)], "link" in second.headers) == (["case:later"], False)


def test_a_worklist_is_a_table_too_and_known_where_it_is_known(planned: Served) -> None:
    head, *rows = _asked(planned, Accept="text/csv", Accept_Language="zh").body.decode().splitlines()
    assert head.startswith('"义务"')
    assert '"应持续至"' in head
    assert len(rows) == 2
    tag = _asked(planned).headers["etag"]
    assert _asked(planned, If_None_Match=tag).status == 304
