"""The verifier page computes claimed answers as the program does: the same rows, the same finding of every attack."""

from __future__ import annotations

import json
from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Any, Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.clock import format_time
from ledger.evidence.answers.acts import Beyond
from ledger.evidence.answers.asking import asked_of
from ledger.evidence.answers.rows import ABOUT, QUESTIONS
from ledger.evidence.answers.table import type_of
from ledger.evidence.checks.trust import parse_trust
from ledger.evidence.checks.verdicts import Check, Verdict
from ledger.evidence.verify import verify_bundle
from ledger.ids import Tag
from ledger.tlog.policy import parse_policy
from projections.claims.checking import VERDICTS, Finding
from tests.corpus.bundle_log import policy
from tests.corpus.bundle_story import APPROVAL, CHILD, FIRST, GOODS, trust
from tests.corpus.claimed import asked
from tests.faults.test_claim_attacks import ATTACKS, checked, good, lost_good
from tests.journeys.page import run_verifier
from tests.properties.test_answers_by_table import Acts, Events, When, bodies_of, judged_story, narrowings
from tests.properties.test_balance_properties import bodies_of as bodies_by_position
from tests.properties.test_balance_properties import travels
from tests.properties.test_claimed_answers import history, of_types
from tests.recorded.record import ORIGIN
from tests.spec.crossing import APPROVAL as BALANCED

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from ledger.domain.judging import Event
    from ledger.evidence.checks.verdicts import Report

ANSWERED: Final = (
    *(("ancestors", CHILD), ("balance", APPROVAL), ("custody-chain", CHILD), ("descendants", APPROVAL)),
    *(("descendants", GOODS), ("descendants", FIRST), ("whereabouts", FIRST), ("owed", APPROVAL)),
    *(("owed", CHILD), ("owed", FIRST), ("owed", GOODS)),
)
STORIES: Final = 60


def verified(data: bytes) -> Report:
    return verify_bundle(data, parse_policy(policy()), parse_trust(trust()))


def on_page(folder: Path, bundles: Sequence[bytes]) -> list[dict[str, Any]]:
    (folder / "policy").write_bytes(policy())
    (folder / "trust").write_bytes(trust())
    files = [folder / f"{number}.zip" for number in range(len(bundles))]
    for file, data in zip(files, bundles, strict=True):
        file.write_bytes(data)
    return run_verifier([(file, folder / "policy", folder / "trust") for file in files]).reports


def found(report: Mapping[str, Any]) -> list[tuple[str, str | None, str]]:
    """Return what is found of an answer."""
    return [(one["verdict"], one["check"], one["words"]) for one in report["claims"] if one["about"] == "answer"]


def in_python(report: Report) -> list[tuple[str, str | None, str]]:
    return [(one.verdict, one.check, one.words) for one in report.claims if one.about == "answer"]


def test_an_answer_that_nobody_touched_agrees_on_the_page(tmp_path: Path) -> None:
    reports = on_page(tmp_path, [good(*one) for one in ANSWERED])
    assert [found(one)[0][0] for one in reports] == [Verdict.KNOWN] * len(ANSWERED)
    assert [found(one) for one in reports] == [in_python(verified(good(*one))) for one in ANSWERED]
    assert [one["exit"] for one in reports] == [0] * len(ANSWERED)


def test_a_balance_agrees_on_the_page_by_the_form_that_it_is_of(tmp_path: Path) -> None:
    bundles = [lost_good(earlier=form) for form in (None, 2, 1)]
    reports = on_page(tmp_path, bundles)
    assert [found(one) for one in reports] == [in_python(verified(one)) for one in bundles]
    assert [(one["exit"], found(one)[0][0]) for one in reports] == [(0, Verdict.KNOWN)] * 3


def test_every_attack_gets_the_same_finding_on_the_page_and_by_the_command(tmp_path: Path) -> None:
    bundles = {attack.name: attack.bundle for attack in ATTACKS}
    reports = dict(zip(bundles, on_page(tmp_path, list(bundles.values())), strict=True))
    for attack in ATTACKS:
        report, own = reports[attack.name], verified(bundles[attack.name])
        assert (report["verdict"], report["exit"], found(report)) == (own.verdict, own.exit_code, in_python(own))
        asking = checked(bundles[attack.name])
        for verdict, check, words in found(report):
            assert verdict == VERDICTS[asking.finding], attack.name
            assert check == (Check.ANSWER if asking.finding is Finding.DIFFERS else None)
            assert asking.finding is not Finding.DIFFERS or words == asking.words


