"""Claims of who signed a statement: one corrected, voided, or signed with a key that was lost since; and attacks."""

from __future__ import annotations

import json
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING, Any, Final

import pytest

from api.cli.ask.answering.checked import checked_object
from ledger.domain.amends.corrections import StatementVoided
from ledger.evidence.bundle import bundle
from ledger.evidence.bundle.archive import read_archive
from ledger.evidence.bundle.manifest import parse_manifest
from ledger.evidence.export import export_bundle
from ledger.ids import Tag
from ledger.statement.statement import sign_statement
from projections.claims.checking import Finding
from projections.reading import is_event
from tests.corpus.bundle_edits import edited, refiled
from tests.corpus.bundle_log import WITNESSES, Saying, statement_at, tags_in
from tests.corpus.bundle_story import (
    CHILD,
    FIRST,
    LAB,
    LINEAGE,
    SCIENTIST,
    SECOND,
    TECHNICIAN,
    begun,
    key_of,
    told,
    use,
)
from tests.corpus.claimed import NOW, claimed, saying
from tests.faults.test_claim_attacks import checked, good
from tests.spec.statements.test_verification import forged

if TYPE_CHECKING:
    from collections.abc import Callable

    from ledger.evidence.gathering.frame import Frame
    from projections.claims.checking import Checked
    from tests.corpus.bundle_log import SmallLog

AT: Final = told().at
USED: Final = str(statement_at(AT["used"]))
"""Signed by two, of whom one's key was revoked later."""
LAST: Final = told().frame.checkpoint.size


def signatures_of(position: int, **members: object) -> bytes:
    """Return a bundle that claims who signed what stands at a position of the story."""
    story = told()
    return claimed(story.log.store, story.frame, "signatures", statement_at(position), **members)


def rows_of(data: bytes) -> list[dict[str, Any]]:
    """Return the rows of an answer that agrees."""
    found = checked(data)
    assert (found.finding, found.exit_code) == (Finding.AGREES, 0), found.words
    assert found.follows is not None
    return [dict(row) for row in found.follows.claimed.rows]


def listed_in(data: bytes) -> set[int]:
    """Return the positions of the entries that a bundle holds."""
    return {one.position for one in parse_manifest(read_archive(data)[bundle.MANIFEST]).entries}


@pytest.mark.parametrize("position", [one.position for one in told().log.store.read() if is_event(one)])
def test_whoever_signed_any_statement_of_a_log_can_be_claimed_and_agrees(position: int) -> None:
    data = signatures_of(position)
    signers = [(row["party"], row["person"], row["valid"], row["problem"]) for row in rows_of(data)]
    assert signers
    assert all(valid and problem is None for _, _, valid, problem in signers)
    assert {row["why"]["position"] for row in rows_of(data)} == {position}
    assert position in listed_in(data)


def test_a_key_that_is_revoked_later_is_told_and_takes_nothing_back() -> None:
    scientist, technician = rows_of(signatures_of(AT["used"]))
    assert (scientist["person"], scientist["revoked"], scientist["valid"]) == ("p-1", None, True)
    assert (technician["person"], technician["revoked"], technician["valid"]) == ("p-2", AT["revoked"], True)
    assert technician["key"] == key_of(TECHNICIAN)


def test_as_of_a_position_before_its_revocation_a_key_is_not_revoked() -> None:
    before = signatures_of(AT["used"], as_of=AT["revoked"] - 1)
    assert [row["revoked"] for row in rows_of(before)] == [None, None]
    found = checked(saying(before, lambda said: said.update(as_of=LAST)))
    assert (found.finding, found.exit_code) == (Finding.DIFFERS, 4)
    assert found.words == f"row 2: revoked is claimed as null, and {AT['revoked']} follows: event {AT['used']}"


def test_a_bundle_about_a_statement_is_about_the_subject_of_it_of_which_least_is_recorded() -> None:
    story, data = told(), signatures_of(AT["used"])
    subject = parse_manifest(read_archive(data)[bundle.MANIFEST]).subject
    counts = {tag: story.frame.count(tag) for tag in tags_in(story.log.entry(AT["used"]))}
    assert counts[subject] == min(counts.values())
    assert AT["used"] in listed_in(data)


def amended(log: SmallLog, amend: Callable[[SmallLog, int], int]) -> tuple[int, int, Frame]:
    """Return where something is used, where it is amended, and the frame of the log then."""
    at = log.say(use(FIRST), SCIENTIST)
    return at, amend(log, at), log.publish()


def correction(log: SmallLog, at: int) -> int:
    return log.say(use(FIRST, "0.2"), TECHNICIAN, saying=Saying(tags=tags_in(log.entry(at)), corrects=at))


