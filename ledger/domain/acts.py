"""Acts in time: which acts make a subject's own chain, and in which order the events of a subject count.

What an item, a consignment, a case or a site *is* follows the order of the acts, as their signers date them, and not
the order of the telling. What only the log orders (who may sign, what an approval's lines have left) goes by position.
"""

from __future__ import annotations

from enum import Enum, auto
from functools import cache
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from ledger.domain.judging import Event
from ledger.domain.states.border import Approval, Consignment
from ledger.domain.states.party import Party
from ledger.domain.states.permit import Permit
from ledger.domain.states.site import Site
from ledger.domain.states.subjects import Case, Item, Key, Subject
from ledger.ids import ItemId, Tag, type_of

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping
    from datetime import datetime

    from ledger.domain.judging import Signed
    from ledger.domain.kind import Kind

LINKS: Final[Mapping[type[Subject], frozenset[str]]] = {
    Item: frozenset(
        {
            "item.listed/1", "item.collected/1", "stock.opened/1", "consignment.certified/1",
            "shipment.packed/1", "temperature.recorded/1", "excursion.dispositioned/1",
            "consignment.sampled/1", "consignment.held/1", "consignment.hold-lifted/1", "consignment.released/1",
            "return.ordered/1", "return.executed/1", "destruction.ordered/1", "destruction.executed/1",
            "custody.handed-over/1", "custody.accepted/1", "custody.refused/1", "item.received/1", "item.labelled/1",
            "item.stored/1", "item.moved/1", "item.checked-out/1", "item.returned/1", "stock.counted/1",
            "transfer.sent/1", "transfer.received/1", "item.used/1", "item.tested/1", "item.aliquoted/1",
            "item.derived/1", "item.pooled/1", "item.propagated/1", "item.inactivated/1", "inactivation.verified/1",
            "loss.reported/1", "incident.reported/1", "incident.closed/1", "disposal.requested/1",
            "disposal.approved/1", "item.destroyed/1", "waste.handed-over/1", "waste.certified/1",
            "item.re-exported/1", "activity.ended/1", "sale.recorded/1", "deposit.receipted/1",
            "supervision.visited/1", "recall.ordered/1", "recall.extended/1", "recall.lifted/1",
            "legal-hold.placed/1", "legal-hold.lifted/1", "consent.withdrawn/1",
        }
    ),
    Consignment: frozenset(
        {
            "consignment.announced/1", "consignment.certified/1", "consignment.arrived/1", "consignment.declared/1",
            "consignment.inspected/1", "consignment.held/1", "consignment.hold-lifted/1", "consignment.released/1",
            "return.ordered/1", "destruction.ordered/1", "destination.declared/1", "use.consented/1",
        }
    ),
    Case: frozenset(
        {
            "return.ordered/1", "destruction.ordered/1", "discrepancy.recorded/1", "discrepancy.resolved/1",
            "transfer.sent/1", "loss.reported/1", "incident.reported/1", "incident.closed/1", "disposal.requested/1",
            "disposal.approved/1", "waste.handed-over/1", "waste.certified/1",
            "application.submitted/1", "application.completion-asked/1", "application.supplemented/1",
            "application.accepted/1", "application.paused/1", "application.resumed/1", "application.extended/1",
            "application.decided/1", "application.refused/1", "application.not-accepted/1", "application.withdrawn/1",
            "risk-assessment.requested/1", "risk-assessment.completeness-answered/1", "risk-assessment.supplemented/1",
            "risk-assessment.panel-formed/1", "assessment-meeting.held/1", "risk-assessment.visited/1",
            "risk-assessment.rectified/1", "risk-assessment.rectification-verified/1", "risk-assessment.reported/1",
            "risk-assessment.relied-on/1",
            "supervision.planned/1", "supervision.joined/1", "supervision.delegated/1", "supervision.visited/1",
            "supervision.escalated/1", "supervision.closed/1", "finding.raised/1", "finding.answered/1",
            "finding.decided/1", "finding.corrected/1", "finding.verified/1", "finding.rejected/1",
            "finding.reopened/1", "incident.notified/1", "incident.investigated/1", "exposure.watch-opened/1",
            "exposure.watch-ended/1", "recall.ordered/1", "recall.extended/1", "recall.lifted/1",
            "legal-hold.placed/1", "legal-hold.lifted/1", "consent.withdrawn/1",
            "audit.granted/1", "audit.ended/1",
        }
    ),
    Approval: frozenset(
        {"approval.granted/1", "approval.suspended/1", "approval.resumed/1", "approval.withdrawn/1"}
    ),
    Permit: frozenset({"permit.recorded/1", "permit.suspended/1", "permit.resumed/1", "permit.ended/1"}),
    Site: frozenset({"site.registered/1", "site.changed/1"}),
}  # fmt: skip
"""The kinds that are links of a subject's own chain: one dated before the newest of them is told out of order (GEN-12).

All that is done with an item is. Of a consignment it is what is said of it as a whole: its items are listed, labelled,
received and returned by several hands at once, and break no order but each item's own. So with a site: what stands in
it is told by many benches. What changes nothing of an item (a count, an approved disposal) is compared with its chain
and makes no link of it.
"""

BESIDE: Final[Mapping[type[Subject], frozenset[str]]] = {
    Case: frozenset(
        {
            "transfer.received/1",
            "return.executed/1",
            "destruction.executed/1",
            "item.destroyed/1",
            "recall.confirmed/1",
        }
    ),
}
"""The kinds by which a case is carried out in parts: links come before them or are told out of order, they among
themselves go side by side."""

