"""Questions over the whole log, narrowed by the views: which subjects rows can be of is theirs to say.

What each row says is computed by the same function as of the whole log, from the events of these subjects and of all
that they name, which must be those that the runner noted. So nothing that was changed in the views is told as an
answer; that a subject is missing only ``vialog views check`` finds.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from msgspec.structs import replace as replaced

from ledger.domain.work.checks import OVER
from ledger.ids import StatementId, Tag, type_of
from ledger.statement.entries.state_entry import STATE_KIND
from projections.asked.reasons import period_of
from projections.claims.basis import Needs, around, basis, rested
from projections.folding.editions import Begun
from projections.folding.past import Past, Stored
from projections.reading import check_leaf, read_checked, told_about, told_ruling
from projections.views.acts.bookings import BOOKINGS
from projections.views.acts.excursions import EXCURSIONS, LEFT
from projections.views.acts.findings import FINDINGS
from projections.views.acts.lines import LINES
from projections.views.balances import balances
from projections.views.breaches import BREACHES
from projections.views.corrections import CORRECTIONS
from projections.views.obligations import OBLIGATIONS
from projections.views.states.approvals import APPROVALS
from projections.views.states.cases import CASES
from projections.views.states.items import ITEMS

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence, Set

    from ledger.domain.judging import Event
    from ledger.store.port import Readable
    from projections.asked.question import Asked, Question
    from projections.database.tables import Still
    from projections.views.view import View

    _Own = Callable[[Asked, Still, Readable, int], Asked | None]


@dataclass(frozen=True, slots=True)
class Narrowing:
    """Whom the rows of an answer can be of: what a query of a view finds. said: what it is asked with.

    below: what was made of them matters too. now: the view says who they are now; of an earlier time the log does.
    """

    view: View
    query: str
    said: Mapping[str, object]
    below: bool = False
    now: bool = False


def _cases(*matters: str) -> Narrowing:
    return Narrowing(CASES, "of_matters", {"matters": list(matters)})


def _owed(duty: str) -> Narrowing:
    return Narrowing(OBLIGATIONS, "owed_at", {"duty": duty})


NARROWED: Final[Mapping[str, Narrowing]] = {
    "application-days": _cases("application"),
    "checked-out": _owed("return-checkout"),
    "discrepancies": _cases("discrepancy"),
    "excursions": Narrowing(EXCURSIONS, "of_items", {"what": LEFT}, below=True),
    "findings": Narrowing(FINDINGS, "cases", {}),
    "incidents": _cases("loss", "incident"),
    "late-declarations": Narrowing(OBLIGATIONS, "of_duty", {"duty": "declare-at-destination"}),
    "meetings": _cases("assessment-meeting", "risk-assessment", "application"),
    "next-visits": _cases("supervision"),
    "nobodys": Narrowing(ITEMS, "in_no_hands", {"over": sorted(OVER)}, now=True),
    "rectifications": _cases("assessment-meeting", "risk-assessment", "application"),
    "unanswered-handovers": Narrowing(ITEMS, "on_offer", {}, now=True),
    "uncertified-exits": Narrowing(ITEMS, "of_status", {"status": "re-exported"}, now=True),
    "uncounted": Narrowing(OBLIGATIONS, "overdue_at", {"duty": "count-stock"}),
    "used-after-excursion": Narrowing(EXCURSIONS, "of_items", {"what": LEFT}, below=True),
    "visit-scores": _cases("supervision"),
    "visits-due": _cases("supervision"),
    "waste-in-store": _owed("hand-over-waste"),
    "waste-manifests": _cases("waste"),
    "withdrawn": Narrowing(APPROVALS, "of_status", {"status": "withdrawn"}, below=True, now=True),
}
"""By question. What is not here looks at the whole log: what was done with whatever item, or who signed what."""


FEW: Final = 200
"""So many subjects are read one by one however short the log is."""

_DEAR: Final = 25
"""A subject that is looked up by itself costs as much as so many events that are read in their order."""


class _TooMany(Exception):
    """That it costs less to read the whole log."""


def narrowed(question: Question, asked: Asked, still: Still, store: Readable, few: int = FEW) -> Asked | None:
    """Return what is asked with the events that its rows rest on; None: it has to be asked of the whole log.

    still: the views at one moment; nothing was recorded behind where they stand. few: so many subjects are read one by
    one at least; of more than that, and than pays off, the whole log is read.

    Raises IntegrityFailed: the events of a subject are not those that the runner noted. TooOld.
    """
    if Begun(asked.packs, asked.at).names != still.standing.editions:
        return None  # what is owed follows from which editions had begun
    most = max(few, still.standing.position // _DEAR)
    if (own := _OWN.get(question.name)) is not None:
        return own(asked, still, store, most)
    if (by := NARROWED.get(question.name)) is None or (by.now and asked.until is not None):
        return None
    subjects = frozenset(Tag(row[0]) for row in still.ask(by.view, by.query, **by.said, at=asked.at))
    told = _Told(store, still, subjects, most)
    try:
        events = basis(around(subjects, told, below=by.below), told)
    except _TooMany:
        return None
    return replace(asked, events=(*events, *_last(store, still, events)))


def _of_party(asked: Asked, still: Still, store: Readable, most: int) -> Asked | None:
    """Return what is asked about an enterprise: with the events about it, about what these name, and what it owes.

    Some statement about a permit, goods or a supervision names whoever holds it, has them or is its unit, and every
    statement its signers. Of an earlier time the log says who owed what.
    """
    if asked.subject is None or asked.until is not None:
        return None
    party = asked.subject
    owing = frozenset(Tag(row[0]) for row in still.ask(OBLIGATIONS, "of_debtor", debtor=party))
    told = _Told(store, still, owing | {party}, most)
    try:
        named, owed = around({party}, told), rested(owing, told, asked.editions)
        whole = named.whole | owed.whole | owing
        events = basis(Needs(whole, (named.ruled | owed.ruled) - whole), told)
    except _TooMany:
        return None
    leaves: dict[int, bytes] = {}
    for one in store.about_any(dict.fromkeys(whole, ())):
        check_leaf(one)
        leaves[one.position] = one.leaf
    return replace(asked, events=(*events, *_last(store, still, events)), leaves=leaves, owing=owing)


def _open_lines(asked: Asked, still: Still, store: Readable, most: int) -> Asked | None:
    """Return what is asked about lines that do not close: with all below their approvals, as the bookings come to.

    A pool may be of several approvals, and then what came in under each of them is read. Of an earlier time the log
    says which lines were open.
    """
    if asked.until is not None:
        return None
    lines = balances(still.every(LINES), still.ask(BOOKINGS, "sums"))
    found = {Tag(one.approval) for one in lines if one.unexplained or one.difference is None or one.difference}
    found |= {Tag(row[0]) for row in still.ask(ITEMS, "unmeasured")}
    subjects = frozenset[Tag]()
    events: tuple[Event[Any], ...] = ()
    try:
        while found - subjects:
            subjects |= found
            told = _Told(store, still, subjects, most)
            needs = around(subjects, told, below=True)
            events, found = basis(needs, told), {tag for tag in needs.whole if type_of(tag) == "approval"}
    except _TooMany:
        return None
    return replace(asked, events=(*events, *_last(store, still, events)))


def _last(store: Readable, still: Still, events: Sequence[Event[Any]]) -> tuple[Event[Any], ...]:
    """Return the newest event, where it is not among some: of it nothing but when it was recorded counts."""
    position = still.standing.position
    while position and (found := next(iter(store.read(position - 1, 1)))).kind == STATE_KIND:
        position -= 1
    if not position or (events and events[-1].position == position):
        return ()
    return (replaced(read_checked(found), tags=frozenset()),)


def _broken(asked: Asked, still: Still, store: Readable, most: int) -> Asked | None:
    """Return what is asked about breaches: with the statements of the period, and all that corrects or voids any."""
    since, until = period_of(asked)
    found = {StatementId(row[0]) for row in still.ask(BREACHES, "between", since=since, until=until)}
    found |= _corrected(still)
    if len(found) > most:
        return None
    return replace(asked, events=_stated(found, store))


def _amended(asked: Asked, still: Still, store: Readable, _: int) -> Asked:
    """Return what is asked about corrections: with the statements that correct or void others, and these."""
    return replace(asked, events=_stated(_corrected(still), store))


def _corrected(still: Still) -> set[StatementId]:
    """Return the statements that correct or void others, with these."""
    return {StatementId(one) for row in still.ask(CORRECTIONS, "pairs") for one in row}


def _stated(statements: Set[StatementId], store: Readable) -> tuple[Event[Any], ...]:
    """Return the events of some statements, oldest first."""
    found = [one for one in map(store.find, sorted(statements)) if one is not None]
    return tuple(read_checked(one) for one in sorted(found, key=lambda one: one.position))


_OWN: Final[Mapping[str, _Own]] = {
    "breaches": _broken,
    "compliance-file": _of_party,
    "corrections": _amended,
    "open-lines": _open_lines,
}
"""By question how it is narrowed, where that is not by subjects that one query names."""


class _Told:
    """The events of a log about subjects, up to where the views stand; each subject is read once."""

    def __init__(self, store: Readable, still: Still, subjects: Set[Tag], most: int) -> None:
        self._store, self._subjects, self._most = store, subjects, most
        self._kept = Stored(store)
        self._past = Past(self._kept, still)
        self._position = still.standing.position
        self._about: dict[Tag, list[Event[Any]]] = {}
        self._ruling: dict[Tag, list[Event[Any]]] = {}

    def about(self, tag: Tag) -> list[Event[Any]]:
        """Return the events about a subject, oldest first: of those asked about all, of others what changes them."""
        self.fetch((tag,))
        return self._about[tag]

    def ruling(self, tag: Tag) -> list[Event[Any]]:
        """Return the events that count for the status of a subject, oldest first."""
        self.fetch((), (tag,))
        return self._ruling[tag]

    def later(self, _: Tag) -> list[Event[Any]]:
        """Return none: nothing was recorded behind where the views stand."""
        return []

    def fetch(self, whole: Collection[Tag], ruled: Collection[Tag] = ()) -> None:
        """Read in one go what is not read yet of some subjects, of others of what counts for their status."""
        new = {tag for tag in whole if tag not in self._about}
        if len(self._about) + len(new) > self._most:
            raise _TooMany
        self._past.fetch(new, self._position)
        self._about |= {tag: self._past.events_of(tag, self._position) for tag in new}
        if every := dict.fromkeys(new & self._subjects, ()):
            self._about |= told_about(self._store, every, self._position, self._kept.once.checked)
        if some := [tag for tag in ruled if tag not in self._ruling]:
            self._ruling |= told_ruling(self._store, some, self._position, self._kept.once.checked)
