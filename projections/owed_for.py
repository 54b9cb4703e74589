"""What is owed, for who may read a part of the log: the views say in whose chains to look, what is read there what.

Each obligation is computed by the function that computes it of the whole log, of the events that the reader is shown.
So nothing of the views is told: a row that was changed there finds nothing, and one that is missing is not looked for.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ledger.ids import Tag, type_of
from ledger.statement.duties import ABOUT, own
from projections.accreditation import since
from projections.folding.around import Around
from projections.folding.editions import Begun
from projections.folding.others import Others
from projections.folding.past import FOLDED, Nothing, Past
from projections.obligations import Place, is_asked, row_of
from projections.own_kinds import ASKED_KINDS
from projections.reading import by_subject
from projections.views.obligations import OBLIGATIONS
from projections.worklist import behind

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping
    from datetime import datetime

    from ledger.domain.duties.obligation import Obligation
    from ledger.domain.judging import Event
    from ledger.rulepacks.load import RulePacks
    from projections.accreditation import Sites
    from projections.database.tables import Still
    from projections.folding.past import Kept
    from projections.obligations import Asked, ObligationRow


@dataclass(frozen=True, slots=True)
class Noted:
    """What the views say of an obligation that has not ended: which it is, until when, and whether it is overdue."""

    subject: Tag
    place: Place
    due: datetime | None
    overdue: bool

    @classmethod
    def of(cls, row: ObligationRow) -> Noted:
        """Return what is noted of a row."""
        return cls(row.subject, row.place, row.due, row.overdue)


def noted(still: Still, packs: RulePacks, asked: Asked, after: Noted | None, limit: int) -> list[Noted] | None:
    """Return what the views say has not ended, by its dates; None: other editions had begun by that instant.

    asked: of which standing and district are not looked at; of chains in which they know of later acts they do not tell
    how it stood at its instant. after: behind which they begin; None: at the first. limit: so many at most.
    """
    if Begun(packs, asked.at).names != still.standing.editions:
        return None
    begin = behind(None, None) if after is None else behind(after.due or "infinity", after.place)
    said = {"at": asked.at, "duty": asked.duty, "about": list(asked.subjects), "limit": limit}
    return [_noted(row) for row in still.ask(OBLIGATIONS, "owing", **said, **begin)]


def _noted(row: tuple[Any, ...]) -> Noted:
    subject, duty, opened_by, key, due, overdue = row
    return Noted(Tag(subject), Place(opened_by, duty, subject, key), due, bool(overdue))


class Owing:
    """What is owed in chains, computed of what a reader is shown; each subject is read once."""

    def __init__(self, kept: Kept, packs: RulePacks, asked: Asked, position: int, sites: Sites | None = None) -> None:
        """Compute nothing yet.

        kept: the events that the reader is shown. position: up to which it is told. sites: where is known what stands
        in a site; None: that is found out of all that ever did.
        """
        self._asked, self._editions, self._sites = asked, Begun(packs, asked.at), sites
        self._around_others = _others(_Told(kept, position, ASKED_KINDS), position)
        # In the chain of a site itself counts what stands there; to all others it is whose it is and where it lies.
        self._around_sites = _others(_Told(kept, position, FOLDED), position)
        self._found: dict[tuple[Tag, str | None], list[Obligation]] = {}

    def rows(self, subject: Tag) -> Iterator[ObligationRow]:
        """Yield what is owed in a subject's chain of what is asked for."""
        at = self._asked.at
        for one in self._of(subject):
            state = one.state_at(at)
            row = None if state is None else row_of(one, state, at)
            if row is not None and is_asked(row, self._asked):
                yield row

    def find(self, place: Place) -> ObligationRow | None:
        """Return the row of one obligation, however it stands; None: by what is read nothing was ever owed there."""
        for one in self._around(place):
            if Place(one.opened.position, one.duty.id, one.subject, one.owed.key) == place:
                state = one.state_at(self._asked.at)
                return None if state is None else row_of(one, state, self._asked.at)
        return None

    def _around(self, place: Place) -> list[Obligation]:
        """Return what is owed in the chain of an obligation, of a site this one at least."""
        subject, sites = Tag(place.subject), self._sites
        if type_of(subject) != "site" or sites is None or not sites.stands(place):
            return self._of(subject, place.duty)
        opening = sites.opening(place)
        return [] if opening is None else since(subject, opening, self._editions)

    def _of(self, subject: Tag, duty: str | None = None) -> list[Obligation]:
        """Return what is owed in a chain. duty: under this one at least; None: under every duty."""
        if (subject, None) in self._found:
            return self._found[subject, None]
        if (subject, duty) not in self._found:
            others = self._around_sites if type_of(subject) == "site" else self._around_others
            others.ask_for(subject, {})
            duties = [one for one in ABOUT.get(type_of(subject), ()) if duty in {None, one.id}]
            self._found[subject, duty] = own(others, subject, self._editions, duties)
        return self._found[subject, duty]


def around(kept: Kept, position: int) -> Around:
    """Return what is around subjects by the events of a log up to a position. kept: where these are."""
    return Around(_Told(kept, position, FOLDED), {}, position)


def _others(told: _Told, position: int) -> Others:
    near = Around(told, {}, position)
    return Others(near.events_of, lambda _, __: None, near.below, near.is_spoken_of)


class _Told(Past):
    """The past as a reader is shown it: what is noted of whole chains cannot be held against it."""

    def __init__(self, kept: Kept, position: int, kinds: Mapping[str, frozenset[str]]) -> None:
        super().__init__(kept, Nothing())
        self._kinds = kinds
        self._upto = position
        self._events: dict[Tag, list[Event[Any]]] = {}

    def events_of(self, tag: Tag, upto: int) -> list[Event[Any]]:
        self.fetch((tag,), upto)
        return self._events[tag]

    def fetch(self, tags: Collection[Tag], upto: int) -> None:
        wanted = {tag: self._kinds[type_of(tag)] for tag in tags if tag not in self._events}
        self._events |= by_subject((event for event, _ in self.kept.about(wanted) if event.position <= upto), wanted)
