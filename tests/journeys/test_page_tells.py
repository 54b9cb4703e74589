"""The verifier page tells what the program in Python tells, letter for letter: sentences, amounts, breaches, facts."""

from __future__ import annotations

import json
import random
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any, Final

import pytest

from ledger.breach import make_breach
from ledger.clock import format_time
from ledger.ids import Tag
from ledger.rulepacks.load import load_packs
from ledger.statement.catalogue import KINDS
from ledger.statement.entries.entry import encode_entry, parse_entry
from ledger.statement.rulebook import grounds_of
from ledger.words.phrasebook import PLACE, Phrasebook
from ledger.words.reader import Reader
from ledger.words.runs import reading_values, runs
from ledger.words.sentences import breach_told
from ledger.words.table import Language
from ledger.words.telling import change, fact_told, sentence
from ledger.words.times import Zone
from scripts.examples import Example, ExampleSigner, examples_of
from scripts.page_words import findings
from scripts.sentences_page import name_in_examples
from tests.corpus.bundles import POLICY, TRUST, build
from tests.journeys.odd_breaches import worded_entries
from tests.journeys.page import run_verifier

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from ledger.words.template import JsonValue

EXAMPLES: Final = [example for kind in KINDS.values() for example in examples_of(kind)]
BEIJING: Final = 480
ODD: Final = [
    *("", "item:T-0001", "party:x", f"key:{'ab' * 32}", "01990f3c-5a00-7c31-9e44-2b6f0d8a1c57", "intact", "missing"),
    *("2026-08-10T09:20:00Z", "2026-08-10T09:20:00.25+08:00", "2026-08-10T24:00:00Z", "2026-02-30T00:00:00Z"),
    *("0001-01-01T00:00:00+08:00", "9999-12-31T23:59:59Z", "0024-02-29T23:30:00-05:30", "{by} [a|b] $& $1", "冰箱-2"),
    *(0, 1, -3, True, False, [], {}, [1, "a"], {"value": "1.50", "unit": "mL"}, {"value": "1", "unit": "vial"}),
    *({"value": "1", "unit": "thimble/s"}, {"value": "01", "unit": "mL"}, {"value": "999999999999999999.999999999"}),
    *({"value": "1.000", "unit": "box"}, {"unit": 3}, {"issued_by": "", "document": "D 1"}, {"issued_by": "Customs"}),
]
"""What may stand anywhere in a body whose kind nobody has checked."""


def test_every_example_of_every_kind_is_told_alike() -> None:
    compare((example, {"names": True}) for example in EXAMPLES)


@pytest.mark.parametrize("about", ["item:T-0001", "item:T-0050", "party:harbour"])
def test_of_a_list_that_names_what_the_reader_asks_about_its_row_alone_is_told_alike(about: str) -> None:
    compare((example, {"names": True, "about": about}) for example in EXAMPLES)


def test_whatever_a_body_holds_is_told_alike() -> None:
    chosen = random.Random(9)
    compare((bent(example, chosen), {"about": "item:T-0001"}) for example in EXAMPLES * 6)


def test_a_long_sum_is_exact_on_the_page_and_in_python() -> None:
    most = {"value": "999999999999999999.999999999", "unit": "mL"}
    rows = [{"item": f"item:T-{at:04}", "quantity": most} for at in range(1, 12)]
    (example,) = (one for one in EXAMPLES if one.kind == "consignment.sampled/1" and len(one.body["samples"]) > 5)
    compare([(replace(example, body={**example.body, "samples": rows}), {})])


def test_times_are_told_alike_in_every_zone() -> None:
    instants = [
        *(datetime(1, 1, 1, tzinfo=UTC), datetime(9999, 12, 31, 23, 59, 59, 999999, tzinfo=UTC)),
        *(datetime(24, 2, 29, 16, tzinfo=UTC), datetime(2026, 8, 10, 20, 5, 1, 5, tzinfo=UTC)),
    ]
    said = [replace(EXAMPLES[0], occurred_at=instant) for instant in instants]
    compare((one, {"minutes": minutes}) for one in said for minutes in (-300, 0, 330, 480, 840))
    compare((one, {"isNamed": True, "minutes": minutes}) for one in said for minutes in (0, 480))


