"""Evidence over HTTP: a bundle that a stranger can check, whole, or in part and saying so; none with a hole in it."""

from __future__ import annotations

import base64
import hashlib
import json
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Final

import pytest
from typer.testing import CliRunner

from api.cli.main import app
from api.http.answering import evidence
from api.http.answering.evidence import OF, OFFERED
from ledger.domain.bodies.vocabulary import Amount, Packaging, Role
from ledger.domain.custody.custody import CustodyAccepted, CustodyHandedOver
from ledger.domain.work.derive import ItemAliquoted
from ledger.domain.work.making import Child
from ledger.evidence.bundle.archive import read_archive
from ledger.evidence.bundle.manifest import parse_manifest
from ledger.evidence.checks.verdicts import Verdict
from ledger.evidence.verify import verify_bundle
from ledger.ids import ItemId, SiteId, Tag, type_of
from tests.authors import OPERATOR, admissions, author, made, opening, seeded
from tests.http.serving import Answer, Served, served
from tests.http.test_asking import FOREIGN, OWN, collected, stated
from tests.http.test_signing_in import signed_in, with_cookie
from tests.http.test_statements import policy
from tests.servers import EMBEDDED

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from ledger.service import Submission
    from tests.servers import Servers

THIRD: Final = author("party:lab-3", Role.LABORATORY)
GIVEN: Final = ItemId("item:given")
WITHHELD: Final = "它需要您无权阅读的陈述"


def _handed_on() -> list[Submission]:
    """Return that the first laboratory gives an item to the second, which offers it to a third."""
    given, onward = (
        CustodyHandedOver(items=(GIVEN,), receiver=to.party, count=1, packaging=Packaging.INTACT)
        for to in (FOREIGN, THIRD)
    )
    taken = CustodyAccepted(items=(GIVEN,), count=1, packaging=Packaging.INTACT)
    return [made(given, OWN), made(taken, FOREIGN), made(onward, FOREIGN)]


