"""The inbox: notices for whom they concern, as their obligations stand now; what is read, what waits, who is told."""

from __future__ import annotations

import hashlib
import json
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from api.submissions import write_submission
from ledger.domain.bodies.vocabulary import Department, Packaging, Role
from ledger.domain.custody.custody import CustodyHandedOver
from ledger.domain.registry.audits import AuditGranted
from ledger.domain.registry.authorities import AuthorityAssigned
from ledger.domain.registry.keys import KeyRevoked
from ledger.domain.registry.parties import PartyRegistered, SiteRegistered
from ledger.ids import CaseId, ItemId, PartyId, SiteId, key_tag
from ledger.service import Submission
from ledger.statement.form.envelope import Envelope, encode_envelope, parse_envelope
from tests.authors import OPERATOR, admissions, author, made
from tests.http.noticed import ITEM, LAB, OTHER, TAKER, Noticed, noticed
from tests.http.test_asking import collected
from tests.servers import EMBEDDED

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.servers import Servers


@pytest.fixture
def noted(servers: Servers, tmp_path: Path) -> Iterator[Noticed]:
    """A log in which one laboratory handed an item over to another, and it is noted that this is to be answered."""
    with noticed(servers.get(EMBEDDED), tmp_path) as noted:
        noted.hand_over()
        noted.look()
        yield noted


def test_a_notice_says_what_is_owed_by_whom_until_when_why_and_how_it_ends(noted: Noticed) -> None:
    (row,) = noted.inbox(TAKER)["rows"]
    owed = row["obligation"]
    assert (row["what"], row["duty"], row["subject"]) == ("due-soon", "answer-handover", ITEM)
    assert (owed["debtor"], owed["creditor"], owed["state"]) == (TAKER.party, LAB.party, "due")
    assert {"custody.accepted/1", "custody.refused/1"} <= set(owed["closes"])
    assert {"edition", "clause", "confidence", "term", "unit", "parameter", "calendar"} <= owed.keys()
    about = noted.log.doors.ledger.store.about(ITEM, kinds=("custody.handed-over/1",))  # type: ignore[arg-type]
    assert owed["opened_by"] == row["opened_by"] == next(iter(about)).position
    assert owed["due"].startswith(row["due"][:19])


def test_it_goes_to_who_owes_and_who_is_owed_and_to_nobody_else(noted: Noticed) -> None:
    assert noted.told(TAKER) == noted.told(LAB) == [("due-soon", "due")]
    assert noted.told(OTHER) == []


def test_an_auditor_of_all_of_a_party_is_not_sent_its_notices(noted: Noticed) -> None:
    grant = AuditGranted(case=CaseId("case:a"), auditor=OTHER.party, until=noted.now() + timedelta(days=30))
    noted.state(made(grant, LAB, at=noted.now()))
    assert noted.told(OTHER) == []


def test_an_authority_is_sent_those_of_its_district_and_of_no_other(noted: Noticed) -> None:
    near, far = (author(f"party:health-{one}", Role.HEALTH_AUTHORITY) for one in ("near", "far"))
    for one in admissions(near, far, at=noted.now()):
        noted.state(one)
    site = SiteId("site:district")
    for who, district in ((near, "nanjing"), (far, "shanghai")):
        assigned = AuthorityAssigned(party=who.party, department=Department.HEALTH, district=district)
        noted.state(made(assigned, OPERATOR, at=noted.now()))
    registered = SiteRegistered(site=site, party=LAB.party, name="There", use="laboratory", level=2, district="nanjing")
    noted.state(made(registered, LAB, at=noted.now()))
    body = collected("district", ("item:there", "T-1"))
    noted.state(made(body, LAB, at=noted.now()))
    noted.hand_over(ItemId("item:there"))
    noted.look()
    assert [one["subject"] for one in noted.inbox(near)["rows"]] == ["item:there"]
    assert noted.inbox(far)["rows"] == []
    noted.accept(ItemId("item:there"))
    given = CustodyHandedOver(items=(ItemId("item:there"),), receiver=OTHER.party, count=1, packaging=Packaging.INTACT)
    noted.state(made(given, TAKER, at=noted.now()))
    noted.look()
    assert noted.inbox(OTHER)["unread"] == 1
    said = noted.inbox(near)
    assert (len(said["rows"]), said["unread"]) == (1, 1), "what is owed of it since it left the district"


def test_who_loses_the_right_between_a_notice_and_its_reading_is_told_nothing(noted: Noticed) -> None:
    second = author("party:lab-2", Role.LABORATORY, "p-2")
    noted.state(admissions(second, at=noted.now())[-1])
    cookie = {"Cookie": noted.cookie(second)}
    assert len(json.loads(noted.log.ask("GET", "/v1/inbox", headers=cookie).body)["rows"]) == 1
    noted.state(made(KeyRevoked(key=key_tag(second.signer.thumbprint), ground="lost"), OPERATOR, at=noted.now()))
    assert noted.log.ask("GET", "/v1/inbox", headers=cookie).status == 401


