"""Questions about the record itself: a small history is recorded, and the answer folded from it."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

import pytest
from msgspec.structs import replace

from ledger.breach import Breach
from ledger.domain.amends.corrections import StatementVoided
from ledger.errors import IntegrityFailed
from ledger.ids import Tag
from ledger.statement.entries.entry import parse_entry
from ledger.statement.form.envelope import parse_envelope
from projections.questions.records.amends import amends
from projections.questions.records.breaches import breaches
from projections.questions.records.few_signers import few_signers
from projections.questions.records.late import late_entries
from projections.questions.records.signatures import Signed, signatures
from projections.reading import read_checked
from tests.spec.bench import LAB, VARIOLA, A, aliquoted, child, vials
from tests.spec.parties import LABORATORY, SECOND_PERSON
from tests.spec.statements.test_verification import entered, entries, forged, verified
from tests.spec.supervision.test_recalls import used
from tests.spec.world import NOON, corrected, events_of, packs, rules_at, said

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from ledger.domain.judging import Event
    from ledger.store.port import Recorded

LATER: Final = NOON + timedelta(hours=1)


# Records that were corrected or voided: by whom, why, and what they said before


@pytest.mark.question("corrections")
def test_a_correction_tells_who_why_and_what_was_said_before() -> None:
    first = used(A, at=NOON)
    again = corrected(first, replace(first.body, laboratory=LAB, purpose="diagnosis"))
    third = replace(corrected(again, again.body), occurred_at=LATER)
    rows = amends(events_of([*vials(), first, again, third]))
    assert [(one.statement, one.by, one.reason) for one in rows] == [
        (first.id, again.id, "misread"),
        (again.id, third.id, "misread"),
    ]
    assert (rows[0].kind, rows[0].before, rows[0].after) == ("item.used/1", first.body, again.body)
    assert (rows[0].members, rows[0].moved, rows[0].persons) == (("purpose",), None, first.persons)
    assert (rows[1].members, rows[1].moved) == ((), (NOON, LATER))


@pytest.mark.question("corrections")
def test_a_voiding_tells_its_ground_and_what_was_taken_back() -> None:
    first = used(A, at=NOON)
    voiding = said(StatementVoided(statement=first.id, ground="entered-twice"), LABORATORY, at=LATER)
    [row] = amends(events_of([*vials(), first, voiding]))
    assert (row.by, row.reason, row.before, row.after, row.members) == (
        voiding.id,
        "entered-twice",
        first.body,
        None,
        (),
    )
    assert amends(events_of(vials())) == ()


# Breaches that entries tell


@pytest.mark.question("breaches")
def test_breaches_of_a_period_are_told_with_whether_their_statements_count() -> None:
    first = said(used(A, at=NOON).body, LABORATORY, acknowledged={"GEN-10": "no-connection"})
    voided = used(A, at=LATER)
    voiding = said(StatementVoided(statement=voided.id, ground="entered-twice"), LABORATORY, at=LATER)
    *before, one, two, three = events_of([*vials(), first, voided, voiding])
    late, held = Breach("GEN-10", ()), Breach("GAT-08", (Tag(A),))
    events = [*before, replace(one, breaches=(held, late)), replace(two, breaches=(held,)), three]
    rows = breaches(events, (NOON, LATER))
    assert [(row.event.said.id, row.breach, row.reason, row.counts) for row in rows] == [
        (first.id, held, None, True),
        (first.id, late, "no-connection", True),
        (voided.id, held, None, False),
    ]
    assert [row.event.said.id for row in breaches(events, (LATER, LATER))] == [voided.id]
    assert breaches(before, (NOON, LATER)) == ()


# Late entries, by person and site


def told_late(event: Event[Any], hours: int, *breaches: Breach) -> Event[Any]:
    """Return an event as recorded some hours after its act."""
    return replace(event, recorded=event.said.occurred_at + timedelta(hours=hours), breaches=breaches)


@pytest.mark.question("late-entries")
def test_late_entries_are_told_by_person_and_site() -> None:
    first = said(used(A, at=NOON).body, LABORATORY, acknowledged={"GEN-10": "no-connection"})
    second = aliquoted(child(A, "2"), residual="7", at=LATER)
    *before, one, two = events_of([*vials(), first, second])
    events = [*before, told_late(one, 30, Breach("GEN-10", ())), told_late(two, 25)]
    answer = late_entries(events, timedelta(hours=24))
    assert [(row.statement, row.took, row.told, row.reason) for row in answer.rows] == [
        (first.id, timedelta(hours=30), True, "no-connection"),
        (second.id, timedelta(hours=25), False, None),
    ]
    laboratory, second_person = ((one.party, one.person) for one in (LABORATORY, SECOND_PERSON))
    assert answer.by_person == {laboratory: 2, second_person: 1}
    assert answer.by_site == {LAB: 2}
    assert late_entries(events, timedelta(hours=30)).rows == ()


def test_a_correction_is_as_late_as_what_it_corrects_was_first_told() -> None:
    first = used(A, at=NOON)
    *before, one, two = events_of([*vials(), first, corrected(first, first.body)])
    events = [*before, one, replace(two, recorded=NOON + timedelta(days=30))]
    assert late_entries(events, timedelta(hours=1)).rows == ()


# High-pathogenic acts by fewer than are to do them


@pytest.mark.question("few-signers")
def test_high_pathogenic_acts_by_one_person_are_told_and_others_are_not() -> None:
    rules = rules_at(NOON).name
    alone = said(used(A, at=NOON).body, LABORATORY)
    both = said(used(A, at=NOON).body, LABORATORY, SECOND_PERSON, at=LATER)
    events = [replace(one, rules=rules) for one in events_of([*vials(agent=VARIOLA), alone, both])]
    [row] = few_signers(events, packs())
    assert (row.statement, row.items, row.asked, row.told) == (alone.id, (A,), 2, False)
    assert row.signers == alone.persons
    events[-2] = replace(events[-2], breaches=(Breach("GAT-14", ()),))
    assert [one.told for one in few_signers(events, packs())] == [True]
    harmless = [replace(one, rules=rules) for one in events_of([*vials(), alone])]
    assert few_signers(harmless, packs()) == ()
    assert few_signers(events_of([*vials(agent=VARIOLA), alone]), packs()) == ()


# Who signed a statement, and whether it holds


def events(log: Iterable[Recorded]) -> list[Event[Any]]:
    return [read_checked(one) for one in log]


def signed(stored: Recorded) -> Signed:
    return Signed(read_checked(stored), parse_envelope(parse_entry(stored.entry).data))


@pytest.mark.question("signatures")
def test_a_signature_is_told_with_its_key_and_counts_though_that_is_revoked_later() -> None:
    answer = signatures(signed(entries()[4]), events(entries()))
    [row] = answer.rows
    assert (answer.position, row.signatory.party, row.signatory.meaning) == (5, "party:lab", "performed")
    assert (row.enrolled, row.revoked, row.problem) == (4, 6, "")


@pytest.mark.question("signatures")
def test_a_signature_that_does_not_hold_tells_why() -> None:
    log = list(entries())
    log[4] = entered(log[4], data=forged(parse_entry(log[4].entry).data))
    answer = signatures(signed(log[4]), events(log))
    assert "does not verify" in answer.rows[0].problem
    answer = signatures(signed(log[4]), events(one for one in entries() if one.position != 4))
    assert (answer.rows[0].enrolled, answer.rows[0].problem) == (None, "its key was not enrolled when it signed")


# Is the ledger intact: the log's own check


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        pytest.param(lambda log: [*log[:4], replace(log[4], leaf=bytes(32)), log[5]], "position 5: ", id="hash"),
        pytest.param(lambda log: [*log[:2], *log[3:]], "position 3: ", id="sequence"),
        pytest.param(
            lambda log: [*log[:4], entered(log[4], data=forged(parse_entry(log[4].entry).data)), log[5]],
            "position 5: ",
            id="signature",
        ),
    ],
)
def test_whether_a_log_is_intact_is_answered_by_its_verification(
    change: Callable[[list[Recorded]], list[Recorded]], problem: str
) -> None:
    assert [one.position for one in verified(list(entries()))] == [1, 2, 3, 4, 5, 6]
    with pytest.raises(IntegrityFailed, match=f"^{problem}"):
        verified(change(list(entries())))
