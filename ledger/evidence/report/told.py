"""What a report tells first, to a person: the facts about its subject, and then each event as a sentence.

In English and in Chinese, side by side. What was corrected or voided is struck through, with the position of what
took its place. Names are those that the bundle's own entries give, so nothing is told that is not handed out.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from ledger.errors import TooOld
from ledger.evidence.checks.tags import rewritten
from ledger.evidence.report.contradictions import contradictions
from ledger.evidence.report.facts import facts_of, is_known
from ledger.evidence.report.people import operator, people
from ledger.evidence.report.standing import Known, Standing
from ledger.evidence.report.state import state_of
from ledger.evidence.report.troubles import troubles
from ledger.statement.rulebook import grounds_of
from ledger.store.deciding.earlier import event_of
from ledger.words.reader import Names, Reader, code_word, name_of, nameless, rules_told
from ledger.words.runs import reading_values, runs
from ledger.words.sentences import breach_told
from ledger.words.table import Language, words_in
from ledger.words.telling import change, deed, fact_told
from ledger.words.times import UNIVERSAL, Zone, zone_told, zoned

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from ledger.breach import Breach
    from ledger.domain.judging import Event
    from ledger.evidence.gathering.gather import Chosen
    from ledger.evidence.report.facts import Fact
    from ledger.ids import Tag
    from ledger.statement.form.payload import Payload

_MARKS: Final = re.compile(r"[\\`*_\[\]<>|~&]")
_NUMBERED: Final = re.compile(r"(?<=no\. )[0-9]{1,12}(?![0-9.])|(?<=第)[0-9]{1,12}(?=号)")
_AGENT: Final = "agent:"
_LATE: Final = timedelta(minutes=1)
"""From so much on it is said that an act was recorded later than it happened."""

Naming: TypeAlias = "Callable[[Sequence[Event[Any]], Language], Names]"
"""Finds out what things are called in a language by some events: those of a bundle, oldest first."""


@dataclass(frozen=True, slots=True)
class Voice:
    """With which names and in which local time a report is told.

    zone: the local time of an edition of rules, by the name that entries give it. agents: what its catalogue calls
    agents in a language, by ids like ``agent:virus-3``. grounds: the clause that a breach rests on in an edition, and
    whether it was read in the legal text.
    """

    names: Naming = lambda _, __: nameless
    zone: Callable[[str], Zone] = lambda _: UNIVERSAL
    agents: Callable[[str, Language], Names] = lambda _, __: nameless
    grounds: Callable[[Breach, str], tuple[str, bool]] = lambda breach, _: grounds_of(breach, None)


class Teller:
    """Tells the events of one bundle."""

    def __init__(self, voice: Voice, events: Sequence[Chosen], about: Tag, part: Collection[Tag] = ()) -> None:
        """Know all events, oldest first, and the names that they give.

        about: the bundle's subject. part: the subjects of which it shows a part.
        """
        known = list(_readable(events))
        self._chosen = {one.recorded.position: one for one in events}
        self._voice, self._about, self._part = voice, about, part
        self._names = {one: voice.names([each.event for each in known], one) for one in Language}
        self._later = {target: one for one in events if (target := rewritten(one.payload)) is not None}
        self._rules = {one.recorded.position: one.entry.rules for one in events}
        self._standing = Standing(about, known)
        self._home = voice.zone(events[-1].entry.rules) if events else UNIVERSAL

    def home(self) -> tuple[str, ...]:
        """Return what the local time is called in which all is told that does not say otherwise, in each language."""
        return tuple(zone_told(self._home, language) for language in Language)

    def operator(self) -> tuple[str, ...]:
        """Return who operates the log, in each language; "" where the bundle does not say."""
        by = operator(self._standing)
        return tuple("" if by is None else escaped(name_of(by, self._reader(one, ""))) for one in Language)

    def editions(self) -> tuple[str, ...]:
        """Return the rules that the subject's events were judged by, in each language."""
        mine = {one.entry.rules for one in self._chosen.values() if self._about in one.entry.tags}
        return tuple(
            escaped(words_in(one).form["part"].join(rules_told(rules, one) for rules in sorted(mine)))
            for one in Language
        )

    def sentences(self, events: Iterable[Chosen], *, once: bool = True) -> Iterator[str]:
        """Yield some of the events as lines of Markdown: a sentence in each language; a run of readings as one line.

        once: these are the lines that the numbers of events lead to; each event has one such line in a report.
        """
        numbered = _numbered if once else _leading
        for run in runs(events, self._alone):
            if len(run) > 1:
                values = reading_values([one.payload for one in run])
                readers = [self._reader(language, run[0].entry.rules) for language in Language]
                lines = "<br>".join(self._text(fact_told("readings", values, reader)) for reader in readers)
                yield f"- {numbered(run[0])}–{run[-1].recorded.position} {lines}"
                continue
            (one,) = run
            later = self._later.get(one.payload.id)
            told = [self._text(self._dated(one, self._reader(language, one.entry.rules))) for language in Language]
            if later is not None:
                told = [f"~~{text}~~" for text in told] + self._taken(one, later)
            yield f"- {numbered(one)} {'<br>'.join(told)}"

    def _dated(self, one: Chosen, reader: Reader) -> str:
        """Return what an event says, with when it happened and, where that was later, when it was recorded."""
        form, times = words_in(reader.language).form, (one.payload.occurred_at, one.recorded.recorded)
        happened, recorded = (zoned(each, reader.zone, reader.language) for each in times)
        is_late = times[1] - times[0] >= _LATE
        time = form["late"].format(occurred=happened, recorded=recorded) if is_late else happened
        return form["dated"].format(time=time, sentence=deed(one.payload, reader))

    def _alone(self, one: Chosen) -> Payload | None:
        """Return the statement of an event that may be in a run; None of one that was taken back, or broke a rule."""
        return None if one.entry.breaches or one.payload.id in self._later else one.payload

    def _taken(self, one: Chosen, later: Chosen) -> list[str]:
        """Return by what a statement was taken back, and what the correction changes."""
        place = later.recorded.position
        told = [f"*corrected or voided at position [{place}](#no-{place}) / 已由第[{place}](#no-{place})号更正或撤回*"]
        if later.payload.corrects == one.payload.id:
            readers = [self._reader(language, later.entry.rules) for language in Language]
            told += [self._text(change(one.payload, later.payload, reader)) for reader in readers]
        return told

    def subject(self) -> str:
        """Return what the subject is called, with its id."""
        names = {name_of(self._about, Reader(one, names=self._names[one])): one for one in Language}
        called = " / ".join(name for name in names if name != self._about)
        return escaped(f"{called} ({self._about})" if called else self._about)

    def state(self) -> Iterator[str]:
        """Yield what matters most about the subject as it is now, as lines of Markdown in each language."""
        for fact in state_of(self._standing):
            yield f"- {'<br>'.join(f'**{told}**' for told in self._told(fact))} {self._links(fact)}"

    def facts(self) -> Iterator[tuple[str, ...]]:
        """Yield the facts about the subject: what each is about, what it is in English and in Chinese, and where."""
        return self._rows(fact for fact in facts_of(self._standing) if is_known(fact, self._part))

    def people(self) -> Iterator[tuple[str, ...]]:
        """Yield who is who, likewise."""
        return self._rows(people(self._standing))

    def _rows(self, facts: Iterable[Fact]) -> Iterator[tuple[str, ...]]:
        about = [words_in(language).about for language in Language]
        for one in facts:
            yield " / ".join(words[one.name] for words in about), *self._told(one), self._links(one)

    def _told(self, fact: Fact) -> list[str]:
        """Return a fact in each language."""
        rules = self._rules[fact.at[-1]] if fact.at else ""
        return [self._text(fact_told(fact.name, fact.values, self._reader(language, rules))) for language in Language]

    def _links(self, fact: Fact) -> str:
        """Return the positions of the statements that say a fact, each leading to its event."""
        return ", ".join(f"[{at}](#no-{at})" for at in fact.at)

    def troubles(self) -> Iterator[str]:
        """Yield what says that something went wrong with the subject, as it was recorded, and what became of it."""
        told: list[tuple[int, str]] = []
        for trouble in troubles(self._standing):
            (line,) = self.sentences([self._chosen[trouble.at]], once=False)
            told.append((trouble.at, "<br>".join([line, *(" / ".join(self._told(fact)) for fact in trouble.beside)])))
        told.extend((fact.at[0], f"- {'<br>'.join(self._told(fact))}") for fact in contradictions(self._standing))
        yield from (line for _, line in sorted(told))

    def breach(self, breach: Breach, one: Chosen) -> tuple[str, str, str]:
        """Return a breach of an entry, the clause that it rests on and why its signers went on, in both languages.

        Of many subjects the bundle's own alone is named, if it is among them.
        """
        if self._about in breach.subjects:
            breach = replace(breach, subjects=(self._about,))
        clause, is_read = self._voice.grounds(breach, one.entry.rules)
        reasons = {said.rule: said.reason for said in one.payload.acknowledges}
        told = []
        for language in Language:
            reader, words = self._reader(language, one.entry.rules), words_in(language)
            cited = [words.clause.get(clause, clause), "" if is_read else words.form["unverified"]]
            reason = code_word("reason", reasons.get(breach.rule, ""), reader)
            told.append(
                (breach_told(breach, reader, one.payload.body), words.form["part"].join(filter(None, cited)), reason)
            )
        sentence_, clause_, reason_ = ("<br>".join(map(escaped, column)) for column in zip(*told, strict=True))
        return sentence_, clause_, reason_

    def _text(self, text: str) -> str:
        """Return a text for Markdown, in which the number of an event that is here leads to it."""
        return _NUMBERED.sub(self._linked, escaped(text))

    def _linked(self, found: re.Match[str]) -> str:
        number = found[0]
        return f"[{number}](#no-{number})" if int(number) in self._chosen else number

    def _reader(self, language: Language, rules: str) -> Reader:
        agents = self._voice.agents(rules, language)

        def names(ident: str) -> str | None:
            return agents(ident) if ident.startswith(_AGENT) else self._names[language](ident)

        zone = self._voice.zone(rules) if rules else self._home
        return Reader(language, replace(zone, is_named=zone == self._home), names, self._about)


def _readable(events: Iterable[Chosen]) -> Iterator[Known]:
    """Yield the events that this program knows; what a later one wrote gives no names here."""
    for one in events:
        with suppress(TooOld):
            yield Known(event_of(one.recorded), one.payload)


def _numbered(one: Chosen) -> str:
    """Return the number of an event, where it can be linked to."""
    position = one.recorded.position
    return f'<a id="no-{position}"></a>**{position}**'


def _leading(one: Chosen) -> str:
    """Return the number of an event, leading to it."""
    position = one.recorded.position
    return f"**[{position}](#no-{position})**"


def escaped(text: str) -> str:
    """Return a text in which no mark of Markdown is one."""
    return _MARKS.sub(r"\\\g<0>", text)
