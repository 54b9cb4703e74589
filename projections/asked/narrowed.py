"""Questions over the whole log, narrowed by the views: which subjects rows can be of is theirs to say.

What each row says is computed by the same function as of the whole log, from the events of these subjects and of all
that they name, which must be those that the runner noted. So nothing that was changed in the views is told as an
answer; that a subject is missing only ``vialog views check`` finds.

To who is shown a part of the log (``Teller``) rows are told of that part. As they may not be shown how something ended,
rows may be of all that ever came about; where the views know only who is so now, the whole log is read for them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from ledger.domain.bodies.vocabulary import WriteOff
from ledger.domain.supervision import consent
from ledger.domain.work.checks import OVER
from ledger.ids import Tag, type_of
from ledger.statement.duties import DUTIES
from projections.asked.depending import expiring
from projections.asked.holding import FROM_HOLDS
from projections.asked.leading import FROM_STATEMENTS
from projections.asked.reasons import period_of
from projections.asked.telling import Telling, TooMany
from projections.claims.basis import Needs, around, basis, beside, goods_of, rested
from projections.folding.editions import Begun
from projections.views.acts.bookings import BOOKINGS
from projections.views.acts.custody import CUSTODY
from projections.views.acts.draws import DRAWS
from projections.views.acts.excursions import EXCURSIONS, LEFT
from projections.views.acts.findings import FINDINGS
from projections.views.acts.lines import LINES
from projections.views.balances import balances
from projections.views.obligations import OBLIGATIONS
from projections.views.states.approvals import APPROVALS
from projections.views.states.cases import CASES
from projections.views.states.consignments import CONSIGNMENTS
from projections.views.states.items import ITEMS
from projections.views.states.parties import PARTIES
from projections.views.states.permits import PERMITS

if TYPE_CHECKING:
    from collections.abc import Callable

    from ledger.domain.duties.duty import Editions
    from ledger.domain.judging import Event
    from ledger.store.port import Readable
    from projections.asked.question import Asked, Question
    from projections.asked.telling import Teller
    from projections.claims.basis import Told
    from projections.database.tables import Still
    from projections.views.view import View

    _Own = Callable[[Asked, Telling], Asked | None]
    _Resting = Callable[[frozenset[Tag], Told, Editions], Needs]


@dataclass(frozen=True, slots=True)
class Narrowing:
    """Whom the rows of an answer can be of: what a query of a view finds. said: what it is asked with.

    rests: what an answer about these needs besides. then: the query as of an earlier time; None: the same.
    ever: for who is shown a part of the log the view and the query of whom they ever could be; None: no view knows.
    now: the view says who they are now; of an earlier time the log does. folded: of these what changes them will do.
    """

    view: View
    query: str
    said: Mapping[str, object]
    rests: _Resting
    then: str | None = None
    ever: tuple[View, str] | None = None
    now: bool = False
    folded: bool = False


def _themselves(subjects: frozenset[Tag], *_: object) -> Needs:
    return Needs(subjects)


def _by_status(subjects: frozenset[Tag], *_: object) -> Needs:
    return Needs(frozenset(), subjects)


def _around(subjects: frozenset[Tag], told: Told, _: Editions) -> Needs:
    return around(subjects, told)


def _named(*types: str) -> _Resting:
    return lambda subjects, told, _: beside(subjects, told, *types)


def _goods(*types: str, below: bool = False) -> _Resting:
    return lambda subjects, told, _: goods_of(subjects, told, *types, below=below)


def _cases(*matters: str, rests: _Resting = _themselves) -> Narrowing:
    return Narrowing(CASES, "of_matters", {"matters": list(matters)}, rests, ever=(CASES, "of_matters"))


def _owing(duty: str) -> _Resting:
    return lambda subjects, told, editions: rested(subjects, told, editions, (DUTIES[duty],))


def _owed(duty: str, query: str = "owed_at", then: str | None = None) -> Narrowing:
    return Narrowing(OBLIGATIONS, query, {"duty": duty}, _owing(duty), then, ever=(OBLIGATIONS, "of_duty"))


NARROWED: Final[Mapping[str, Narrowing]] = {
    "application-days": _cases("application"),
    "checked-out": _owed("return-checkout"),
    "discrepancies": _cases("discrepancy"),
    "findings": Narrowing(FINDINGS, "cases", {}, _themselves, ever=(FINDINGS, "cases")),
    "incidents": _cases("loss", "incident", rests=_goods("approval")),
    "late-declarations": _owed("declare-at-destination", "late_at", then="of_duty"),
    "meetings": _cases("assessment-meeting", "risk-assessment", "application"),
    "next-visits": _cases("supervision", rests=_around),
    "nobodys": Narrowing(ITEMS, "in_no_hands", {"over": sorted(OVER)}, _themselves, now=True),
    "rectifications": _cases("assessment-meeting", "risk-assessment", "application"),
    "remaining": Narrowing(
        APPROVALS,
        "not_over",
        {},
        _owing("enter-before-approval-ends"),
        ever=(APPROVALS, "every"),
        now=True,
        folded=True,
    ),
    "unanswered-handovers": Narrowing(ITEMS, "on_offer", {}, _themselves, now=True),
    "uncertified-exits": Narrowing(
        ITEMS,
        "of_status",
        {"status": "re-exported"},
        _goods("permit"),
        ever=(CUSTODY, "ever_of_status"),
        now=True,
    ),
    "uncovered": Narrowing(DRAWS, "uncovered", {}, _themselves, then="declared", ever=(DRAWS, "declared"), folded=True),
    "uncounted": _owed("count-stock", "overdue_at"),
    "unit-classes": Narrowing(PARTIES, "every", {}, _by_status, ever=(PARTIES, "every")),
    "used-after-excursion": Narrowing(
        EXCURSIONS, "of_items", {"what": LEFT}, _goods(below=True), ever=(EXCURSIONS, "of_items")
    ),
    "visit-scores": _cases("supervision"),
    "visits-due": _cases("supervision"),
    "waste-in-store": _owed("hand-over-waste"),
    "waste-manifests": _cases("waste", rests=_named("item")),
    # An approval that is withdrawn is not granted again.
    "withdrawn": Narrowing(
        APPROVALS,
        "of_status",
        {"status": "withdrawn"},
        _goods("case", below=True),
        ever=(APPROVALS, "of_status"),
        now=True,
    ),
    "withdrawn-consents": _cases(consent.MATTER, rests=_goods(below=True)),
}
"""By question. What is not here looks at the whole log: what was done with whatever item, or who signed what."""


FEW: Final = 2_000
"""So many events are looked up by their subjects however much of a log they are."""

PART: Final = 3
"""An event that is looked up by its subject costs at most as much as so many that are read in their order."""

_MOST: Final = 40_000
"""So many events at most are looked up, which take some 200 MB: while they are, the views are held at one moment."""

_MOST_SHOWN: Final = 10_000
"""So many for who is shown a part of the log: by a service, which answers several at a time."""


def narrowed(
    question: Question,
    asked: Asked,
    still: Still,
    store: Readable,
    *,
    few: int = FEW,
    part: int = PART,
    teller: Teller | None = None,
) -> Asked | None:
    """Return what is asked with the events that its rows rest on; None: it has to be asked of the whole log.

    still: the views at one moment; nothing that was recorded behind where they stand is told. few: so many events are
    looked up by their subjects at least, part: and one in so many of all; where it is more the whole log is read.
    teller: who says what of the log is told; None: all is.

    Raises IntegrityFailed: the events of a subject are not those that the runner noted. TooOld.
    """
    if Begun(asked.packs, asked.at).names != still.standing.editions:
        return None  # what is owed follows from which editions had begun
    most = _MOST if teller is None else _MOST_SHOWN
    telling = Telling(store, still, teller, min(most, max(few, still.standing.position // part)))
    try:
        if (own := OWN.get(question.name)) is not None:
            return own(asked, telling)
        by = NARROWED.get(question.name)
        return None if by is None else _of_subjects(by, asked, telling)
    except TooMany:
        return None


def _of_subjects(by: Narrowing, asked: Asked, telling: Telling) -> Asked | None:
    of = (by.view, by.query) if telling.whole else by.ever
    if of is None or (by.now and asked.until is not None):
        return None
    view, query = of
    if telling.whole and by.then is not None and asked.until is not None:
        query = by.then
    subjects = telling.named(view, query, **by.said, at=asked.at)
    told = telling.of(frozenset() if by.folded else subjects)
    return telling.with_last(asked, basis(by.rests(subjects, told, asked.editions), told))


def _single_use(asked: Asked, telling: Telling) -> Asked:
    """Return what is asked about approvals of single use: with those that were written off twice and may be of such."""
    packs = asked.packs.packs
    single = {grade for one in packs for grade, mode in one.write_off_mode.items() if mode.value is WriteOff.SINGLE}
    known = [one.name for one in asked.editions.packs]
    now = telling.whole and asked.until is None
    found = telling.named(DRAWS, "single_use" if now else "released", grades=sorted(single), known=known)
    return telling.with_last(asked, basis(Needs(found), telling.of(frozenset())))


def _of_party(asked: Asked, telling: Telling) -> Asked | None:
    """Return what is asked about an enterprise: with the events about it, about what these name, and what it owes.

    Some statement about a permit, goods or a supervision names whoever holds it, has them or is its unit, and every
    statement its signers; who does so now the views say, and what it did late or not. Of an earlier time the log says
    who owed what. To who is shown a part of the log it may seem to owe something in the chain of whatever names it, or
    to have been late with what it did in time.
    """
    if asked.subject is None or asked.until is not None:
        return None
    party = asked.subject
    since, until = period_of(asked)
    late = {"debtor": party, "since": since, "until": until}
    owing = telling.named(OBLIGATIONS, "late_of_debtor" if telling.whole else "of_debtor", **late)
    told = telling.of(owing | {party})
    named = beside({party}, told, "case", *_FILED).whole
    if telling.whole:
        named &= _filed_of(party, telling)
    else:
        owing |= named
    owed = rested(owing, told, asked.editions)
    whole = named | owed.whole | owing | {party}
    events = basis(Needs(whole, owed.ruled - whole), told)
    return replace(telling.with_last(asked, events), leaves=telling.leaves(events), owing=owing)


def _filed_of(party: Tag, telling: Telling) -> frozenset[Tag]:
    """Return what an enterprise holds, applied for or has now, and all supervisions: of these its file may tell."""
    own = (telling.named(view, "of_party", party=party) for view in _FILED.values())
    return telling.named(CASES, "of_matters", matters=["supervision"]).union(*own)


_FILED: Final = {"approval": APPROVALS, "consignment": CONSIGNMENTS, "item": ITEMS, "permit": PERMITS}
"""By the type of a subject the view that says whose each is."""


def _open_lines(asked: Asked, telling: Telling) -> Asked | None:
    """Return what is asked about lines that do not close: with all below their approvals, as the bookings come to.

    A pool may be of several approvals, and then what came in under each of them is read. Of an earlier time the log
    says which lines were open, and so it does to who is shown a part of it.
    """
    if asked.until is not None or not telling.whole:
        return None
    still = telling.still
    lines = balances(still.every(LINES), still.ask(BOOKINGS, "sums"))
    found = {Tag(one.approval) for one in lines if one.unexplained or one.difference is None or one.difference}
    found |= telling.named(ITEMS, "unmeasured")
    subjects = frozenset[Tag]()
    events: tuple[Event[Any], ...] = ()
    while found - subjects:
        subjects |= found
        told = telling.of(subjects)
        needs = goods_of(subjects, told, "approval", below=True)
        events, found = basis(needs, told), {tag for tag in needs.whole if type_of(tag) == "approval"}
    return telling.with_last(asked, events)


OWN: Final[Mapping[str, _Own]] = {
    **FROM_STATEMENTS,
    **FROM_HOLDS,
    "compliance-file": _of_party,
    "expiring": expiring,
    "open-lines": _open_lines,
    "single-use": _single_use,
}
"""By question how it is narrowed, where that is not by subjects that one query names."""
