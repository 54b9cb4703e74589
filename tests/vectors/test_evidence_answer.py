"""The bytes of claimed answers: one form, and what differs from it is refused before anything is made of it."""

from __future__ import annotations

import doctest
import json
import tracemalloc
from dataclasses import replace
from datetime import UTC, datetime
from typing import Final

import pytest

from ledger.errors import Malformed
from ledger.evidence.bundle import answer, bundle
from ledger.evidence.bundle.answer import Claimed, encode_answer, parse_answer
from ledger.evidence.bundle.archive import read_archive
from ledger.evidence.bundle.manifest import Why, encode_manifest, parse_manifest
from ledger.evidence.export import Answered, export_bundle
from ledger.ids import Tag
from tests.corpus.bundle_edits import refiled
from tests.corpus.bundle_story import APPROVAL, CHILD, FIRST, LAB, SECOND, told
from tests.corpus.bundles import bundles

EDITION: Final = f"cn-281/2026-08-01 {'a' * 64}"
GOOD: Final = Claimed(
    log="ledger.example/log1",
    question="balance",
    subject=Tag("approval:GX-1"),
    as_of=21,
    now=datetime(2026, 9, 1, tzinfo=UTC),
    until=datetime(2026, 8, 1, tzinfo=UTC),
    jurisdiction="CN",
    parameters={"days": 90, "lot": "L-1"},
    editions=(EDITION,),
    rows=({"label": "样品", "why": {"position": 13}, "used": "0.1"},),
)


STATEMENT: Final = "01990000-0000-7000-8000-000000000001"
OF_STATEMENT: Final[dict[str, object]] = {
    "question": "signatures",
    "subject": STATEMENT,
    "format": "vialog-answer/4",
}


def bent(**members: object) -> bytes:
    """Return an answer with other members, written in the one form."""
    value = json.loads(encode_answer(GOOD)) | members
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def test_the_worked_example_holds() -> None:
    assert doctest.testmod(answer).failed == 0


def test_an_answer_is_read_as_it_was_written() -> None:
    assert parse_answer(encode_answer(GOOD)) == GOOD
    assert parse_answer(encode_answer(replace(GOOD, until=None))).until is None


@pytest.mark.rule("EVD-23")
@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(b"\xff" + encode_answer(GOOD), id="not UTF-8"),
        pytest.param(b"\xef\xbb\xbf" + encode_answer(GOOD), id="a byte order mark"),
        pytest.param(encode_answer(GOOD) + b"\n", id="a newline behind it"),
        pytest.param(encode_answer(GOOD) * 2, id="twice"),
        pytest.param(encode_answer(GOOD).replace(b"{", b"{ ", 1), id="white space"),
        pytest.param(encode_answer(GOOD).replace("样".encode(), b"\\u6837"), id="an escape"),
        pytest.param(encode_answer(GOOD).replace(b'"as_of":21', b'"as_of":21,"as_of":21'), id="a member twice"),
        pytest.param(encode_answer(GOOD).replace("样品".encode(), b"\\ud800"), id="a lone surrogate"),
        pytest.param(bent(as_of=21.0), id="a fraction"),
        pytest.param(bent(as_of=0), id="before the first position"),
        pytest.param(bent(as_of=2**53), id="a number too large"),
        pytest.param(encode_answer(GOOD).replace(b"21", b"9" * 5000), id="a number of many digits"),
        pytest.param(bent(as_of=True), id="a truth for a position"),
        pytest.param(bent(now="2026-09-01T00:00:00Z"), id="a time in another form"),
        pytest.param(bent(at="yesterday"), id="no time"),
        pytest.param(bent(editions=[EDITION, EDITION]), id="an edition twice"),
        pytest.param(bent(editions=["cn-281"]), id="an edition without a digest"),
        pytest.param(bent(format="vialog-answer/0"), id="an earlier form"),
        pytest.param(bent(question="owed"), id="a later form than the question has"),
        pytest.param(bent(format="vialog-answer/4"), id="the form of answers about statements"),
        pytest.param(bent(**OF_STATEMENT | {"format": "vialog-answer/1"}), id="about a statement in the first form"),
        pytest.param(bent(**OF_STATEMENT | {"subject": "item:A"}), id="about a subject, and asked about a statement"),
        pytest.param(bent(subject=STATEMENT), id="about a statement, and asked about a subject"),
        pytest.param(bent(format=2, rows=[{"format": "vialog-answer/2"}]), id="a form that only a row says"),
        pytest.param(bent(jurisdiction="china"), id="no jurisdiction"),
        pytest.param(bent(parameters={"days": None}), id="a parameter without a value"),
        pytest.param(bent(parameters={"Days": 9}), id="a parameter that is none"),
        pytest.param(bent(question="../balance"), id="no question"),
        pytest.param(bent(rows=["used"]), id="a row that is no object"),
        pytest.param(bent(rows={}), id="no list of rows"),
        pytest.param(bent(subject="approval"), id="no subject"),
        pytest.param(bent(signature="mine"), id="a member more"),
        pytest.param(bent(rows=[{"a": [[[[[[[[[[[[[[[[0]]]]]]]]]]]]]]]]}]), id="deeper than it may be"),
        pytest.param(b'{"format":"vialog-answer/1","rows":' + b"[" * 100_000, id="deeper than any reader"),
    ],
)
def test_what_is_written_otherwise_is_refused(data: bytes) -> None:
    with pytest.raises(Malformed):
        parse_answer(data)


