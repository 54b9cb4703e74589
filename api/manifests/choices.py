"""What the words of a closed list are called: so that a cell may say one by its whole name, in English or Chinese.

The names are those of ``ledger.words``: of its tables of codes the smallest one that has all words of the list.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from ledger.reference.codes import name_key
from ledger.words.table import Language, words_in

if TYPE_CHECKING:
    from collections.abc import Mapping


def choice_called(choices: tuple[str, ...], written: str) -> str | None:
    """Return the word of a list that a text is the whole name of, in any case and width; None if it is that of none.

    What is the name of two words is the name of none.
    """
    return _by_name(choices).get(name_key(written))


def names_of(choices: tuple[str, ...], language: Language) -> Mapping[str, str]:
    """Return what the words of a list are called in a language, by the smallest table of codes that has all of them."""
    tables = [table for table in words_in(language).code.values() if table.keys() >= set(choices)]
    return min(tables, key=len, default={})


@cache
def _by_name(choices: tuple[str, ...]) -> Mapping[str, str]:
    found: dict[str, set[str]] = {name_key(choice): {choice} for choice in choices}
    for language in Language:
        called = names_of(choices, language)
        for choice in called.keys() & set(choices):
            found.setdefault(name_key(called[choice]), set()).add(choice)
    return {name: min(meant) for name, meant in found.items() if len(meant) == 1}
