"""A check tells what would be owed once a statement is recorded, and records nothing."""

from __future__ import annotations

import json
from datetime import date
from typing import TYPE_CHECKING

from api.submissions import write_submission
from ledger.domain.bodies.vocabulary import Role
from ledger.domain.states.supervision import Area
from ledger.domain.supervision.plans import Basis, SupervisionPlanned
from ledger.ids import CaseId
from tests.authors import admissions, author, made, opening

if TYPE_CHECKING:
    from tests.http.serving import Served

LAB = author("party:lab-1", Role.LABORATORY)
CUSTOMS = author("party:customs", Role.CUSTOMS)


def test_a_check_tells_what_would_be_owed(log: Served) -> None:
    for one in (opening(), *admissions(LAB, CUSTOMS)):
        assert log.ask("POST", "/v1/statements", write_submission(one)).status == 201
    body = SupervisionPlanned(
        case=CaseId("case:plan"),
        party=LAB.party,
        basis=Basis.CLASS,
        areas=(Area.STORAGE,),
        period_from=date(2026, 9, 1),
        period_to=date(2026, 12, 31),
        visits=1,
    )
    line = write_submission(made(body, CUSTOMS))
    checked = log.ask("POST", "/v1/statements/check", line)
    (duty,) = json.loads(checked.body)["opens"]
    assert (checked.status, json.loads(checked.body)["ends"]) == (200, [])
    told = [duty[name] for name in ("duty", "subject", "concerns", "debtor", "state", "due")]
    assert told == ["visit-unit", body.case, [LAB.party], CUSTOMS.party, "due", "2026-12-31T15:59:59.999999Z"]
    chinese = log.ask("POST", "/v1/statements/check", line, headers={"Accept-Language": "zh-CN"})
    assert json.loads(chinese.body)["opens"][0]["says"] != duty["says"]
    assert log.ask("POST", "/v1/statements", line).status == 201
    again = json.loads(log.ask("POST", "/v1/statements/check", line).body)
    assert (again["repeated"], again["opens"], again["ends"]) == (True, [], [])
