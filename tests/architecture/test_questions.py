"""The table of questions: each has words, heads and reasons, and answers with rows that everybody can read."""

from __future__ import annotations

import ast
import re
from dataclasses import fields, is_dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Final, get_type_hints

import pytest

from api.asking.cells import TABLES, Column, columns_of
from api.asking.sheets import WHY
from ledger.statement.duties import DUTIES
from ledger.statement.rulebook import RULEBOOK
from ledger.words.table import Language, labels_in, questions_in
from projections.asked.narrowed import NARROWED, OWN
from projections.asked.parameters import PARAMETERS
from projections.asked.question import Asked, Question, Reads, Why
from projections.asked.table import QUESTIONS
from tests.words import TABLES as LISTS

if TYPE_CHECKING:
    from collections.abc import Iterator

NUMBERS: Final = frozenset(range(1, 43)) - {39, 40}
"""What an auditor asks; whether the log is intact its verification tells, and who looked at what the access log."""
_NAME: Final = re.compile(r"[a-z]+(?:-[a-z]+)*")
_EVERY: Final = pytest.mark.parametrize("question", QUESTIONS.values(), ids=list(QUESTIONS))


@pytest.mark.parametrize("language", Language)
def test_every_question_is_asked_in_both_languages(language: Language) -> None:
    assert questions_in(language).keys() == QUESTIONS.keys()


def test_questions_in_chinese_are_what_the_english_says_today() -> None:
    text = Path("ledger/words/zh/questions.toml").read_text(encoding="utf-8")
    said = {name: english for english, name in re.findall(r"^# (.*)\n([a-z-]+) = ", text, re.MULTILINE)}
    assert said == {name: one.asks for name, one in QUESTIONS.items()}


@_EVERY
def test_a_question_has_a_number_a_name_and_a_sentence(question: Question) -> None:
    assert question.number in NUMBERS
    assert _NAME.fullmatch(question.name)
    assert question.asks.endswith("?")


def test_every_number_has_its_questions() -> None:
    assert {question.number for question in QUESTIONS.values()} == NUMBERS


def test_every_question_is_asked_of_a_small_history_in_a_test_that_is_marked_with_it() -> None:
    assert set(marked()) == QUESTIONS.keys()


def marked() -> Iterator[str]:
    """Yield what the tests of rules and answers are marked with as questions."""
    for path in sorted(Path("tests/spec").rglob("test_*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "pytest.mark.question":
                yield from (str(ast.literal_eval(one)) for one in node.args)


@_EVERY
def test_a_question_takes_known_parameters_and_reads_no_more_than_its_subject(question: Question) -> None:
    assert set(question.parameters) <= set(PARAMETERS)
    assert {one.member for one in question.parameters} <= {one.name for one in fields(Asked)}
    assert question.reads in {Reads.LOG, Reads.VIEWS} or question.about
    assert (question.reads is Reads.VIEWS) == (question.name in {*NARROWED, *OWN})


@_EVERY
def test_a_question_rests_on_rules_and_duties_that_there_are(question: Question) -> None:
    assert set(question.rests or ()) <= RULEBOOK.keys() | DUTIES.keys()


@_EVERY
def test_a_row_is_frozen_and_ends_with_why_it_is_there(question: Question) -> None:
    assert is_dataclass(question.row)
    assert question.row.__dataclass_params__.frozen  # type: ignore[attr-defined]  # of every dataclass
    assert get_type_hints(question.row)["why"] is Why
    assert fields(question.row)[-1].name == "why"


@_EVERY
def test_every_column_has_a_head_in_chinese_and_a_value_that_can_be_told(question: Question) -> None:
    known = labels_in(Language.CHINESE)
    columns = columns_of(question.row)
    assert [one.name for one in columns if one.name not in known] == []
    assert [one for one in columns if not is_told(one)] == []


def is_told(column: Column) -> bool:
    """Say whether people can be told what a column holds: a closed list by its words, anything else as it is."""
    if isinstance(column.holds, type) and issubclass(column.holds, StrEnum):
        return LISTS[TABLES[column.holds]] is column.holds
    plain = getattr(column.holds, "__supertype__", column.holds)
    return plain in {str, int, bool} or plain.__name__ in {"date", "datetime"}


def test_what_stands_behind_the_columns_is_all_of_why() -> None:
    assert [one.name for one in fields(Why)] == list(WHY)
    heads = {f"why {one}".replace("_", " ") for one in WHY}
    assert heads - labels_in(Language.CHINESE).keys() == set()


PARTS: Final = {
    "disposals": "lacking asks those that lack something",
    "judged_by": "rejudged tells the same, and what would be otherwise",
    "misplaced": "sites says of each whether it is where its approval has it",
    "subjects_of": "what other questions are folded from",
    "uncertified": "manifests says of each whether it is certified",
    "undecided": "excursions says of each whether it is decided",
    "unexplained": "variances says of each whether it is answered",
}
"""Functions that the table asks through another one."""


def functions_of(folder: Path) -> Iterator[tuple[str, str]]:
    """Yield the public functions of the modules of a folder that take events or a log, with the module of each."""
    for path in sorted(folder.rglob("*.py")):
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
                first = node.args.args[0].arg if node.args.args else ""
                if first in {"events", "log"}:
                    yield str(path.with_suffix("")).replace("/", "."), node.name


def test_every_question_that_is_a_function_stands_in_the_table() -> None:
    used = {
        (node.module, name.name)
        for path in Path("projections/asked").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ImportFrom)
        for name in node.names
    }
    asked = set(functions_of(Path("projections/questions")))
    assert {one for one in asked - used if one[1] not in PARTS} == set()
