"""What the commands print, with --json, of the rules and of the words that statements are made of."""

from __future__ import annotations

from typing import Literal, TypeAlias, TypedDict

from api.rows.answers import JudgedBy

State: TypeAlias = Literal["before", "in force", "later", "kept"]
"""What an edition is here for; ``kept`` is one that never judges anything new."""


class Edition(JudgedBy):
    """An edition of a rule pack. settled_until: the last day of which its calendar knows whether offices work."""

    jurisdiction: str
    calendar: str
    settled_until: str
    state: State


class Parameter(TypedDict):
    """A number or word of the law, with its clause and how it is known."""

    parameter: str
    value: str
    unit: str
    basis: str


class EditionShown(Edition):
    """An edition with its parameters."""

    title: str
    parameters: list[Parameter]


class EditionFile(JudgedBy):
    """An edition that was written to a file. new: it was not there."""

    file: str
    new: bool


class KindWord(TypedDict):
    """A kind of statement in both languages."""

    kind: str
    en: str
    zh: str
    says_en: str
    says_zh: str
    roles: list[str]
    recorders: list[str]
    persons: int


class CodeWord(TypedDict):
    """A code of a table in both languages."""

    table: str
    code: str
    en: str
    zh: str


class UnitWord(TypedDict):
    """A unit in both languages."""

    code: str
    en: str
    zh: str


class RuleWord(TypedDict):
    """A rule in both languages, what breaking it leads to, and its clause. verified: it was read in the legal text."""

    rule: str
    answer: str
    en: str
    zh: str
    clause: str
    verified: bool


class AgentWord(TypedDict):
    """A pathogen of the catalogue in both languages."""

    agent: str
    en: str
    zh: str
    risk_class: int | None
    un_number: str | None
