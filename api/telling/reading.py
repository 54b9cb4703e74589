"""Reading statements to people: with the names that the record has, and in the local time of the rules that judged."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, Final

import msgspec

from api.language import reader_language
from api.telling.moments import zone_of
from ledger.clock import SystemClock
from ledger.errors import NotFound, Refused, Unavailable
from ledger.evidence.report.facts import hold_of
from ledger.evidence.report.told import Voice
from ledger.ids import StatementId, Tag, is_tag
from ledger.rulepacks.load import load_packs
from ledger.statement.rulebook import grounds_of
from ledger.words.reader import BEFORE, Reader
from ledger.words.table import Language
from ledger.words.telling import fact_told
from projections.names import Names as Given

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from api.settings import Settings
    from api.telling.labels import Labels
    from ledger.breach import Breach
    from ledger.domain.judging import Event, Signed
    from ledger.domain.law.rules import RulePack
    from ledger.rulepacks.load import RulePacks
    from ledger.words.reader import Names
    from ledger.words.said import Signer
    from ledger.words.template import JsonValue

_AGENT: Final = "agent:"


class Readers:
    """Who reads: one language, the names of one log, and for each statement the local time that it is told in."""

    def __init__(
        self,
        settings: Settings,
        labels: Labels | None = None,
        language: Language | None = None,
        packs: RulePacks | None = None,
    ) -> None:
        """Tell things to whoever runs the command.

        labels: of the log that is read; None: no names are known. language: that of the environment if left out.
        packs: the editions of the rules, where they are at hand.
        """
        self._packs, self._jurisdiction = packs or load_packs(settings.rules), settings.jurisdiction
        self._labels, self.language = labels, reader_language() if language is None else language

    def of(
        self, rules: str | None = None, occurred_at: datetime | None = None, language: Language | None = None
    ) -> Reader:
        """Return the reader of a statement.

        rules: what its entry names that judged it; None: it is not recorded. Where the edition is not here, and where
        there is none, the local time is that of the settings' jurisdiction on the day of ``occurred_at``, or today.
        language: another one than that of who reads all else.
        """
        pack = None if rules is None else self._packs.by_name(rules)
        if pack is None:
            pack = _pack_of(self._packs, self._jurisdiction, occurred_at or SystemClock().now())
        chosen = language or self.language
        return Reader(chosen, zone_of(pack), partial(self._called, pack, chosen))

    @property
    def today(self) -> Reader:
        """Return the reader of what no statement says."""
        return self.of()

    def _called(self, pack: RulePack | None, language: Language, ident: str) -> str | None:
        if ident.startswith(_AGENT):
            agent = None if pack is None else pack.agents.find(ident.removeprefix(_AGENT))
            if agent is None:
                return None
            return agent.name_zh if language is Language.CHINESE else agent.name_en
        if self._labels is None:
            return None
        try:
            return self._labels.name(ident, language)
        except (NotFound, Unavailable):
            self._labels = None  # no log here, or another one: nothing has a name, and nobody waits a second time
            return None


@dataclass(frozen=True, slots=True)
class ToldStatement:
    """A statement that was judged, as it is told: its body as the members of a JSON object again."""

    kind: str
    occurred_at: datetime
    signers: Sequence[Signer]
    body: Mapping[str, Any]
    corrects: str | None
    reason: str | None


def voice_of(settings: Settings, packs: RulePacks | None = None) -> Voice:
    """Return how a bundle's report is told: with the names that its own events give, in the time of their rules.

    packs: the editions of the rules, where they are at hand.
    """
    editions = packs or load_packs(settings.rules)
    readers = {language: Readers(settings, language=language, packs=editions) for language in Language}

    def names(events: Sequence[Event[Any]], language: Language) -> Names:
        given = Given(events)
        places = {event.said.id: str(event.position) for event in events}

        def name(ident: str) -> str | None:
            if ident.startswith(BEFORE):
                return given.before(ident)
            return given.called(Tag(ident), language) if is_tag(ident) else places.get(StatementId(ident))

        return name

    def agents(rules: str, language: Language) -> Names:
        return readers[language].of(rules).names

    def grounds(breach: Breach, rules: str) -> tuple[str, bool]:
        return grounds_of(breach, editions.by_name(rules))

    return Voice(names, lambda rules: readers[Language.ENGLISH].of(rules).zone, agents, grounds)


def told(said: Signed[Any]) -> ToldStatement:
    """Return a judged statement as it is told."""
    body: dict[str, Any] = msgspec.to_builtins(said.body)
    return ToldStatement(said.kind, said.occurred_at, said.signers, body, said.corrects, said.reason)


def holds_told(grounds: Iterable[str], reader: Reader) -> str:
    """Return the grounds on which an item is held, as its state writes them, for people."""
    holds: list[JsonValue] = [hold_of(one) for one in grounds]
    return fact_told("held", {"holds": holds}, reader) if holds else ""


def _pack_of(packs: RulePacks, jurisdiction: str, instant: datetime) -> RulePack | None:
    try:
        return packs.at_instant(jurisdiction, instant)
    except Refused:
        return None