ADVANCING: Final[Mapping[type[Subject], frozenset[str]]] = {
    subject: LINKS[subject] | BESIDE.get(subject, frozenset()) for subject in LINKS
}
"""The kinds of acts that links are to be later than."""

BY_POSITION: Final[frozenset[type[Subject]]] = frozenset({Party, Key, Approval, Permit})
"""Whose events are folded in the order of the log. Of approval and permit the status follows the acts, in a history."""


class By(Enum):
    """By what an event counts for a subject as it was at a place: its own place, its position, or wherever it is."""

    ACT = auto()
    POSITION = auto()
    ALWAYS = auto()


class Place(NamedTuple):
    """A place in the order of acts: acts of one instant count in the order of their positions."""

    instant: datetime
    position: int


def place_of(event: Event[Any]) -> Place:
    """Return where an event stands by its own time; a correction has the position of what it first corrected."""
    return Place(event.said.occurred_at, event.position)


def is_link(subject: Subject, kind: str) -> bool:
    """Say whether acts of a kind are links of a subject's own chain."""
    return kind in LINKS.get(type(subject), ())


def advances(subject: Subject, kind: str) -> bool:
    """Say whether an act of a kind that changes a subject is one that its links are to be later than."""
    return kind in ADVANCING.get(type(subject), ())


def is_before(subject: Subject, event: Event[Any], place: Place | int) -> bool:
    """Say whether an event counts for a subject as it was at a place; at a position, as it was told before it.

    Acts count by their time; the status of an approval or a permit always, because its history is asked by instant. By
    position counts what only the log orders, and what of a consignment is no link: which goods there are, and under
    which labels.
    """
    if isinstance(place, int):
        return event.position < place
    match counts_by(subject, event.said.kind):
        case By.ALWAYS:
            return True
        case By.POSITION:
            return event.position < place.position
        case By.ACT:
            return place_of(event) < place


def counts_by(subject: Subject, kind: str) -> By:
    """Say by what acts of a kind count for a subject as it was at a place; as ``is_before`` has it."""
    return _counts_by(type(subject), kind)


@cache
def _counts_by(of: type[Subject], kind: str) -> By:
    if kind in LINKS.get(of, ()):
        return By.ALWAYS if of in {Approval, Permit} else By.ACT
    return By.POSITION if of in BY_POSITION or of is Consignment else By.ACT


def as_of(subject: Subject, instant: datetime, anew: Callable[[], Subject]) -> Subject:
    """Return a subject as it was at an instant, by all that is told of it now.

    subject: as it is now. anew: folds it up to its place then; only asked where the subject has acted since.

    Of what stands in a site the present is returned: its stands tell since when. So with an approval and its history.
    """
    if subject.acted_at is None or subject.acted_at <= instant or type(subject) in BY_POSITION:
        return subject
    return subject.at(instant) if isinstance(subject, Site) else anew()


def later_acts(
    subjects: Mapping[Tag, Subject], said: Signed[Any], kind: Kind[Any], named: Collection[Tag]
) -> dict[Tag, datetime]:
    """Return the subjects of which a statement tells an act out of order, each with when its newest act occurred.

    subjects: the record as it is. kind: the statement's. named: the ids in its payload.
    """
    found: dict[Tag, datetime] = {}
    for tag in named:
        subject = subjects.get(tag)
        if subject is None or subject.acted_at is None or subject.acted_at <= said.occurred_at:
            continue
        event = Event(0, said.occurred_at, frozenset(named), said)
        if is_link(subject, kind.name) and concerns(kind, tag, subject, event):
            found[tag] = subject.acted_at
    return dict(sorted(found.items()))


def passed_act(
    tag: Tag, subject: Subject, events: Iterable[Event[Any]], kinds: Mapping[str, Kind[Any]], place: Place
) -> datetime | None:
    """Return when an act occurred that is told in another order with one at a place than they happened; None: none is.

    tag, subject: whose chain it is. events: of the subject, those that count, without the one in question.
    """
    for event in events:
        askew = (event.position < place.position) is not (place_of(event) < place)
        kind = kinds[event.said.kind]
        if askew and is_link(subject, kind.name) and concerns(kind, tag, subject, event):
            return event.said.occurred_at
    return None


def concerns(kind: Kind[Any], tag: Tag, subject: Subject, event: Event[Any]) -> bool:
    """Say whether an event is about a subject and not only bears its tag; of a kind without effect there, it is."""
    return not kind.changes(type_of(tag)) or kind.evolve(subject, event) is not subject


def newest_of(subjects: Collection[Subject]) -> datetime | None:
    """Return an instant later than which nothing counts for some subjects; None: nothing is dated.

    An event that is not before it ``is_behind`` none of them.
    """
    acted = [one.acted_at for one in subjects if one.acted_at is not None]
    stood = [stand.since for one in subjects if isinstance(one, Site) for stand in one.stands.values()]
    return max(acted + stood, default=None)


def is_behind(subject: Subject, event: Event[Any]) -> bool:
    """Say whether an event counts before some that a subject is folded from: it has to be folded anew.

    One comparison. What is no link changes nothing that depends on its place among the others; of a site, the positions
    of an item depend on the place among the acts of that item.
    """
    instant = event.said.occurred_at
    if isinstance(subject, Site):
        stands = (subject.stands.get(ItemId(tag)) for tag in event.tags)
        return any(stand is not None and stand.since > instant for stand in stands)
    if type(subject) in BY_POSITION or subject.acted_at is None or subject.acted_at <= instant:
        return False
    return is_link(subject, event.said.kind)