def voiding(log: SmallLog, at: int) -> int:
    body = StatementVoided(statement=statement_at(at), ground="entered-twice")
    return log.say(body, TECHNICIAN, saying=Saying(tags=tags_in(log.entry(at))))


@pytest.mark.parametrize("amend", [correction, voiding])
def test_what_is_corrected_or_voided_stays_signed_and_whoever_checks_is_told_by_which_statement(
    amend: Callable[[SmallLog, int], int],
) -> None:
    log, _ = begun()
    at, by, frame = amended(log, amend)
    data = claimed(log.store, frame, "signatures", statement_at(at))
    assert [row["person"] for row in rows_of(data)] == ["p-1"]
    assert by in listed_in(data)
    said = f"It is corrected or voided by position {by}; what was signed stays signed."
    assert said in checked_object(checked(data), NOW)["remarks"]
    itself = claimed(log.store, frame, "signatures", statement_at(by))
    assert [row["person"] for row in rows_of(itself)] == ["p-2"]
    assert checked_object(checked(itself), NOW)["remarks"] == []


def test_the_answer_to_the_correction_is_none_to_what_it_corrects() -> None:
    log, _ = begun()
    at, by, frame = amended(log, correction)
    data = claimed(log.store, frame, "signatures", statement_at(at))
    found = checked(saying(data, lambda said: said.update(subject=statement_at(by))))
    assert (found.finding, found.exit_code) == (Finding.DIFFERS, 4)


def test_a_correction_left_out_of_the_bundle_is_missed() -> None:
    log, _ = begun()
    at, by, frame = amended(log, correction)
    found = checked(edited(claimed(log.store, frame, "signatures", statement_at(at)), lambda one: one.withhold(by)))
    assert (found.finding, found.exit_code) == (Finding.NOT_CHECKED, 4)
    assert "the bundle does not hold: tag" in found.words


def says(**members: object) -> bytes:
    return saying(good("signatures", USED), lambda said: said.update(members))


@pytest.mark.parametrize(
    ("data", "finding", "names", "code"),
    [
        pytest.param(
            says(subject=statement_at(AT["child used"])),
            Finding.NOT_CHECKED,
            f"no statement {statement_at(AT['child used'])} is here up to position {LAST}",
            5,
            id="a statement that the bundle does not hold",
        ),
        pytest.param(
            says(subject=statement_at(AT["aliquoted"])), Finding.DIFFERS, "row 1", 4, id="another one of the bundle's"
        ),
        pytest.param(
            says(as_of=AT["used"] - 1), Finding.NOT_CHECKED, f"no statement {USED} is here up to", 5, id="before it"
        ),
        pytest.param(says(subject=FIRST), Finding.DIFFERS, "$.subject: is not the id of a statement", 4, id="an item"),
        pytest.param(says(subject=AT["used"]), Finding.DIFFERS, "$.subject", 4, id="a position"),
        pytest.param(says(subject=f"urn:uuid:{USED}"), Finding.DIFFERS, "$.subject", 4, id="an id in another form"),
        pytest.param(says(subject=None), Finding.DIFFERS, "$.subject", 4, id="nothing"),
        pytest.param(says(format="vialog-answer/1"), Finding.DIFFERS, "EVD-23: $.format", 4, id="the first form"),
        pytest.param(
            says(question="whereabouts", format="vialog-answer/1"),
            Finding.DIFFERS,
            "$.subject: is not the id of a subject",
            4,
            id="a question about a subject",
        ),
        pytest.param(says(parameters={"lot": "L"}), Finding.NOT_CHECKED, "parameters.lot", 5, id="a parameter"),
        pytest.param(says(rows=[]), Finding.DIFFERS, "row 1 is left out", 4, id="no signature"),
        pytest.param(says(rows={}), Finding.DIFFERS, "$.rows: is not an array", 4, id="no list of rows"),
    ],
)
def test_a_claim_of_something_else_is_caught_by_name(data: bytes, finding: Finding, names: str, code: int) -> None:
    found = checked(data)
    assert (found.finding, found.exit_code) == (finding, code), found.words
    assert names in found.words


@pytest.mark.parametrize(
    ("member", "value", "words"),
    [
        ("valid", 1, "1, and true"),
        ("valid", "true", '"true", and true'),
        ("revoked", str(AT["revoked"]), f'"{AT["revoked"]}", and {AT["revoked"]}'),
        ("enrolled", None, "null, and "),
        ("problem", "", '"", and null'),
    ],
)
def test_a_value_of_another_type_is_another_value(member: str, value: object, words: str) -> None:
    found = checked(saying(good("signatures", USED), lambda said: said["rows"][1].update({member: value})))
    assert (found.finding, found.exit_code) == (Finding.DIFFERS, 4)
    assert found.words.startswith(f"row 2: {member} is claimed as {words}")


