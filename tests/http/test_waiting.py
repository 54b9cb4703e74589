"""What waits: an open statement for who signs it, a draft for its party; to anybody else neither is there."""

from __future__ import annotations

import hashlib
import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

import pytest

from api.submissions import write_submission
from api.waiting import drafts, leaving
from ledger.domain.bodies.vocabulary import Role
from ledger.domain.registry.keys import KeyRevoked
from ledger.domain.registry.parties import PartyRegistered, RoleGranted, SiteRegistered
from ledger.ids import PartyId, SiteId, key_tag
from ledger.service import Submission
from ledger.statement.form.envelope import Envelope, encode_envelope, parse_envelope
from tests.authors import OPERATOR, SteppingClock, admissions, author, made, opening, seeded
from tests.http.test_signing_in import problem, signed_in, with_cookie

if TYPE_CHECKING:
    from tests.http.serving import Answer, Served

LAB: Final = author("party:lab-1", Role.LABORATORY)
OTHER: Final = author("party:lab-2", Role.LABORATORY)
STRANGER: Final = author("party:lab-3", Role.LABORATORY)
COOKIES: Final = {who.party: seeded(f"{who.party}/p-1") for who in (LAB, OTHER, STRANGER)}


@pytest.fixture
def opened(log: Served) -> Served:
    """A served log with three laboratories."""
    for one in [opening(), *admissions(LAB, OTHER, STRANGER)]:
        log.doors.ledger.record(one)
    return log


def whole(number: int = 1) -> Submission:
    """Return a statement that two parties have signed; whether it can be recorded is not looked at before it is."""
    body = PartyRegistered(party=PartyId(f"party:x-{number}"), name="X", country="CN", business="research")
    return made(body, LAB, OTHER)


def signed_by(submission: Submission, *places: int) -> bytes:
    """Return a statement with the signatures at some places alone, as a line."""
    envelope = parse_envelope(submission.envelope)
    kept = tuple(envelope.signatures[place] for place in places)
    return write_submission(Submission(encode_envelope(Envelope(envelope.payload, kept)), submission.disclosures))


def digest_of(submission: Submission) -> str:
    return hashlib.sha256(parse_envelope(submission.envelope).payload).hexdigest()


def as_(log: Served, who: Any, method: str, path: str, body: bytes | None = None) -> Answer:  # noqa: ANN401  an author
    return log.ask(method, f"/v1/{path}", body, headers={"Cookie": signed_in(log, COOKIES[who.party])})


def test_who_signs_it_sees_it_and_signs_it_and_nobody_else_is_told_of_it(opened: Served) -> None:
    submission = whole()
    left = as_(opened, LAB, "POST", "open-statements", signed_by(submission, 0))
    assert left.status == 201, left.body
    digest = digest_of(submission)
    said = json.loads(left.body)
    assert said["digest"] == digest
    assert [one["signed"] for one in said["signers"]] == [True, False]
    for who in (LAB, OTHER):
        assert [one["digest"] for one in json.loads(as_(opened, who, "GET", "open-statements").body)["open"]] == [
            digest
        ]
    shown = json.loads(as_(opened, OTHER, "GET", f"open-statements/{digest}").body)
    assert json.dumps(shown["submission"]["envelope"], separators=(",", ":")).encode() == parse_line(
        signed_by(submission, 0)
    )
    assert json.loads(as_(opened, STRANGER, "GET", "open-statements").body) == {"open": []}
    assert as_(opened, STRANGER, "GET", f"open-statements/{digest}").status == 404
    assert as_(opened, STRANGER, "DELETE", f"open-statements/{digest}").status == 404
    both = as_(opened, OTHER, "POST", "open-statements", signed_by(submission, 1))
    assert [one["signed"] for one in json.loads(both.body)["signers"]] == [True, True]
    again = json.loads(as_(opened, LAB, "GET", f"open-statements/{digest}").body)
    assert json.dumps(again["submission"]["envelope"], separators=(",", ":")).encode() == submission.envelope


