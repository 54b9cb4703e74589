"""Facts about a bundle's subject, by its own events: what it is, where it is now, how it came in, who let it in.

What an item is now is folded as the record folds it; all else is read from the statements that say it. A fact is told
by a template of ``ledger.words``. The page that verifies in a browser finds the same facts; whoever shows them says how
far the events are proven.
"""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from ledger.clock import format_time
from ledger.domain.fold import fold
from ledger.domain.states.subjects import EXCURSION, Item, ItemStatus
from ledger.evidence.report.standing import rows_of, some
from ledger.ids import Tag, type_of
from ledger.quantity import format_decimal
from ledger.statement.catalogue import KINDS
from ledger.words.said import values_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

    from ledger.domain.judging import Event
    from ledger.evidence.report.standing import Standing, Stated
    from ledger.words.template import JsonValue

_BEGUN: Final = {
    "item.listed/1": "items",
    "consignment.certified/1": "items",
    "item.collected/1": "items",
    "stock.opened/1": "items",
    "item.aliquoted/1": "children",
    "item.derived/1": "outputs",
    "item.pooled/1": "output",
    "item.propagated/1": "outputs",
}
"""By kind the member whose rows bring items into being."""

_DESCRIBED: Final = (
    *("lot", "type", "collected_on", "collected_until", "donor", "donor_origin", "storage", "thaws"),
    *("agents", "material", "received_on", "approval_number"),
)
"""The members of such a row that describe the item."""

DECIDED: Final = {
    "approval.suspended/1": "suspended",
    "approval.resumed/1": None,
    "approval.withdrawn/1": "withdrawn",
}
"""By kind what an authority's decision makes of an approval; None: it holds."""


_WASTE: Final = {"waste.handed-over/1": "waste", "waste.certified/1": "waste_certified"}
"""By kind the fact that it says of the waste of an item."""

NOTHING: Final[Mapping[str, JsonValue]] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Fact:
    """One fact.

    name: of its template. values: what that names. at: the positions of the statements that say it; of what an item is
    now the position of its newest event; none of what nothing says.
    """

    name: str
    values: Mapping[str, JsonValue]
    at: tuple[int, ...] = ()


ABSENT: Final = frozenset({"unconsented", "unreleased"})
"""The facts that nothing is on record about a consignment: of one that is shown in part nobody knows that."""


def is_known(fact: Fact, part: Collection[str]) -> bool:
    """Say whether a fact is known where something may be withheld. part: the subjects that are shown in part."""
    return fact.name not in ABSENT or fact.values.get("consignment") not in part


def facts_of(known: Standing) -> Iterator[Fact]:
    """Yield the facts about a subject; of one that is no item, no approval and no consignment there are none."""
    match type_of(known.subject):
        case "item" if known.items[known.subject].known:
            yield from _item(known, known.items[known.subject])
            yield from _approvals(known)
            yield from _consignments(known, known.consignments)
        case "approval":
            yield from _approvals(known)
        case "consignment":
            yield from _approvals(known)
            yield from _consignments(known, [known.subject])
        case _:
            pass


def approvals_of(known: Standing) -> list[Tag]:
    """Return the approvals that the subject is, came in under, or is about, by ascending id."""
    match type_of(known.subject):
        case "item" if known.items[known.subject].known:
            return known.approvals
        case "approval":
            return [known.subject]
        case "consignment":
            return sorted({tag for event in known.events for tag in event.tags if type_of(tag) == "approval"})
        case _:
            return []


# What an item is


