"""What was likely meant by a word that is none of some words: told to people, and never taken for meant."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

_LOOKED_AT: Final = 64
_NEAREST: Final = 3
_NAMED: Final = 12


def nearest(written: str, words: Iterable[str]) -> list[str]:
    """Return the words that are written much like a text, the likeliest first; else those that hold it or stand in it.

    At most three; of the text the first 64 characters count.
    """
    said, known = written[:_LOOKED_AT].casefold(), list(dict.fromkeys(words))
    if close := get_close_matches(said, known, n=_NEAREST, cutoff=0.7):
        return close
    return [word for word in known if said and word and (word in said or said in word)][:_NEAREST]


def suggestion(near: Collection[str], words: Collection[str]) -> str:
    """Return, for people, which words were likely meant or, where none is, which there are, the first twelve."""
    if near:
        return f"did you mean {' or '.join(near)}?"
    more = f" and {len(words) - _NAMED} more" if len(words) > _NAMED else ""
    return f"there are {', '.join(list(words)[:_NAMED])}{more}"