def parse_line(line: bytes) -> bytes:
    return json.dumps(json.loads(line)["envelope"], separators=(",", ":")).encode()


def test_it_is_gone_once_it_is_recorded(opened: Served) -> None:
    second = author("party:lab-1", Role.LABORATORY, "p-2")
    opened.doors.ledger.record(admissions(second)[-1])
    site = SiteRegistered(site=SiteId("site:a"), party=LAB.party, name="A", use="laboratory", level=2)
    submission = made(site, LAB, second)
    digest = digest_of(submission)
    assert as_(opened, LAB, "POST", "open-statements", signed_by(submission, 1)).status == 201
    opened.doors.ledger.record(submission)
    assert as_(opened, LAB, "GET", f"open-statements/{digest}").status == 404
    assert json.loads(as_(opened, LAB, "GET", "open-statements").body) == {"open": []}
    assert opened.doors.open_statements.tables.ask("find", party=LAB.party, digest=digest, now=_now(opened)) == []
    late = as_(opened, LAB, "POST", "open-statements", signed_by(submission, 1))
    assert problem(late) == (422, "WAI-01")


def _now(log: Served) -> object:
    return log.doors.signing_in.clock.now()


@pytest.mark.rule("WAI-01")
def test_it_is_left_by_who_signs_it_for_this_log_with_signatures_that_hold(opened: Served) -> None:
    submission = whole()
    assert problem(as_(opened, STRANGER, "POST", "open-statements", signed_by(submission, 0))) == (422, "WAI-01")
    elsewhere = made(RoleGranted(party=LAB.party, role=Role.APPLICANT), LAB, OTHER, log="vialog.test/other")
    assert problem(as_(opened, LAB, "POST", "open-statements", signed_by(elsewhere, 0))) == (422, "WAI-01")
    envelope = parse_envelope(submission.envelope)
    one, two = envelope.signatures
    for signatures, status in (((one._replace(sig=two.sig),), 403), ((two, one), 400)):
        forged = Submission(encode_envelope(Envelope(envelope.payload, signatures)), ())
        assert as_(opened, LAB, "POST", "open-statements", write_submission(forged)).status == status
    assert problem(as_(opened, LAB, "POST", "open-statements", b'{"envelope":{},"names":{"a":"\\ud800"}}'))[0] == 400
    opened.doors.ledger.record(made(KeyRevoked(key=key_tag(OTHER.signer.thumbprint), ground="lost"), OPERATOR))
    revoked = as_(opened, LAB, "POST", "open-statements", signed_by(submission, 0, 1))
    assert problem(revoked) == (403, "KEY-16")


def test_names_that_no_text_can_hold_are_told_so(opened: Served) -> None:
    submission = whole()
    line = json.loads(signed_by(submission, 0))
    for name, status in (("\ud800", 400), ("\x00", 201)):
        body = json.dumps(line | {"names": {"party:x": name}}).encode()
        assert as_(opened, LAB, "POST", "open-statements", body).status == status
    assert as_(opened, OTHER, "GET", f"open-statements/{digest_of(submission)}").status == 200


@pytest.mark.rule("WAI-02")
def test_a_party_leaves_so_many_and_so_large_and_they_expire(opened: Served) -> None:
    for number in range(leaving.MOST):
        assert as_(opened, LAB, "POST", "open-statements", signed_by(whole(number), 0)).status == 201
    more = as_(opened, LAB, "POST", "open-statements", signed_by(whole(999), 0))
    assert problem(more) == (422, "WAI-02")
    large = json.dumps(json.loads(signed_by(whole(), 0)) | {"names": {"a": "x" * leaving.MOST_BYTES}}).encode()
    assert problem(as_(opened, LAB, "POST", "open-statements", large)) == (422, "WAI-02")
    clock = opened.doors.signing_in.clock
    assert isinstance(clock, SteppingClock)
    clock.time += leaving.FOR
    assert json.loads(as_(opened, LAB, "GET", "open-statements").body) == {"open": []}
    assert as_(opened, LAB, "POST", "open-statements", signed_by(whole(999), 0)).status == 201


