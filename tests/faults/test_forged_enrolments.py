"""Keys that nobody enrolled: entries written past the ledger are found by whoever replays the log."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from ledger.domain.bodies.vocabulary import Role
from ledger.domain.registry.keys import KeyEnrolled, LogOpened
from ledger.errors import IntegrityFailed
from ledger.ids import key_tag
from ledger.rulepacks.load import load_packs
from ledger.service import Ledger
from ledger.statement.form.envelope import parse_envelope
from ledger.statement.form.payload import read_payload
from ledger.statement.text.binary import encode_base64
from ledger.store.memory import MemoryStore
from ledger.store.port import Record
from ledger.verification.log import verify_log
from tests.authors import ORIGIN, START, SteppingClock, admissions, author, enrolment, made, opening, ruled_by

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ledger.service import Submission
    from ledger.statement.authoring import Author

LABORATORY = author("party:laboratory", Role.LABORATORY)
OTHER = author("party:other", Role.LABORATORY)
FORGED = author("party:laboratory", Role.LABORATORY, person="forged")


def enrolled_by(who: Author, *signers: Author) -> Submission:
    key = who.signer
    body = KeyEnrolled(
        key=key_tag(key.thumbprint), spki=encode_base64(key.spki), alg=key.alg, party=who.party, person=who.person
    )
    return made(body, *signers)


def opened_again(who: Author) -> Submission:
    key = who.signer
    body = LogOpened(
        party=who.party,
        name="Again",
        key=key_tag(key.thumbprint),
        spki=encode_base64(key.spki),
        alg=key.alg,
        person=who.person,
    )
    return made(body, who)


@pytest.mark.rule("KEY-18")
@pytest.mark.parametrize(
    ("forged", "problem"),
    [
        pytest.param([enrolled_by(FORGED, FORGED)], "KEY-18", id="enrolled by itself alone"),
        pytest.param([opened_again(FORGED)], "KEY-18", id="a second opening"),
        pytest.param([enrolled_by(FORGED, LABORATORY, OTHER)], "KEY-18", id="another key signs in its place"),
        pytest.param([enrolled_by(FORGED, OTHER, FORGED)], "may not enrol", id="enrolled by another party"),
        pytest.param([enrolment(LABORATORY)], "was enrolled before", id="enrolled a second time"),
    ],
)
def test_a_key_that_nobody_may_have_enrolled_fails_the_log(forged: Sequence[Submission], problem: str) -> None:
    ledger = Ledger(MemoryStore(ORIGIN), load_packs(), clock=SteppingClock())
    for submission in (opening(), *admissions(LABORATORY, OTHER)):
        ledger.record(submission)
    rules = load_packs().at_instant("CN", START).name
    for submission in forged:
        payload = read_payload(parse_envelope(submission.envelope).payload)
        with ledger.store.locked() as log:
            assert log.recorded is not None
            named, status = (payload.id, payload.kind, payload.tags), ruled_by(payload.value)
            log.append([Record(*named, rules, submission.envelope, status=status)], log.recorded)
    with pytest.raises(IntegrityFailed, match=f"position 8: .*{problem}"):
        list(verify_log(ledger.store.read(), ORIGIN, load_packs()))
    ledger.close()


def test_honest_enrolments_hold() -> None:
    ledger = Ledger(MemoryStore(ORIGIN), load_packs(), clock=SteppingClock())
    for submission in (opening(), *admissions(LABORATORY), enrolled_by(FORGED, LABORATORY, FORGED)):
        ledger.record(submission)
    assert [one.difference for one in verify_log(ledger.store.read(), ORIGIN, load_packs())] == [""] * 5
    ledger.close()
