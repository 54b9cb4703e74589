"""The table of words: what a reader is told, in each language, kept apart from what the log holds.

One TOML file for each language, ``en.toml`` and ``zh.toml`` beside this module. The record never depends on them: they
may be worded better at any time, and no leaf changes. A test holds the languages complete and alike.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files


class Language(StrEnum):
    """The languages that there are words in, by their tags (RFC 5646)."""

    ENGLISH = "en"
    CHINESE = "zh"


@dataclass(frozen=True, slots=True)
class Words:
    """The words of one language.

    form: how values, lists and sentences are put together.
    breach: a sentence for each rule whose breaking is a breach, its parameters in braces.
    code: what codes mean, by the name of their parameter and the code.
    """

    form: Mapping[str, str]
    breach: Mapping[str, str]
    code: Mapping[str, Mapping[str, str]]


@cache
def words_in(language: Language) -> Words:
    """Return the words of a language; read once in a process."""
    written = tomllib.loads(files("ledger.words").joinpath(f"{language}.toml").read_text(encoding="utf-8"))
    return Words(written["form"], written["breach"], written["code"])