def test_breaches_and_what_they_rest_on_are_told_alike() -> None:
    entries = [
        encode_entry(parse_entry(written)._replace(rules=edition.pack.name))
        for edition in load_packs().editions
        for written in worded_entries()
    ]
    told = run_verifier(calls=[(name, one.hex()) for name in ("told", "grounds") for one in entries]).answers
    breaches = [parse_entry(one).breaches for one in entries]
    assert [one["value"] for one in told[: len(entries)]] == [
        [breach_told(one, Reader(language, zone(BEIJING))) for one in held for language in Language]
        for held in breaches
    ]
    packs = load_packs()
    assert [one["value"] for one in told[len(entries) :]] == [
        [list(grounds_of(one, packs.by_name(parse_entry(written).rules))) for one in held]
        for written, held in zip(entries, breaches, strict=True)
    ]


def test_what_a_correction_changes_is_told_alike() -> None:
    before = next(one for one in EXAMPLES if one.kind == "item.used/1" and "quantity" in one.body)
    later = before.occurred_at + timedelta(hours=1)
    afters = [
        replace(before, body={**before.body, "quantity": {"value": "0.5", "unit": "mL"}}, corrects=before.corrects),
        replace(before, occurred_at=later, corrects="01990f3c-5a00-7c31-9e44-2b6f0d8a1c57", reason="misread"),
        before,
    ]
    calls = [("change", json.dumps([as_json(before), as_json(one), {}]).encode().hex()) for one in afters]
    told = [answer["value"] for answer in run_verifier(calls=calls).answers]
    readers = [in_python(language, {"names": {}}) for language in Language]
    assert told == [[change(before, one, reader) for reader in readers] for one in afters]


def test_subjects_of_a_breach_come_in_the_order_of_the_statement_on_the_page_too() -> None:
    items: list[JsonValue] = [{"item": f"item:{name}"} for name in "edcba"]
    body: JsonValue = {"site": "site:x", "items": items}
    tags = frozenset(Tag(f"item:{name}") for name in "abcde")
    breach = make_breach("GAT-08", tags, {})
    entry = encode_entry(parse_entry(next(iter(worded_entries())))._replace(breaches=(breach,), tags=tags))
    ((told,),) = [[answer["value"] for answer in run_verifier(calls=[("ordered", entry.hex(), hexed(body))]).answers]]
    assert told == [breach_told(breach, in_python(language, {"names": {}}), body) for language in Language]


def test_runs_of_readings_are_the_same_and_told_alike() -> None:
    one = next(example for example in EXAMPLES if example.kind == "temperature.recorded/1")
    agreed = {**one.body, "low": "-90", "high": "-60", "minimum": "-78.5", "maximum": "-71"}
    said = [
        replace(one, body=agreed),
        replace(one, body={**agreed, "minimum": "-80", "device": "logger-2"}),
        replace(one, body={**agreed, "maximum": "-48.5"}),
        replace(one, body={**agreed, "low": "-95"}),
        next(example for example in EXAMPLES if example.kind == "item.used/1"),
        replace(one, body={name: value for name, value in agreed.items() if name not in {"low", "high"}}),
        replace(one, body={name: value for name, value in agreed.items() if name not in {"low", "high"}}),
    ]
    told = run_verifier(calls=[("readings", hexed([as_json(each) for each in said]))]).answers[0]["value"]
    readers = [in_python(language, {"names": {}}) for language in Language]
    found = runs(said, lambda each: each)
    assert [len(run) for run in found] == [2, 1, 1, 1, 2]
    assert told == [
        [fact_told("readings", reading_values(run), reader) for reader in readers] if len(run) > 1 else 1
        for run in found
    ]
    assert "2 readings of temperature by " in told[0][0]
    assert "between -80 and -71 °C" in told[0][0]


def hexed(value: object) -> str:
    return json.dumps(value).encode().hex()


