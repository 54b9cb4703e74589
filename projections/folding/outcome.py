"""The rows that the subjects of a whole log come to, each subject folded once, from all its events as they count.

Nothing is made step by step, and nothing made anew later. Equal to what following comes to (``applying``), which knows
of no end.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ledger.ids import Tag, type_of
from ledger.statement.duties import ABOUT
from projections.folding.applying import Noting, put_steps
from projections.folding.calling import given_by, is_named, put_named
from projections.folding.descents import Descents
from projections.folding.forward import chain_of
from projections.folding.others import Others
from projections.folding.owing import owed_in
from projections.folding.rows import Rows
from projections.views.catalogue import OF
from projections.views.obligations import OBLIGATIONS, RESTING
from projections.views.obligations import row as obligation

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import datetime
    from typing import Any

    from ledger.domain.judging import Event
    from ledger.ids import StatementId
    from ledger.tlog.index import TagState
    from projections.folding.editions import Begun
    from projections.folding.others import Chain
    from projections.folding.whole import Whole

_LATELY: Final = 200_000
"""How many steps of chains are kept at most for whoever asks for them again."""

_AT_ONCE: Final = 20_000
"""How many events subjects have, at least, whose rows are handed over together."""


class Outcome:
    """What subjects of a whole log come to. One thread uses it."""

    def __init__(self, whole: Whole, editions: Begun) -> None:
        """Have made none yet. editions: those that had begun when the last event was recorded."""
        self._whole = whole
        self._editions = editions
        self._chains = Chains(whole)
        self._descents = Descents(self._chains.of)
        self._others = Others(whole.events_of, lambda _, __: None, whole.below, whole.is_spoken_of, self._chains.of)
        self._given: dict[StatementId, Mapping[str, Sequence[tuple[str, str]]]] = {}

    def notings(self, tags: Iterable[Tag]) -> Iterator[Noting]:
        """Yield what is to be written of some subjects, some of them at a time."""
        seen: dict[Tag, TagState] = {}
        rows, count = Rows(), 0
        for tag in tags:
            self._put(tag, rows)
            seen[tag] = self._whole.seen_of(tag)
            count += seen[tag].count
            if count >= _AT_ONCE:
                yield Noting(rows, seen)
                rows, seen, count = Rows(), {}, 0
            if self._chains.kept > _LATELY:
                self._forget()
        yield Noting(rows, seen)

    def _put(self, tag: Tag, rows: Rows) -> None:
        events = self._whole.events_of(tag)
        of, chain, whence = type_of(tag), self._chains.of(tag), self._descents.of
        self._whole.put_stated_with(tag, rows)
        put_steps(tag, chain, whence, rows)
        if chain and (state := chain[-1][2]).known:  # all that made it may have been voided
            for view in OF[of]:
                if view.state is not None and (made := view.state(state, whence)) is not None:
                    rows.put(view, made)
            if is_named(tag):
                put_named(tag, events, self._given_by, rows)
        if of in ABOUT:
            self._put_owed(tag, rows)

    def _given_by(self, event: Event[Any]) -> Mapping[str, Sequence[tuple[str, str]]]:
        """Return the names that a statement gives; looked at once, for it may name a thousand items."""
        if (given := self._given.get(event.said.id)) is None:
            given = self._given[event.said.id] = given_by(event)
        return given

    def _put_owed(self, tag: Tag, rows: Rows) -> None:
        asked: dict[Tag, datetime] = {}
        self._others.ask_for(tag, asked)
        for one in owed_in(self._others, tag, self._editions).found:
            rows.put(OBLIGATIONS, obligation(one.obligation(tag, self._editions)))
        for other, until in asked.items():
            rows.put(RESTING, (tag, other, until))

    def _forget(self) -> None:
        self._whole.forget()
        self._chains.forget()
        self._given.clear()
        self._others.forget_all()
        self._descents.forget(0)


class Chains:
    """The chains of subjects of a whole log, each folded when it is first asked for. kept: how many steps they have."""

    def __init__(self, whole: Whole) -> None:
        """Have folded none yet."""
        self._whole = whole
        self._found: dict[Tag, Chain] = {}
        self.kept = 0

    def of(self, tag: Tag) -> Chain:
        """Return the events of a subject as they count, with its states before and after each."""
        if (chain := self._found.get(tag)) is None:
            chain = self._found[tag] = chain_of(tag, self._whole.events_of(tag))
            self.kept += len(chain)
        return chain

    def forget(self) -> None:
        """Forget them all: who asks again has them folded again."""
        self._found.clear()
        self.kept = 0
