"""What the tests of views share: a log in the embedded server with its views, and the same answers computed otherwise.

The second computation is naive: every subject is folded from the first event on, for every row, and nothing of the
runner or of the views is used.
"""

from __future__ import annotations

import math
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, time
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from ledger.domain.bodies.printed import search_key
from ledger.domain.ending.destruction import lacking_evidence
from ledger.domain.fold import changes, fold, rewritten
from ledger.domain.states.border import Approval, ApprovalStatus, Consignment
from ledger.domain.states.party import Party
from ledger.domain.states.permit import Permit
from ledger.domain.states.site import Site
from ledger.domain.states.subjects import Case, Item, Key
from ledger.domain.states.supervision import Response, Supervision
from ledger.domain.window import is_valid, status_at
from ledger.ids import Tag, type_of
from ledger.quantity import base_of
from ledger.rulepacks.load import load_packs
from ledger.statement.catalogue import KINDS
from ledger.statement.duties import obligations
from ledger.store.database.postgres import PostgresStore
from ledger.store.database.publication import Publication
from ledger.store.deciding.earlier import event_of
from projections.balance import per_base
from projections.booking import Flow
from projections.database.session import Session, prepare
from projections.database.tables import Tables
from projections.lists import ITEMS, Part, Where, folded
from projections.names import IDENTIFIER, Names
from projections.obligations import begun
from projections.ordering import sort_key
from projections.running.checking import check
from projections.running.following import Following
from projections.running.log import Log
from projections.running.rebuilding import rebuild
from projections.source import Source
from projections.views.catalogue import VIEWS
from tests.balanced import naive_balances, there

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ledger.domain.duties.obligation import Obligation
    from ledger.domain.judging import Event
    from ledger.store.port import Store
    from projections.balance import LineBalance
    from projections.running.checking import Checked
    from projections.views.view import Row
    from tests.servers import Database

MATTERS = ("loss", "incident")

AllRows = dict[str, list[tuple[Any, ...]]]


@dataclass(frozen=True)
class Viewed:
    """A log, and its views."""

    log: Log
    session: Session
    tables: Tables

    @property
    def store(self) -> Store:
        """Return where the log is."""
        return self.log.store

    def rebuild(self, processes: int = 1) -> None:
        """Make the views anew, by some processes at once."""
        rebuild(self.log, self.session, lambda _, __: None, processes)

    def follow(self, most: int = 2_000) -> None:
        """Follow the log to its end, so many events a batch."""
        following, position = Following(self.log, self.tables, most), -1
        while (now := following.once()) != position:
            position = now

    def check(self) -> Checked:
        """Check every row."""
        return check(self.log, self.tables, lambda _, __: None)

    def rows(self) -> AllRows:
        """Return every row of every view, in the order of their keys."""
        with self.tables.still() as still:
            return {view.name: list(still.every(view)) for view in VIEWS}

    def compared(self) -> AllRows:
        """Return every row that the second computation has too."""
        return {name: rows for name, rows in self.rows().items() if name not in {"booking", "resting"}}


@contextmanager
def viewed(database: Database) -> Iterator[Viewed]:
    """Yield the log in a database, with views that are made of nothing yet."""
    prepare(database.owner)
    with (
        closing(PostgresStore(database.app)) as store,
        closing(Publication(database.app)) as publication,
        closing(Session(database.owner)) as session,
    ):
        made = Viewed(Log(store, publication, load_packs()), session, Tables(session))
        made.rebuild()
        yield made


