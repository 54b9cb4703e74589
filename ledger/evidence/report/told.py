"""What a report tells first, to a person: the facts about its subject, and then each event as a sentence.

In English and in Chinese, side by side. What was corrected or voided is struck through, with the position of what
took its place. Names are those that the bundle's own entries give, so nothing is told that is not handed out.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from ledger.errors import TooOld
from ledger.evidence.report.facts import facts_of
from ledger.evidence.report.people import people
from ledger.evidence.report.standing import Known, Standing
from ledger.evidence.report.troubles import troubles
from ledger.evidence.tags import rewritten
from ledger.store.deciding.earlier import event_of
from ledger.words.sentences import breach_told
from ledger.words.table import Language, words_in
from ledger.words.telling import Names, Reader, change, fact_told, nameless, sentence
from ledger.words.times import UNIVERSAL, Zone

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ledger.breach import Breach
    from ledger.domain.judging import Event
    from ledger.evidence.gather import Chosen
    from ledger.evidence.report.facts import Fact
    from ledger.ids import Tag

_MARKS: Final = re.compile(r"[\\`*_\[\]<>|~&]")
_AGENT: Final = "agent:"

Naming: TypeAlias = "Callable[[Sequence[Event[Any]]], Names]"
"""Finds out what things are called by some events: those of a bundle, oldest first."""


@dataclass(frozen=True, slots=True)
class Voice:
    """With which names and in which local time a report is told.

    zone: the local time of an edition of rules, by the name that entries give it. agents: what its catalogue calls
    agents in a language, by ids like ``agent:virus-3``.
    """

    names: Naming = lambda _: nameless
    zone: Callable[[str], Zone] = lambda _: UNIVERSAL
    agents: Callable[[str, Language], Names] = lambda _, __: nameless


class Teller:
    """Tells the events of one bundle."""

    def __init__(self, voice: Voice, events: Sequence[Chosen], about: Tag) -> None:
        """Know all events, oldest first, and the names that they give. about: the bundle's subject."""
        known = list(_readable(events))
        self._chosen = {one.recorded.position: one for one in events}
        self._voice, self._about = voice, about
        self._names = voice.names([one.event for one in known])
        self._later = {target: one for one in events if (target := rewritten(one.payload)) is not None}
        self._rules = {one.recorded.position: one.entry.rules for one in events}
        self._standing = Standing(about, known)

    def sentences(self, events: Iterable[Chosen]) -> Iterator[str]:
        """Yield some of the events as lines of Markdown: a sentence in each language."""
        for one in events:
            later = self._later.get(one.payload.id)
            told = [escaped(sentence(one.payload, self._reader(language, one.entry.rules))) for language in Language]
            if later is not None:
                told = [f"~~{text}~~" for text in told] + self._taken(one, later)
            yield f"- **{one.recorded.position}** {'<br>'.join(told)}"

    def _taken(self, one: Chosen, later: Chosen) -> list[str]:
        """Return by what a statement was taken back, and what the correction changes."""
        place = later.recorded.position
        told = [f"*corrected or voided at position {place} / 已由第{place}号更正或撤回*"]
        if later.payload.corrects == one.payload.id:
            readers = [self._reader(language, later.entry.rules) for language in Language]
            told += [escaped(change(one.payload, later.payload, reader)) for reader in readers]
        return told

    def facts(self) -> Iterator[tuple[str, ...]]:
        """Yield the facts about the subject: what each is about, and what it is, in English and in Chinese."""
        return self._rows(facts_of(self._standing))

    def people(self) -> Iterator[tuple[str, ...]]:
        """Yield who is who, likewise."""
        return self._rows(people(self._standing))

    def _rows(self, facts: Iterable[Fact]) -> Iterator[tuple[str, ...]]:
        about = [words_in(language).about for language in Language]
        for one in facts:
            yield " / ".join(words[one.name] for words in about), *self._told(one)

    def _told(self, fact: Fact) -> list[str]:
        """Return a fact in each language."""
        rules = self._rules[fact.at[-1]] if fact.at else ""
        return [escaped(fact_told(fact.name, fact.values, self._reader(language, rules))) for language in Language]

    def troubles(self) -> Iterator[str]:
        """Yield the statements that say that something went wrong with the subject, each with what became of it."""
        for trouble in troubles(self._standing):
            (line,) = self.sentences([self._chosen[trouble.at]])
            yield "<br>".join([line, *(" / ".join(self._told(fact)) for fact in trouble.beside)])

    def breach(self, breach: Breach, one: Chosen) -> str:
        """Return a breach of an entry in both languages, of the subject if it concerns it."""
        if self._about in breach.subjects:
            breach = replace(breach, subjects=(self._about,))
        readers = [self._reader(language, one.entry.rules) for language in Language]
        return "<br>".join(escaped(breach_told(breach, reader, one.payload.body)) for reader in readers)

    def _reader(self, language: Language, rules: str) -> Reader:
        agents = self._voice.agents(rules, language)

        def names(ident: str) -> str | None:
            return agents(ident) if ident.startswith(_AGENT) else self._names(ident)

        return Reader(language, self._voice.zone(rules) if rules else UNIVERSAL, names, self._about)


def _readable(events: Iterable[Chosen]) -> Iterator[Known]:
    """Yield the events that this program knows; what a later one wrote gives no names here."""
    for one in events:
        with suppress(TooOld):
            yield Known(event_of(one.recorded), one.payload)


def escaped(text: str) -> str:
    """Return a text in which no mark of Markdown is one."""
    return _MARKS.sub(r"\\\g<0>", text)
