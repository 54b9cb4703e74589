"""In which language people are spoken to: as a setting says, else as the locale does. English where neither does."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING, Final

from ledger.errors import LedgerError, Malformed, NotTrusted, Refused
from ledger.words.table import Language, heads_in, labels_in, words_in

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

SETTING: Final = "VIALOG_LANGUAGE"
_OF_RULE: Final = re.compile(r"([A-Z]{2,8}-[0-9]{2,3}): (?:([^\s:]+): )?(.*)", re.DOTALL)
_LOCALE: Final = ("LC_ALL", "LC_MESSAGES", "LANG")
"""The variables of a POSIX locale, the first that is set and not empty decides (POSIX 8.2)."""


def reader_language(environ: Mapping[str, str] | None = None) -> Language:
    """Return the language of whoever runs a command. Never fails: errors about settings are told in it as well.

    environ: the process's own environment if left out.
    """
    given = os.environ if environ is None else environ
    if (said := given.get(SETTING, "")) in set(Language):
        return Language(said)
    locale = next((found for name in _LOCALE if (found := given.get(name))), "")
    return Language.CHINESE if locale.lower().startswith("zh") else Language.ENGLISH


def spoken(text: str, language: Language | None = None) -> str:
    """Return what the program tells in the language of who runs the command, as far as there are words for it.

    text: in English, with what was put into it.
    """
    chosen = reader_language() if language is None else language
    if chosen is Language.ENGLISH:
        return text
    # Loaded here: who reads English waits for no phrasebook.
    from ledger.words.phrasebook import phrasebook_of

    return phrasebook_of(chosen).tell(text)


def problem_words(error: LedgerError, language: Language | None = None) -> str:
    """Return what an error says, as ``spoken`` does: rule, member and problem."""
    chosen = reader_language() if language is None else language
    if chosen is Language.ENGLISH:
        return str(error)
    parts: tuple[str, ...] = (spoken(str(error), chosen),)
    match error:
        case Malformed():
            parts = (error.rule, spoken(error.member, chosen), spoken(error.problem, chosen))
        case NotTrusted() | Refused():
            parts = (error.rule, spoken(error.problem, chosen))
        case _:
            pass
    return words_in(chosen).form["rule"].join(parts)


def finding(text: str, language: Language | None = None) -> str:
    """Return what verifying found, as ``spoken`` does; where a rule and a member stand before it, these as they are."""
    chosen = reader_language() if language is None else language
    of_rule = None if chosen is Language.ENGLISH else _OF_RULE.fullmatch(text)
    if of_rule is None:
        return spoken(text, chosen)
    *place, problem = of_rule.groups()
    return "".join(f"{one}{words_in(chosen).form['rule']}" for one in place if one) + spoken(problem, chosen)


def listed(texts: Iterable[str], language: Language | None = None) -> str:
    """Return texts as one list, with what stands between two in the language of who runs the command."""
    return words_in(language or reader_language()).form["between"].join(texts)


def label(english: str, language: Language | None = None) -> str:
    """Return what stands at a table or list that is printed, in the language of who runs the command.

    english: a text of the code's own. A test finds each of them and asks for its Chinese.
    """
    chosen = reader_language() if language is None else language
    return english if chosen is Language.ENGLISH else labels_in(chosen)[english]


def heading(english: str, language: Language) -> str:
    """Return what stands over a column or before a value; a member of one's own as it is."""
    table = {} if language is Language.ENGLISH else labels_in(language)
    return table.get(english) or table.get(english.replace(" ", "_"), english)


def column_head(name: str, language: Language) -> str:
    """Return what stands over a column of an answer. name: the member of its rows."""
    heads, english = heads_in(language), name.replace("_", " ")
    return heads.get(name) or heads.get(english) or heading(english, language)