def test_a_later_form_is_said_to_be_one() -> None:
    with pytest.raises(Malformed) as refused:
        parse_answer(bent(format="vialog-answer/6"))
    assert refused.value.newer


@pytest.mark.parametrize("form", [1, 2])
def test_an_answer_of_an_earlier_form_is_read_and_written_as_it_was(form: int) -> None:
    earlier = bent(format=f"vialog-answer/{form}")
    assert parse_answer(earlier) == replace(GOOD, earlier=form)
    assert encode_answer(parse_answer(earlier)) == earlier


def test_an_answer_to_a_question_without_a_later_form_is_of_the_first() -> None:
    written = encode_answer(replace(GOOD, question="owed"))
    assert json.loads(written)["format"] == "vialog-answer/1"
    assert parse_answer(written).earlier is None


def test_where_an_item_was_is_of_the_form_that_says_by_what_and_was_of_the_first() -> None:
    first = replace(GOOD, question="whereabouts", earlier=1)
    written = encode_answer(first)
    assert json.loads(written)["format"] == "vialog-answer/1"
    assert parse_answer(written) == first
    assert json.loads(encode_answer(replace(first, earlier=None)))["format"] == "vialog-answer/5"


def test_an_answer_about_a_statement_is_of_the_form_that_knows_statements() -> None:
    about = parse_answer(bent(**OF_STATEMENT))
    assert (about.subject, about.earlier) == (STATEMENT, None)
    assert encode_answer(about) == bent(**OF_STATEMENT)


def test_what_is_made_of_an_answer_is_not_many_times_its_size() -> None:
    data = b'{"format":"vialog-answer/1","rows":[' + b"[]," * 3_000_000
    tracemalloc.start()
    try:
        with pytest.raises(Malformed):
            parse_answer(data)
        assert tracemalloc.get_traced_memory()[1] < 3 * len(data)
    finally:
        tracemalloc.stop()


def test_a_bundle_is_of_the_later_format_only_where_it_claims_an_answer() -> None:
    with_one, without = (read_archive(bundles()[name][0]) for name in ("answer-claimed", "good-approval"))
    assert with_one[bundle.MANIFEST].startswith(b'{"format":"vialog-evidence/3"')
    assert without[bundle.MANIFEST].startswith(b'{"format":"vialog-evidence/2"')
    assert bundle.ANSWER in with_one
    assert bundle.ANSWER not in without


def test_a_bundle_holds_all_events_of_what_its_answer_rests_on() -> None:
    said = parse_manifest(read_archive(bundles()["answer-claimed"][0])[bundle.MANIFEST])
    assert {APPROVAL, FIRST, SECOND, CHILD} <= set(said.complete)
    assert Tag(LAB) in said.status
    listed = {one.position: one.why for one in said.entries}
    assert listed[told().at["approval"]] is Why.SUBJECT
    assert Why.ANSWER not in listed.values()  # each of these events bears the approval's tag


def test_an_item_that_only_the_answer_needs_is_there_for_the_answer() -> None:
    story = told()
    answered = Answered(encode_answer(replace(GOOD, log=story.log.store.origin)), frozenset({Tag(CHILD)}))
    data = export_bundle(story.log.store, story.frame, Tag(LAB), answered=answered)
    listed = {one.position: one.why for one in parse_manifest(read_archive(data)[bundle.MANIFEST]).entries}
    assert listed[story.at["child used"]] is Why.SUBJECT
    assert listed[story.at["listed"]] is Why.ANCESTOR


@pytest.mark.rule("EVD-03")
@pytest.mark.parametrize("name", ["answer-claimed", "good-approval"])
def test_an_answer_is_there_where_the_manifest_says_so_and_nowhere_else(name: str) -> None:
    data = bundles()[name][0]
    there = read_archive(data).get(bundle.ANSWER)
    odd = refiled(data, {bundle.ANSWER: b"{}" if there is None else None})
    files = read_archive(odd)
    with pytest.raises(Malformed, match="EVD-03"):
        bundle.check_listed(parse_manifest(files[bundle.MANIFEST]), files)


@pytest.mark.rule("EVD-04")
def test_an_entry_is_there_for_an_answer_only_where_one_is_claimed() -> None:
    said = parse_manifest(read_archive(bundles()["good-approval"][0])[bundle.MANIFEST])
    entries = tuple(one._replace(why=Why.ANSWER) for one in said.entries)
    assert parse_manifest(encode_manifest(replace(said, entries=entries, answered=True))).answered
    with pytest.raises(Malformed, match="EVD-04"):
        encode_manifest(replace(said, entries=entries))
