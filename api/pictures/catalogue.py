"""Which questions have a picture, and what is drawn of each: one literal table."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Final, TypeAlias

from api.language import label
from api.pictures.balance import balance
from api.pictures.charts import Picture
from api.pictures.custody import custody
from api.pictures.lineage import lineage
from api.pictures.matters import applications, owed, visits
from ledger.words.table import questions_in, words_in

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ledger.words.reader import Reader
    from projections.asked.answering import Answer
    from projections.asked.question import Asked

Drawing: TypeAlias = Callable[["Asked", "Answer", "Reader"], Picture]
"""From what was asked, with its events, and its answer to what is drawn; its words are those of a reader."""

PICTURES: Final[Mapping[str, Drawing]] = {
    "balance": balance,
    "owed": owed,
    "custody-chain": custody,
    "descendants": lineage,
    "visit-scores": visits,
    "application-days": applications,
}
"""By the names of the questions. What each shows: the balance of an approval over time, what is owed by months, who had
an item and how warm it was, what was made of what, visits by units, days to decision."""

MOST: Final = 200
"""So many notes stand below a picture; programs read all."""


def picture_of(asked: Asked, found: Answer, reader: Reader, about: Iterable[tuple[str, str]]) -> Picture:
    """Return the picture of an answer, with the words that are above every picture.

    about: what the answer rests on, by names.
    """
    language = reader.language
    drawn = PICTURES[found.question](asked, found, reader)
    colon = words_in(language).form["rule"]
    rests = tuple(f"{name}{colon}{value}" if name else value for name, value in about)
    empty = () if drawn.chart is not None else (label("Nothing, as far as the record says.", language),)
    notes: tuple[str, ...] = (*empty, *drawn.notes[:MOST])
    if len(drawn.notes) > MOST:
        more = label("{number} more lines; `--csv` gives all rows.", language).format(number=len(drawn.notes) - MOST)
        notes = (*notes, more)
    return replace(drawn, title=questions_in(language)[found.question], about=rests, notes=notes)
