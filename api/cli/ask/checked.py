"""What came of checking an answer, on a terminal and as JSON: the rows that follow, the finding, what is not shown."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, cast

from api.cli.ask.answers import print_answer
from api.cli.paragraphs import print_named
from api.language import finding, label, reader_language
from api.reading import Readers
from ledger.clock import format_time
from ledger.evidence.verdicts import Verdict, claim_line, report_value, verdict_words
from ledger.ids import StatementId, Tag, is_statement_id, is_tag
from ledger.words.table import words_in
from ledger.words.telling import Reader
from projections.asked.table import QUESTIONS
from projections.names import Names

if TYPE_CHECKING:
    from collections.abc import Iterator

    from api.rows.ask import CheckedAnswer, Report
    from api.settings import Settings
    from ledger.evidence.verdicts import Claim
    from projections.claims.asking import Follows
    from projections.claims.checking import Checked

_FEW: Final = 5
"""So many claims of a bundle that are not known are told here."""


def checked_object(checked: Checked) -> CheckedAnswer:
    """Return what came of it as the members of a JSON object."""
    follows = checked.follows
    asked = None if follows is None else follows.claimed
    return {
        "finding": checked.finding.value,
        "words": checked.words,
        "question": None if asked is None else asked.question,
        "about": None if asked is None else asked.subject,
        "as_of": None if asked is None else asked.as_of,
        "at": None if asked is None or asked.until is None else format_time(asked.until),
        "now": None if asked is None else format_time(asked.now),
        "editions": [] if asked is None else list(asked.editions),
        "rows": [] if asked is None else [dict(row) for row in asked.rows],
        "size": checked.size,
        "replayed": list(checked.replayed),
        "bundle": cast("Report", report_value(checked.report)),
        "exit": checked.exit_code,
    }


def print_checked(checked: Checked, most: int, settings: Settings) -> None:
    """Print the rows that follow from the bundle, where any could be computed, and what was found."""
    follows, language = checked.follows, reader_language()
    found = ((label(name, language) if name else "", value) for name, value in _found(checked))
    if follows is None:
        print_named(found)
    else:
        question = QUESTIONS[follows.claimed.question]
        shown = follows.answer.rows[:most]
        print_answer(question, follows.answer, shown, _reader(follows, settings), tuple(found))


def _found(checked: Checked) -> Iterator[tuple[str, str]]:
    """Yield what was found of the answer and of the bundle, and what neither shows."""
    between = words_in(reader_language()).form["rule"]
    yield "claimed answer", f"{finding(checked.finding)}{between}{finding(checked.words)}"
    yield "bundle", finding(verdict_words(checked.report))
    alone, others = _open(checked)
    if alone:
        form = label("That nothing is missing of {number} subjects is the operator's word: no mirror vouches for it.")
        yield "", form.format(number=len(alone))
    for claim in others[:_FEW]:
        yield "", claim_line(claim, finding)
    if len(others) > _FEW:
        yield "", label("{number} more; `vialog evidence verify` tells all.").format(number=len(others) - _FEW)
    if checked.size is not None:
        yield "not shown", label("What was recorded after position {number}.").format(number=checked.size)
    yield "", label("Whether the record is true of the goods: the answer is about what was signed.")


def _open(checked: Checked) -> tuple[list[Claim], list[Claim]]:
    """Return the claims of the bundle that rest on the operator's word alone, and all others that are not known."""
    found = [one for one in checked.report.claims if one.verdict is not Verdict.KNOWN and not one.beyond]
    alone = [
        one
        for one in found
        if one.verdict is Verdict.NOT_CHECKED and one.about.startswith(("tag ", "status ")) and not checked.replayed
    ]
    return alone, [one for one in found if one not in alone]


def _reader(follows: Follows, settings: Settings) -> Reader:
    """Return who reads: with the names that the events of the bundle give, in the local time of the settings."""
    today = Readers(settings).today
    names, places = Names(follows.events), {event.said.id: str(event.position) for event in follows.events}

    def called(ident: str) -> str | None:
        if is_statement_id(ident):
            return places.get(StatementId(ident))
        return names.called(Tag(ident)) if is_tag(ident) else today.names(ident)

    return Reader(today.language, today.zone, called)