def test_findings_are_told_alike_in_chinese() -> None:
    book = Phrasebook(findings(), Language.CHINESE)
    put = ["item:T-1", "3", "a b", "1.5 mL", "is missing", "EVD-03: $.body: is missing", ""]
    texts = [PLACE.sub(one, phrase) for phrase in findings() for one in put]
    texts += ["of no phrase", "  is missing", "is missing\nis there and not listed", "EVD-02: x: is missing"]
    texts += ["; ".join(texts[at : at + 3]) for at in range(0, len(texts), 7)]
    answers = run_verifier(calls=[("phrase", text.encode().hex()) for text in texts]).answers
    told = [(text, book.tell(text)) for text in texts]
    assert [one for one, answer in zip(told, answers, strict=True) if one[1] != answer["value"]] == []


def test_whatever_fails_in_the_corpus_of_bundles_is_told_in_chinese(tmp_path: Path) -> None:
    files = [(tmp_path / f"{name}.zip", tmp_path / POLICY, tmp_path / TRUST) for name in build(tmp_path)]
    claims = [claim for report in run_verifier(files).reports for claim in report["claims"]]
    found = sorted({claim["words"] for claim in claims if claim["verdict"] == "failed"})
    assert len(found) > 60
    told = [one["value"] for one in run_verifier(calls=[("finding", one.encode().hex()) for one in found]).answers]
    english = [one for one in told if re.search(r"[a-z]{3,} [a-z]{2,}", re.sub(r"status \S+", "", one))]
    assert english == []


def compare(cases: Iterable[tuple[Example, dict[str, Any]]]) -> None:
    """Tell some statements on the page and in Python, each to readers of both languages."""
    given = [(example, reader | {"names": named(example) if reader.get("names") else {}}) for example, reader in cases]
    calls = [("sentence", json.dumps([as_json(example), reader]).encode().hex()) for example, reader in given]
    told = [answer["value"] for answer in run_verifier(calls=calls).answers]
    expected = [[sentence(one, in_python(language, reader)) for language in Language] for one, reader in given]
    assert [pair for pair in zip(told, expected, strict=True) if pair[0] != pair[1]] == []


def in_python(language: Language, reader: dict[str, Any]) -> Reader:
    local = replace(zone(reader.get("minutes", BEIJING)), is_named=reader.get("isNamed", False))
    return Reader(language, local, reader["names"].get, reader.get("about", ""))


def zone(minutes: int) -> Zone:
    return Zone(timezone(timedelta(minutes=minutes)), "CN")


def as_json(example: Example) -> dict[str, Any]:
    signers = [{"party": one.party, "meaning": str(one.meaning)} for one in example.signers]
    members = {"kind": example.kind, "body": example.body, "corrects": example.corrects, "reason": example.reason}
    return members | {"occurredAt": format_time(example.occurred_at), "signers": signers}


def named(example: Example) -> dict[str, str]:
    """Return what everything in an example is called, by its id, as docs/sentences.md has it."""
    ids = {*texts(example.body), *(one.party for one in example.signers), example.corrects or ""}
    agents = {f"agent:{one}" for one in ids}
    return {one: name for one in sorted(ids | agents) if (name := name_in_examples(one)) is not None}


def texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list | tuple):
        for one in value.values() if isinstance(value, dict) else value:
            yield from texts(one)


def bent(example: Example, chosen: random.Random) -> Example:
    """Return an example with some of what it holds left out or replaced."""
    body = bent_value(json.loads(json.dumps(example.body)), chosen)
    signers = (*example.signers, ExampleSigner("party:second", chosen.choice(["received", "witnessed"])))
    return replace(example, body=body, signers=signers[: chosen.choice([1, 2, 3])])


def bent_value(value: Any, chosen: random.Random) -> Any:  # noqa: ANN401  whatever JSON holds
    if isinstance(value, dict):
        kept = {name: one for name, one in value.items() if chosen.random() > 0.1}
        return {name: bent_value(one, chosen) for name, one in kept.items()}
    if isinstance(value, list) and chosen.random() > 0.1:
        return [bent_value(one, chosen) for one in value[: chosen.choice([0, 1, 2, 3, 4, 5, 50])]]
    return chosen.choice(ODD) if chosen.random() < 0.15 else value
