"""Chains of duties as the runner keeps them: what runs in one, and behind which places one step more says it all."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, NamedTuple

from ledger.domain.acts import BY_POSITION, Place
from projections.folding.others import ANEW

if TYPE_CHECKING:
    from datetime import datetime

    from ledger.domain.duties.running import Running
    from ledger.domain.states.subjects import Subject
    from ledger.ids import Tag


@dataclass(slots=True)
class Chain:
    """The chain of one subject.

    last: where its newest step stands. told: where the newest one stands of a kind that some duty looks at. hears: that
    it takes in what is said of others.
    """

    last: Place | None = None
    told: Place | None = None
    running: list[Running] = field(default_factory=list)
    asked: dict[Tag, datetime] = field(default_factory=dict)
    hears: bool = False

    def is_behind(self, place: Place, subject: Subject, *, looked_at: bool) -> bool:
        """Say whether more than one step more is needed to take what stands at a place.

        looked_at: by some duty. What none looks at changes the states at later steps alone, of which none may be one
        that a duty looks at: so a bench that tells what it stored behind another does not make its site anew.
        """
        newest = self.last if looked_at else self.told
        late = newest is not None and place < newest and type(subject) not in BY_POSITION
        return late or self.hears

    def take(self, place: Place, *, looked_at: bool) -> None:
        """Take that a step stands at a place."""
        self.last = place if self.last is None else max(self.last, place)
        if looked_at:
            self.told = place if self.told is None else max(self.told, place)


class Newest(NamedTuple):
    """Where the newest events of a subject stand: of those that count by their time, and by their positions."""

    act: Place
    position: int

    def with_one(self, subject: Subject, place: Place, since: datetime | None) -> Newest:
        """Return where they stand with an event more. subject: before it. since: as ``since_when`` has it."""
        act = self.act if since is None or since == ANEW else max(self.act, place)
        by_position = since is None or not subject.known
        return Newest(act, max(self.position, place.position) if by_position else self.position)

    def is_before(self, place: Place) -> bool:
        """Say whether all of them count for the subject as it was at a place."""
        return self.act < place and self.position < place.position


NONE: Final = Newest(Place(ANEW, 0), 0)