@pytest.mark.parametrize("question", QUESTIONS)
def test_the_rows_of_any_history_are_the_same_on_the_page(question: str) -> None:
    store, events = history()
    bodies = bodies_of(store)
    told = [(events, bodies, tag, half) for tag in of_types(*ABOUT[question]) for half in (False, True)]
    for number in range(STORIES):
        some, said = judged_story(number)
        tags = sorted({tag for event in some for tag in event.tags if type_of(tag) in ABOUT[question]})
        told += [(tuple(some), said, tag, bool(number % 2)) for tag in tags]
    due, calls = zip(*(_both(question, *one) for one in told), strict=True)
    answers = [one["value"] for one in run_verifier(calls=list(calls)).answers]
    assert answers == list(due)
    assert sum(map(bool, due)) > len(due) // 6


def test_what_was_told_since_is_the_same_on_the_page() -> None:
    store, events = history()
    told = [(events, bodies_of(store), tag) for tag in of_types("item")]
    for number in range(STORIES):
        some, said = judged_story(number)
        told += [(tuple(some), said, tag) for tag in sorted({tag for event in some for tag in event.tags})]
    told = [one for one in told if type_of(one[2]) == "item"]
    for earlier in (None, 1):
        asks = [_both("whereabouts", *one, half=False, as_of=len(one[0]) // 2, earlier=earlier) for one in told]
        due, calls = zip(*asks, strict=True)
        assert [one["value"] for one in run_verifier(calls=list(calls)).answers] == list(due)
        since = [row for rows in due for row in rows if row["known"] == "now"]
        assert len(since) > STORIES // 6
        assert {row["why"]["position"] is None for row in since} == {earlier == 1}


@settings(max_examples=2, deadline=None)
@given(some=st.lists(travels(), min_size=30, max_size=40))
def test_the_balance_of_what_is_missing_lost_and_found_is_the_same_on_the_page(some: list[list[Event[Any]]]) -> None:
    told = [(events, bodies_by_position(events), Tag(BALANCED)) for events in some]
    asks = [_both("balance", *one, half=False, earlier=form) for one in told for form in (None, 2, 1)]
    due, calls = zip(*asks, strict=True)
    assert [one["value"] for one in run_verifier(calls=list(calls)).answers] == list(due)


def test_the_rows_of_lots_and_of_donors_are_the_same_on_the_page() -> None:
    store, events = history()
    bodies = bodies_of(store)
    narrowed = narrowings(bodies.values())
    asks = [(tag, narrowed[number % len(narrowed)]) for number, tag in enumerate(of_types(*ABOUT["descendants"]))]
    asks += [(tag, one) for tag in of_types("approval") for one in narrowed]
    due, calls = zip(
        *(_both("descendants", events, bodies, tag, half=False, narrowed=one) for tag, one in asks), strict=True
    )
    assert [one["value"] for one in run_verifier(calls=list(calls)).answers] == list(due)
    assert 0 < sum(map(bool, due)) < len(due)


def _both(
    question: str,
    events: Sequence[Event[Any]],
    bodies: dict[int, Any],
    subject: Tag,
    half: bool,
    *,
    earlier: int | None = None,
    narrowed: Mapping[str, str] | None = None,
    as_of: int | None = None,
) -> tuple[list[Any], tuple[str, str]]:
    """Return the rows that follow in Python, and the call by which the page computes them.

    half: as it was half-way. as_of: None: by all that is told.
    """
    last, until = events[-1].recorded, events[len(events) // 2].said.occurred_at if half else None
    when = When(last, as_of or events[-1].position, until)
    acts = Acts(Events(events, when.as_of), bodies)
    said = asked(question, subject, when.as_of, log=ORIGIN, now=when.now, until=until, parameters=narrowed or {})
    said = replace(said, earlier=earlier)
    try:
        rows: Any = QUESTIONS[question](asked_of(said, acts))
    except Beyond as beyond:
        rows = beyond.where
    told = [acts.act(event) for event in events]
    listed = [{**asdict(one), "received": sorted(one.received), "tags": sorted(one.tags)} for one in told]
    times = {"asOf": when.as_of, "now": format_time(last), "until": None if until is None else format_time(until)}
    given = [question, subject, times | {"parameters": dict(said.parameters), "earlier": earlier}, listed]
    return json.loads(json.dumps(rows)), ("answerRows", json.dumps(given).encode().hex())
