"""The page of all questions, made from their table, and their English as a table of words."""

from __future__ import annotations

import json
from dataclasses import fields
from typing import TYPE_CHECKING, Final

from api.cli.ask.answering.questions import READS, example_of, options_of
from ledger.words.table import Language, questions_in
from projections.asked.question import Question
from projections.asked.table import QUESTIONS

if TYPE_CHECKING:
    from collections.abc import Iterator

_HEAD: Final = """# Questions

Made from the table of questions by `make docs`; do not edit. `vialog ask NAME` answers one from the record, and
`vialog ask --list` lists them with a command to copy. They are numbered as the 42 audit questions; where one of these
asks several things, several names bear its number. Each row of an answer says why it is there: the rule or the
obligation that it rests on, its clause and how that was read, the event that put it there, the clock, and what ends it.

Any question takes `--as-of`, a position or a time: what was recorded later, corrections too, is left out. With `--at`
what happened later is left out, by all that is known, and dates have passed by then or not. Both may stand together.
Hours and days that something took are whole ones, and what is over is left out: what took 24 hours and a half shows 24,
and is among what took more than 24 hours. Whether something took too long is told by its instants, never by these.
Rows go to the terminal as a table or, where its words would break, as blocks; `--csv`, `--json` (schemas in
[json.md](json.md)) and `--xlsx FILE` give programs all of them. In CSV a text that a spreadsheet would take for a
formula has an apostrophe before it. `--svg FILE` draws the questions that have a picture, with its numbers as text.

`--from COPY --policy FILE` asks a mirror's copy, also while the mirror runs. Every entry is replayed first, and must be
the tree of a checkpoint that the policy believes; any other answer is the operator's word.

Number 39, whether the log is intact, is answered by `vialog log verify`; number 40, who looked at what, by
`vialog access list` and `GET /v1/accesses`, from the access log ([access.md](access.md#who-reads-the-access-log)).
"""

DRAWN: Final = {
    "balance": "what was written off, listed and on hand over time, line by line",
    "owed": "how many obligations end in each month, and how they stand",
    "custody-chain": "who had the item when, with gaps and temperatures",
    "descendants": "what was made of what; of more than a thousand items, how many",
    "visit-scores": "the visits of each unit over time, with their scores",
    "application-days": "the working days that each application took, step by step",
}
"""What is drawn of each question that has a picture."""

_WORDS_HEAD: Final = "# Made from the table of questions in the code by `make docs`; do not edit.\n\n[question]\n"


def questions_page() -> str:
    """Return the page in Markdown."""
    return "".join((_HEAD, *(part for one in QUESTIONS.values() for part in _told(one)))).rstrip("\n") + "\n"


def question_words() -> str:
    """Return the questions in English, as a table of words."""
    lines = (f"{one.name} = {json.dumps(one.asks, ensure_ascii=False)}\n" for one in QUESTIONS.values())
    return "".join((_WORDS_HEAD, *lines))


def _told(one: Question) -> Iterator[str]:
    yield f"\n## {one.name}\n\nNumber {one.number}. {one.asks}\n{questions_in(Language.CHINESE)[one.name]}\n\n"
    yield f"- Ask: `{example_of(one, {})}`; it takes {', '.join(f'`{option}`' for option in options_of(one))}.\n"
    yield f"- Columns: {', '.join(f'`{column.name}`' for column in fields(one.row) if column.name != 'why')}.\n"
    if one.name in DRAWN:
        yield f"- Picture, with `--svg FILE`: {DRAWN[one.name]}.\n"
    yield f"- Reads {READS[one.reads]}.\n"
    if one.rests is None:
        yield "- Rests on any rule or obligation.\n"
    elif one.rests:
        yield f"- Rests on {', '.join(one.rests)}.\n"