@pytest.fixture(scope="module")
def handed(servers: Servers, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A log with two laboratories, each with an item of its own, and one that went from the first to the second."""
    with served(servers.get(EMBEDDED), tmp_path_factory.mktemp("handed")) as log:
        given = [opening(), *admissions(OWN, FOREIGN, THIRD)]
        given += [*stated("lab-1", "item:own", "A-1"), *stated("lab-2", "item:foreign", "F-1")]
        given += [stated("lab-1", GIVEN, "G-1")[1], *_handed_on()]
        for one in given:
            event = log.doors.ledger.record(one).event
            assert event is not None
            log.doors.publisher.wait_for(event.position, 20)
        yield log


def _asked(log: Served, path: str, *, foreign: bool = False, **headers: str) -> Answer:
    cookie = signed_in(log, seeded("party:lab-2/p-1") if foreign else None)
    return log.ask("GET", path, headers={"Cookie": cookie} | {one.replace("_", "-"): it for one, it in headers.items()})


@pytest.mark.parametrize("path", ["/v1/items/item:own/evidence", "/v1/parties/party:lab-1/evidence"])
def test_a_bundle_verifies_and_is_the_same_bytes_under_the_same_checkpoint(handed: Served, path: str) -> None:
    first, again = _asked(handed, path), _asked(handed, path)
    assert (first.status, first.headers["content-type"]) == (200, "application/zip")
    assert first.body == again.body
    digest = base64.b64encode(hashlib.sha256(first.body).digest()).decode()
    assert first.headers["repr-digest"] == f"sha-256=:{digest}:"
    assert first.headers["content-disposition"].endswith('.zip"')
    assert int(first.headers["vialog-position"]) == handed.doors.publication.size()
    report = verify_bundle(first.body, policy())
    assert report.failures == ()
    assert _asked(handed, path, If_None_Match=first.headers["etag"]).status == 304


def test_a_bundle_holds_the_answer_that_is_asked_for(handed: Served) -> None:
    path = "/v1/items/item:own/evidence?question=whereabouts&at=2026-11-01"
    first, again = _asked(handed, path), _asked(handed, path)
    assert (first.status, first.body) == (200, again.body)
    claims = verify_bundle(first.body, policy()).claims
    assert [one.verdict for one in claims if one.about == "answer"] == [Verdict.KNOWN]
    assert json.loads(read_archive(first.body)["answer.json"])["question"] == "whereabouts"


def test_who_has_an_item_gets_its_evidence_and_who_gave_it_away_none_with_a_hole(handed: Served) -> None:
    path = f"/v1/items/{GIVEN}/evidence"
    assert _asked(handed, path, foreign=True).status == 200
    refused = _asked(handed, path, Accept_Language="zh")
    assert (refused.status, json.loads(refused.body)["type"]) == (403, "urn:vialog:problem:not-offered")
    assert json.loads(refused.body)["detail"] == WITHHELD
    answer = _asked(handed, f"{path}?question=custody-chain")
    assert (answer.status, json.loads(answer.body)["type"]) == (403, "urn:vialog:problem:not-offered")


def test_of_what_may_not_be_seen_there_is_no_evidence_as_of_what_is_not_there(handed: Served) -> None:
    hidden = _asked(handed, "/v1/items/item:foreign/evidence")
    absent = _asked(handed, "/v1/items/item:nothing/evidence")
    assert (hidden.status, hidden.body.replace(b"foreign", b"nothing")) == (404, absent.body)


def test_what_is_larger_than_is_handed_out_here_is_refused(handed: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(evidence, "_MOST", 1_000)
    answer = _asked(handed, "/v1/items/item:own/evidence")
    assert answer.status == 403
    assert b"larger" in answer.body


@pytest.mark.parametrize(
    ("query", "status"),
    [
        pytest.param("?question=tea", 404, id="no such question"),
        pytest.param("?question=samples", 400, id="a question about no item"),
        pytest.param("?question=retention-ending", 400, id="a question that is not asked about one"),
        pytest.param("?at=2026-11-01", 400, id="a time without a question"),
        pytest.param("?question=whereabouts&at=tea", 400, id="no time"),
        pytest.param("?question=whereabouts&lot=L", 400, id="what the question does not take"),
        pytest.param("?question=whereabouts&question=owed", 400, id="two questions"),
        pytest.param("?colour=red", 400, id="no such parameter"),
    ],
)
def test_what_cannot_be_claimed_is_a_problem(handed: Served, query: str, status: int) -> None:
    assert _asked(handed, f"/v1/items/item:own/evidence{query}").status == status


def test_evidence_comes_as_a_zip_and_of_each_type_that_the_command_exports(handed: Served) -> None:
    assert _asked(handed, "/v1/items/item:own/evidence", Accept="application/json").status == 406
    assert set(OF.values()) == {"item", "approval", "consignment", "party", "case", "permit"}
    assert _asked(handed, "/v1/sites/site:lab-1/evidence").status == 404


def test_evidence_waits_for_the_position_that_is_asked_for(handed: Served) -> None:
    """Until a checkpoint covers it: an older one could not prove what was recorded just now."""
    event = handed.doors.ledger.record(made(collected("lab-1", ("item:new", "N-1")), OWN)).event
    assert event is not None
    path = "/v1/items/item:new/evidence"
    answer = _asked(handed, path, Vialog_Min_Position=str(event.position))
    assert (answer.status, int(answer.headers["vialog-position"]) >= event.position) == (200, True)
    assert _asked(handed, path, Vialog_Min_Position="999999").status == 412


# In part


CHILD: Final = ItemId("item:child")


def _divided() -> list[Submission]:
    """Return that the first laboratory divides an item, gives the aliquot to the second, and goes on with the rest."""
    parent, site = ItemId("item:divided"), SiteId("site:lab-1")
    ml = partial(Amount, unit="mL")
    child = Child(item=CHILD, label="D-1.1", quantity=ml(value="4"))
    made_of = ItemAliquoted(
        parent=parent, laboratory=site, children=(child,), residual=ml(value="6"), loss=ml(value="0")
    )
    given = CustodyHandedOver(items=(CHILD,), receiver=FOREIGN.party, count=1, packaging=Packaging.INTACT)
    taken = CustodyAccepted(items=(CHILD,), count=1, packaging=Packaging.INTACT)
    rest = CustodyHandedOver(items=(parent,), receiver=THIRD.party, count=1, packaging=Packaging.INTACT)
    return [
        made(collected("lab-1", (parent, "D-1")), OWN),
        *(made(body, who) for body, who in ((made_of, OWN), (given, OWN), (taken, FOREIGN), (rest, OWN))),
    ]


@pytest.fixture(scope="module")
def divided(handed: Served) -> Served:
    """The same log, in which an aliquot was given away and what it was made of has a history since."""
    for one in _divided():
        event = handed.doors.ledger.record(one).event
        assert event is not None
        handed.doors.publisher.wait_for(event.position, 20)
    return handed


def test_who_may_not_read_all_is_refused_and_told_that_there_is_a_bundle_in_part(divided: Served) -> None:
    refused = _asked(divided, f"/v1/items/{CHILD}/evidence", foreign=True)
    assert (refused.status, json.loads(refused.body)["detail"]) == (403, OFFERED)


def test_in_part_it_shows_what_may_be_read_and_says_of_what_more_may_be_recorded(divided: Served) -> None:
    path = f"/v1/items/{CHILD}/evidence?part=yes"
    first, again = _asked(divided, path, foreign=True), _asked(divided, path, foreign=True)
    assert (first.status, first.body) == (200, again.body)
    report = verify_bundle(first.body, policy())
    assert (report.failures, report.withheld) == ((), ())
    assert "item:divided" in report.part
    assert {OWN.party, THIRD.party, OPERATOR.party} & set(report.part) == {OWN.party, OPERATOR.party}
    assert not any(
        THIRD.party.encode() in data for name, data in read_archive(first.body).items() if name.startswith("entries/")
    )
    whole = {tag for tag in parse_manifest(read_archive(first.body)["manifest.json"]).complete if type_of(tag) != "key"}
    assert whole == {Tag(CHILD)}


def test_what_is_recorded_that_its_reader_may_not_read_changes_nothing_in_it(divided: Served) -> None:
    path = f"/v1/items/{CHILD}/evidence?part=yes"
    before = parse_manifest(read_archive(_asked(divided, path, foreign=True).body)["manifest.json"])
    taken = CustodyAccepted(items=(ItemId("item:divided"),), count=1, packaging=Packaging.INTACT)
    event = divided.doors.ledger.record(made(taken, THIRD)).event
    assert event is not None
    divided.doors.publisher.wait_for(event.position, 20)
    after = parse_manifest(read_archive(_asked(divided, path, foreign=True).body)["manifest.json"])
    assert after.size > before.size
    assert replace(after, size=before.size) == before


def test_in_part_is_whole_for_who_may_read_all(divided: Served) -> None:
    path = "/v1/items/item:own/evidence"
    assert _asked(divided, f"{path}?part=yes").body == _asked(divided, path).body


def test_of_what_one_gave_away_there_is_none_in_part_either(divided: Served) -> None:
    refused = _asked(divided, f"/v1/items/{GIVEN}/evidence?part=yes", Accept_Language="zh")
    assert (refused.status, json.loads(refused.body)["detail"]) == (403, WITHHELD)


def test_an_answer_of_ones_own_item_is_claimed_in_part_and_agrees_as_far_as_is_shown(divided: Served) -> None:
    path = f"/v1/items/{CHILD}/evidence?part=yes&question="
    found = _asked(divided, f"{path}whereabouts&at=2099-01-01", foreign=True)
    words = next(one.words for one in verify_bundle(found.body, policy()).claims if one.about == "answer")
    assert words.startswith("it agrees as far as is shown")
    assert _asked(divided, f"{path}ancestors", foreign=True).status == 403


def test_the_command_takes_a_bundle_in_part_where_that_is_asked_for_and_says_what_it_withholds(
    divided: Served, tmp_path: Path
) -> None:
    cookie = signed_in(divided, seeded("party:lab-2/p-1"))
    made_ = with_cookie(divided, "POST", "/v1/tokens", cookie, {"label": "cli", "scopes": ["read"], "days": 1})
    token, file = tmp_path / "token", tmp_path / "child.zip"
    token.touch(mode=0o600)
    token.write_text(json.loads(made_.body)["token"])
    env = {"VIALOG_URL": f"http://127.0.0.1:{divided.port}", "VIALOG_TOKEN_FILE": str(token)}
    env |= {"VIALOG_DATA": str(tmp_path / "none"), "NO_COLOR": "1", "VIALOG_LANGUAGE": "en"}
    export = ["evidence", "export", "--item", CHILD, "--output", str(file)]
    refused = CliRunner().invoke(app, export, env=env)
    assert (refused.exit_code != 0, file.exists()) == (True, False)
    assert "--in-part" in refused.stderr
    told = json.loads(CliRunner().invoke(app, [*export, "--in-part", "--json"], env=env).stdout)
    assert (told["withheld"], "item:divided" in told["part"]) == ([], True)
    assert set(told["part"]) == set(verify_bundle(file.read_bytes(), policy()).part)
    file.unlink()
    lines = CliRunner().invoke(app, [*export, "--in-part"], env=env).stderr.splitlines()
    assert lines[-1].startswith("withheld: entries: 0; shown in part: item:divided, ")


def test_part_is_yes_or_is_left_out(divided: Served) -> None:
    assert _asked(divided, f"/v1/items/{CHILD}/evidence?part=no", foreign=True).status == 400
