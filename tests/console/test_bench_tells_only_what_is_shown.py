"""What a bench is told of what changed: only by statements that its party may read, whatever else was recorded."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

import pytest

from api.submissions import write_submission
from ledger.domain.bodies.vocabulary import Packaging, Role
from ledger.domain.custody.custody import CustodyAccepted, CustodyHandedOver
from ledger.ids import ItemId
from ledger.service import Submission
from ledger.statement.form.envelope import Envelope, encode_envelope, parse_envelope
from tests.authors import admissions, author, made, opening
from tests.http.serving import Answer, Served, served
from tests.http.test_asking import stated
from tests.http.test_signing_in import signed_in
from tests.http.test_waiting import signed_by
from tests.servers import EMBEDDED

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from ledger.statement.authoring import Author
    from tests.servers import Servers

FIRST: Final = author("party:lab-1", Role.LABORATORY)
SECOND: Final = author("party:lab-2", Role.LABORATORY)
ELSEWHERE: Final = author("party:lab-3", Role.LABORATORY)
ITEM: Final = ItemId("item:a")


@pytest.fixture
def log(servers: Servers, tmp_path: Path) -> Iterator[Served]:
    """A log in which the first of three laboratories has an item."""
    with served(servers.get(EMBEDDED), tmp_path) as log:
        for one in (opening(), *admissions(FIRST, SECOND, ELSEWHERE), *stated("lab-1", ITEM, "A-1")):
            log.doors.ledger.record(one)
        yield log


def changed(log: Served, who: Author, since: int) -> dict[str, Any]:
    """Return what somebody's bench is told of what changed since a position."""
    cookie = {"Cookie": signed_in(log, who.signer)}
    said: dict[str, Any] = json.loads(log.ask("GET", f"/bench/known?since={since}", headers=cookie).body)
    return said


def give(log: Served, giver: Author, receiver: Author) -> None:
    """Let somebody hand the item over to another one, who accepts it."""
    given = CustodyHandedOver(items=(ITEM,), receiver=receiver.party, count=1, packaging=Packaging.INTACT)
    log.doors.ledger.record(made(given, giver))
    log.doors.ledger.record(made(CustodyAccepted(items=(ITEM,), count=1, packaging=Packaging.INTACT), receiver))


def told(said: dict[str, Any]) -> tuple[list[str], ...]:
    """Return the ids of what a bench is told: of parties, of things, and of what is gone."""
    return [one["id"] for one in said["parties"]], [one["id"] for one in said["items"]], said["gone"]


def test_what_others_do_with_what_one_never_had_is_not_told(log: Served) -> None:
    since = log.doors.ledger.store.head()
    give(log, FIRST, SECOND)
    assert told(changed(log, ELSEWHERE, since)) == ([], [], [])
    assert ITEM in changed(log, FIRST, since)["gone"]
    assert told(changed(log, SECOND, since))[1] == [ITEM]


def test_what_becomes_of_a_thing_that_one_handed_on_is_not_told(log: Served) -> None:
    give(log, FIRST, SECOND)
    since = log.doors.ledger.store.head()
    give(log, SECOND, ELSEWHERE)
    assert told(changed(log, FIRST, since)) == ([], [], [])
    assert told(changed(log, ELSEWHERE, since))[1] == [ITEM]


def test_what_another_party_would_state_is_judged_for_nobody_who_names_it_before_it_signed(log: Served) -> None:
    body = CustodyHandedOver(items=(ITEM,), receiver=ELSEWHERE.party, count=1, packaging=Packaging.INTACT)
    cookie = {"Cookie": signed_in(log, SECOND.signer)}

    def asked(*signers: Author) -> Answer:
        return log.ask("POST", "/bench/told", parse_envelope(made(body, *signers).envelope).payload, headers=cookie)

    assert asked(FIRST, SECOND).status == 400
    alone = asked(SECOND)
    assert alone.status == 200
    assert "not in the custody of" in json.loads(alone.body)["refused"]


def test_what_another_party_states_is_told_to_who_signs_after_it_once_it_signed(log: Served) -> None:
    body = CustodyHandedOver(items=(ITEM,), receiver=ELSEWHERE.party, count=1, packaging=Packaging.INTACT)
    whole, other = made(body, FIRST, SECOND), made(body, FIRST, SECOND)
    forged = parse_envelope(other.envelope)
    forged = Envelope(parse_envelope(whole.envelope).payload, forged.signatures[:1])
    cookie = {"Cookie": signed_in(log, SECOND.signer)}

    def asked(left: bytes) -> Answer:
        return log.ask("POST", "/cosign", left, headers=cookie)

    refused = [asked(signed_by(whole, 1)), asked(write_submission(Submission(encode_envelope(forged), ())))]
    assert [(one.status, b"custody" in one.body) for one in refused] == [(403, False)] * 2
    assert "handed" in json.loads(asked(signed_by(whole, 0)).body)["sentence"]