def naive(store: Store) -> AllRows:
    """Return what the rows of every view should be but of the bookings, and of what rests on what; see the module."""
    events = [event_of(one) for one in store.read() if one.kind in KINDS]
    subjects = {tag: _of(events, tag) for tag in sorted({tag for event in events for tag in event.tags})}
    states = {tag: fold(tag, of, KINDS) for tag, of in subjects.items()}
    return {
        "item": _items(store, states),
        "custody": [row for tag, of in subjects.items() if type_of(tag) == "item" for row in _custody(tag, of)],
        "line": [row for one in states.values() if isinstance(one, Approval) for row in _lines(one)],
        "consignment": [_consignment(one) for one in states.values() if isinstance(one, Consignment) and one.known],
        "permit": [_permit(one) for one in states.values() if isinstance(one, Permit) and one.known],
        "case": [_case(one) for one in states.values() if isinstance(one, Case) and one.known],
        "site": [_site(one) for one in states.values() if isinstance(one, Site) and one.known],
        "obligation": _obligations(events, store),
        "approval": [_approval(one) for one in states.values() if isinstance(one, Approval) and one.known],
        "name": [_name(tag, Names(events)) for tag, one in states.items() if one.known and not isinstance(one, Key)],
        "former": [row for tag, of in subjects.items() if type_of(tag) == "item" for row in _former(tag, of)],
        "position": [_position(one) for one in states.values() if isinstance(one, Item) and one.place and one.site],
        "excursion": [row for tag, of in subjects.items() if type_of(tag) == "item" for row in _excursions(tag, of)],
        "incident": [_incident(one) for one in states.values() if isinstance(one, Case) and one.matter in MATTERS],
        "finding": [row for one in states.values() if isinstance(one, Case) for row in _findings(one)],
        "breach": sorted((row for one in events for row in _breaches(one)), key=lambda row: row[:2]),
        "draw": [row for tag, of in subjects.items() if type_of(tag) == "approval" for row in _draws(tag, of)],
        "lead": sorted(row for one in events for row in _leads(one)),
        "waste": [row for tag, of in subjects.items() if type_of(tag) == "case" for row in _waste(tag, of)],
        "correction": sorted(_correction(one) for one in events if rewritten(one.said) is not None),
        "party": [_party(one) for one in states.values() if isinstance(one, Party) and one.known],
        "key": [
            (one.id, one.party, one.person, one.alg, one.revoked)
            for one in states.values()
            if isinstance(one, Key) and one.known
        ],
    }


def _of(events: list[Event[Any]], tag: Tag) -> list[Event[Any]]:
    return [event for event in events if tag in event.tags]


def _items(store: Store, states: dict[Tag, Any]) -> list[tuple[Any, ...]]:
    rows = []
    for one in sorted(folded(ITEMS, Source(store), Where(), Part(10_000)).rows, key=lambda row: row.id):
        left = states[Tag(one.id)].quantity
        amount = (None, None) if left is None else (left.value, left.unit)
        where = (one.place, one.site, one.custodian, there(states[Tag(one.id)]), _receiver(states[Tag(one.id)]))
        came = (one.consignments, one.approvals, one.holds)
        rows.append((one.id, one.label, one.status, *amount, *where, *came, sort_key(one.label or one.id)))
    return rows


def _receiver(one: Item) -> str | None:
    return one.handover.receiver if one.handover else None


def _custody(tag: Tag, events: list[Event[Any]]) -> list[tuple[Any, ...]]:
    rows = []
    for event, before, after in changes(tag, events, KINDS):
        assert isinstance(before, Item)
        assert isinstance(after, Item)
        was, now = ((one.custodian, one.site, one.place, one.status.value) for one in (before, after))
        if after.known and (was != now or not before.known):
            rows.append((tag, event.position, event.said.occurred_at, not before.known, *now))
    return sorted(rows, key=lambda row: row[:2])


def _lines(one: Approval) -> list[tuple[Any, ...]]:
    rows = []
    for number, line in sorted(one.lines.items()):
        sums = (line.approved.value, sum(line.reserved.values()), sum(line.committed.values()), line.remaining.value)
        factors = tuple(sorted(f"{base} {factor:f}" for base, factor in line.factors.items()))
        rows.append((one.id, number, line.product, line.approved.unit, *sums, line.lapsed, factors))
    return rows


def _consignment(one: Consignment) -> tuple[Any, ...]:
    parties = {one.applicant, one.consignee, one.broker, *one.carriers} - {None}
    who = (one.applicant, one.consignee, one.destination, tuple(sorted(map(str, parties))))
    approvals = tuple(sorted({approval for approval, _ in one.lines}))
    received = one.received_items - one.missing_items
    counts = (len(one.items), len(one.released_items), len(received), len(one.missing_items))
    times = (one.announced_at, one.arrived_on, one.declared_on, one.released_on)
    return (one.id, one.status.value, one.route, *who, approvals, *counts, *times, tuple(sorted(one.holds)))


