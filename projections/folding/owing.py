"""What is owed, kept up with the log: of each chain what runs, step by step, and anew where a step does not say it all.

Anew from all events of a subject: what was made anew; what was told behind its newest act; what hears of others; and
what rests on another subject of which something became known that happened before it was asked for. Any of these gives
what ``ledger.statement.duties.obligations`` does, which looks at the whole log.
"""

from __future__ import annotations

from functools import cache, partial
from typing import TYPE_CHECKING, Any, Final, NamedTuple, Protocol

from ledger.domain.acts import Place, place_of
from ledger.domain.duties.duty import Step
from ledger.domain.duties.running import opening_of, run, taken
from ledger.domain.duties.spanning import ORIGINS
from ledger.domain.fold import rewrites
from ledger.domain.states.subjects import Item
from ledger.ids import Tag, type_of
from ledger.statement.duties import ABOUT, HEARD
from projections.folding.chains import NONE, Chain, Newest
from projections.folding.others import ANEW, Others
from projections.folding.reached import LOOKED_AT, cases_of, hearers, since_when
from projections.views.obligations import OBLIGATIONS, RESTING, row

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence, Set
    from datetime import datetime

    from ledger.domain.duties.duty import Hearing
    from ledger.domain.duties.running import Opening, Running
    from ledger.domain.judging import Event
    from ledger.domain.states.subjects import Subject
    from projections.folding.editions import Begun
    from projections.folding.rows import Rows
    from projections.views.view import Change

_OPENING: Final[Mapping[str, Opening]] = {of: opening_of(duties) for of, duties in ABOUT.items()}

_HEARING: Final[Mapping[str, tuple[Hearing, ...]]] = {
    of: tuple(one.hears for one in duties if one.hears is not None) for of, duties in ABOUT.items()
}


class Folded(Protocol):
    """The subjects of the log, as the runner has them."""

    def now(self, tag: Tag) -> Subject | None:
        """Return a subject as it is now; None where it is not in memory."""
        ...

    def is_first(self, tag: Tag) -> bool:
        """Say whether the event at hand is the first of a subject."""
        ...

    def events_of(self, tag: Tag) -> list[Event[Any]]:
        """Return all events that a subject is folded from, oldest first."""
        ...

    def below(self, tags: Set[Tag]) -> Collection[Tag]:
        """Return the items that came in under some subjects, or were made of these or of them."""
        ...

    def beside(self, tag: Tag, of: str) -> Collection[Tag]:
        """Return the subjects of a type that events of a subject name."""
        ...

    def is_spoken_of(self, tag: Tag) -> bool:
        """Say whether a statement of ``duties.HEARD`` bears a tag, as far as is applied."""
        ...

    def resting_on(self, changed: Mapping[Tag, datetime]) -> Collection[Tag]:
        """Return whose obligations rest on some subjects as they were at an instant or later, by the rows written."""
        ...


