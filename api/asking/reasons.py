"""Why the rows of an answer are there, told to people: by which event, which rule, whose clause, and what ends it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from api.asking.cells import kind_word
from api.language import label
from ledger.words.reader import code_word
from ledger.words.table import duties_in, rules_in, words_in
from ledger.words.times import zoned

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ledger.words.reader import Reader
    from projections.asked.answering import Ground
    from projections.asked.question import Row, Why


@dataclass(frozen=True, slots=True)
class Told:
    """What is told once of all rows that rest on the same: the rule or duty, its sentence, its clause, what ends it."""

    rests: str
    sentence: str
    clause: str
    ends: str


def because(why: Why, reader: Reader) -> str:
    """Return why one row is there: the rule it rests on or what is owed, and the event that put it there."""
    rests = None if why.rests is None else duties_in(reader.language).get(why.rests, why.rests).rstrip(".。")
    if why.position is None or why.at is None:
        return rests or ""
    when = zoned(why.at, reader.zone, reader.language)
    form = label("no. {position}, {kind}, {time}", reader.language)
    event = form.format(position=why.position, kind=kind_word(why.kind or "", reader), time=when)
    return event if rests is None else f"{rests}{words_in(reader.language).form['rule']}{event}"


def legend(rows: Iterable[Row], reader: Reader) -> tuple[Told, ...]:
    """Return what the rows rest on, each once, in the order of the rows."""
    found = (_told(row.why, reader) for row in rows if row.why.rests is not None or row.why.closed_by)
    return tuple(dict.fromkeys(found))


def _told(why: Why, reader: Reader) -> Told:
    rests = why.rests or ""
    sentence = rules_in(reader.language).get(rests) or duties_in(reader.language).get(rests, "")
    between = words_in(reader.language).form["between"]
    ends = between.join(kind_word(kind, reader) for kind in why.closed_by)
    return Told(rests, sentence, _clause(why, reader), ends)


def _clause(why: Why, reader: Reader) -> str:
    if why.rests is None:
        return ""
    if not why.clause or why.confidence is None:
        return label("the ledger's own setting", reader.language)
    told = cited(why.clause, why.confidence, reader)
    return words_in(reader.language).form["between"].join(one for one in (told, why.edition) if one)


def cited(clause: str, confidence: str, reader: Reader) -> str:
    """Return a clause with how it was read."""
    form = label("{name} ({kind})", reader.language)
    name = words_in(reader.language).clause.get(clause, clause)
    return form.format(name=name, kind=code_word("confidence", confidence, reader))


def leaned_on(ground: Ground, reader: Reader) -> str:
    """Return a clause that an answer leans on and nobody read in the legal text."""
    form = words_in(reader.language).form["rule"]
    return f"{ground.rests}{form}{cited(ground.clause, ground.confidence, reader)}"