def test_the_signatures_in_another_order_differ() -> None:
    found = checked(saying(good("signatures", USED), lambda said: said["rows"].reverse()))
    assert (found.finding, found.exit_code) == (Finding.DIFFERS, 4)


def test_a_statement_with_a_signature_that_does_not_hold_is_in_no_bundle_that_holds() -> None:
    log, _ = begun()
    payload = log.payload(use(FIRST), [SCIENTIST])
    at = log.append(forged(sign_statement(payload, [SCIENTIST.signer])), payload)
    data = claimed(log.store, log.publish(), "signatures", statement_at(at))
    [row] = json.loads(read_archive(data)[bundle.ANSWER])["rows"]
    assert not row["valid"]
    assert "does not verify" in row["problem"]
    found = checked(saying(data, lambda said: said["rows"][0].update(valid=True, problem=None)))
    assert (found.finding, found.exit_code) == (Finding.NOT_CHECKED, 4)
    assert f"the bundle does not hold: event {at}" in found.words


def test_a_key_whose_history_is_not_claimed_to_be_whole_proves_nothing() -> None:
    found = checked(edited(good("signatures", USED), lambda one: one.unclaim(key_of(TECHNICIAN))))
    assert (found.finding, found.exit_code) == (Finding.NOT_CHECKED, 4)


def test_without_a_mirror_that_no_revocation_is_missing_is_the_operators_word() -> None:
    story = told()
    frame = replace(story.frame, note=story.log.note(WITNESSES[:2]))
    found = checked(claimed(story.log.store, frame, "signatures", USED))
    assert (found.finding, found.exit_code, found.replayed) == (Finding.AGREES, 5, ())


def test_an_id_that_an_operator_recorded_twice_fails_the_bundle_of_both_and_a_row_names_which_one_it_is() -> None:
    log, _ = begun()
    first = log.say(use(FIRST), SCIENTIST, saying=Saying(tags=LINEAGE))
    again = log.say(use(SECOND), TECHNICIAN, saying=Saying(tags=LINEAGE, id=statement_at(first)))
    frame = log.publish()

    def signed_in(subject: str) -> Checked:
        data = export_bundle(log.store, frame, Tag(subject))
        of_it = {"question": "signatures", "subject": Tag(statement_at(first)), "jurisdiction": "CN"}
        return checked(data, lambda one, _: replace(one, **of_it))  # type: ignore[arg-type]

    for subject, position in ((FIRST, first), (SECOND, again)):
        found = signed_in(subject)
        assert found.follows is not None, found.words
        assert [row["why"]["position"] for row in found.follows.claimed.rows] == [position]  # type: ignore[index,call-overload]
    both = signed_in(LAB)
    assert (both.finding, both.exit_code) == (Finding.NOT_CHECKED, 4)
    assert f"recorded at position {first} already" in both.words


@cache
def plain() -> bytes:
    """Return a bundle about an item that claims no answer, and holds what was used."""
    story = told()
    return export_bundle(story.log.store, story.frame, Tag(FIRST))


def test_a_bundle_without_an_answer_answers_who_signed_one_of_its_statements() -> None:
    found = checked(plain(), lambda one, _: replace(one, question="signatures", subject=Tag(USED), jurisdiction="CN"))
    assert (found.finding, found.exit_code) == (Finding.UNCLAIMED, 0), found.words
    assert found.follows is not None
    assert [row["person"] for row in found.follows.claimed.rows] == ["p-1", "p-2"]


def test_the_answer_in_the_bundle_of_another_subject_that_holds_the_statement_agrees_there_too() -> None:
    answer = read_archive(good("signatures", USED))[bundle.ANSWER]
    held = refiled(good("whereabouts", CHILD), {bundle.ANSWER: answer})
    assert AT["used"] in listed_in(held)
    assert rows_of(held) == json.loads(answer)["rows"]
    lacking = refiled(good("whereabouts", SECOND), {bundle.ANSWER: answer})
    assert checked(lacking).finding is Finding.NOT_CHECKED


def test_whoever_asks_a_bundle_about_an_item_who_signed_it_is_told_to_name_a_statement() -> None:
    found = checked(plain(), lambda one, _: replace(one, question="signatures", subject=Tag(FIRST), jurisdiction="CN"))
    assert found.finding is Finding.NOT_CHECKED
    assert found.words == f"signatures is asked about a statement, not about {FIRST}: name it by its id"
