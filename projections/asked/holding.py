"""Questions about what is held: whom a hold, an order or a recall reaches is found from its case and by what was made.

What a case holds it names, and what came in under that or was made of it the log says; so a hold reaches nothing here
that it does not reach in the whole log, and all that it does.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Final

from ledger.domain.bodies.printed import search_key
from ledger.domain.fold import fold
from ledger.domain.states.border import Approval, Consignment
from ledger.domain.states.subjects import Item
from ledger.domain.supervision import consent, keeping, recalls
from ledger.domain.work.checks import OVER
from ledger.ids import Tag, type_of
from ledger.statement.catalogue import KINDS
from projections.asked.leading import leads
from projections.asked.question import Asked
from projections.asked.telling import Telling
from projections.claims.basis import Needs, basis, beside, goods_of, lineages
from projections.views.leads import Lead
from projections.views.names import NAMES
from projections.views.states.cases import CASES
from projections.views.states.consignments import CONSIGNMENTS
from projections.views.states.items import ITEMS

if TYPE_CHECKING:
    from collections.abc import Set
    from datetime import datetime

_GOODS: Final = ("item", "consignment", "approval")
_HOLDING: Final = ("return", "destruction", recalls.MATTER, keeping.MATTER, consent.MATTER)
"""The matters that stand on goods. A closed one may: what it was placed on may have been corrected since it let go."""


def _held(asked: Asked, telling: Telling) -> Asked | None:
    """Return what is asked about what is held: with whatever a hold stands on or an order names, and all made of it.

    Of an earlier time the log says what was held, and so it does to who is shown a part of it.
    """
    if asked.until is not None or not telling.whole:
        return None
    held = telling.named(ITEMS, "held", over=sorted(OVER)) | telling.named(CONSIGNMENTS, "held")
    roots = held | _standing(_named(_cases(telling, *_HOLDING), telling), telling)
    told = telling.of(roots)
    return telling.with_last(asked, basis(lineages(roots, told, "approval", "consignment"), told))


def _kept(asked: Asked, telling: Telling) -> Asked:
    """Return what is asked about legal holds: with all that they reach, and what the records of that name besides.

    How long a record is kept is by all items that it names, and by what retentions and ends of activities say.
    """
    if not (cases := _cases(telling, keeping.MATTER)):
        return telling.with_last(asked, ())
    roots = _named(cases, telling)
    if asked.until is None and telling.whole:
        roots = _standing(roots, telling)
    told = telling.of(roots)
    reached = lineages(roots, told, "approval", "consignment").whole
    named = beside(reached, told, *_GOODS).whole
    needs = Needs(goods_of(named, told, "approval", "consignment").whole | cases)
    return telling.with_last(asked, basis(needs, told, leads(telling, Lead.RETAINED, Lead.ENDED)))


def _recalled(asked: Asked, telling: Telling) -> Asked | None:
    """Return what is asked about recalls: with all that they reach, and what is of their lots; None: one is by a donor.

    What bears the code of a donor no view says.
    """
    cases = _cases(telling, recalls.MATTER)
    about = telling.of(cases)
    about.fetch(cases)
    bodies = [event.said.body for case in cases for event in about.about(case)]
    if any(getattr(one, "donor", None) is not None and one.lot is None for one in bodies):
        return None
    lots = {search_key(one.lot) for one in bodies if getattr(one, "lot", None) is not None}
    bearing = (telling.named(NAMES, "bearing", text=lot, limit=None) for lot in sorted(lots))
    alike = {tag for found in bearing for tag in found if type_of(tag) == "item"}
    roots = _named(cases, telling)
    told = telling.of(roots)
    return telling.with_last(asked, basis(Needs(lineages(roots, told).whole | cases | alike), told))


def _cases(telling: Telling, *matters: str) -> frozenset[Tag]:
    return telling.named(CASES, "of_matters", matters=list(matters))


def _named(cases: Set[Tag], telling: Telling) -> frozenset[Tag]:
    """Return the goods and approvals that the statements about some cases name."""
    return beside(cases, telling.of(frozenset()), *_GOODS).whole - cases


def _standing(named: frozenset[Tag], telling: Telling) -> frozenset[Tag]:
    """Return those of some goods and approvals on which anything stands now, by all that changes them."""
    told = telling.of(frozenset())
    told.fetch(named)
    return frozenset(
        tag for tag in named if _is_held(fold(tag, told.about(tag), KINDS), telling.still.standing.recorded)
    )


def _is_held(subject: object, now: datetime | None) -> bool:
    match subject:
        case Item():
            return bool(subject.holds or subject.ordered)
        case Consignment() if subject.holds or subject.ordered:
            return True
        case Consignment() | Approval():
            return any(one.until is None or now is None or one.until > now for one in subject.reaches)
        case _:
            return False


FROM_HOLDS: Final[Mapping[str, Callable[[Asked, Telling], Asked | None]]] = {
    "held": _held,
    "legal-holds": _kept,
    "recalls": _recalled,
}
"""By question how what is asked is read; None, and raises TooMany: it is to be asked of the whole log."""
