"""In which language people are spoken to: as a setting says, else as the locale does. English where neither does."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Final

from ledger.words.table import Language, labels_in

if TYPE_CHECKING:
    from collections.abc import Mapping

SETTING: Final = "VIALOG_LANGUAGE"
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


def label(english: str, language: Language | None = None) -> str:
    """Return what stands at a table or list that is printed, in the language of who runs the command.

    english: a text of the code's own. A test finds each of them and asks for its Chinese.
    """
    chosen = reader_language() if language is None else language
    return english if chosen is Language.ENGLISH else labels_in(chosen)[english]