def _permit(one: Permit) -> tuple[Any, ...]:
    scheme = None if one.scheme is None else one.scheme.value
    grounds = (tuple(sorted(one.approvals)), tuple(sorted(one.permits)))
    days = (one.valid_from, one.valid_to)
    return (
        one.id,
        one.number,
        scheme,
        one.status.value,
        one.holder,
        one.issuer,
        *days,
        *grounds,
        len(one.items),
        sort_key(one.number or one.id),
    )


def _case(one: Case) -> tuple[Any, ...]:
    about = (one.party, one.receiver, one.site, one.consignment, one.approval, len(one.items), len(one.done))
    return (one.id, one.matter, one.status.value, *about, one.opened_on, one.due, one.method)


def _approval(one: Approval) -> tuple[Any, ...]:
    days = (one.valid_from, one.valid_to, tuple(sorted(one.sites)), one.district, len(one.lines))
    grade = None if one.grade is None else str(one.grade)
    return (
        one.id,
        one.number,
        str(one.status),
        one.direction,
        one.applicant,
        grade,
        *days,
        sort_key(one.number or one.id),
    )


def _name(tag: Tag, names: Names) -> tuple[Any, ...]:
    called = names.called(tag)
    every = {tag, *(one.text for one in names.of(tag) if one.sort != IDENTIFIER)}
    return (tag, called, sort_key(called or tag), "\x1e".join(sorted(map(search_key, every))))


def _former(tag: Tag, events: list[Event[Any]]) -> list[tuple[Any, ...]]:
    states = [after for _, _, after in changes(tag, events, KINDS)]
    if not states or all(event.said.kind != "item.labelled/1" for event in events):
        return []
    places = {sort_key(tag), *(sort_key(one.label) for one in states if isinstance(one, Item) and one.label)}
    now = states[-1]
    assert isinstance(now, Item)
    return [(tag, place) for place in sorted(places - {sort_key(now.label or tag)})]


def _position(one: Item) -> tuple[Any, ...]:
    return (one.id, one.site, one.place, sort_key(one.place or ""), one.label, one.kept, one.checked_out)


def _excursions(tag: Tag, events: list[Event[Any]]) -> list[tuple[Any, ...]]:
    rows = []
    for event, _, _ in changes(tag, events, KINDS):
        body = event.said.body
        if event.said.kind == "excursion.dispositioned/1" and tag in body.items:
            rows.append((tag, event.position, str(body.decision), event.said.occurred_at, *(None,) * 6))
        if event.said.kind == "temperature.recorded/1" and tag in body.items and _outside(body):
            told = (body.start, body.end, body.device, body.minimum, body.maximum, body.low, body.high)
            rows.append((tag, event.position, "left-range", *told))
    return sorted(rows, key=lambda row: row[:2])


def _outside(body: Any) -> bool:  # noqa: ANN401  the body of a record of temperatures
    cold = body.low is not None and Decimal(body.minimum) < Decimal(body.low)
    return cold or (body.high is not None and Decimal(body.maximum) > Decimal(body.high))


def _incident(one: Case) -> tuple[Any, ...]:
    detail = one.detail if isinstance(one.detail, Response) else Response()
    told = tuple(sorted({notice.body for notice in detail.notices}))
    about = (one.matter, one.status.value, one.party, one.opened_on, len(one.items))
    return (one.id, *about, told, detail.investigated_at, detail.watches, detail.ended)


def _findings(one: Case) -> list[tuple[Any, ...]]:
    rows: list[tuple[Any, ...]] = []
    if not isinstance(one.detail, Supervision):
        return rows
    for number, found in sorted(one.detail.findings.items()):
        raised = (one.detail.unit, found.by, str(found.area), found.severity, str(found.status))
        rows.append((one.id, number, *raised, found.since, found.due, found.times, len(found.items), found.settled_at))
    return rows


