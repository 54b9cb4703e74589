"""Which rows of a manifest are likely none: sums, the header once more, notes below; and by which rule they are known.

A rule is proposed where what is passed over by it looks like no goods in every row. All else is a doubt, with its line.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, field
from statistics import median
from typing import TYPE_CHECKING, Final

from api.language import label
from api.manifests.passing import PassOver, begins_with
from api.manifests.proposing.words import row_keys, row_words
from api.manifests.reading.grid import Faulty, header_key, word_key
from api.manifests.reading.texts import quoted
from ledger.reference.units import load_units

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from api.manifests.reading.grid import Row, Sheet

_HALF_A_WORD: Final = re.compile(r"[0-9A-Za-z_-]+$", re.ASCII)
_LONGEST_WORD: Final = 40


@dataclass(slots=True)
class Leaving:
    """What is passed over, and what may have to be.

    rule: what is proposed. lines: of the rows that it passes over.
    doubtful: by the word that would name them, the lines of rows that may be no goods.
    doubts: in words.
    """

    rule: PassOver = field(default_factory=PassOver)
    lines: list[int] = field(default_factory=list)
    doubtful: dict[str, list[int]] = field(default_factory=dict)
    doubts: list[str] = field(default_factory=list)


def leaving(sheet: Sheet, called: Sequence[str], places: Mapping[str, int]) -> Leaving:
    """Return which rows of a sheet are likely none.

    called: what the mapping calls each column, by its place. places: the reverse, by ``header_key``.
    """
    usual = median(_filled(row) for row in sheet.rows)
    first: list[str] = []
    columns: defaultdict[str, list[str]] = defaultdict(list)
    found = Leaving()
    for row in sheet.rows:
        if row.fault is not None:
            continue
        if (sign := _named(row, usual)) is not None:
            place, word = sign
            words = first if place is None else columns[called[place]]
            if word not in words:
                words.append(word)
        elif (text := _alone(row, usual)) is not None:
            found.doubtful.setdefault(_beginning_of(text), []).append(row.line)
    again = any(row.fault is not None and row.fault.rule == "IMP-03" for row in sheet.rows)
    named = PassOver(headers=again, begins=tuple(first), columns={one: tuple(words) for one, words in columns.items()})
    found.rule = _checked(found, sheet.rows, usual, named, places)
    found.lines = [row.line for row in sheet.rows if found.rule.reason(row, places) is not None]
    hidden = [row.line for row in sheet.rows if row.fault is not None and row.fault.rule == "IMP-13"]
    if hidden:
        said = label("line {line} is hidden, {number} in all: with hidden = true they are passed over")
        found.doubts.append(said.format(line=hidden[0], number=len(hidden)))
    return found


def _named(row: Row, usual: float) -> tuple[int | None, str] | None:
    """Return the word by which a row is a sum or a note, and its column, None for the first value; None: it is none."""
    filled = [
        (place, cell) for place, cell in enumerate(row.cells) if cell is not None and not isinstance(cell, Faulty)
    ]
    for number, (place, cell) in enumerate(filled):
        if not isinstance(cell, str):
            continue
        word = _word_of("sum", cell)
        if word is not None and (_is_sparse(row, usual) or _is_number(word_key(cell)[len(word_key(word)) :])):
            return None if number == 0 else place, word
        if number == 0 and _is_sparse(row, usual):
            word = _word_of("note", cell)
            if word is not None:
                return None, word
    return None


def _word_of(sort: str, text: str) -> str | None:
    """Return the word of a sort that a text begins with. Most texts begin with none, and cost one comparison."""
    if not word_key(text).startswith(row_keys(sort)):
        return None
    return next((one for one in row_words(sort) if begins_with(text, one)), None)


def _alone(row: Row, usual: float) -> str | None:
    """Return the one text of a row that has nothing beside it, where others have."""
    texts = [cell for cell in row.cells if cell is not None and not isinstance(cell, Faulty)]
    return texts[0] if len(texts) == 1 and usual > 1 and isinstance(texts[0], str) else None


def _beginning_of(text: str) -> str:
    """Return what a text is known by: all of it or, of a long one, its beginning without half a word."""
    return text if len(text) <= _LONGEST_WORD else _HALF_A_WORD.sub("", text[:_LONGEST_WORD]) or text


def _checked(found: Leaving, rows: Sequence[Row], usual: float, rule: PassOver, places: Mapping[str, int]) -> PassOver:
    """Return the rule without the words that would pass over rows which look like goods."""
    good = [row for row in rows if row.fault is None and _named(row, usual) is None]
    wrong = {reason: row.line for row in good if (reason := rule.reason(row, places)) is not None}
    for word, line in wrong.items():
        said = label("line {line} begins with {word}, and looks like goods: no row is passed over by it")
        found.doubts.append(said.format(line=line, word=quoted(word)))
    return PassOver(
        headers=rule.headers,
        begins=tuple(word for word in rule.begins if word not in wrong),
        columns={
            header_key(column): kept
            for column, words in rule.columns.items()
            if (kept := tuple(word for word in words if word not in wrong))
        },
    )


def _filled(row: Row) -> int:
    return sum(cell is not None for cell in row.cells)


def _is_number(text: str) -> bool:
    """Say whether a text is nothing, or a number with or without a unit."""
    letters = "".join(filter(str.isalpha, text))
    return not letters or load_units().like(letters) is not None


def _is_sparse(row: Row, usual: float) -> bool:
    own = sum(cell is not None and not isinstance(cell, Faulty) for cell in row.cells)
    return own * 2 <= usual + 1