def _item(known: Standing, item: Item) -> Iterator[Fact]:
    begun, row = _begun(known)
    described = {name: row[name] for name in _DESCRIBED if name in row}
    at = () if begun is None else (known.at(begun),)
    yield Fact("what", {"subject": item.id, "products": _products(known)} | described, at)
    yield Fact("now", _now(item), known.newest)
    ended = list(_ended(known))
    # What is done with its waste is told of an item too, and leaves no less of it.
    gone = [one.at for one in ended if one.name == "destroyed" and item.status is ItemStatus.DISPOSED]
    yield Fact("left", some({"quantity": amount_of(item)}), gone[-1] if gone else known.newest)
    yield from ended
    if item.consignment is not None:
        yield Fact("origin", _came(item), at)
    elif item.parents:
        came = [_came(one) for one in known.roots.values() if one.consignment is not None]
        roots = [one for number, one in enumerate(came) if one not in came[:number]]
        yield Fact("origin", {"parents": list(item.parents), "roots": roots}, at)
    elif begun is not None:
        yield Fact("origin", dict(begun.body) | described, at)


def _begun(known: Standing) -> tuple[Stated | None, Mapping[str, JsonValue]]:
    """Return the statement that brought the subject into being, and its row there."""
    for said in map(known.signed, reversed(known.events)):
        for row in rows_of(said.body.get(_BEGUN.get(said.kind, ""))):
            if row.get("item") == known.subject:
                return said, row
    return None, {}


def _products(known: Standing) -> list[JsonValue]:
    """Return what the roots came in as: the lines of their approvals."""
    named = {(Tag(one.approval), one.line) for one in known.roots.values() if one.approval is not None}
    return [
        row
        for approval, line in sorted(named, key=lambda one: (one[0], one[1] or 0))
        for granted in known.said("approval.granted/1", "approval", approval)[-1:]
        for row in rows_of(granted.body.get("lines"))
        if row.get("line") == line
    ]


def _came(item: Item) -> dict[str, JsonValue]:
    return some({"consignment": item.consignment, "approval": item.approval, "line": item.line})


def _now(item: Item) -> dict[str, JsonValue]:
    return some(
        {
            "status": str(item.status),
            "custodian": item.custodian,
            "site": item.site,
            "place": item.place,
            "checked_out": item.checked_out,
            "receiver": None if item.handover is None else item.handover.receiver,
            "holds": [hold_of(ground) for ground in sorted(item.holds)] or None,
            "ordered": item.ordered,
            "excursion": True if is_warm(item) else None,
        }
    )


def hold_of(ground: str) -> dict[str, JsonValue]:
    """Return what the word says by which an item is held: whose case and what that asks, or the ground."""
    if ground == EXCURSION:
        return {"excursion": True}
    by, _, what = ground.partition("/")
    return some({"case": by, "asked": what or None}) if type_of(Tag(by)) == "case" else {"ground": what}


def is_warm(item: Item) -> bool:
    """Say whether an excursion of temperature is neither cleared nor what holds the item."""
    return item.excursion_at is not None and EXCURSION not in item.holds


def amount_of(item: Item) -> JsonValue:
    """Return how much is left of an item; None where nobody knows."""
    amount = item.quantity
    return None if amount is None else {"value": format_decimal(amount.value), "unit": amount.unit}


# How it was done away with


def _ended(known: Standing) -> Iterator[Fact]:
    for event in known.events:
        said = known.signed(event)
        if known.subject not in event.tags:
            continue
        match said.kind:
            case "item.destroyed/1" if said.body.get("indicator") != "failed":
                rows = [one for one in rows_of(said.body.get("items")) if one.get("item") == known.subject]
                for row in rows[:1]:
                    whole = None if "quantity" in row else True
                    more = {"amount": row.get("quantity"), "whole": whole, "before": _left_before(known, event)}
                    yield fact_of(known, "destroyed", said, some(more) | _let(known, said, "disposal.approved/1"))
            case "destruction.executed/1" if _names(said, known.subject):
                more = {"ordered": True, "whole": True, "before": _left_before(known, event)}
                yield fact_of(known, "destroyed", said, some(more) | _let(known, said, "destruction.ordered/1"))
            case "waste.handed-over/1" | "waste.certified/1" if _names(said, known.subject):
                yield fact_of(known, _WASTE[said.kind], said)
            case _:
                pass


