"""The table of words: what a reader is told, in each language, kept apart from what the log holds.

A folder of TOML files for each language, ``en`` and ``zh`` beside this module, one file a subject. The record never
depends on them: they may be worded better at any time, and no leaf changes. A test holds the languages complete and
alike.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from enum import StrEnum
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any, Final


class Language(StrEnum):
    """The languages that there are words in, by their tags (RFC 5646)."""

    ENGLISH = "en"
    CHINESE = "zh"


_BREACHES: Final = (
    "forms",
    "breaches",
    "codes",
    "codes-assessment",
    "codes-authorisation",
    "codes-listed",
    "codes-supervision",
    "countries",
    "units",
)
_RULES: Final = {
    Language.ENGLISH: ("rules",),
    Language.CHINESE: (
        "rules-assessment",
        "rules-authorisation",
        "rules-border",
        "rules-items",
        "rules-record",
        "rules-formats",
        "rules-supervision",
    ),
}
_PHRASES: Final = (
    *("phrases-terminal", "phrases-domain", "phrases-members"),
    *("phrases-formats", "phrases-store", "phrases-views", "phrases-manifests", "phrases-evidence"),
    "phrases-answers",
)
_LABELS: Final = ("columns", "headings", "labels", "console", "console-matters", "console-bench")
"""The columns of answers first: a word over a column often means another thing elsewhere, and there that counts."""
_SENTENCES: Final = (
    "sentences-registry",
    "sentences-assessment",
    "sentences-authorisation",
    "sentences-border",
    "sentences-custody",
    "sentences-work",
    "sentences-supervision",
    "facts",
    "clauses",
)


@dataclass(frozen=True, slots=True)
class Words:
    """The words of one language that sentences are made of.

    form: how values, lists and sentences are put together.
    named: how what has a name is called, by the type of its id.
    unit: the units of amounts, by their codes; where one and many differ, a slash between them.
    breach: a sentence for each rule whose breaking is a breach, its parameters in braces.
    code: what codes mean, by the table that they are of and the code.
    sentence: a template for each kind of statement; part: templates of what stands in them in lists.
    fact: a template for each thing that is told first of a subject; about: what each is about.
    clause: how a clause is cited, by its English; one that is not here is cited so.
    """

    form: Mapping[str, str]
    named: Mapping[str, str]
    unit: Mapping[str, str]
    breach: Mapping[str, str]
    code: Mapping[str, Mapping[str, str]]
    sentence: Mapping[str, str]
    part: Mapping[str, str]
    fact: Mapping[str, str]
    about: Mapping[str, str]
    clause: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class KindWords:
    """What a kind is called, and what a statement of it says in general."""

    name: str
    says: str


@cache
def words_in(language: Language) -> Words:
    """Return the words of a language; read once in a process."""
    read = _read(language, (*_BREACHES, *_SENTENCES))
    return Words(**{one.name: read[one.name] for one in fields(Words)})


@cache
def rules_in(language: Language) -> Mapping[str, str]:
    """Return the sentence of every rule by its id; read once in a process."""
    rules: Mapping[str, str] = _read(language, _RULES[language])["rule"]
    return rules


@cache
def answers_in_english() -> Mapping[str, str]:
    """Return by its id what breaking each rule is answered with, as docs/rules.md has it."""
    answers: Mapping[str, str] = _read(Language.ENGLISH, _RULES[Language.ENGLISH])["answer"]
    return answers


@cache
def kinds_in(language: Language) -> Mapping[str, KindWords]:
    """Return what each kind of statement is called and says; read once in a process."""
    read = _read(language, ("kinds",))["kind"]
    return MappingProxyType({kind: KindWords(one["name"], one["says"]) for kind, one in read.items()})


@cache
def duties_in(language: Language) -> Mapping[str, str]:
    """Return what each duty asks, by its id; read once in a process."""
    duties: Mapping[str, str] = _read(language, ("duties",))["duty"]
    return duties


@cache
def questions_in(language: Language) -> Mapping[str, str]:
    """Return what each question asks, by its name; read once in a process."""
    questions: Mapping[str, str] = _read(language, ("questions",))["question"]
    return questions


@cache
def labels_in(language: Language) -> Mapping[str, str]:
    """Return what stands at tables and lists that are printed, by its English; read once in a process."""
    labels: Mapping[str, str] = _read(language, _LABELS)["label"]
    return labels


@cache
def heads_in(language: Language) -> Mapping[str, str]:
    """Return what stands over a column of an answer, by its name; in English where that alone would not say it."""
    heads: Mapping[str, str] = _read(language, ("columns",))["head" if language is Language.ENGLISH else "label"]
    return heads


@cache
def phrases_in(language: Language) -> Mapping[str, str]:
    """Return what the program tells people, by the English text or template; read once in a process."""
    phrases: Mapping[str, str] = _read(language, _PHRASES)["phrase"]
    return phrases


@cache
def helps_in(language: Language) -> Mapping[str, str]:
    """Return what commands and options say of themselves, by the English paragraph; read once in a process."""
    helps: Mapping[str, str] = _read(language, ("helps",))["help"]
    return helps


def _read(language: Language, names: tuple[str, ...]) -> dict[str, Any]:
    """Return the sections of some files, each of them whole; a section that goes over several files is joined."""
    joined: dict[str, Any] = {}
    for name in names:
        text = files("ledger.words").joinpath(language, f"{name}.toml").read_text(encoding="utf-8")
        for section, rows in tomllib.loads(text).items():
            joined.setdefault(section, {}).update(rows)
    return joined