def test_pages_go_on_behind_a_number_and_are_known_where_they_are_known(noted: Noticed) -> None:
    noted.hand_over(ItemId("item:a-b"))
    noted.look()
    first = noted.ask(TAKER, "?limit=1")
    said = json.loads(first.body)
    assert ([one["subject"] for one in said["rows"]], said["more"]) == (["item:a-b"], True)
    following = first.headers["link"].partition("<")[2].partition(">")[0]
    second = noted.inbox(TAKER, following.removeprefix("/v1/inbox"))
    assert ([one["subject"] for one in second["rows"]], second["more"]) == ([ITEM], False)
    assert noted.ask(TAKER, "?limit=1", If_None_Match=first.headers["etag"]).status == 304
    assert noted.ask(TAKER, If_None_Match=first.headers["etag"]).status == 200
    for wrong in ("?limit=0", "?after=x", "?before=1", "?limit=1&limit=2"):
        assert noted.ask(TAKER, wrong).status == 400


def test_what_is_read_is_a_persons_own_and_never_goes_back(noted: Noticed) -> None:
    second = author("party:lab-2", Role.LABORATORY, "p-2")
    noted.state(admissions(second, at=noted.now())[-1])
    number = noted.inbox(TAKER)["rows"][0]["number"]
    assert (noted.inbox(TAKER)["unread"], noted.inbox(TAKER)["rows"][0]["unread"]) == (1, True)
    answer = noted.ask(TAKER, "/read", "POST", {"up_to": number})
    assert json.loads(answer.body) == {"read_up_to": number}
    assert (noted.inbox(TAKER)["unread"], noted.inbox(TAKER)["rows"][0]["unread"]) == (0, False)
    assert noted.inbox(second)["unread"] == 1
    assert json.loads(noted.ask(TAKER, "/read", "POST", {"up_to": 0}).body) == {"read_up_to": number}
    newest = noted.notices.newest()
    assert json.loads(noted.ask(TAKER, "/read", "POST", {"up_to": 10**12}).body) == {"read_up_to": newest}
    for wrong in ({}, {"up_to": -1}, {"up_to": "1"}, {"up_to": 1, "x": 2}):
        assert noted.ask(TAKER, "/read", "POST", wrong).status == 400


def test_statements_that_lack_the_partys_signature_wait_in_it_and_others_do_not(noted: Noticed) -> None:
    body = PartyRegistered(party=PartyId("party:x"), name="X", country="CN", business="research")
    whole = made(body, LAB, TAKER)
    envelope = parse_envelope(whole.envelope)
    begun = Submission(encode_envelope(Envelope(envelope.payload, envelope.signatures[:1])), whole.disclosures)
    left = noted.log.ask(
        "POST",
        "/v1/open-statements",
        write_submission(begun),
        headers={"Cookie": noted.cookie(LAB)},
    )
    assert left.status == 201, left.body
    digest = hashlib.sha256(envelope.payload).hexdigest()
    assert [one["digest"] for one in noted.inbox(TAKER)["waiting"]] == [digest]
    assert noted.inbox(LAB)["waiting"] == noted.inbox(OTHER)["waiting"] == []


def test_what_it_tells_of_others_is_in_the_access_log_and_what_it_counts_is_not(noted: Noticed) -> None:
    before = len(list(noted.log.doors.accesses.entries()))
    noted.inbox(OTHER)
    assert len(list(noted.log.doors.accesses.entries())) == before
    noted.inbox(TAKER)
    (entry,) = list(noted.log.doors.accesses.entries())[before:]
    said = json.loads(entry.entry)
    assert (said["route"], said["party"], entry.parties) == ("read_inbox", TAKER.party, (LAB.party,))


def test_it_says_as_of_when_it_was_noted_and_when_nobody_has_looked_since(noted: Noticed) -> None:
    said = noted.inbox(TAKER)
    assert (said["late"], said["noted_at"] is not None) == (False, True)
    noted.at(noted.clock.time + timedelta(minutes=4))
    assert noted.inbox(TAKER)["late"]
    noted.look()
    assert not noted.inbox(TAKER)["late"]


def test_the_page_tells_whom_it_concerns_what_and_counts_it_on_every_page_until_it_is_read(noted: Noticed) -> None:
    taker, other = ({"Cookie": noted.cookie(who)} for who in (TAKER, OTHER))
    count = 'class="console-nav__count">1<'
    page = noted.log.ask("GET", "/inbox", headers=taker).body.decode()
    for one in ("Whoever items are handed over to accepts or refuses them.", f"/items/{ITEM}", "not read yet", count):
        assert one in page
    assert count in noted.log.ask("GET", "/worklist", headers=taker).body.decode()
    nothing = noted.log.ask("GET", "/inbox", headers=other).body.decode()
    assert "Nothing was noted for you." in nothing
    assert "console-nav__count" not in nothing
    number = noted.notices.newest()
    read = noted.log.ask("POST", "/inbox/read", f"up_to={number}".encode(), headers=taker)
    assert (read.status, read.headers["location"]) == (303, "/inbox")
    assert "console-nav__count" not in noted.log.ask("GET", "/worklist", headers=taker).body.decode()
    assert noted.inbox(LAB)["unread"] == 1
    for wrong in (b"up_to=x", b"", b"up_to=-1"):
        assert noted.log.ask("POST", "/inbox/read", wrong, headers=taker).status == 400
    elsewhere = taker | {"Origin": "https://elsewhere.example"}
    assert noted.log.ask("POST", "/inbox/read", b"up_to=1", headers=elsewhere).status == 403
    assert noted.log.ask("GET", "/inbox?after=x", headers=taker).status == 400