def _breaches(event: Event[Any]) -> list[tuple[Any, ...]]:
    said, rows = event.said, []
    signing = tuple(sorted({str(one.party) for one in said.signers}))
    for place, one in enumerate(event.breaches):
        why = said.acknowledged.get(one.rule) if said.acknowledged else None
        about = tuple(sorted(one.subjects))
        when = (said.occurred_at, event.recorded)
        rows.append((said.id, place + 1, event.position, said.kind, one.rule, about, signing, *when, why))
    return rows


_SAMPLING = {"consignment.sampled/1": "sampled", "supervision.visited/1": "sampled"}
_LEADS = {
    **_SAMPLING,
    "activity.ended/1": "activity-ended",
    "retention.set/1": "retained",
    "scope.excluded/1": "excluded",
}


def _leads(event: Event[Any]) -> list[tuple[Any, ...]]:
    said, found = event.said, list[str]()
    if said.kind in _LEADS and (said.kind != "supervision.visited/1" or said.body.samples):
        found.append(_LEADS[said.kind])
    if said.kind in {"item.destroyed/1", "destruction.executed/1"}:
        shown = said.kind == "destruction.executed/1" or lacking_evidence(said.body) is None
        found += [] if said.witnessed and shown else ["unproved"]
    if said.kind == "excursion.dispositioned/1" or (said.kind == "temperature.recorded/1" and _outside(said.body)):
        found.append("left-range")
    hours = (event.recorded - said.occurred_at).total_seconds() / 3600
    found += ["late"] if hours > 24 else []
    return [(said.id, one, event.position, math.floor(hours)) for one in found]


def _draws(tag: Tag, events: list[Event[Any]]) -> list[tuple[Any, ...]]:
    rows: list[tuple[Any, ...]] = []
    for event, before, after in changes(tag, events, KINDS):
        assert isinstance(before, Approval)
        assert isinstance(after, Approval)
        body, told = event.said.body, (tag, event.position, event.said.kind)
        if event.said.kind == "consignment.declared/1":
            rows.append((*told, _uncovered(body, after), None, None, event.rules))
        if event.said.kind == "consignment.released/1" and tag in {line.approval for line in body.lines}:
            grade = str(before.grade) if before.grade else None
            rows.append((*told, None, str(before.write_off) == "single", grade, event.rules))
    return sorted(rows, key=lambda row: row[:2])


def _uncovered(body: Any, approval: Approval) -> bool:  # noqa: ANN401  the body of a declaration
    """Say whether an approval did not cover a declaration by the end of its day in some zone."""
    over = [
        line
        for line in approval.lines.values()
        if body.consignment in line.declared and line.reserved_total + line.committed_total > line.approved.value
    ]
    begins = datetime.combine(body.declared_on, time.min, UTC)
    ends = [begins, *(at for at, _ in approval.history if 0 < (at - begins).total_seconds() <= 2 * 86_400)]
    standing = all(status_at(approval, one) is ApprovalStatus.GRANTED for one in ends)
    return bool(over) or not is_valid(approval, body.declared_on) or not standing


def _waste(tag: Tag, events: list[Event[Any]]) -> list[tuple[Any, ...]]:
    rows: list[tuple[Any, ...]] = []
    for event, before, after in changes(tag, events, KINDS):
        said, body = event.said, event.said.body
        told = (tag, event.position, said.kind, said.occurred_at, said.party)
        if said.kind == "waste.handed-over/1" and after is not before:
            rows.append((*told, body.contractor, body.manifest_number, body.stored_since, len(body.items)))
        if said.kind == "waste.certified/1" and after is not before:
            rows.append((*told, None, body.certificate_number, None, len(body.items)))
    return sorted(rows, key=lambda row: row[:2])


def _correction(event: Event[Any]) -> tuple[Any, ...]:
    said = event.said
    voided = said.kind == "statement.voided/1"
    target, reason = (said.body.statement, said.body.ground) if voided else (said.corrects, said.reason)
    persons = sorted({f"{one.party} {one.person}" for one in said.signers})
    return (said.id, event.position, event.recorded, target, voided, tuple(persons), reason)


