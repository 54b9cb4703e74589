"""How long each question takes to answer: of logs that grow in everything (`copies`), with views that lack nothing.

`python -m scripts.bench questions 1000000` asks in a log of about so many events. A question about one subject is asked
of the story's subjects, each time in another copy; what reads the whole log is asked as often as there is time. The
yardstick of these is reading and decoding the whole log, which none of them does without and is done once here: their
times are what comes on top. *Of a processor* is what this process used at the median; the server's part is not in it.
So that a run ends, what reads the whole log is not asked any more once such questions took four minutes in all.
"""

from __future__ import annotations

import gc
import random
import statistics
from dataclasses import dataclass, field, replace
from itertools import count
from time import perf_counter, process_time
from typing import TYPE_CHECKING, Final

from rich.table import Table

from ledger.ids import Tag
from ledger.rulepacks.load import load_packs
from projections.asked.answering import answer, read
from projections.asked.narrowed import narrowed
from projections.asked.parameters import DAYS, HOURS
from projections.asked.question import Asked, Reads
from projections.asked.table import QUESTIONS
from projections.database.tables import Tables
from scripts.bench.against import p99_of_few, verdict
from scripts.bench.copies import copies, of_copy
from scripts.bench.places import folder, server
from scripts.bench.viewed import viewed

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from projections.asked.question import Question
    from scripts.bench.copies import Copies

SIZES: Final = (10_000, 100_000)
TARGET: Final = 0.05
MOST: Final = 200
"""How often a question is asked at most, and for how many seconds in all, if it was asked three times by then."""
SPAN: Final = 5.0
FEWEST: Final = 3
_SCANNED_FOR: Final = 2.0
"""Seconds after which what reads the whole log is not asked again: once will do where it takes minutes."""
_SCANNING: Final = 240.0
"""Seconds after which nothing that reads the whole log is asked any more."""


@dataclass(frozen=True, slots=True)
class Asking:
    """A log with its views, and what is asked in it. whole: everything, read. scans: seconds that scans took so far."""

    made: Copies
    tables: Tables
    whole: Asked
    scans: list[float] = field(default_factory=list)


def tables(*sizes: int) -> Iterator[Table]:
    """Yield a table for each size: how long each question takes. sizes: about so many events."""
    for size in sizes or SIZES:
        with (
            folder() as place,
            server(place) as running,
            copies(running, size) as made,
            viewed(running, made.store) as views,
        ):
            yield _table(made, Tables(views.session))


def _table(made: Copies, views: Tables) -> Table:
    head = made.store.head()
    at = next(iter(made.store.read(head - 1))).recorded
    day = at.date()
    asked = Asked(
        events=(),
        packs=load_packs(),
        jurisdiction="CN",
        at=at,
        first=day.replace(month=1, day=1),
        last=day,
        hours=HOURS.default,
        days=DAYS.default,
    )
    begun, processor = perf_counter(), process_time()
    whole = read(made.store, QUESTIONS["compliance-file"], asked, head)
    took, used = perf_counter() - begun, process_time() - processor
    # Whoever asks a question from the views holds no whole log; the collector would go over this one for each of them.
    gc.collect()
    gc.freeze()
    table = Table(
        "no.", "question", "answered from", "p50", "p99", "of a processor", "asked", "rows", f"≤ {1000 * TARGET:g} ms"
    )
    table.title = f"Questions of {head:,} events, {made.count:,} times the story"
    table.add_row("", "reading the whole log", "", _told(took), "", _told(used), "1", f"{head:,}", "")
    asking = Asking(made, views, whole)
    for question in sorted(QUESTIONS.values(), key=lambda one: (one.number, one.name)):
        table.add_row(str(question.number), question.name, *_row(asking, question))
    gc.unfreeze()
    return table


def _row(asking: Asking, question: Question) -> Sequence[str]:
    """Return the cells of a question."""
    chance, where, rows = random.Random(question.name), "", list[int]()
    times, used = list[float](), list[float]()
    for number in count():
        asked = _asked(asking, question, chance)
        begun, processor = perf_counter(), process_time()
        where, known = _found(asking, question, asked)
        scans = where == _WHOLE
        if scans and sum(asking.scans) > _SCANNING and not times:
            return where, "", "", "", "0", "", "scans: not asked"
        rows.append(len(answer(question, known, asking.made.store.head()).rows))
        times.append(perf_counter() - begun)
        used.append(process_time() - processor)
        if scans:
            asking.scans.append(times[-1])
        if number + 1 >= (1 if scans else FEWEST) and sum(times) > (_SCANNED_FOR if scans else SPAN):
            break
        if number + 1 >= MOST:
            break
    p99 = p99_of_few(times) if len(times) > 1 else times[0]
    met = "scans" if where == _WHOLE else verdict(p99 / TARGET, met=p99 <= TARGET)
    medians = _told(statistics.median(times)), _told(p99), _told(statistics.median(used))
    return where, *medians, str(len(times)), f"{statistics.median(rows):,.0f}", met


_WHOLE: Final = "whole log"


def _asked(asking: Asking, question: Question, chance: random.Random) -> Asked:
    """Return what a question is asked with: some subject of some copy, and the whole span of days."""
    asked = replace(asking.whole, events=(), leaves={})
    if not question.about:
        return asked
    if question.about == ("statement",):
        return replace(asked, subject=Tag(chance.choice(asking.made.story)[0].statement))
    subject = chance.choice(asking.made.tags(chance.choice(question.about)))
    return replace(asked, subject=Tag(of_copy(subject, chance.randrange(asking.made.count))))


def _found(asking: Asking, question: Question, asked: Asked) -> tuple[str, Asked]:
    """Return from what a question is answered, and what is asked with the events that it rests on."""
    store = asking.made.store
    if question.reads is Reads.VIEWS:
        with asking.tables.still() as still:
            found = narrowed(question, asked, still, store)
        if found is not None:
            return "views", found
    if question.reads in {Reads.LOG, Reads.VIEWS}:
        return _WHOLE, replace(asked, events=asking.whole.events, leaves=asking.whole.leaves)
    return question.reads.value, read(store, question, asked, store.head())


def _told(seconds: float) -> str:
    return f"{1000 * seconds:,.1f} ms"
