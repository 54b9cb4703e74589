"""What people call the columns of a manifest, and its rows that are no goods: two tables of words in two languages.

``headers.csv`` names members of statements: rank 1 for words that say just that, 2 and 3 for words that are used of
other things too; without a member, what stands in many manifests and is never imported. ``row-words.csv`` has the words
that begin sums and notes. Both are compared as what is printed is.
"""

from __future__ import annotations

import csv
import re
from collections import defaultdict
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Final

from api.manifests.reading.grid import word_key
from ledger.reference.units import load_units

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

PART_OF_IT: Final = 10
"""Added to the rank where a header only has the word in it."""

NEVER: Final = ""
"""The member of what is never imported, such as the numbers of the rows."""

_AMOUNT: Final = {"quantity.value", "quantity.unit"}
_BETWEEN: Final = re.compile(r"[()\[\]{}<>【】（）〔〕/|,，;；:：、\n]+")
_MARKS: Final = " *＊#.．:：?？"
_SCRIPTS: Final = re.compile(r"(?<=[\u3400-\u9fff])\s*(?=[A-Za-z])|(?<=[A-Za-z.])\s*(?=[\u3400-\u9fff])")
_SAYS_UNIT: Final = re.compile(r"^(?:单位|计量单位|unit|units|in)\s*(?=\S)", re.IGNORECASE)
_LAST_WORD: Final = re.compile(r"^(?P<name>.+?)[ ,，_-]+(?P<unit>[^\W\d_]{1,3})$")


@dataclass(frozen=True, slots=True)
class Said:
    """What a header may say.

    ranks: by member, how surely; the lower, the surer.
    unit: the code of the unit that it names, if any; named: as it is written there.
    """

    ranks: Mapping[str, int]
    unit: str | None = None
    named: str = ""


def said_by(header: str, members: Iterable[str] = ()) -> Said:
    """Return what a header may say: as a whole, else by its parts, else by the words in it.

    members: whose own names are words for them too.
    """
    unit, named, rest = _unit_in(header)
    own = {member: 1 for member in members if _key(member.replace(".", " ")) == _key(header)}
    ranks = own or _exactly(header) or _agreed(rest)
    if ranks:
        return Said(ranks, unit, named)
    return Said(_within(" ".join(rest)), unit, named)


def row_words(sort: str) -> tuple[str, ...]:
    """Return the words that begin rows of a sort: ``sum`` or ``note``; the longest first."""
    return _row_words()[sort]


@cache
def row_keys(sort: str) -> tuple[str, ...]:
    """Return what those words are told apart by."""
    return tuple(map(word_key, row_words(sort)))


def _exactly(text: str) -> dict[str, int]:
    return dict(_headers().get(_key(text) or text.strip(), {}))


def _agreed(parts: list[str]) -> dict[str, int]:
    """Return what the parts of a header say, as in two languages; of several members only what all of them may be."""
    known = [found for part in parts if (found := _exactly(part))]
    if not known:
        return {}
    if {member for found in known for member in found} == _AMOUNT:
        return {"quantity.value": min(min(found.values()) for found in known)}
    common = set.intersection(*(set(found) for found in known))
    named = common or {member for found in known for member in found}
    ranks = {member: min(found[member] for found in known if member in found) for member in named}
    return ranks if common else {member: rank + PART_OF_IT for member, rank in ranks.items()}


def _within(text: str) -> dict[str, int]:
    key = _key(text)
    found: dict[str, int] = {}
    for word, ranks in _headers().items():
        if _stands_in(word, key):
            for member, rank in ranks.items():
                found[member] = min(found.get(member, 99), rank + PART_OF_IT)
    return found


def _stands_in(word: str, key: str) -> bool:
    if word.isascii():
        return len(word) > 3 and re.search(rf"(?<![a-z0-9]){re.escape(word)}(?![a-z0-9])", key) is not None
    return len(word) > 1 and word in key


def _unit_in(header: str) -> tuple[str | None, str, list[str]]:
    """Return the unit that a header names behind its first part, as its code and as written, and the other parts."""
    parts = [part for part in (one.strip(_MARKS) for one in _parts(header)) if part]
    if len(parts) == 1 and (found := _LAST_WORD.match(parts[0])) and _exactly(found["name"]):
        parts = [found["name"], found["unit"]]
    for place, part in enumerate(parts[1:], start=1):
        written = _SAYS_UNIT.sub("", part).strip(_MARKS)
        if (code := load_units().like(written)) is not None:
            rest = [one for one in (*parts[:place], *parts[place + 1 :]) if one is parts[0] or not _is_unit_word(one)]
            return code, written, rest
    return None, "", parts


def _is_unit_word(part: str) -> bool:
    return _exactly(part).keys() == {"quantity.unit"}


def _parts(header: str) -> Iterator[str]:
    for part in _BETWEEN.split(header):
        yield from _SCRIPTS.split(part)


def _key(text: str) -> str:
    return word_key(text.strip(_MARKS)).replace("_", " ").replace(".", "").strip(_MARKS)


@cache
def _headers() -> Mapping[str, Mapping[str, int]]:
    found: defaultdict[str, dict[str, int]] = defaultdict(dict)
    for row in _rows("headers.csv"):
        found[_key(row["word"]) or row["word"]][row["member"]] = int(row["rank"])
    return found


@cache
def _row_words() -> Mapping[str, tuple[str, ...]]:
    found: defaultdict[str, list[str]] = defaultdict(list)
    for row in _rows("row-words.csv"):
        found[row["sort"]].append(row["word"])
    return {sort: tuple(sorted(words, key=len, reverse=True)) for sort, words in found.items()}


def _rows(name: str) -> Iterator[dict[str, str]]:
    text = files("api.manifests.proposing").joinpath(name).read_text(encoding="utf-8")
    yield from csv.DictReader(text.splitlines())
