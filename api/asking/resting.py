"""What an answer rests on, for people and for programs: the position, the editions, and what nobody has checked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from api.asking.reasons import leaned_on
from api.language import label
from api.logs.mirrored import replayed_object
from ledger.clock import format_time
from ledger.words.reader import name_of
from ledger.words.table import words_in
from ledger.words.times import zoned

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from api.rows.questions import AnswerEnd
    from ledger.ids import Tag
    from ledger.mirror.held import Held
    from ledger.words.reader import Reader
    from ledger.words.table import Language
    from projections.asked.answering import Answer
    from projections.asked.question import Question

_BY_WORD: Final = (
    "This is the operator's word: whether an entry is missing or a signature is false is not shown here. "
    "`vialog log verify` checks the whole log."
)


_IN_SIGHT: Final = (
    "What {name} may not see of the log is not taken in: rows may be missing, and amounts may be others, also where "
    "they add up."
)
_BY_VIEWS: Final = (
    "The views say whom rows can be of; each row is computed from the log again. `vialog views check` finds whether "
    "one is missing."
)


def about_answer(
    answer: Answer, reader: Reader, checked: Sequence[tuple[str, str]] | None = None
) -> Iterator[tuple[str, str]]:
    """Yield what an answer rests on, called in the reader's language.

    checked: what was found of it, as it is told; None: nobody checked it.
    """
    yield from ((label(name, reader.language), value) for name, value in _rests(answer, reader))
    if checked is None:
        yield label("not checked", reader.language), label(_BY_WORD, reader.language)
    else:
        yield from checked


def in_sight(seen_by: Tag, reader: Reader) -> str:
    """Return what is left out of an answer that is computed from what a party may see of the log."""
    return label(_IN_SIGHT, reader.language).format(name=name_of(seen_by, reader))


def _rests(answer: Answer, reader: Reader) -> Iterator[tuple[str, str]]:
    between = words_in(reader.language).form["between"]
    if answer.subject is not None:
        yield "about", _subject(answer.subject, reader)
    for name, value in answer.narrowed.items():
        yield "narrowed to", _narrowed(reader.language)[name].format(value=value)
    yield "calendar", answer.jurisdiction
    yield "as known at", label("position {number}", reader.language).format(number=answer.position)
    if answer.seen_by is not None:
        yield "as seen by", _subject(answer.seen_by, reader)
        yield "not taken in", in_sight(answer.seen_by, reader)
    if answer.checkpoint is not None:
        yield "checkpoint", _tree(answer, reader.language)
    if answer.until is not None:
        yield "as it was at", zoned(answer.until, reader.zone, reader.language)
    yield "dates as of", zoned(answer.at, reader.zone, reader.language)
    if answer.by_views:
        yield "read by the views", label(_BY_VIEWS, reader.language)
    yield "rules", between.join(answer.rules)
    for ground in answer.unverified:
        yield "not verified", leaned_on(ground, reader)


def _tree(answer: Answer, language: Language) -> str:
    """Return in which tree the entries stand that an answer rests on, as far as one is published."""
    size = answer.checkpoint or 0
    if not size:
        return label("none is published yet", language)
    if size < answer.position:
        form = label("the tree of checkpoint {size}; of these positions it leaves out the last {number}", language)
        return form.format(size=size, number=answer.position - size)
    return label("the tree of checkpoint {size}", language).format(size=size)


def _subject(ident: Tag, reader: Reader) -> str:
    """Return what a subject is called, with its id: names are given by those who sign, and may be given twice."""
    called = name_of(ident, reader)
    return called if called == ident else label("{name} ({id})", reader.language).format(name=called, id=ident)


def _narrowed(language: Language) -> Mapping[str, str]:
    return {
        "lot": label("the lot {value} of its maker", language),
        "donor": label("the donor {value}", language),
        "first": label("from {value} on", language),
        "last": label("up to {value}", language),
        "hours": label("hours: {value}", language),
        "days": label("days: {value}", language),
    }


def end_object(question: Question, found: Answer, held: Held | None) -> AnswerEnd:
    """Return what stands behind the rows of an answer: what it rests on."""
    return {
        "question": question.name,
        "number": question.number,
        "about": found.subject,
        "parameters": dict(found.narrowed),
        "jurisdiction": found.jurisdiction,
        "rows": len(found.rows),
        "as_known_at": found.position,
        "checkpoint": found.checkpoint or 0,
        "as_it_was_at": None if found.until is None else format_time(found.until),
        "dates_as_of": format_time(found.at),
        "rules": list(found.rules),
        "unverified": [
            {"rests": one.rests, "clause": one.clause, "confidence": one.confidence.value} for one in found.unverified
        ],
        "checked": held is not None,
        "replayed": replayed_object(held),
    }