def test_signatures_that_come_at_once_are_all_kept(opened: Served) -> None:
    persons = [replace(LAB, person=f"p-{number}", signer=seeded(f"party:lab-1/p-{number}")) for number in range(2, 6)]
    for one in admissions(*persons)[-len(persons) :]:
        opened.doors.ledger.record(one)
    submission = made(RoleGranted(party=LAB.party, role=Role.APPLICANT), LAB, *persons)
    assert as_(opened, LAB, "POST", "open-statements", signed_by(submission, 0)).status == 201
    cookie = signed_in(opened)
    lines = [signed_by(submission, place) for place in range(1, 5)]
    with ThreadPoolExecutor(4) as threads:
        sent = threads.map(
            lambda line: opened.ask("POST", "/v1/open-statements", line, headers={"Cookie": cookie}), lines
        )
        assert [one.status for one in sent] == [201] * 4
    shown = json.loads(as_(opened, LAB, "GET", f"open-statements/{digest_of(submission)}").body)
    assert all(one["signed"] for one in shown["signers"])


def test_who_left_it_withdraws_it_and_who_only_signs_it_does_not(opened: Served) -> None:
    submission = whole()
    digest = digest_of(submission)
    assert as_(opened, LAB, "POST", "open-statements", signed_by(submission, 0)).status == 201
    assert as_(opened, OTHER, "DELETE", f"open-statements/{digest}").status == 404
    assert as_(opened, LAB, "DELETE", f"open-statements/{digest}").status == 204
    assert as_(opened, OTHER, "GET", f"open-statements/{digest}").status == 404


def test_a_draft_is_its_partys_and_nobody_elses(opened: Served) -> None:
    first, second = b'{"kind":"item.received/1"}', b'{"kind":"item.received/1","body":{}}'
    assert as_(opened, LAB, "PUT", "drafts/monday", first).status == 200
    assert as_(opened, OTHER, "PUT", "drafts/monday", b"{}").status == 200
    assert as_(opened, LAB, "PUT", "drafts/monday", second).status == 200
    assert as_(opened, LAB, "GET", "drafts/monday").body == second
    assert as_(opened, OTHER, "GET", "drafts/monday").body == b"{}"
    assert [one["name"] for one in json.loads(as_(opened, LAB, "GET", "drafts").body)["drafts"]] == ["monday"]
    assert json.loads(as_(opened, STRANGER, "GET", "drafts").body) == {"drafts": []}
    for method in ("GET", "DELETE"):
        assert as_(opened, STRANGER, method, "drafts/monday").status == 404
    assert as_(opened, LAB, "DELETE", "drafts/monday").status == 204
    assert as_(opened, LAB, "GET", "drafts/monday").status == 404
    assert as_(opened, OTHER, "GET", "drafts/monday").status == 200


@pytest.mark.rule("WAI-03")
def test_drafts_are_named_objects_so_many_and_for_so_long(opened: Served) -> None:
    for name, body in (("A", b"{}"), ("a_b", b"{}"), ("a" * 65, b"{}"), ("%00", b"{}")):
        assert problem(as_(opened, LAB, "PUT", f"drafts/{name}", body)) == (400, "WAI-03")
        assert as_(opened, LAB, "GET", f"drafts/{name}").status == 404
    for body in (b"[]", b"", b'{"a":1,"a":2}'):
        assert as_(opened, LAB, "PUT", "drafts/a", body).status == 400
    cookie = signed_in(opened)
    for number in range(drafts.MOST):
        assert with_cookie(opened, "PUT", f"/v1/drafts/d-{number}", cookie, {}).status == 200
    assert problem(with_cookie(opened, "PUT", "/v1/drafts/more", cookie, {})) == (422, "WAI-03")
    assert with_cookie(opened, "PUT", "/v1/drafts/d-0", cookie, {"a": 1}).status == 200
    clock = opened.doors.signing_in.clock
    assert isinstance(clock, SteppingClock)
    clock.time += drafts.FOR + timedelta(hours=1)
    assert json.loads(as_(opened, LAB, "GET", "drafts").body) == {"drafts": []}
