"""What is owed for a site while something stands there, computed without all that ever stood there.

A busy site bears ten thousands of statements that bring things in and out, and what is owed for it asks of them one
thing: whether anything stands there. So what opened an obligation is read, the site's own statements are, and from
there on it is taken that something stood there. Whoever asks has to know that; that it was so all the time between
follows from nothing that is read here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Protocol

from msgspec.structs import replace
from rpds import HashTrieMap

from ledger.domain.acts import place_of
from ledger.domain.fold import initial
from ledger.domain.states.site import Site
from ledger.statement.duties import ABOUT, own
from projections.folding.others import Others

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ledger.domain.duties.duty import Editions
    from ledger.domain.duties.obligation import Obligation
    from ledger.domain.judging import Event
    from ledger.domain.states.subjects import Subject
    from ledger.ids import ItemId, Tag
    from projections.folding.others import Chain
    from projections.obligations import Place


@dataclass(frozen=True, slots=True)
class Opening:
    """What an obligation of a site is computed from.

    event: what opened it, as it counts. told: that event as it was recorded, and the site's own statements.
    steps: these as they count, with the site before and after each, and nothing in it.
    """

    event: Event[Any]
    told: Sequence[Event[Any]]
    steps: Chain


class Sites(Protocol):
    """Where is known whether something stands in a site, and what made it owe something."""

    def stands(self, place: Place) -> bool:
        """Say whether something stands there, and has since an obligation was opened; False: that is not known."""
        ...

    def opening(self, place: Place) -> Opening | None:
        """Return what an obligation is computed from; None: what opened it is not there, or not shown."""
        ...


def since(site: Tag, opening: Opening, editions: Editions) -> list[Obligation]:
    """Return what is owed for a site if something has stood there since an event, and before it nothing did."""
    chain = _standing(site, opening)
    others = Others(lambda _: [*opening.told], lambda _, __: None, lambda _: (), lambda _: False, lambda _: chain)
    others.ask_for(site, {})
    return own(others, site, editions, ABOUT["site"])


def _standing(site: Tag, opening: Opening) -> Chain:
    """Return the steps of the site, from an event on with something in it."""
    # What brings a subject into being comes first, whenever it is said to have been.
    first, later = opening.steps[:1], opening.steps[1:]
    place = place_of(opening.event)
    before = [*first, *(step for step in later if place_of(step[0]) < place)]
    behind = [(event, _held(was), _held(is_)) for event, was, is_ in later if place_of(event) >= place]
    if all(event.position != opening.event.position for event, _, _ in behind):
        empty = before[-1][2] if before else initial(site)
        behind.insert(0, (opening.event, empty, _held(empty)))
    return [*before, *behind]


_SOMETHING: Final[HashTrieMap[str, tuple[ItemId, ...]]] = HashTrieMap({"": ()})
"""That positions are taken, by whatever."""


def _held(site: Subject) -> Subject:
    return replace(site, places=_SOMETHING) if isinstance(site, Site) else site