class Owing:
    """Keeps up what is owed. One thread uses it."""

    def __init__(self, folded: Folded, editions: Begun) -> None:
        """Know of nothing yet. editions: those that had begun when the last event was recorded that will be taken."""
        self._folded = folded
        self._editions = editions
        self._chains: dict[Tag, Chain] = {}
        self._newest: dict[Tag, Newest] = {}
        self._resting: dict[Tag, dict[Tag, datetime]] = {}
        self._anew: set[Tag] = set()
        self._touched: dict[Tag, datetime] = {}
        self._heard_of: set[Tag] = set()
        self._renamed: set[Tag] = set()
        self._others = Others(folded.events_of, self._at, folded.below, folded.is_spoken_of)

    def made_anew(self, event: Event[Any], tags: Collection[Tag]) -> None:
        """Take that some subjects were made anew, by an event that corrects, voids or comes behind others."""
        self._others.forget(tags)
        self._anew |= set(tags)
        for tag in tags:
            self._newest.pop(tag, None)
        rewriting = event.tags if rewrites(event) else frozenset()
        for tag in {*tags, *rewriting}:
            self._touch(tag, ANEW)
        self._heard_of |= {tag for tag in rewriting if self._folded.is_spoken_of(tag)}
        self._renamed |= {tag for tag in rewriting if type_of(tag) in ORIGINS}

    def take(self, event: Event[Any], changes: Sequence[Change], rows: Rows) -> None:
        """Take an event that comes in its order for some subjects, each before and after it, changed or not."""
        self._others.forget([change.tag for change in changes])
        place = place_of(event)
        for change in changes:
            self._note(change.tag, change.before, event, place)
        for change in changes:
            if type_of(change.tag) in ABOUT and change.tag not in self._anew:
                self._step(change, event, place, rows)
        if event.said.kind in HEARD:
            self._heard_of |= event.tags

    def settle(self, rows: Rows) -> None:
        """Make anew what is to be, by all that was taken."""
        self._anew |= set(self._folded.resting_on(self._touched)) | hearers(self._heard_of, self._folded)
        # What is now below a subject may be what a case about this was looking for.
        self._anew |= cases_of(self._renamed, self._folded)
        self._others.forget(list(self._anew))
        for tag in sorted(self._anew):
            if type_of(tag) in ABOUT:
                self._make_anew(tag, rows)
        self._touched.clear()
        self._heard_of.clear()
        self._renamed.clear()
        self._anew.clear()

    def written(self, kept: Collection[Tag]) -> None:
        """Take that all rows are written. kept: the subjects that are not to be forgotten."""
        self._resting.clear()
        self._others.forget_all()
        self._chains = {tag: one for tag, one in self._chains.items() if tag in kept}
        self._newest = {tag: one for tag, one in self._newest.items() if tag in kept}

    # What rests on others

    def _note(self, tag: Tag, before: Subject, event: Event[Any], place: Place) -> None:
        """Note as of when an event changes what rests on a subject, and where its newest act stands."""
        since, newest = since_when(before, event), self._newest.get(tag)
        if newest is not None or self._folded.is_first(tag):
            self._newest[tag] = (newest or NONE).with_one(before, place, since)
        if since is not None:
            self._touch(tag, since)

    def _touch(self, tag: Tag, since: datetime) -> None:
        self._touched[tag] = min(since, self._touched.get(tag, since))
        if tag in self._resting:
            self._anew |= {subject for subject, until in self._resting[tag].items() if until >= since}

    def _put_resting(self, subject: Tag, asked: Iterable[tuple[Tag, datetime]], rows: Rows) -> None:
        for other, until in asked:
            self._resting.setdefault(other, {})[subject] = until
            rows.put(RESTING, (subject, other, until))

    def _at(self, tag: Tag, place: Place | None) -> Subject | None:
        """Return a subject as it is now, where that is what it was at a place; None: it is not, or nobody knows."""
        found = self._folded.now(tag)
        if found is None or place is None:
            return found
        if tag not in self._newest:
            newest = NONE
            for event, before, _ in self._others.changes(tag):
                newest = newest.with_one(before, place_of(event), since_when(before, event))
            self._newest[tag] = newest
        return found if self._newest[tag].is_before(place) else None

    # Step by step

    def _step(self, change: Change, event: Event[Any], place: Place, rows: Rows) -> None:
        tag, kind = change.tag, event.said.kind
        chain, opening = self._chains.get(tag), _OPENING[type_of(tag)]
        if chain is None and self._folded.is_first(tag):
            chain = self._chains[tag] = Chain()
        looked_at = kind in LOOKED_AT[type_of(tag)]
        if chain is None or chain.is_behind(place, change.after, looked_at=looked_at) or self._hears(change, event):
            self._anew.add(tag)
            return
        chain.take(place, looked_at=looked_at)
        if kind not in opening and not any(kind in one.duty.kinds for one in chain.running):
            return
        asked: dict[Tag, datetime] = {}
        self._others.ask_for(tag, asked)
        then = partial(self._others.world, event.recorded, Place(place.instant, place.position + 1))
        rules = self._editions.by_name(event.rules)
        step = Step(tag, event, change.before, change.after, rules, then, place.instant)
        changed, opened = taken(chain.running, opening, step)
        if changed or opened:
            chain.running = [one for one in (*chain.running, *opened) if not one.over]
            for one in (*changed, *opened):
                rows.put(OBLIGATIONS, row(one.obligation(tag, self._editions)))
        later = {other: until for other, until in asked.items() if until > chain.asked.get(other, ANEW)}
        chain.asked |= later
        self._put_resting(tag, later.items(), rows)

    def _hears(self, change: Change, event: Event[Any]) -> bool:
        """Say whether something was said of others that a subject hears of; of an item these are fixed when it is made.

        What is said of them later makes whoever hears of it anew.
        """
        if not change.after.known or (change.before.known and isinstance(change.after, Item)):
            return False
        tag, world = change.tag, self._others.world(event.recorded)
        return any(self._folded.is_spoken_of(other) for one in _HEARING[type_of(tag)] for other in one.of(world, tag))

    # Anew

    def _make_anew(self, tag: Tag, rows: Rows) -> None:
        chain = self._chains[tag] = Chain()
        self._others.ask_for(tag, chain.asked)
        owed = owed_in(self._others, tag, self._editions)
        rows.clear(OBLIGATIONS, tag)
        rows.clear(RESTING, tag)
        chain.hears = owed.hears
        for one in owed.found:
            rows.put(OBLIGATIONS, row(one.obligation(tag, self._editions)))
            if not one.over:
                chain.running.append(one)
        for step in owed.steps:
            chain.take(place_of(step.event), looked_at=step.event.said.kind in LOOKED_AT[type_of(tag)])
        self._put_resting(tag, chain.asked.items(), rows)


class InChain(NamedTuple):
    """What is owed in one chain. found: all that was ever. hears: that it takes in what is said of others."""

    steps: list[Step]
    found: list[Running]
    hears: bool


def owed_in(others: Others, tag: Tag, editions: Begun) -> InChain:
    """Return what is owed in a subject's chain, by all events of it and of whoever it hears of or asks for."""
    steps = others.chain(tag, editions)
    of = type_of(tag)
    found: list[Running] = []
    silent: list[str] = []
    for duty in ABOUT[of]:
        told = steps if duty.hears is None else others.heard(tag, steps, duty.hears, editions)
        if len(told) > len(steps):
            found += run(_opening(of, (duty.id,)), told)
        else:
            silent.append(duty.id)
    return InChain(steps, [*found, *run(_opening(of, tuple(silent)), steps)], len(silent) < len(ABOUT[of]))


@cache
def _opening(of: str, ids: tuple[str, ...]) -> Opening:
    """Return what some of the duties about subjects of a type are opened by; of the few sets of them that come up."""
    return opening_of([duty for duty in ABOUT[of] if duty.id in ids])
