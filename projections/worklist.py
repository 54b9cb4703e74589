"""What is owed, from the views: which obligations a page has is theirs to say, what each row says is computed again.

Of each obligation on the page the subject's own events are read again, and those of whom it rests on, which must be
those that the runner noted; what comes of them must be the row. That one is missing only ``vialog views check`` finds.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from ledger.domain.fold import fold
from ledger.errors import IntegrityFailed
from ledger.ids import Tag, type_of
from ledger.statement.catalogue import KINDS
from ledger.statement.duties import ABOUT, own
from projections.folding.around import Around
from projections.folding.editions import Begun
from projections.folding.others import Others
from projections.folding.past import Past, Stored
from projections.lists import Page
from projections.obligations import Standing, is_asked, lies_in, no_place, row_of
from projections.views.obligations import OBLIGATIONS, row

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from ledger.domain.duties.obligation import Obligation
    from ledger.rulepacks.load import RulePacks
    from ledger.store.port import Readable
    from projections.database.tables import Still
    from projections.obligations import Asked, ObligationRow, Part, Place

_ENDED: Final = frozenset({Standing.MET, Standing.LAPSED})


def tells_of(still: Still, editions: Begun, at: datetime) -> bool:
    """Say whether the views tell of an instant: no act that they know of is later, and no other editions had begun."""
    return editions.names == still.standing.editions and still.ask(OBLIGATIONS, "later_acts", at=at) == [(False,)]


def behind(due: object, place: Place | None) -> dict[str, object]:
    """Return what says to a query of ``OBLIGATIONS`` behind which one its page begins; of no place: at the first."""
    names = ("after_due", "after_opened", "after_duty", "after_subject", "after_key")
    return dict.fromkeys(names) if place is None else dict(zip(names, (due, *place), strict=True))


def listed(still: Still, store: Readable, packs: RulePacks, asked: Asked, part: Part) -> Page[ObligationRow] | None:
    """Return a page of what is owed, as ``obligations.folded`` does, up to where the views stand.

    still: the views at one moment.

    None: the views cannot say how it stands at that instant: it is earlier than acts that they know of, or other
    editions had begun by then. Raises IntegrityFailed: a row on the page, or the events that it was made of, is not
    what the log says. NotFound: there is no obligation to begin behind.
    """
    editions = Begun(packs, asked.at)
    said = {"at": asked.at, "duty": asked.duty, "about": list(asked.subjects), "district": asked.district}
    if not tells_of(still, editions, asked.at):
        return None
    due = None
    if (after := part.after) is not None:
        place = dict(zip(("opened_by", "duty", "subject", "key"), after, strict=True))
        ((due,),) = still.ask(OBLIGATIONS, "due_of", **place) or no_place(after)
    query = "ended" if asked.standing in _ENDED else "unended"
    said["standing"] = None if asked.standing is None else asked.standing.value
    ((total,),) = still.ask(OBLIGATIONS, f"{query}_counted", **said)
    found = still.ask(OBLIGATIONS, query, **said, **behind(due, after), limit=part.limit + 1)
    shown = found[: part.limit]
    again = _Again(store, still, editions)
    again.fetch([one[0] for one in shown])
    rows = tuple(_told(again, tuple(one), asked) for one in shown)
    return Page(rows, total, len(found) > part.limit)


def _told(again: _Again, stored: tuple[Any, ...], asked: Asked) -> ObligationRow:
    """Return the row of a stored one, computed again."""
    subject, duty, opened_by, key = stored[: OBLIGATIONS.key]
    for one in again.obligations(subject):
        if (one.duty.id, one.opened.position, one.owed.key) == (duty, opened_by, key) and row(one) == _plain(stored):
            state = one.state_at(asked.at)
            found = None if state is None else row_of(one, state, asked.at)
            if found is not None and is_asked(found, asked) and again.lies(found, asked.district):
                return found
    raise IntegrityFailed(
        f"vialog_views.{OBLIGATIONS.name}, row {subject}: it is not what the log makes of its subject; "
        "`vialog views check` says in what"
    )


def _plain(stored: tuple[Any, ...]) -> tuple[Any, ...]:
    return tuple(tuple(cell) if isinstance(cell, list) else cell for cell in stored)


@dataclass(slots=True)
class _Again:
    """What is owed for subjects, computed again from the events that the views were made of."""

    store: Readable
    still: Still
    editions: Begun
    _found: dict[Tag, list[Obligation]] = field(default_factory=dict)
    _others: Others = field(init=False)
    _past: Past = field(init=False)

    def __post_init__(self) -> None:
        """Read nothing yet."""
        self._past = Past(Stored(self.store), self.still)
        around = Around(self._past, {}, self.still.standing.position)
        self._others = Others(around.events_of, lambda _, __: None, around.below, around.is_spoken_of)

    def fetch(self, subjects: Collection[Tag]) -> None:
        """Read in one go the events of some subjects."""
        self._past.fetch(subjects, self.still.standing.position)

    def obligations(self, subject: Tag) -> list[Obligation]:
        """Return all that is or was owed for a subject. Raises IntegrityFailed: its events are not those noted."""
        if subject not in self._found:
            self._others.ask_for(subject, {})
            self._found[subject] = own(self._others, subject, self.editions, ABOUT.get(type_of(subject), ()))
        return self._found[subject]

    def lies(self, one: ObligationRow, district: str | None) -> bool:
        """Say whether it has to do with a district, if one is asked for."""
        return district is None or any(lies_in(self._subject(tag), district) for tag in one.about)

    def _subject(self, tag: Tag) -> object:
        return fold(tag, self._past.events_of(tag, self.still.standing.position), KINDS)
