"""What pages tell: values with links in them, statements as sentences, breaches with all that they rest on.

Made of what the reader is shown, with the words that everything else is told by.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

from markupsafe import Markup, escape
from msgspec import to_builtins

from api.answers import rules_of
from api.console.titles import title_of
from api.http.answering.subjects import LISTS
from api.language import heading, label
from api.settings import read_settings
from api.telling.cells import CODES, Cells
from api.telling.histories import Step
from api.telling.items import sentence_of
from api.telling.labels import ID, Labels
from api.telling.obligations import number_of, told_of
from api.telling.reading import Readers, told
from ledger.domain.fold import VOIDED
from ledger.ids import Tag, is_tag, type_of
from ledger.statement.rulebook import grounds_of
from ledger.words.reader import code_word, name_of
from ledger.words.runs import reading_values, runs
from ledger.words.sentences import breach_told
from ledger.words.table import rules_in, words_in
from ledger.words.telling import fact_told
from ledger.words.times import zoned

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from api.http.answering.reading import Reading
    from api.telling.histories import History
    from ledger.breach import Breach
    from ledger.domain.judging import Event
    from ledger.words.reader import Reader
    from ledger.words.table import Language
    from projections.obligations import ObligationRow

NOUNS: Final = {listing.id_type: noun for noun, listing in LISTS.items()}
"""By the type of a subject, the noun of its address."""

_SHORT: Final = 14
"""Characters of a name that stands in one line of a cell: a label is not broken at its hyphens. Chinese is wider."""


def _kept_whole(name: str) -> str:
    """Return the class of a name that stands in one line."""
    return " console-name" if len(name) <= _SHORT and name.isascii() else ""


@dataclass(frozen=True, slots=True)
class Found:
    """A breach, with all that it rests on. edition: of the rules that judged. reason: of the signers; "" none."""

    rule: str
    says: str
    problem: str
    clause: str
    verified: bool
    edition: str
    reason: str
    position: int


@dataclass(frozen=True, slots=True)
class Line:
    """A statement in a history. last: where a run of readings ends; None of one statement."""

    position: int
    last: int | None
    sentence: str
    recorded: str
    signers: tuple[str, ...]
    counts: bool
    out_of_order: bool
    corrects: int | None
    corrected_by: int | None
    breaches: tuple[Found, ...]


class _Plain(Labels):
    def told(self, value: object) -> str:
        """Return a value with its ids: a page makes links of them."""
        return "" if value is None else str(value)


class Teller:
    """Tells one reader what they may read, in one language."""

    def __init__(self, reads: Reading, language: Language) -> None:
        """Read nothing yet."""
        self.reads, self.language = reads, language
        self.labels = Labels(lambda: reads.store, language=language, source=reads.source)
        self._named: dict[str, str] = {}
        self._readers = Readers(read_settings(), self.labels, language, reads.packs)

    @cached_property
    def today(self) -> Reader:
        """Return the reader of what no statement says."""
        return self._readers.today

    def reader_at(self, instant: datetime) -> Reader:
        """Return the reader of a statement that is not recorded yet. instant: when what it says happened."""
        return self._readers.of(None, instant)

    @property
    def of_every_page(self) -> dict[str, Any]:
        """Return what every page says of who reads it, and of which log up to where."""
        party = self.labels.called(Tag(self.reads.who.party)) or self.reads.who.party
        who = {"party": party, "person": self.reads.who.person}
        number, more = self.reads.inbox.unread()
        unread = f"{number}{'+' if more else ''}" if number else ""
        log = {"origin": self.reads.store.origin, "position": self.reads.position}
        return {"who": who, "tell": self, "unread": unread, **log}

    def tells(self, subjects: Iterable[Tag], statements: Collection[int] = ()) -> None:
        """Say, once a page is made, that it tells of these and of the subjects that it names, for the access log.

        statements: positions of those that it tells, whatever they are about.
        """
        self.reads.others.tells(tuple(subjects), statements, self.labels.asked_for)

    def name(self, tag: str) -> str:
        """Return what a subject is called; of what nobody named what it is, or its id."""
        if tag not in self._named:
            self._named[tag] = self.labels.called(Tag(tag)) or title_of(self, Tag(tag)) or tag
        return self._named[tag]

    def sort(self, tag: str) -> str:
        """Return what type of subject it is, in words."""
        return heading(type_of(Tag(tag)), self.language)

    def link(self, tag: str) -> Markup:
        """Return a link to a subject by its name; its name alone where it has no page, or none for the reader.

        Only of what the reader is shown no name of it is asked whether it may be seen: that reads its events.
        """
        noun, name = NOUNS.get(type_of(Tag(tag))), self.name(tag)
        if name == tag and not self.reads.looking.sight(Tag(tag)):
            return escape(name_of(tag, self.today))
        if noun is None:
            return escape(name)
        return Markup('<a class="govuk-link{}" href="/{}/{}">{}</a>').format(_kept_whole(name), noun, tag, name)

    def linked(self, text: object) -> Markup:
        """Return a text with a link for each id in it."""
        told, at = str(text), 0
        made = Markup("")
        for found in ID.finditer(told):
            made += escape(told[at : found.start()]) + self.link(found.group())
            at = found.end()
        return made + escape(told[at:])

    def cell(self, row: object, name: str) -> Markup:
        """Return a member of a row, in words and with links."""
        plain = _Plain(lambda: self.reads.store, language=self.language)
        value = to_builtins(getattr(row, name))
        return self.linked(Cells(plain, self.today, CODES.get(type(row), {})).told(name, value))

    def linked_cell(self, value: object, words: str) -> Markup:
        """Return a cell of an answer as it is told, as a link where it holds one subject that has a page.

        An instant keeps the width that its day and hour need, however many columns there are; a day is not broken.
        """
        if isinstance(value, datetime):
            return Markup('<span class="console-when">{}</span>').format(words)
        if isinstance(value, date):
            return Markup('<span class="console-short">{}</span>').format(words)
        if isinstance(value, str) and is_tag(value) and (noun := NOUNS.get(type_of(Tag(value)))):
            return Markup('<a class="govuk-link{}" href="/{}/{}">{}</a>').format(_kept_whole(words), noun, value, words)
        return escape(words)

    def owed(self, row: ObligationRow) -> list[tuple[str, str]]:
        """Return what is told of an obligation, each by what it is called, in an order that is always the same."""
        return [(label(name, self.language), value) for name, value in told_of(row, self.today)]

    def about(self, row: ObligationRow) -> Markup:
        """Return what an obligation is about, with links; which finding of a supervision it is leads to its tasks."""
        linked = [self.link(row.subject), *(self.link(one) for one in row.concerns)]
        if number := number_of(row, self.today):
            tasks = Markup('<a class="govuk-link" href="/cases/{}/tasks">{}</a>').format(row.subject, number)
            linked.insert(1, tasks)
        return Markup(" · ").join(linked)

    def when(self, instant: datetime) -> str:
        """Return an instant in local time, with UTC."""
        return zoned(instant, self.today.zone, self.language)

    def history(self, history: History, tag: Tag, part: slice) -> tuple[list[Line], int]:
        """Return a part of the statements about a subject, newest first, and how many lines there are of all.

        A run of readings is one line.
        """

        def alone(event: Event[Any]) -> Any:  # noqa: ANN401  as runs takes it
            broken = any(one.concerns(tag) for one in event.breaches)
            return None if broken or history.step_of(event) is None else told(event.said)

        every = list(runs(history.events, alone))[::-1]
        found = every[part]
        return [self._run(run) if len(run) > 1 else self.line(run[0], history, tag) for run in found], len(every)

    def line(self, event: Event[Any], history: History, tag: Tag | None) -> Line:
        """Return one statement, as it stands in a history. tag: whose breaches are told; None: all."""
        reader = self._readers.of(event.rules, event.said.occurred_at)
        about = reader if tag is None else replace(reader, about=tag)
        step = history.step_of(event)
        return Line(
            event.position,
            None,
            sentence_of(event, history, about),
            zoned(event.recorded, reader.zone, self.language),
            tuple(self._signers(event, reader)),
            event.said.kind == VOIDED or step is not None,
            isinstance(step, Step) and step.out_of_order,
            history.position_of(event.said.corrects),
            history.corrected_at(event),
            tuple(self.found(one, event, reader, tag) for one in event.breaches if tag is None or one.concerns(tag)),
        )

    def found(self, breach: Breach, event: Event[Any], reader: Reader, tag: Tag | None) -> Found:
        """Return a breach with what it rests on. tag: on whose page, where it need not be named; None: on no one's."""
        clause, verified = grounds_of(breach, self.reads.packs.by_name(event.rules))
        reason = (event.said.acknowledged or {}).get(breach.rule, "")
        return Found(
            breach.rule,
            rules_in(self.language).get(breach.rule, ""),
            breach_told(breach if tag is None else breach.among(()), reader),
            words_in(self.language).clause.get(clause, clause),
            verified,
            rules_of(event.rules),
            code_word("reason", reason, reader) if reason else "",
            event.position,
        )

    def _run(self, run: Any) -> Line:  # noqa: ANN401  events of one kind
        first, last = run[0], run[-1]
        reader = self._readers.of(first.rules, first.said.occurred_at)
        said = fact_told("readings", reading_values([told(one.said) for one in run]), reader)
        recorded = zoned(last.recorded, reader.zone, self.language)
        signers = tuple(self._signers(last, reader))
        return Line(
            position=first.position,
            last=last.position,
            sentence=said,
            recorded=recorded,
            signers=signers,
            counts=True,
            out_of_order=False,
            corrects=None,
            corrected_by=None,
            breaches=(),
        )

    def _signers(self, event: Event[Any], reader: Reader) -> Iterator[str]:
        for one in event.said.signers:
            role = code_word("role", one.role, reader)
            yield f"{self.name(one.party)} · {one.person} · {role}"
