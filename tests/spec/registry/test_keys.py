"""Opening a log, enrolling and revoking keys: ENR."""

from __future__ import annotations

import msgspec
import pytest
from msgspec.structs import replace as changed

from ledger.domain.bodies.vocabulary import Role
from ledger.domain.fold import initial
from ledger.domain.registry.keys import KeyEnrolled, KeyRevoked
from ledger.ids import Tag
from ledger.statement.catalogue import KINDS
from ledger.statement.entries.enrolment import KEY_RECORDS
from tests.spec.parties import IMPORTER, LABORATORY, OPERATOR, SPKI, admitted, enrolled, opened, registered
from tests.spec.world import events_of, judged, refused, said, signer, state_of


def test_the_opening_makes_the_operator_and_its_root_key() -> None:
    assert judged([], opened()) == []
    assert state_of([opened()], OPERATOR.party).roles == {Role.OPERATOR}
    assert state_of([opened()], OPERATOR.key).party == OPERATOR.party


@pytest.mark.rule("ENR-01")
def test_a_log_is_opened_once() -> None:
    assert refused([opened()], opened()) == "ENR-01"


@pytest.mark.rule("ENR-03")
def test_an_opening_is_signed_by_the_root_key_alone() -> None:
    assert refused([], changed(opened(), signers=(IMPORTER,))) == "ENR-03"


def test_an_enrolled_key_belongs_to_its_person() -> None:
    key = state_of(admitted(IMPORTER), IMPORTER.key)
    assert (key.party, key.person, key.revoked) == (IMPORTER.party, IMPORTER.person, False)


@pytest.mark.rule("ENR-02")
def test_a_key_is_enrolled_once() -> None:
    assert refused(admitted(IMPORTER), enrolled(IMPORTER)) == "ENR-02"


@pytest.mark.rule("ENR-02")
def test_a_key_is_not_enrolled_for_a_person_that_it_does_not_sign_as() -> None:
    given = [opened(), registered(IMPORTER.party), registered(LABORATORY.party)]
    body = KeyEnrolled(key=IMPORTER.key, spki=SPKI, alg="ed25519", party=LABORATORY.party, person="p-1")
    assert refused(given, said(body, OPERATOR, IMPORTER)) == "ENR-02"


@pytest.mark.rule("ENR-03")
def test_an_enrolment_proves_possession() -> None:
    given = [opened(), registered(IMPORTER.party)]
    assert refused(given, changed(enrolled(IMPORTER), signers=(OPERATOR,))) == "ENR-03"


@pytest.mark.rule("ENR-04")
def test_a_party_does_not_enrol_keys_of_another() -> None:
    given = [*admitted(IMPORTER), registered(LABORATORY.party)]
    assert refused(given, changed(enrolled(LABORATORY), signers=(IMPORTER, LABORATORY))) == "ENR-04"


def test_a_party_enrols_its_own_second_key() -> None:
    second = signer(IMPORTER.party, Role.APPLICANT, person="p-2")
    assert judged(admitted(IMPORTER), changed(enrolled(second), signers=(IMPORTER, second))) == []


@pytest.mark.rule("ENR-05")
def test_a_key_is_enrolled_for_a_registered_party() -> None:
    assert refused([opened()], enrolled(IMPORTER)) == "ENR-05"


@pytest.mark.rule("ENR-06")
def test_a_key_is_revoked_by_its_party_or_the_operator() -> None:
    given = admitted(IMPORTER, LABORATORY)
    revocation = KeyRevoked(key=IMPORTER.key, ground="lost")
    assert judged(given, said(revocation, OPERATOR)) == []
    assert judged(given, said(revocation, IMPORTER)) == []
    assert refused(given, said(revocation, LABORATORY)) == "ENR-06"


@pytest.mark.rule("ENR-07")
def test_a_key_is_revoked_once() -> None:
    revocation = said(KeyRevoked(key=IMPORTER.key, ground="lost"), OPERATOR)
    assert refused([*admitted(IMPORTER), revocation], revocation) == "ENR-07"
    assert refused([opened()], revocation) == "ENR-07"


def test_a_statement_that_bears_another_subjects_tag_makes_no_operator_and_no_key_of_it() -> None:
    opening = opened()
    [event] = events_of([changed(opening, body=changed(opening.body, name=IMPORTER.party))])
    assert KINDS[opening.kind].evolve(initial(Tag(IMPORTER.party)), event) == initial(Tag(IMPORTER.party))
    [event] = events_of([said(KeyRevoked(key=LABORATORY.key, ground="lost"), OPERATOR)])
    assert KINDS[event.said.kind].evolve(initial(Tag(IMPORTER.key)), event) == initial(Tag(IMPORTER.key))


@pytest.mark.parametrize("kind", sorted(KEY_RECORDS))
def test_who_verifies_offline_knows_every_member_of_the_statements_about_keys(kind: str) -> None:
    assert KEY_RECORDS[kind] == {one.name for one in msgspec.structs.fields(KINDS[kind].body)}
