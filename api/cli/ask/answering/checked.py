"""What came of checking an answer, on a terminal and as JSON: the rows that follow, the finding, what is not shown."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any, Final, cast

import typer

from api.asking.products import with_products
from api.asking.resting import about_answer
from api.cli.ask.answering.answers import print_answer
from api.cli.ask.answering.remarks import remarks, tells_since
from api.cli.paragraphs import print_named, print_paragraph
from api.language import finding, label
from api.telling.reading import Readers
from ledger.clock import format_time
from ledger.evidence.checks.verdicts import Verdict, claim_line, report_value, verdict_words
from ledger.ids import StatementId, Tag, is_statement_id, is_tag
from ledger.words.reader import Reader
from ledger.words.table import Language, questions_in, words_in
from ledger.words.times import zoned
from projections.asked.answering import Answer
from projections.asked.table import QUESTIONS
from projections.names import Names

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from api.rows.evidence import CheckedAnswer, Report
    from api.settings import Settings
    from ledger.domain.judging import Event
    from ledger.evidence.checks.verdicts import Claim
    from projections.claims.checking import Checked

_FEW: Final = 5
"""So many claims of a bundle that are not known are told here."""


def checked_object(checked: Checked, clock: datetime) -> CheckedAnswer:
    """Return what came of it as the members of a JSON object. clock: what time it is here."""
    asked, last = checked.asked, checked.last
    follows = None if checked.follows is None else checked.follows.claimed
    return {
        "finding": checked.finding.value,
        "words": checked.words,
        "question": None if asked is None else asked.question,
        "about": None if asked is None else asked.subject,
        "parameters": {} if asked is None else dict(asked.parameters),
        "jurisdiction": None if asked is None else asked.jurisdiction,
        "as_of": None if asked is None else asked.as_of,
        "at": None if asked is None or asked.until is None else format_time(asked.until),
        "now": None if asked is None else format_time(asked.now),
        "editions": [] if follows is None else list(follows.editions),
        "rows": [] if follows is None else [dict(row) for row in follows.rows],
        "checkpoint": checked.size,
        "replayed": list(checked.replayed),
        "bundle_about": checked.bundled,
        "last": None if last is None else {"position": last[0], "recorded": format_time(last[1])},
        "later": checked.later,
        "remarks": [*remarks(checked, clock, format_time, Language.ENGLISH)],
        "bundle": cast("Report", report_value(checked.report)),
        "exit": checked.exit_code,
    }


def print_checked(checked: Checked, most: int, settings: Settings, clock: datetime) -> None:
    """Print the rows that follow from the bundle, where any could be computed, what was asked, and what was found."""
    follows, asked = checked.follows, checked.asked
    reader = _reader(() if follows is None else follows.events, settings)
    found = tuple(
        (label(name, reader.language) if name else "", value) for name, value in _found(checked, clock, reader)
    )
    if follows is not None:
        question = QUESTIONS[follows.claimed.question]
        under = replace(follows.answer, checkpoint=checked.size)
        print_answer(question, under, under.rows[:most], reader, found)
    elif asked is None:
        print_named(found)
    else:
        print_paragraph(questions_in(reader.language).get(asked.question, asked.question))
        typer.echo()
        unanswered = Answer(
            asked.question,
            asked.subject,
            asked.parameters,
            asked.jurisdiction,
            asked.as_of,
            asked.now,
            asked.until,
            checkpoint=checked.size,
        )
        print_named(about_answer(unanswered, reader, found))


def _found(checked: Checked, clock: datetime, reader: Reader) -> Iterator[tuple[str, str]]:
    """Yield what was found of the answer and of the bundle, and what neither shows."""
    between = words_in(reader.language).form["rule"]
    tell = partial(zoned, zone=reader.zone, language=reader.language)
    if checked.last is not None:
        form = label("Position {number} was recorded at {time}.", reader.language)
        yield "recorded", form.format(number=checked.last[0], time=tell(checked.last[1]))
    yield "claimed answer", f"{finding(checked.finding)}{between}{finding(checked.words)}"
    for remark in remarks(checked, clock, tell, reader.language):
        yield "remark", remark
    yield "bundle", finding(verdict_words(checked.report))
    yield from _doubtful(checked)
    if checked.size is not None:
        number = checked.size if checked.asked is None else min(checked.asked.as_of, checked.size)
        form = label("What was recorded after position {number}.")
        if tells_since(checked):
            form = label(
                "What was recorded after position {number}, but for what is told otherwise up to position {size}."
            )
        yield "not shown", form.format(number=number, size=checked.size)
    yield "", label("Whether the record is true of the goods: the answer is about what was signed.")


def _doubtful(checked: Checked) -> Iterator[tuple[str, str]]:
    alone, others = _open(checked)
    if alone:
        form = label(
            "For {number} of the subjects it is the operator's word that nothing is missing: no mirror vouches."
        )
        yield "", form.format(number=len(alone))
    for claim in others[:_FEW]:
        yield "", claim_line(claim, finding)
    if len(others) > _FEW:
        yield "", label("{number} more; `vialog evidence verify` tells all.").format(number=len(others) - _FEW)


def _open(checked: Checked) -> tuple[list[Claim], list[Claim]]:
    """Return the claims of the bundle that rest on the operator's word alone, and all others that are not known."""
    found = [one for one in checked.report.claims if one.verdict is not Verdict.KNOWN and not one.beyond]
    alone = [
        one
        for one in found
        if one.verdict is Verdict.NOT_CHECKED and one.about.startswith(("tag ", "status ")) and not checked.replayed
    ]
    return alone, [one for one in found if one not in alone]


def _reader(events: Sequence[Event[Any]], settings: Settings) -> Reader:
    """Return who reads: with the names that the events of the bundle give, in the local time of the settings."""
    today = Readers(settings).today
    names, places = Names(events), {event.said.id: str(event.position) for event in events}

    def called(ident: str) -> str | None:
        if is_statement_id(ident):
            return places.get(StatementId(ident))
        return names.called(Tag(ident), today.language) if is_tag(ident) else today.names(ident)

    return with_products(Reader(today.language, today.zone, called), events)
