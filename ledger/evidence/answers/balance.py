"""The balance of an approval: what came in under each of its lines, and what became of it; every amount exact.

Each change of an item's amount is booked under what its statement was, or where the item is away, in the shares of the
lines that the item came in under: its own, or of an aliquot and a pool those of what they were made of, by amount.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final

from ledger.evidence.answers.amounts import into
from ledger.evidence.answers.lines import counts
from ledger.evidence.answers.table import effects
from ledger.evidence.answers.why import why
from ledger.evidence.bundle.answer import told_in
from ledger.quantity import alike, base_of, write_ratio

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping

    from ledger.evidence.answers.acts import Act
    from ledger.evidence.answers.asking import Asked
    from ledger.evidence.answers.folding import State
    from ledger.evidence.answers.record import Record

    Key = tuple[str, int]
    Row = Mapping[str, Any]
    Booked = Callable[[str, State, State], Iterable[tuple[str, Fraction]]]

_SAME_SUBSTANCE: Final = frozenset({"item.aliquoted/1", "item.pooled/1"})
_HERE: Final = frozenset({"expected", "in-transit", "received"})
_ON_THE_WAY: Final = frozenset({"expected", "in-transit"})
_PARTS: Final = ("in_transit", "in_use")
"""Of what is on hand; what is in neither is at rest."""
_FLOWS: Final = (
    "listed", "used", "sampled", "sold", "disposed", "returned", "re_exported", "missing", "lost", "processed",
    "adjusted",
)  # fmt: skip


def balance(asked: Asked) -> list[Row]:
    """Return the lines of an approval, each in each dimension that something of it is in."""
    record = asked.counting
    reason = why(next((act for act, _, after in record.steps(asked.subject) if after["known"]), None))
    books = _Books(record, _first_bookings if asked.form == 1 else _bookings)
    rows = [{**books.row(key), "why": reason} for key in sorted(books.rows) if key[0] == asked.subject]
    return [told_in("balance", asked.form, row) for row in rows]


class _Books:
    """What each statement changed of each item, in the lines that the item came in under."""

    def __init__(self, record: Record, booked: Booked) -> None:
        self._record, self._booked = record, booked
        self.rows: dict[tuple[str, int, str], dict[str, Any]] = {}
        changed: dict[tuple[str, str], tuple[State, State]] = {}
        items = record.of_type("item")
        for tag in items:
            for act, before, after in record.steps(tag):
                changed[act.ident, tag] = before, after
        shares = _shares(record.effective, changed)
        told = {act.ident: act for act in record.acts}
        places = {act.ident: act.position for act in record.acts}
        for ident, tag in sorted(changed, key=lambda one: (places[one[0]], one[1])):
            self._book(told[ident].kind, *changed[ident, tag], shares.get(tag, {}))
        for tag in items:
            self._stand(record.now(tag), shares.get(tag, {}))

    def _book(self, kind: str, old: State, new: State, shares: Mapping[Key, Fraction]) -> None:
        quantity = new["quantity"] or old["quantity"]
        for flow, gone in () if quantity is None else self._booked(kind, old, new):
            amount = -gone if flow == "listed" else gone
            for key, share in shares.items():
                row = self._row(key, quantity[1])
                row[flow] += into((share * amount, base_of(quantity[1])), row["unit"])[0]

    def _stand(self, item: State, shares: Mapping[Key, Fraction]) -> None:
        if item["quantity"] is None:
            return
        for key, share in shares.items():
            row = self._row(key, item["quantity"][1])
            here = share * (into(item["quantity"], row["unit"])[0] if item["status"] in _HERE else 0)
            for part in ("on_hand", *_parts(item)):
                row[part] += here

    def _row(self, key: Key, unit: str) -> dict[str, Any]:
        place = *key, base_of(unit)
        if place not in self.rows:
            line = self._line(key)
            own = unit if line is None or not alike(unit, line["approved"][1]) else line["approved"][1]
            self.rows[place] = {"unit": own, **dict.fromkeys(("on_hand", *_PARTS, *_FLOWS), Fraction(0))}
        return self.rows[place]

    def row(self, place: tuple[str, int, str]) -> Row:
        """Return a line as it is told, with what its approval says of it."""
        found, line = self.rows[place], self._line(place[:2])
        factor = None if line is None else counts(line, (Fraction(1), found["unit"]))
        approved = written_off = difference = None
        if line is not None and factor:
            approved, written_off = line["approved"][0] / factor, line["committed"] / factor
            difference = written_off - found["listed"]
        return {
            "line": place[1],
            "product": "" if line is None else line["product"],
            "unit": found["unit"],
            "approved": write_ratio(approved),
            "written_off": write_ratio(written_off),
            "difference": write_ratio(difference),
            **{name: write_ratio(found[name]) for name in ("on_hand", *_PARTS, *_FLOWS)},
        }

    def _line(self, key: Key) -> Mapping[str, Any] | None:
        line: Mapping[str, Any] | None = self._record.now(key[0])["lines"].get(key[1])
        return line


def _parts(item: State) -> tuple[str, ...]:
    """Return which part of what is on hand an item is in that is there, besides that which is at rest."""
    if item["status"] in _ON_THE_WAY or item["receiver"] is not None:
        return ("in_transit",)
    return ("in_use",) if item["checked_out"] is not None else ()


def _bookings(kind: str, old: State, new: State) -> Iterator[tuple[str, Fraction]]:
    """Yield what went out of an item by an act, in base units: first of where it is away, then the rest."""
    rest = _amount_in(old, _HERE) - _amount_in(new, _HERE)
    for status, flow in effects()["away"].items():
        gone = _amount_in(new, {status}) - _amount_in(old, {status})
        rest -= gone
        if gone:
            yield flow, gone
    if rest:
        yield effects()["flows"].get(kind, "adjusted"), rest


def _first_bookings(kind: str, old: State, new: State) -> Iterator[tuple[str, Fraction]]:
    """Yield the same as answers of the first form tell it: what was missing stays so."""
    if gone := _amount_in(old, _HERE) - _amount_in(new, _HERE):
        flows = {**effects()["flows"], **effects()["first_flows"]}
        yield flows.get(kind, "missing" if new["status"] == "missing" else "adjusted"), gone


def _shares(
    acts: Iterable[Act], changed: Mapping[tuple[str, str], tuple[State, State]]
) -> Mapping[str, Mapping[Key, Fraction]]:
    """Return by item what of it came in under each line; lineage goes by position, so parents have theirs already."""
    shares: dict[str, Mapping[Key, Fraction]] = {}
    for act in acts:
        items = [changed[act.ident, tag] for tag in sorted(act.tags) if (act.ident, tag) in changed]
        for old, new in items:
            if new["known"] and not old["known"]:
                parents = [one for one in items if one[0]["id"] in new["parents"]]
                shares[new["id"]] = _at_birth(act.kind, new, parents, shares)
    return shares


def _at_birth(
    kind: str, born: State, parents: Iterable[tuple[State, State]], shares: Mapping[str, Mapping[Key, Fraction]]
) -> Mapping[Key, Fraction]:
    if born["approval"] is not None and born["line"] is not None:
        return {(born["approval"], born["line"]): Fraction(1)}
    if kind not in _SAME_SUBSTANCE:
        return {}
    given: dict[Key, Fraction] = {}
    whole = Fraction(0)
    for old, new in parents:
        taken = _amount(old) - _amount(new)
        whole += taken
        for key, share in shares.get(old["id"], {}).items():
            given[key] = given.get(key, Fraction(0)) + share * taken
    return {key: amount / whole for key, amount in given.items()} if whole else {}


def _amount(item: State) -> Fraction:
    held = item["quantity"]
    return Fraction(0) if held is None else into(held, base_of(held[1]))[0]


def _amount_in(item: State, statuses: Collection[str]) -> Fraction:
    return _amount(item) if item["known"] and item["status"] in statuses else Fraction(0)
