"""A client that can only sign gets the bytes to be signed, and records what it signed; another hears what is wrong."""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING, Any

import pytest

from api.submissions import write_submission
from ledger.domain.bodies.vocabulary import Role
from ledger.statement.catalogue import KINDS
from tests.authors import OPERATOR, admissions, author, opening
from tests.http.serving import Answer, Served, served
from tests.servers import EMBEDDED

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.servers import Servers

REGISTERED = {"party": "party:lab-1", "role": "laboratory"}


@pytest.fixture
def log(servers: Servers, tmp_path: Path) -> Iterator[Served]:
    """A served log that is opened."""
    with served(servers.get(EMBEDDED), tmp_path) as log:
        log.ask("POST", "/v1/statements", write_submission(opening()))
        yield log


def recorded_kinds(log: Served) -> list[str]:
    return [one.kind for one in log.doors.ledger.store.read() if one.kind in KINDS]


def members(**changed: object) -> dict[str, Any]:
    key = OPERATOR.named()
    signer = {"party": key.party, "person": key.person, "role": key.role, "meaning": key.meaning}
    return {
        "kind": "role.granted/1",
        "occurred_at": "2026-09-01T04:00:00.000000Z",
        "signers": [signer | {"key": key.key, "alg": key.alg}],
        "body": {"party": "party:operator", "role": "health-authority"},
    } | changed


def drafted(log: Served, draft: dict[str, Any], language: str = "en") -> Answer:
    return log.ask("POST", "/v1/drafts", json.dumps(draft).encode(), headers={"Accept-Language": language})


def test_what_is_drafted_can_be_signed_with_nothing_but_a_key_and_recorded(log: Served) -> None:
    answer = drafted(log, members())
    assert answer.status == 200, answer.body
    said = json.loads(answer.body)
    signature = OPERATOR.signer.sign(base64.b64decode(said["to_sign"]))
    envelope = said["envelope"] | {
        "signatures": [{"keyid": said["signers"][0]["key"], "sig": base64.b64encode(signature).decode()}]
    }
    line = json.dumps({"envelope": envelope, "disclosures": said["disclosures"]}).encode()
    checked = log.ask("POST", "/v1/statements/check", line)
    assert checked.status == 200, checked.body
    assert json.loads(checked.body)["recordable"] is True
    assert recorded_kinds(log) == ["log.opened/1"]
    recorded = log.ask("POST", "/v1/statements", line)
    assert (recorded.status, json.loads(recorded.body)["statement"]) == (201, said["statement"])


@pytest.mark.parametrize(("language", "words"), [("en", "health authority"), ("zh-CN", "卫生")])
def test_what_is_to_be_signed_is_told_in_words(log: Served, language: str, words: str) -> None:
    assert words in json.loads(drafted(log, members(), language).body)["told"]


def test_everything_that_is_wrong_is_told_at_once(log: Served) -> None:
    answer = drafted(log, members(body={"role": "astronaut"}))
    said = json.loads(answer.body)
    assert (answer.status, said["rule"]) == (400, "CAT-02")
    assert all(name in said["detail"] for name in ("party", "role"))


@pytest.mark.parametrize(
    ("changed", "rule"),
    [
        ({"kind": "nothing.done/1"}, "CAT-01"),
        ({"colour": "red"}, "STM-17"),
        ({"body": {"party": "‹party:…›", "role": "health-authority"}}, "DRF-02"),
        ({"signers": []}, "STM-18"),
    ],
)
def test_what_is_no_draft_is_a_problem(log: Served, changed: dict[str, object], rule: str) -> None:
    answer = drafted(log, members(**changed))
    assert (answer.status, json.loads(answer.body)["rule"]) == (400, rule), answer.body


def test_a_signer_without_a_key_is_named(log: Served) -> None:
    signer = {name: one for name, one in members()["signers"][0].items() if name not in {"key", "alg"}}
    answer = drafted(log, members(signers=[signer]))
    assert (answer.status, json.loads(answer.body)["rule"]) == (400, "DRF-04")


def test_a_check_answers_with_the_problems_of_recording_and_records_nothing(log: Served) -> None:
    registered, *_, enrolled = map(write_submission, admissions(author("party:lab-1", Role.LABORATORY)))
    fine, refused = (log.ask("POST", "/v1/statements/check", one) for one in (registered, enrolled))
    assert (fine.status, json.loads(fine.body)["repeated"]) == (200, False)
    assert (refused.status, json.loads(refused.body)["type"]) == (422, "urn:vialog:problem:refused"), refused.body
    assert recorded_kinds(log) == ["log.opened/1"]
    log.ask("POST", "/v1/statements", registered)
    assert json.loads(log.ask("POST", "/v1/statements/check", registered).body)["repeated"] is True
