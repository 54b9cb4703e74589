"""What was applied before: the events of one subject, read again where its state is not in memory.

They are found by rows of tags, which somebody could have taken away. So of each subject is noted how many events were
applied, and their running hash, as the log's own index has them: what is read again must be those.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final, Protocol

from ledger.domain.fold import BEGINNING, initial, kinds_for
from ledger.domain.states.subjects import Item
from ledger.errors import IntegrityFailed
from ledger.ids import Tag, type_of
from ledger.statement.catalogue import KINDS
from ledger.statement.duties import ABOUT, HEARD
from ledger.tlog.index import NO_EVENTS, TagState, advance
from projections.names import NAMING
from projections.reading import Once
from projections.views.catalogue import SUBJECTS

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Set
    from datetime import datetime

    from ledger.domain.judging import Event
    from ledger.store.port import Readable


FOLDED: Final[Mapping[str, frozenset[str]]] = {
    of: kinds_for(of, KINDS).union(HEARD, NAMING[of], *(duty.kinds for duty in ABOUT.get(of, ()))) for of in SUBJECTS
}
"""By the type of a subject the kinds of whose events it is folded, or named, or something is owed in some chain."""

CHANGED: Final[Mapping[str, tuple[str, ...]]] = {
    kind: tuple(f"{of}:" for of in sorted(SUBJECTS) if kind in FOLDED[of]) for kind in KINDS
}
"""By kind how the ids of subjects begin that are folded from its events."""


_LATELY: Final = 5_000
"""The events of how many subjects are kept at most for whoever asks again."""

MAKING: Final = BEGINNING[Item]
"""The kinds that bring items into being."""


class Noted(Protocol):
    """What is noted beside the rows, up to the position that they stand at."""

    def seen(self, tags: Collection[Tag]) -> Mapping[Tag, TagState]:
        """Return how many events of some subjects were applied, and their running hash; none of one without any."""
        ...

    def resting_on(self, changed: Mapping[Tag, datetime]) -> Collection[Tag]:
        """Return whose obligations rest on some subjects as they were at an instant or later."""
        ...


class Kept(Protocol):
    """Where the events of the log are."""

    def about(self, wanted: Mapping[Tag, Collection[str]], after: int = 0) -> Iterator[tuple[Event[Any], bytes]]:
        """Yield the events that bear one of some tags, each once, oldest first, with the hash of its entry.

        wanted: by tag the kinds that are asked for with it; all, where none is named. after: behind which position.
        """
        ...


class Stored:
    """The events of a store."""

    def __init__(self, store: Readable) -> None:
        """Read nothing yet."""
        self._store = store
        self.once = Once()

    def about(self, wanted: Mapping[Tag, Collection[str]], after: int = 0) -> Iterator[tuple[Event[Any], bytes]]:
        """Yield events as ``Kept`` says. Raises IntegrityFailed, TooOld: one of them cannot be read."""
        for recorded in self._store.about_any(wanted, after):
            yield self.once.read(recorded)


class Nothing:
    """What is noted where views are made anew: nothing before the first event."""

    def seen(self, _: Collection[Tag]) -> Mapping[Tag, TagState]:
        """Return none."""
        return {}

    def resting_on(self, _: Mapping[Tag, datetime]) -> Collection[Tag]:
        """Return none."""
        return ()


class Past:
    """What was applied up to a position, of subjects that are in memory or not."""

    def __init__(self, kept: Kept, noted: Noted) -> None:
        """Know of nothing but what is noted."""
        self.kept = kept
        self.noted = noted
        self.seen: dict[Tag, TagState] = {}
        """Of the subjects that something was applied of since all was written, how many events were, and their hash."""
        self._known: dict[Tag, TagState] = {}
        self._told: dict[Tag, tuple[TagState, list[Event[Any]]]] = {}
        self._makes: dict[int, Mapping[Tag, Collection[Tag]]] = {}

    def seen_of(self, tag: Tag) -> TagState:
        """Return how many events of a subject were applied, and their running hash."""
        if tag in self.seen:
            return self.seen[tag]
        if tag not in self._known:
            self.look_up((tag,))
        return self._known[tag]

    def look_up(self, tags: Collection[Tag]) -> None:
        """Ask in one go what is noted of some subjects, such as those of a batch."""
        unknown = {tag for tag in tags if tag not in self.seen and tag not in self._known}
        if unknown:
            self._known |= dict.fromkeys(unknown, NO_EVENTS) | dict(self.noted.seen(unknown))

    def written(self, kept: Collection[Tag], most: int) -> None:
        """Take that all is written. kept: the subjects of which is known what is noted, where that is of more."""
        self._known |= self.seen
        self.seen = {}
        self._told.clear()  # a follower keeps states from batch to batch, and no events
        if len(self._known) > most:
            self._known = {tag: self._known[tag] for tag in kept if tag in self._known}

    def events_of(self, tag: Tag, upto: int) -> list[Event[Any]]:
        """Return the events that a subject is folded from, oldest first; as ``told_of``. upto: is applied."""
        self.fetch((tag,), upto)
        return self._told[tag][1]

    def fetch(self, tags: Collection[Tag], upto: int) -> None:
        """Read in one go the events of some subjects that are not at hand. upto: is applied. Raises IntegrityFailed."""
        self.look_up(tags)
        seen = {tag: self.seen_of(tag) for tag in tags}
        lacking = {tag: one for tag, one in seen.items() if tag not in self._told or self._told[tag][0] != one}
        if lacking:
            if len(self._told) + len(lacking) > _LATELY:
                self._told.clear()
                lacking = seen
            found = told_of(self.kept, lacking, upto)
            self._told |= {tag: (lacking[tag], told) for tag, told in found.items()}

    def made_of(self, items: Iterable[Tag], upto: int) -> dict[Tag, list[Event[Any]]]:
        """Return the events of some items, and of whatever any of these says was made of them, as the log tells it."""
        found: dict[Tag, list[Event[Any]]] = {}
        pending = set(items)
        while pending:
            self.fetch(pending, upto)
            found |= {item: self.events_of(item, upto) for item in pending}
            made = {one for item in pending for event in found[item] for one in self._made(event).get(item, ())}
            pending = made - found.keys()
        return found

    def _made(self, event: Event[Any]) -> Mapping[Tag, Collection[Tag]]:
        """Return what an event says was made of what; looked at once, however many items it names."""
        if event.said.kind not in MAKING:
            return {}
        if event.position not in self._makes:
            if len(self._makes) >= _LATELY:
                self._makes.clear()
            self._makes[event.position] = made_by(event)
        return self._makes[event.position]

    def named_with(self, tags: Collection[Tag], of: str, kinds: Collection[str], upto: int) -> set[Tag]:
        """Return the subjects of a type that statements of some kinds about some subjects name."""
        told = self.kept.about(dict.fromkeys(tags, kinds))
        return {one for event, _ in told if event.position <= upto for one in event.tags if type_of(one) == of}


def made_by(event: Event[Any]) -> Mapping[Tag, Set[Tag]]:
    """Return by parents what an event says was made of them."""
    found: defaultdict[Tag, set[Tag]] = defaultdict(set)
    for tag in event.tags:
        if type_of(tag) == "item":
            made = KINDS[event.said.kind].evolve(initial(tag), event)
            for parent in made.parents if isinstance(made, Item) else ():
                found[Tag(parent)].add(tag)
    return found


def told_of(kept: Kept, seen: Mapping[Tag, TagState], upto: int) -> dict[Tag, list[Event[Any]]]:
    """Return by subject the events that it is folded from, oldest first; read in one go.

    seen: by subject what was applied of it. upto: the last position that counts.

    Raises IntegrityFailed: what the rows of tags lead to is not what was applied.
    """
    found: dict[Tag, list[Event[Any]]] = {tag: [] for tag in seen}
    states = dict.fromkeys(seen, NO_EVENTS)
    wanted = {tag: FOLDED[type_of(tag)] for tag, one in seen.items() if one.count}
    for event, leaf in kept.about(wanted):
        if event.position > upto:
            break
        for tag in event.tags & wanted.keys():
            if event.said.kind in wanted[tag]:
                found[tag].append(event)
                states[tag] = advance(states[tag], event.position, leaf)
    for tag, state in states.items():
        if state != seen[tag]:
            raise IntegrityFailed(
                f"{tag}: the views note {seen[tag].count} events of it up to position {upto}, and the log's rows of "
                "tags lead to others: one of the two was changed; run `vialog views rebuild`, and if it stops too, "
                "`vialog log verify`"
            )
    return found