def _site(one: Site) -> tuple[Any, ...]:
    standing = [item for items in one.places.values() for item in items]
    told = (one.party, one.use, one.level, one.active, one.district, one.certificate_to)
    return (one.id, *told, len(standing))


def _obligations(events: list[Event[Any]], store: Store) -> list[tuple[Any, ...]]:
    """Return the rows of all that is owed, computed from the whole log at once by the editions that had begun."""
    last = [one.recorded for one in store.read()][-1:]
    every = {tag for event in events for tag in event.tags}  # declared, so that each duty looks at all there are
    rows = [owed_row(one) for at in last for one in obligations(events, begun(load_packs(), at), every)]
    return sorted(rows, key=lambda row: row[:4])


def owed_row(one: Obligation) -> tuple[Any, ...]:
    """Return the row of an obligation."""
    owed, ended, how = one.owed, None, None
    if one.met is not None:
        ended, how = one.met, "met"
    elif one.lapsed is not None:
        ended, how = one.lapsed, "lapsed"
    standing = [pause.begun.at for pause in one.pauses if pause.ended is None]
    acts = [one.opened.at]
    for pause in one.pauses:
        acts += [pause.begun.at] if pause.ended is None else [pause.begun.at, pause.ended.at]
    about = sorted({tag for tag in (one.subject, *owed.concerns, owed.debtor, owed.creditor) if tag is not None})
    return (
        *(one.subject, one.duty.id, one.opened.position, owed.key, tuple(about), owed.concerns),
        *(owed.debtor, owed.creditor, one.opened.at, one.since, one.due, owed.until, one.edition, one.estimate),
        standing[-1] if standing else None,
        how,
        *((None, None) if ended is None else (ended.at, ended.position)),
        max(acts if ended is None else [*acts, ended.at]),
    )


def _party(one: Party) -> tuple[Any, ...]:
    belongs: tuple[Any, ...] = (None, None, None)
    unit: tuple[Any, ...] = (None, ())
    for last in one.assignments[-1:]:
        belongs = (last.department.value, last.district, last.office)
    for registered in one.units[-1:]:
        unit = (registered.number, tuple(sorted(registered.types)))
    return (
        one.id,
        one.name,
        one.name_zh,
        tuple(sorted(one.roles)),
        one.natural_person,
        *belongs,
        *unit,
        sort_key(one.name or one.id),
    )


def balances(store: Store) -> dict[tuple[str, int, str], dict[str, Fraction]]:
    """Return what was booked on each approval line in each dimension, in base units, by what it went in or out by."""
    return naive_balances(event_of(one) for one in store.read() if one.kind in KINDS)


def booked(rows: list[Row]) -> dict[tuple[str, int, str], dict[str, Fraction]]:
    """Return the same of the rows of bookings."""
    found: dict[tuple[str, int, str], dict[str, Fraction]] = {}
    for _, _, approval, line, flow, _, base, numerator, denominator in rows:
        sums = found.setdefault((str(approval), int(str(line)), str(base)), {})
        sums[str(flow)] = sums.get(str(flow), Fraction(0)) + Fraction(str(numerator)) / Fraction(str(denominator))
    return {key: left for key, sums in found.items() if (left := {flow: one for flow, one in sums.items() if one})}


def in_base_units(rows: list[LineBalance]) -> list[tuple[Any, ...]]:
    """Return balances of lines that changed at all, in base units: which unit came first is nobody's promise."""
    return [
        (
            one.approval,
            one.line,
            one.product,
            base_of(one.unit),
            *(_based(amount, one.unit) for amount in _amounts(one)),
        )
        for one in rows
        if any(one.flows.values())
    ]


def _amounts(one: LineBalance) -> tuple[Fraction | None, ...]:
    stands = (one.on_hand, one.in_transit, one.in_use)
    return (one.approved, one.written_off, *stands, one.difference, *(one.flows[flow] for flow in Flow))


def _based(amount: Fraction | None, unit: str) -> Fraction | None:
    return None if amount is None else amount / per_base(unit)
