"""Whose data a statement is, and by which right somebody reads it: what the access log is told."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from api.access.read import MOST_PARTS, MOST_SUBJECTS, ReadOfOthers
from api.access.rights.said import named_by
from api.access.rights.seeing import Looking
from api.access.rights.showing import OWN, Right, Showing
from ledger.domain.registry.parties import SiteChanged
from ledger.ids import CaseId, ItemId, PartyId, Tag
from tests.spec.bench import BEFORE, CUSTOMS, LAB, OTHER, A, B
from tests.spec.looking import Looked, assigned, principal
from tests.spec.parties import IMPORTER, LABORATORY
from tests.spec.registry.test_audits import AUDITOR, CASE, granted
from tests.spec.test_seeing import AT_BENCH, EVERYBODY, GONE, HOUR, OFFERED, TAKEN, USED, USED_THERE
from tests.spec.world import NOON, said

if TYPE_CHECKING:
    from ledger.domain.judging import Signatory, Signed


HERE = (said(SiteChanged(site=LAB, district="nanjing"), LABORATORY, at=BEFORE), assigned(CUSTOMS))
"""The laboratory lies in the district of the customs."""


def looked(*given: Signed[Any]) -> Looked:
    return Looked(given, *EVERYBODY, AUDITOR, now=NOON + 10 * HOUR)


def shown(record: Looked, who: Signatory, statement: Signed[Any]) -> Showing | None:
    return Looking(principal(who), record).shown(record.event(statement))


def test_what_somebody_signed_or_is_named_in_is_their_own() -> None:
    record = looked(*GONE)
    assert shown(record, LABORATORY, USED) == OWN
    assert [shown(record, who, OFFERED) for who in (LABORATORY, OTHER)] == [OWN, OWN]
    assert shown(record, OTHER, USED_THERE) == OWN


def test_what_may_not_be_read_is_nobodys_to_log() -> None:
    assert shown(looked(*AT_BENCH), OTHER, USED) is None


@pytest.mark.parametrize(
    ("given", "who", "right", "grant"),
    [
        pytest.param(GONE, OTHER, Right.PARTY, None, id="the past of what it has"),
        pytest.param([*AT_BENCH, *HERE], CUSTOMS, Right.AUTHORITY, None, id="what it supervises"),
        pytest.param([*AT_BENCH, granted()], AUDITOR, Right.AUDIT, CASE, id="what an audit shows it"),
    ],
)
def test_data_of_others_is_read_by_a_right(
    given: list[Signed[Any]], who: Signatory, right: Right, grant: CaseId | None
) -> None:
    found = shown(looked(*given), who, USED)
    assert found is not None
    assert (found.right, found.grant, found.whose) == (right, grant, frozenset({LABORATORY.party}))


def test_data_is_of_all_who_signed_or_are_named() -> None:
    found = shown(looked(*GONE, *HERE), CUSTOMS, OFFERED)
    assert found is not None
    assert found.whose == {LABORATORY.party, OTHER.party}


def test_the_register_is_everybodys() -> None:
    record = looked(*GONE)
    entered = [event for event in record.events if event.said.kind == "party.registered/1"]
    assert {Looking(principal(IMPORTER), record).shown(event) for event in entered} == {OWN}


def test_what_is_named_in_a_list_is_named() -> None:
    assert {Tag(A)} <= named_by(looked(*GONE).event(OFFERED))


def gathered(*read: tuple[Signed[Any], Showing], record: Looked, told: set[str] | None = None) -> list[tuple[Any, ...]]:
    others = ReadOfOthers()
    for statement, showing in read:
        others.add(record.event(statement), showing)
    if told is not None:
        others.tells({Tag(one) for one in told})
    return [(one.party, one.right, one.statements, one.subjects) for one in others.close()]


def test_an_entry_tells_of_each_party_what_was_read_of_it() -> None:
    record = looked(*GONE, *HERE)
    found = [(one, shown(record, CUSTOMS, one)) for one in (USED, OFFERED, TAKEN)]
    read = [(one, showing) for one, showing in found if showing is not None]
    assert gathered(*read, record=record) == [
        (LABORATORY.party, Right.AUTHORITY, 2, (A,)),
        (OTHER.party, Right.AUTHORITY, 2, (A,)),
    ]
    assert gathered(*read, record=record, told={B}) == []


def test_an_entry_is_bounded() -> None:
    record = looked(*GONE)
    items = tuple(Tag(ItemId(f"item:i-{number:04}")) for number in range(MOST_SUBJECTS + 7))
    whose = frozenset({LABORATORY.party})
    many = Showing(Right.AUTHORITY, whose, frozenset(items), items)
    others = ReadOfOthers()
    others.add(record.event(USED), many)
    (part,) = others.close()
    assert (len(part.subjects), part.more) == (MOST_SUBJECTS, 7)
    others = ReadOfOthers()
    parties = frozenset(PartyId(f"party:p-{number}") for number in range(MOST_PARTS + 1))
    others.add(record.event(USED), replace(many, whose=parties))
    (part,) = others.close()
    assert (part.party, part.statements, part.subjects) == (None, 1, ())
