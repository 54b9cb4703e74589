"""A hostile administrator who appends statements past the ledger: signed for real, and judged by nobody.

The rows fit each other; ``fsck`` judges again who may sign, and names the first entry that nobody may have recorded.
"""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from typing import TYPE_CHECKING, Final

import pytest

from ledger.domain.amends.corrections import StatementVoided
from ledger.domain.bodies.vocabulary import Role
from ledger.domain.registry.keys import KeyEnrolled, KeyRevoked
from ledger.errors import IntegrityFailed
from ledger.ids import PartyId, StatementId, Tag, key_tag, new_statement_id
from ledger.rulepacks.load import load_packs
from ledger.service import Submission
from ledger.statement.entries.entry import parse_entry
from ledger.statement.form.envelope import parse_envelope
from ledger.statement.form.payload import read_payload
from ledger.statement.form.tags import tags_of
from ledger.statement.text.binary import encode_base64
from ledger.store.database.postgres import PostgresStore
from ledger.store.port import Record
from tests.authors import OPERATOR, author, enrolment, made, ruled_by
from tests.faults.parties import LABORATORY, registration

if TYPE_CHECKING:
    from tests.faults.published_log import Scene

RULES: Final = load_packs().by_id("cn-281/2026-08-01").name


def appended(
    log: Scene, *submissions: Submission, under: StatementId | None = None, unruled: frozenset[Tag] = frozenset()
) -> None:
    """Append statements that nobody judged, as whoever owns the database can.

    under: another id than their own, for one that the store would not take twice. unruled: what is left out of their
    status.
    """
    records = []
    for submission in submissions:
        payload = read_payload(parse_envelope(submission.envelope).payload)
        tags, status = tags_of(dict(payload.value)), ruled_by(payload.value) - unruled
        records.append(Record(under or payload.id, payload.kind, tags, RULES, submission.envelope, status=status))
    with closing(PostgresStore(log.database.app)) as store, store.locked() as locked:
        assert locked.recorded
        locked.append(records, locked.recorded)


def test_replay_the_same_event_twice_is_named(log: Scene) -> None:
    log.hostile("alter table vialog.event drop constraint event_statement_key")
    try:
        again = log.events()[6]
        appended(log, Submission(parse_entry(again.entry).data), under=new_statement_id(again.recorded))
        log.hostile(f"update vialog.event set statement = '{again.statement}' where position = 11")
        with pytest.raises(IntegrityFailed, match=r"position 11: the statement .* stands in the log already"):
            log.fsck()
    finally:
        log.hostile(
            "delete from vialog.event where position = 11",
            "alter table vialog.event add constraint event_statement_key unique (statement)",
        )


def test_an_event_kept_out_of_a_status_is_named(log: Scene) -> None:
    appended(log, made(registration(8), OPERATOR), unruled=frozenset({Tag("party:p8")}))
    with pytest.raises(IntegrityFailed, match="position 11: its header leaves party:p8 out of its status"):
        log.fsck()


def test_an_event_signed_after_revocation_is_named(log: Scene) -> None:
    revocation = made(KeyRevoked(key=key_tag(LABORATORY.signer.thumbprint), ground="lost"), OPERATOR)
    appended(log, revocation, made(registration(8), LABORATORY))
    with pytest.raises(IntegrityFailed, match=r"position 12: key:.* was revoked when it signed, at position 11"):
        log.fsck()


def test_voiding_a_revocation_does_not_bring_the_key_back(log: Scene) -> None:
    revocation = made(KeyRevoked(key=key_tag(LABORATORY.signer.thumbprint), ground="lost"), OPERATOR)
    statement = read_payload(parse_envelope(revocation.envelope).payload).id
    voiding = made(StatementVoided(statement=statement, ground="never-happened"), OPERATOR)
    appended(log, revocation, voiding, made(registration(8), LABORATORY))
    with pytest.raises(IntegrityFailed, match=r"position 13: key:.* was revoked when it signed, at position 11"):
        log.fsck()


def test_an_event_signed_by_a_key_before_its_enrolment_is_named(log: Scene) -> None:
    late = author("party:p1", Role.LABORATORY)
    appended(log, made(registration(8), late), enrolment(late))
    with pytest.raises(IntegrityFailed, match=r"position 11: key:.* was not enrolled when it signed"):
        log.fsck()


def test_one_key_for_two_identities_is_named(log: Scene) -> None:
    appended(log, enrolment(replace(LABORATORY, party=PartyId("party:p1"))))
    with pytest.raises(IntegrityFailed, match=r"position 11: .*(enrols a key a second time|not enrolled for party:p1)"):
        log.fsck()


def test_a_key_that_a_third_party_enrolled_is_named(log: Scene) -> None:
    other = author("party:p1", Role.LABORATORY)
    body = KeyEnrolled(
        key=key_tag(other.signer.thumbprint),
        spki=encode_base64(other.signer.spki),
        alg=other.signer.alg,
        party=other.party,
        person=other.person,
    )
    appended(log, made(body, LABORATORY, other))
    with pytest.raises(IntegrityFailed, match="position 11: party:lab may not enrol a key of party:p1"):
        log.fsck()