def _let(known: Standing, said: Stated, kind: str) -> dict[str, JsonValue]:
    """Return who approved or ordered that the subject be destroyed, and the position at which that stands."""
    found = [one for one in known.events if one.said.kind == kind and known.subject in one.tags]
    told = [one for one in map(known.signed, found) if one.body.get("case") == said.body.get("case")]
    if not told:
        return {}
    let_by = values_of(told[-1])["authority"]
    return some({"let_by": let_by, "let_at": known.at(told[-1]), "let_itself": let_by == values_of(said)["by"] or None})


def _names(said: Stated, subject: Tag) -> bool:
    items = said.body.get("items")
    return isinstance(items, list) and subject in items


def _left_before(known: Standing, event: Event[Any]) -> JsonValue:
    """Return how much of the subject was left just before an act, by all that is recorded now."""
    act = (event.said.occurred_at, event.position)
    mine = [one for one in known.events if known.subject in one.tags]
    item = fold(known.subject, [one for one in mine if (one.said.occurred_at, one.position) < act], KINDS)
    return amount_of(item) if isinstance(item, Item) else None


# How it crossed the border


def decisions_on(known: Standing, approval: Tag) -> list[Stated]:
    """Return what was decided on whether an approval holds, in the order of the acts."""
    decisions = [one for kind in DECIDED for one in known.said(kind, "approval", approval)]
    return sorted(decisions, key=lambda one: (one.occurred_at, known.at(one)))


def _approvals(known: Standing) -> Iterator[Fact]:
    for approval in approvals_of(known):
        for granted in known.said("approval.granted/1", "approval", approval)[-1:]:
            amended = known.said("approval.amended/1", "approval", approval)
            last = decisions_on(known, approval)[-1:]
            more: dict[str, JsonValue] = {}
            for one in (*amended, *last):
                more |= some({"valid_to": one.body.get("valid_to")})
                more |= some({"status": DECIDED.get(one.kind), "since": format_time(one.occurred_at)})
            yield fact_of(known, "approval", granted, more, (*amended, *last))


def _consignments(known: Standing, consignments: Iterable[Tag]) -> Iterator[Fact]:
    for consignment in consignments:
        for announced in known.said("consignment.announced/1", "consignment", consignment)[-1:]:
            yield fact_of(known, "consignment", announced)
        for certified in known.said("consignment.certified/1", "consignment", consignment)[-1:]:
            yield fact_of(known, "certified", certified)
        yield from _releases(known, consignment)
        consents = known.said("use.consented/1", "consignment", consignment)
        yield from (fact_of(known, "consent", one) for one in consents)
        if not consents:
            yield Fact("unconsented", {"consignment": consignment})


def _releases(known: Standing, consignment: Tag) -> Iterator[Fact]:
    """Yield the releases of those items that the subject is or was made of, and of which of these none is on record."""
    wanted = [tag for tag, item in known.roots.items() if str(item.consignment) == consignment]
    left = set(wanted)
    for said in known.said("consignment.released/1", "consignment", consignment):
        items = said.body.get("items")
        named = [one for one in items if isinstance(one, str)] if isinstance(items, list) else []
        released = [tag for tag in wanted if tag in named] if wanted else named
        left -= set(released)
        if released:
            yield fact_of(known, "release", said, {"released": released})
    if left or not (wanted or known.said("consignment.released/1", "consignment", consignment)):
        yield Fact("unreleased", {"consignment": consignment, "released": sorted(left)})


def fact_of(
    known: Standing, name: str, said: Stated, more: Mapping[str, JsonValue] = NOTHING, beside: Iterable[Stated] = ()
) -> Fact:
    """Return a fact that a statement says: its members, and more in their place. beside: what changes it since."""
    own: dict[str, JsonValue] = {} if "reference" in said.body else {"own": True}
    values = {**values_of(said), "occurred_at": format_time(said.occurred_at), **own, **more}
    return Fact(name, values, tuple(sorted(known.at(one) for one in (said, *beside))))
