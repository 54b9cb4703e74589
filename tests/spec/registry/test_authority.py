"""Who may speak, when, and how many: GEN."""

from __future__ import annotations

import dataclasses
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from ledger.domain.approval.approvals import ApprovalGranted, ApprovedLine, Direction
from ledger.domain.bodies.vocabulary import Amount, Reference, Role, WriteOff
from ledger.domain.judging import Signatory, Signed, World
from ledger.domain.registry.authority import judge_authority
from ledger.domain.registry.keys import KeyRevoked
from ledger.domain.registry.parties import RoleGranted, SiteRegistered
from ledger.errors import Refused
from ledger.ids import ApprovalId, SiteId
from ledger.statement.catalogue import KINDS
from tests.spec.parties import IMPORTER, LABORATORY, OPERATOR, SECOND_PERSON, admitted, opened, registered
from tests.spec.world import NOON, authority, corrected, events_of, rules_at, said, signer, world_of

CUSTOMS = signer("party:customs", Role.CUSTOMS)
DOCUMENT = Reference(document="2026-1", issued_by="Customs", digest="0" * 64)
_BODY = RoleGranted(party=LABORATORY.party, role=Role.BROKER)


def site(*, occurred_at: datetime = NOON, signers: tuple[Signatory, ...] = (LABORATORY,)) -> Signed[Any]:
    body = SiteRegistered(site=SiteId("site:s"), party=LABORATORY.party, name="S", use="store")
    return said(body, *signers, at=occurred_at)


def refused(given: list[Signed[Any]], when: Signed[Any], now: datetime | None = None) -> str:
    with pytest.raises(Refused) as refusal:
        authority(given, when, now=now)
    return refusal.value.rule


def test_an_enrolled_key_in_a_granted_role_may_speak() -> None:
    assert authority(admitted(LABORATORY), site()) == []


@pytest.mark.rule("GEN-01")
def test_nothing_is_recorded_before_the_log_is_open() -> None:
    assert refused([], site()) == "GEN-01"


@pytest.mark.rule("GEN-02")
def test_a_statement_is_not_about_the_future() -> None:
    given = admitted(LABORATORY)
    tolerated = NOON + timedelta(seconds=300)
    assert authority(given, site(occurred_at=tolerated), now=NOON) == []
    assert refused(given, site(occurred_at=tolerated + timedelta(seconds=1)), NOON) == "GEN-02"


@pytest.mark.rule("GEN-03")
def test_an_unknown_key_does_not_speak() -> None:
    assert refused([opened(), registered(LABORATORY.party)], site()) == "GEN-03"


@pytest.mark.rule("GEN-04")
def test_a_revoked_key_does_not_speak_whatever_time_it_claims() -> None:
    given = [*admitted(LABORATORY), said(KeyRevoked(key=LABORATORY.key, ground="compromised"), OPERATOR)]
    assert refused(given, site(occurred_at=NOON - timedelta(hours=1)), NOON) == "GEN-04"


@pytest.mark.rule("GEN-05")
@pytest.mark.parametrize(
    "pretender",
    [
        replace(LABORATORY, person="p-9"),
        replace(LABORATORY, party=IMPORTER.party),
        replace(LABORATORY, alg="es256"),
    ],
    ids=["another person", "another party", "another algorithm"],
)
def test_a_key_does_not_speak_for_another(pretender: Signatory) -> None:
    assert refused(admitted(LABORATORY, IMPORTER), site(signers=(pretender,))) == "GEN-05"


@pytest.mark.rule("GEN-06")
def test_a_role_that_was_not_granted_is_not_spoken_in() -> None:
    pretender = replace(LABORATORY, role=Role.CUSTOMS)
    assert refused(admitted(LABORATORY), site(signers=(pretender,))) == "GEN-06"


@pytest.mark.rule("GEN-07")
def test_a_kind_is_not_stated_in_a_role_that_the_catalogue_does_not_name() -> None:
    grant = said(RoleGranted(party=LABORATORY.party, role=Role.BROKER), LABORATORY)
    assert refused(admitted(LABORATORY), grant) == "GEN-07"


@pytest.mark.rule("GEN-07")
@pytest.mark.parametrize("kind", sorted(KINDS.keys() - {"log.opened/1"}))  # ENR-01 and ENR-03 guard the opening
def test_every_kind_is_refused_in_every_wrong_role(kind: str) -> None:
    row = KINDS[kind]
    for role in set(Role) - row.roles - row.recorders:
        speaker = signer("party:some", role)
        with pytest.raises(Refused) as refusal:
            list(judge_authority(_world(admitted(speaker)), said(_BODY, speaker), row, rules_at(NOON)))
        assert refusal.value.rule == "GEN-07"


@pytest.mark.rule("GEN-08")
def test_an_authoritys_decision_without_its_signature_names_the_document() -> None:
    given = admitted(IMPORTER, CUSTOMS)
    assert refused(given, approval(None, IMPORTER)) == "GEN-08"
    assert authority(given, approval(DOCUMENT, IMPORTER)) == []
    assert authority(given, approval(None, CUSTOMS)) == []


@pytest.mark.rule("GEN-09")
@pytest.mark.parametrize(
    ("signers", "broken"),
    [
        pytest.param([LABORATORY], ["GEN-09"], id="one signer"),
        pytest.param([LABORATORY, replace(SECOND_PERSON, person="p-1")], ["GEN-09"], id="one person with two keys"),
        pytest.param([LABORATORY, SECOND_PERSON], [], id="two persons"),
    ],
)
def test_what_two_persons_do_is_signed_by_two(signers: list[Signatory], broken: list[str]) -> None:
    row = dataclasses.replace(KINDS["site.registered/1"], persons=2)
    statement = replace(site(), signers=tuple(signers))
    breaches = judge_authority(_world(admitted(*signers)), statement, row, rules_at(NOON))
    assert [breach.rule for breach in breaches] == broken


@pytest.mark.rule("GEN-10")
def test_a_late_entry_is_a_breach() -> None:
    given = admitted(LABORATORY)
    assert authority(given, site(), now=NOON + timedelta(hours=24)) == []
    assert authority(given, site(), now=NOON + timedelta(hours=24, seconds=1)) == ["GEN-10"]


def test_a_correction_is_no_late_entry() -> None:
    first = site()
    correction = corrected(first, first.body)
    assert authority([*admitted(LABORATORY), first], correction, now=NOON + timedelta(days=30)) == []


def approval(reference: Reference | None, by: Signatory) -> Signed[Any]:
    body = ApprovalGranted(
        approval=ApprovalId("approval:a"),
        number="A-1",
        direction=Direction.IMPORT,
        applicant=IMPORTER.party,
        issued_on=date(2026, 8, 3),
        valid_from=date(2026, 8, 3),
        valid_to=date(2026, 11, 2),
        write_off=WriteOff.SINGLE,
        follow_up=True,
        lines=(ApprovedLine(line=1, name_en="Plasma", quantity=Amount(value="10", unit="vial")),),
        reference=reference,
    )
    return said(body, by)


def _world(given: list[Signed[Any]]) -> World:
    return world_of(events_of(given), NOON)
