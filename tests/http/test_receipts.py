"""A refusal as a signed receipt: what it says, who checks it and by what, and what it can never be taken for."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any, Final

import pytest

from api.receipts.refusal import PROBLEMS, RECEIPT_TYPE, verify_receipt
from api.submissions import write_submission
from ledger.domain.bodies.vocabulary import Role
from ledger.domain.registry.parties import PartyRegistered
from ledger.errors import Malformed, NotTrusted
from ledger.ids import PartyId
from ledger.service import Submission
from ledger.statement.form.envelope import Envelope, encode_envelope, pae, parse_envelope, parse_other
from ledger.tlog.cosignature import verifier_for
from ledger.tlog.note import Note, NoteSignature, format_note, open_note
from tests.authors import OPERATOR, admissions, author, made, opening
from tests.http.serving import Served
from tests.http.test_signing_in import problem
from tests.publishing import log_keys

if TYPE_CHECKING:
    from ledger.tlog.vkey import VerifierKey

LAB: Final = author("party:lab-1", Role.LABORATORY)
ASKS: Final = "/v1/statements?receipt=refusal"


@pytest.fixture
def opened(log: Served) -> Served:
    """A served log with a laboratory."""
    for one in [opening(), *admissions(LAB)]:
        log.doors.ledger.record(one)
    return log


def refused() -> Submission:
    """Return a statement that only the operator may make, by somebody else."""
    body = PartyRegistered(party=PartyId("party:x"), name="X", country="CN", business="research")
    return made(body, LAB)


def key_of(log: Served) -> VerifierKey:
    return log.doors.keys[0]


def receipt_of(log: Served, submission: Submission, path: str = ASKS) -> tuple[dict[str, Any], bytes]:
    """Return the problem that a statement is answered with, and its receipt."""
    said: dict[str, Any] = json.loads(log.ask("POST", path, write_submission(submission)).body)
    return said, json.dumps(said["receipt"], separators=(",", ":")).encode()


@pytest.mark.rule("RFS-01", "RFS-02", "RFS-03")
def test_a_refusal_can_be_had_signed_by_the_logs_own_key(opened: Served) -> None:
    submission = refused()
    said, receipt = receipt_of(opened, submission)
    payload = parse_envelope(submission.envelope).payload
    found = verify_receipt(receipt, key_of(opened), payload)
    assert (found.log, found.problem, found.rules) == (opened.doors.ledger.store.origin, "refused", (said["rule"],))
    assert found.digest == hashlib.sha256(payload).hexdigest()
    with pytest.raises(NotTrusted, match="RFS-03"):
        verify_receipt(receipt, key_of(opened), payload + b" ")


def test_who_does_not_ask_gets_none_and_what_is_recorded_has_none(opened: Served) -> None:
    answer = opened.ask("POST", "/v1/statements", write_submission(refused()))
    assert answer.status == 422
    assert "receipt" not in json.loads(answer.body)
    more = made(PartyRegistered(party=PartyId("party:x"), name="X", country="CN", business="research"), OPERATOR)
    recorded = opened.ask("POST", ASKS, write_submission(more))
    assert recorded.status == 201
    assert "receipt" not in json.loads(recorded.body)


@pytest.mark.parametrize("body", [b"{}", b"", b'{"envelope":{}}', b"\xff"])
def test_of_what_holds_no_statement_there_is_no_receipt(opened: Served, body: bytes) -> None:
    answer = opened.ask("POST", ASKS, body)
    assert answer.status == 400
    assert "receipt" not in json.loads(answer.body)


def test_a_statement_of_an_unknown_key_has_one_too(opened: Served) -> None:
    stranger = author("party:lab-1", Role.LABORATORY, "p-9")
    body = PartyRegistered(party=PartyId("party:x"), name="X", country="CN", business="research")
    said, receipt = receipt_of(opened, made(body, stranger))
    assert verify_receipt(receipt, key_of(opened)).rules == (said["rule"],) == ("KEY-16",)


@pytest.mark.rule("RFS-02")
def test_of_another_log_or_another_key_it_counts_for_nothing(opened: Served) -> None:
    _, receipt = receipt_of(opened, refused())
    for other in (log_keys("vialog.test/other").keys[0], opened.doors.keys[1]):
        with pytest.raises(NotTrusted, match="RFS-02"):
            verify_receipt(receipt, other)
    envelope = parse_other(receipt, RECEIPT_TYPE)
    (signature,) = envelope.signatures
    forged = bytes([signature.sig[0] ^ 1]) + signature.sig[1:]
    for signatures in (
        (signature._replace(sig=forged),),
        (signature, signature),
        (signature._replace(keyid="0" * 64),),
    ):
        with pytest.raises(NotTrusted, match="RFS-02"):
            verify_receipt(encode_envelope(Envelope(envelope.payload, signatures), RECEIPT_TYPE), key_of(opened))


@pytest.mark.rule("RFS-01")
@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b'"v":1', b'"v": 1'),
        (b'"v":1', b'"v":2'),
        (b'"refused"', b'"recorded"'),
        (b'"rules":[', b'"rules":["x",'),
        (b'"digest":"', b'"digest":"g'),
        (b'"at":"2026', b'"at":"soon'),
    ],
)
def test_it_is_in_its_one_form_or_is_none(opened: Served, old: bytes, new: bytes) -> None:
    _, receipt = receipt_of(opened, refused())
    envelope = parse_other(receipt, RECEIPT_TYPE)
    assert old in envelope.payload
    changed = Envelope(envelope.payload.replace(old, new), envelope.signatures)
    with pytest.raises(Malformed, match="RFS-01"):
        verify_receipt(encode_envelope(changed, RECEIPT_TYPE), key_of(opened))


def test_it_is_no_statement(opened: Served) -> None:
    _, receipt = receipt_of(opened, refused())
    answer = opened.ask("POST", "/v1/statements", b'{"envelope":' + receipt + b"}")
    assert problem(answer) == (400, "STM-20")
    envelope = parse_other(receipt, RECEIPT_TYPE)
    answer = opened.ask("POST", "/v1/statements", b'{"envelope":' + encode_envelope(envelope) + b"}")
    assert answer.status == 400


def test_it_is_no_checkpoint_and_the_key_signs_no_text_of_lines_as_one(opened: Served) -> None:
    _, receipt = receipt_of(opened, refused())
    envelope, key = parse_other(receipt, RECEIPT_TYPE), key_of(opened)
    text = pae(RECEIPT_TYPE, envelope.payload).decode()
    assert "\n" not in text
    line = NoteSignature(key.name, key.key_id, envelope.signatures[0].sig)
    with pytest.raises(NotTrusted, match="TLOG-11"):
        open_note(format_note(Note(f"{text}\n", (line,))), [verifier_for(key)])
    with pytest.raises(ValueError, match="line"):
        log_keys(key.name).sign_line(f"{key.name}\n1\n{'A' * 44}\n")


def test_what_keeps_a_service_from_judging_is_no_refusal() -> None:
    assert {one.__name__ for one in PROBLEMS} == {
        *("Malformed", "NotTrusted", "Refused", "NeedsAcknowledgement", "Conflict"),
    }
