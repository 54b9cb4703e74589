"""The table of words has everything that people can meet, in each language; a kind without words fails here."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import fields
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from ledger.domain.law.rule import Answer
from ledger.domain.law.rules import Parameter, RulePack
from ledger.reference.units import load_units
from ledger.rulepacks.load import load_packs
from ledger.rulepacks.tables import samples_of, shipped_tables
from ledger.statement.catalogue import KINDS
from ledger.statement.duties import DUTIES
from ledger.statement.rulebook import RULEBOOK
from ledger.words.table import Language, duties_in, kinds_in, labels_in, rules_in, words_in
from ledger.words.template import places, read_template
from scripts import rules_table
from scripts.examples import body_of
from tests.words import TABLES, enumerations

if TYPE_CHECKING:
    from collections.abc import Iterator

UNTOLD = {
    ("log.opened/1", "spki"): "the key's bytes, which the key's id stands for",
    ("key.enrolled/1", "spki"): "the key's bytes, which the key's id stands for",
    ("return.executed/1", "evidence"): "told of every execution: a document shows it",
    ("destruction.executed/1", "evidence"): "told of every execution: a document shows it",
    ("waste.certified/1", "evidence"): "told of every certificate: a document shows it",
    ("approval.granted/1", "approval"): "the approval's number is told",
    ("permit.recorded/1", "permit"): "the permit's number is told",
    ("item.listed/1", "items.item"): "the label that it bears is told",
    ("consignment.certified/1", "items.item"): "the label that it bears is told",
    ("item.collected/1", "items.item"): "the label that it bears is told",
    ("stock.opened/1", "items.item"): "the label that it bears is told",
    ("application.submitted/1", "papers.digest"): "a paper is told by what it is",
    ("application.supplemented/1", "papers.digest"): "a paper is told by what it is",
    ("risk-assessment.requested/1", "papers.digest"): "a paper is told by what it is",
    ("risk-assessment.supplemented/1", "papers.digest"): "a paper is told by what it is",
    ("scope.excluded/1", "evidence.digest"): "a document is named by its number",
    ("item.collected/1", "document.digest"): "a document is named by its number",
    ("*", "reference.digest"): "a document is named by its number",
}
"""Members that a sentence does not tell, and why."""


@pytest.mark.parametrize("language", Language)
def test_every_kind_has_a_name_and_a_sentence(language: Language) -> None:
    assert kinds_in(language).keys() == words_in(language).sentence.keys() == KINDS.keys()


@pytest.mark.parametrize("language", Language)
def test_every_rule_has_its_sentence(language: Language) -> None:
    assert rules_in(language).keys() == {row.id for row in rules_table.rows()}


def test_what_is_put_into_chinese_is_what_the_english_says_today() -> None:
    """Each rule and kind in Chinese stands below the English that it was made from: changed there, it is looked at."""
    folder = Path("ledger/words/zh")
    text = "".join(path.read_text(encoding="utf-8") for path in (*folder.glob("rules-*.toml"), folder / "kinds.toml"))
    rules = {rule: english for english, rule in re.findall(r"^# (.*)\n([A-Z]+-\d+) = ", text, re.MULTILINE)}
    assert rules == rules_in(Language.ENGLISH)
    kinds = dict(re.findall(r'^\[kind\."(.*)"\]\n.*\n# (.*)\nsays', text, re.MULTILINE))
    assert kinds == {kind: one.says for kind, one in kinds_in(Language.ENGLISH).items()}


@pytest.mark.parametrize("language", Language)
def test_every_duty_has_its_sentence(language: Language) -> None:
    assert duties_in(language).keys() == DUTIES.keys()


def test_duties_in_chinese_are_what_the_english_says_today() -> None:
    text = Path("ledger/words/zh/duties.toml").read_text(encoding="utf-8")
    said = {duty: english for english, duty in re.findall(r"^# (.*)\n([a-z-]+) = ", text, re.MULTILINE)}
    assert said == dict(duties_in(Language.ENGLISH)) == {duty.id: duty.says for duty in DUTIES.values()}


@pytest.mark.parametrize("language", Language)
def test_a_sentence_names_parts_and_tables_that_there_are(language: Language) -> None:
    words = words_in(language)
    templates = (words.sentence, words.part, words.fact)
    for text in (*(one for table in templates for one in table.values()), words.form["after"], words.form["kind"]):
        for place in places(read_template(text)):
            if place.sigil == "@":
                assert place.word in words.part, text
            elif not place.sigil and place.word:
                assert place.word in words.code or place.word in {"agent", "unit"}, text


def told_in(language: Language, text: str) -> Iterator[str]:
    """Yield the path of every member that a sentence tells, those of its parts behind the list that they tell."""
    parts = words_in(language).part
    for place in places(read_template(text)):
        steps = [step.member for step in place.path]
        path = ".".join(steps)
        yield "reference.issued_by" if path == "authority" else path
        yield from (".".join((*steps[:at], step.member, step.of)) for at, step in enumerate(place.path) if step.of)
        if place.sigil == "@":
            yield from (f"{path}.{one}" if path else one for one in told_in(language, parts[place.word]))


def members(value: object, path: str = "") -> Iterator[str]:
    """Yield the path of every member that holds neither a list nor an object but an amount."""
    if isinstance(value, dict) and value.keys() != {"value", "unit"}:
        for name, one in value.items():
            yield from members(one, f"{path}.{name}" if path else name)
    elif isinstance(value, list):
        yield from members(value[0], path)
    else:
        yield path


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("kind", KINDS)
def test_a_sentence_tells_every_member(kind: str, language: Language) -> None:
    told = set(told_in(language, words_in(language).sentence[kind]))
    untold = {member for one, member in UNTOLD if one in {kind, "*"}}
    assert set(members(body_of(KINDS[kind], whole=True, many=2))) - untold <= told


@pytest.mark.parametrize("language", Language)
def test_every_code_of_a_closed_list_has_a_word(language: Language) -> None:
    words = words_in(language)
    for table, codes in TABLES.items():
        assert {str(code).replace(" ", "-") for code in codes} <= words.code[table].keys(), table


def test_every_closed_list_of_domain_and_reference_has_a_table_of_words() -> None:
    assert enumerations() - set(TABLES.values()) == set()


def test_units_are_called_as_the_table_of_units_calls_them() -> None:
    english, chinese = (words_in(language).unit for language in Language)
    units = load_units().by_code
    assert english.keys() == chinese.keys() == units.keys()
    assert {code: chinese[code] for code in units} == {code: unit.name_zh for code, unit in units.items()}
    counted = {code: unit for code, unit in units.items() if "/" in english[code]}
    assert {code for code, unit in units.items() if unit.countable} == counted.keys()
    named = {code: english[code].partition("/")[0] for code in counted if code not in {"cells", "copies"}}
    assert named == {code: units[code].name_en for code in named}


def test_sample_types_and_storage_conditions_are_called_as_their_table_calls_them() -> None:
    table = samples_of("samples", shipped_tables().samples["samples-2026"])
    for language, name in ((Language.ENGLISH, "name_en"), (Language.CHINESE, "name_zh")):
        code = words_in(language).code
        assert code["sample_type"] == {one.code: getattr(one, name) for one in table.types.values()}
        for told in ("storage", "kept"):
            assert code[told] == {one.code: getattr(one, name) for one in table.conditions.values()}


def test_the_languages_have_the_same_words() -> None:
    first, *others = (words_in(language) for language in Language)
    for other in others:
        for section in ("form", "named", "unit", "breach", "sentence", "part", "fact", "about"):
            assert getattr(other, section).keys() == getattr(first, section).keys(), section
        assert {name: codes.keys() for name, codes in other.code.items()} == {
            name: codes.keys() for name, codes in first.code.items()
        }


def test_every_clause_is_cited_in_chinese() -> None:
    cited = {rule.clause for rule in RULEBOOK.values() if rule.answer is Answer.BREACH}
    cited |= {clause for edition in load_packs().editions for clause in clauses_in(edition.pack)}
    assert cited - {""} == words_in(Language.CHINESE).clause.keys()


def clauses_in(value: object) -> Iterator[str]:
    """Yield the clause of every parameter of an edition."""
    if isinstance(value, Parameter):
        yield value.clause
    elif isinstance(value, Mapping):
        for one in value.values():
            yield from clauses_in(one)
    elif isinstance(value, RulePack):
        for field in fields(value):
            yield from clauses_in(getattr(value, field.name))


LATIN = re.compile(r"[A-Za-z]+")
HALF_WIDTH = re.compile(r"[\u3400-\u9fff}] ?[(),;!?]|[(),;!?] ?[\u3400-\u9fff{]")
"""A mark of Latin texts where Chinese has one of its own."""
SYMBOLS = {"A", "B", "EDTA", "cDNA", "UN", "HS", "UTC", "DNA", "RNA", "PCR", "ELISA", "PI", "P", "ECDSA", "Ed", "BSL"}
"""What is written in Latin letters in Chinese as well."""


def texts(language: Language) -> Iterator[str]:
    """Yield every word of a language, without the places in it."""
    words = words_in(language)
    codes = [word for name, table in words.code.items() if name != "grade" for word in table.values()]
    kinds = [text for one in kinds_in(language).values() for text in (one.name, one.says)]
    sections = (words.form, words.named, words.unit, words.breach, words.sentence, words.part, words.fact, words.about)
    for text in (*codes, *kinds, *(one for section in sections for one in section.values())):
        yield re.sub(r"\{[^{}]*\}", "", text)


def test_chinese_words_hold_no_english() -> None:
    found = {word for text in texts(Language.CHINESE) for word in LATIN.findall(text.replace("°C", ""))}
    assert found <= SYMBOLS


def test_chinese_words_have_full_width_marks_beside_chinese() -> None:
    told = [*texts(Language.CHINESE), *rules_in(Language.CHINESE).values(), *labels_in(Language.CHINESE).values()]
    assert [text for text in told if HALF_WIDTH.search(text)] == []


def test_english_words_hold_no_chinese() -> None:
    assert [text for text in texts(Language.ENGLISH) if re.search(r"[\u3000-\u9fff\uff00-\uffef]", text)] == []
