"""What a report tells first, to a person: what the subject is and where it is now, and then each event as a sentence.

In English and in Chinese, side by side. What was corrected or voided is struck through, with the position of what
took its place. Names are those that the bundle's own entries give, so nothing is told that is not handed out.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from ledger.domain.state import Item
from ledger.errors import TooOld
from ledger.evidence.tags import rewritten
from ledger.quantity import format_decimal
from ledger.store.deciding.earlier import event_of
from ledger.words.table import Language, words_in
from ledger.words.telling import Names, Reader, amount_words, code_word, name_of, nameless, sentence
from ledger.words.times import UNIVERSAL, Zone

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ledger.domain.judging import Event
    from ledger.domain.state import Subject
    from ledger.evidence.gather import Chosen
    from ledger.quantity import Quantity

_MARKS: Final = re.compile(r"[\\`*_\[\]<>|~&]")

Naming: TypeAlias = "Callable[[Sequence[Event[Any]]], Names]"
"""Finds out what things are called by some events: those of a bundle, oldest first."""


@dataclass(frozen=True, slots=True)
class Voice:
    """With which names and in which local time a report is told.

    zone: the local time of an edition of rules, by the name that entries give it.
    """

    names: Naming = lambda _: nameless
    zone: Callable[[str], Zone] = lambda _: UNIVERSAL


class Teller:
    """Tells the events of one bundle."""

    def __init__(self, voice: Voice, events: Sequence[Chosen], about: str) -> None:
        """Know the names that all events give, oldest first. about: the bundle's subject, first in long lists."""
        self._names = voice.names(list(_readable(events)))
        self._zone, self._about = voice.zone, about
        self._later = {target: one for one in events if (target := rewritten(one.payload)) is not None}

    def sentences(self, events: Iterable[Chosen]) -> Iterator[str]:
        """Yield some of the events as lines of Markdown: a sentence in each language."""
        for one in events:
            later = self._later.get(one.payload.id)
            told = [escaped(sentence(one.payload, self._reader(language, one.entry.rules))) for language in Language]
            if later is not None:
                place = later.recorded.position
                told = [f"~~{text}~~" for text in told]
                told.append(f"*corrected or voided at position {place} / 已由第{place}位的陈述更正或作废*")
            yield f"- **{one.recorded.position}** {'<br>'.join(told)}"

    def summary(self, state: Subject | None) -> Iterator[tuple[str, ...]]:
        """Yield what an item is now: what is told, in English, in Chinese; nothing of another subject."""
        if not isinstance(state, Item):
            return
        yield self._row("Item / 样品", state.id)
        yield ("State / 状态", *(code_word("item_status", state.status, self._reader(one)) for one in Language))
        for head, ident in (
            ("Held by / 保管方", state.custodian),
            ("At / 地点", state.site),
            ("Came in with / 货物", state.consignment),
            ("Under approval / 审批单", state.approval),
        ):
            if ident is not None:
                yield self._row(head, ident)
        if state.place is not None:
            yield ("Position / 存放位置", escaped(state.place), escaped(state.place))
        yield ("Left / 余量", *(_left(state.quantity, one) for one in Language))

    def _row(self, head: str, ident: str) -> tuple[str, ...]:
        english, chinese = (escaped(name_of(ident, self._reader(language))) for language in Language)
        return head, english, chinese

    def _reader(self, language: Language, rules: str = "") -> Reader:
        return Reader(language, self._zone(rules) if rules else UNIVERSAL, self._names, self._about)


def _readable(events: Iterable[Chosen]) -> Iterator[Event[Any]]:
    """Yield the events that this program knows; what a later one wrote gives no names here."""
    for one in events:
        with suppress(TooOld):
            yield event_of(one.recorded)


def escaped(text: str) -> str:
    """Return a text in which no mark of Markdown is one."""
    return _MARKS.sub(r"\\\g<0>", text)


def _left(quantity: Quantity | None, language: Language) -> str:
    if quantity is None:
        return words_in(language).form["unknown"]
    return amount_words(format_decimal(quantity.value), quantity.unit, language)
