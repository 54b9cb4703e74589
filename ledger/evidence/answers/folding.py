"""The table executed: what an act makes of a subject. Total but for bodies that no ledger would have recorded.

A state is a plain dictionary that nobody changes; an act that does not concern a subject returns the very same one.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final

from ledger.evidence.answers.acts import Unreadable
from ledger.evidence.answers.amounts import into, less, recorded
from ledger.evidence.answers.lines import with_line
from ledger.evidence.answers.table import steps_of, type_of
from ledger.quantity import alike, base_of, parse_decimal

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from ledger.evidence.answers.acts import Act
    from ledger.evidence.answers.amounts import Amount
    from ledger.evidence.answers.table import Step

    State = Mapping[str, Any]

_FRESH: Final[Mapping[str, Mapping[str, Any]]] = {
    "item": {
        "known": False, "consignment": None, "approval": None, "line": None, "origin": None, "parents": (),
        "status": "expected", "label": None, "lot": None, "donor": None, "quantity": None, "custodian": None,
        "giver": None, "receiver": None, "offered": None, "site": None, "place": None, "checked_out": None, "holds": (),
        "ordered": None, "excursion": None, "seals": (), "made_at": None, "permits": (),
    },
    "approval": {
        "known": False, "lines": {}, "applicant": None, "valid_to": None, "since": None, "follow_up": None,
    },
    "consignment": {
        "known": False, "carriers": (), "applicant": None, "consignee": None, "destination": None, "approvals": (),
        "released": None, "declared": None,
    },
    "permit": {"known": False, "scheme": None},
}  # fmt: skip
_LISTS: Final = frozenset({"parents", "seals", "carriers", "approvals"})
_NUMBERS: Final = frozenset({"line"})
_ON_THE_WAY: Final = frozenset({"expected", "received", "missing"})
_NOWHERE: Final = dict.fromkeys(("giver", "receiver", "offered", "site", "place", "checked_out"))


def fresh(tag: str) -> State:
    """Return what a subject is before anything is told of it."""
    return {"id": tag, **_FRESH[type_of(tag)]}


def evolve(state: State, act: Act) -> State:
    """Return a subject after an act; the same one where the act does not concern it. Raises Unreadable."""
    of = type_of(state["id"])
    for step in steps_of(of, act.kind):
        taken = False
        for row in _rows(step, of, state["id"], act):
            if _holds(step, state, act, row):
                state, taken = _Taking(step, act, row).done(state), True
            if not step.get("each"):
                break
        if taken and step.get("last"):
            break
    return state


def entries(value: Any) -> Sequence[Any]:  # noqa: ANN401  whatever a body holds
    """Return what a member names: of a list each, else itself."""
    return value if isinstance(value, list) else () if value is None else (value,)


def _rows(step: Step, of: str, ident: str, act: Act) -> Iterator[Any]:
    """Yield what names a subject in the members that a step is on."""
    for name in step["on"]:
        for one in entries(act.body.get(name)):
            if one == ident or (isinstance(one, dict) and one.get(of) == ident):
                yield one


def _holds(step: Step, state: State, act: Act, row: object) -> bool:
    """Say whether a step is to be taken."""
    wanted = step.get("if", {})
    if any(_value(source, state, act, row) != value for source, value in wanted.items()):
        return False
    if any(_value(source, state, act, row) is not None for source in step.get("lacks", ())):
        return False
    if any(_value(source, state, act, row) is None for source in step.get("has", ())):
        return False
    for source, other in step.get("not_before", {}).items():
        if str(_value(source, state, act, row) or "") < str(_value(other, state, act, row) or ""):
            return False
    if "received_by" in step and _value(step["received_by"], state, act, row) not in act.received:
        return False
    return not step.get("outside") or is_outside(act)


def is_outside(act: Act) -> bool:
    """Say whether a record of temperatures leaves the range that was agreed."""
    low, high, minimum, maximum = (_celsius(act, name) for name in ("low", "high", "minimum", "maximum"))
    too_cold = low is not None and minimum is not None and minimum < low
    return too_cold or (high is not None and maximum is not None and maximum > high)


def _celsius(act: Act, name: str) -> Fraction | None:
    text = act.body.get(name)
    if text is None:
        return None
    if not isinstance(text, str):
        raise Unreadable(act.position)
    number = _decimal(text.removeprefix("-"), act)
    return -number if text.startswith("-") else number


def _decimal(text: object, act: Act) -> Fraction:
    try:
        return Fraction(parse_decimal(text if isinstance(text, str) else ""))
    except ValueError:
        raise Unreadable(act.position) from None


def _value(source: str, state: State, act: Act, row: Any) -> Any:  # noqa: ANN401  whatever a body holds
    """Return what a value of the table is."""
    if source[:1] in {"", "="}:
        return source[1:] or None
    where, _, name = source.partition(".")
    match where:
        case "body":
            return act.body.get(name)
        case "row":
            return row.get(name) if isinstance(row, dict) else None
        case "state":
            return state[name]
        case "approvals":
            rows = [one for one in entries(act.body.get(name)) if isinstance(one, dict)]
            return tuple(sorted({str(one.get("approval")) for one in rows}))
        case "ids":
            return tuple(one.get("item") if isinstance(one, dict) else one for one in entries(act.body.get(name)))
        case "time":
            return act.at
        case _:
            return act.party


class _Taking:
    """One step, taken for one row."""

    def __init__(self, step: Step, act: Act, row: object) -> None:
        self._step, self._act, self._row = step, act, row

    def done(self, state: State) -> State:
        """Return a subject after the step: each part of it in this order."""
        step = self._step
        new: dict[str, Any] = {**fresh(state["id"]), "known": True} if step.get("begin") else dict(state)
        if "take" in step:
            on_its_way = new["status"] in _ON_THE_WAY
            new |= _NOWHERE | {"custodian": self._of("custodian", step["take"], new)}
            new["status"] = "in-transit" if on_its_way else new["status"]
        if "less" in step:
            new |= less(new, self._of("quantity", step["less"], new))
        if "measure" in step and (found := self._of("quantity", step["measure"], new)) is not None:
            new["quantity"] = recorded(new, found)
        if "divide" in step:
            new |= self._divided(new, step["divide"])
        new |= {name: self._of(name, source, new) for name, source in step.get("set", {}).items()}
        for name, source in step.get("keep", {}).items():
            if _value(source, new, self._act, self._row) is not None:
                new[name] = self._of(name, source, new)
        for name, source in step.get("add", {}).items():
            new[name] = tuple(sorted({*new[name], self._of("", source, new) or ""}))
        if step.get("empties") and new["quantity"] is not None and new["quantity"][0] <= 0:
            new["status"] = "depleted"
        return self._held(self._lines(new))

    def _of(self, field: str, source: str, state: State) -> Any:  # noqa: ANN401  what a field holds
        """Return a value as a field of a subject holds it. Raises Unreadable."""
        value = _value(source, state, self._act, self._row)
        if field == "quantity":
            return value if isinstance(value, tuple) else self._amount(value)
        if field in _LISTS:
            found = tuple(value or ()) if isinstance(value, list | tuple | None) else (None,)
            if all(isinstance(one, str) for one in found):
                return found
        elif value is None or (type(value) is int if field in _NUMBERS else isinstance(value, str)):
            return value
        raise Unreadable(self._act.position)

    def _amount(self, value: Any) -> Amount | None:  # noqa: ANN401  whatever a body holds
        if value is None:
            return None
        if not isinstance(value, dict) or not isinstance(value.get("unit"), str):
            raise Unreadable(self._act.position)
        return _decimal(value.get("value"), self._act), value["unit"]

    def _divided(self, state: State, names: Mapping[str, str]) -> State:
        """Return what was divided: with what its signers say is left, and no more than what was made of it leaves."""
        body = self._act.body
        parts = [one.get("quantity") for one in entries(body.get(names["parts"])) if isinstance(one, dict)]
        after = state
        for part in (*parts, body.get(names["loss"])):
            after = {**after, **less(after, self._amount(part))}
        stated = self._amount(body.get(names["residual"]))
        if stated is None:
            raise Unreadable(self._act.position)
        rest, left = recorded(state, stated), after["quantity"]
        if left is not None and alike(left[1], rest[1]) and rest[0] > into(left, rest[1])[0]:
            rest = left
        return {"quantity": rest, "status": "depleted" if rest[0] <= 0 else state["status"]}

    def _held(self, state: dict[str, Any]) -> State:
        step = self._step
        for part in ("hold", "free"):
            if part in step:
                ground = "".join(str(_value(one, state, self._act, self._row)) for one in step[part])
                others = {one for one in state["holds"] if one != ground}
                state["holds"] = tuple(sorted(others | ({ground} if part == "hold" else set())))
        if "let_go" in step:
            case = _value(step["let_go"], state, self._act, self._row)
            state["holds"] = tuple(one for one in state["holds"] if one.partition("/")[0] != case)
        return state

    def _lines(self, state: dict[str, Any]) -> dict[str, Any]:
        step, body = self._step, self._act.body
        if "grant" in step:
            state["lines"] = {row.get("line"): self._granted(row) for row in self._objects(body.get(step["grant"]))}
        for row in self._objects(body.get(step["amend"])) if "amend" in step else ():
            state = with_line(state, row.get("line"), approved=self._needed(row.get("quantity")))
        if step.get("convert"):
            one = into((Fraction(1), base_of(str(body.get("unit")))), str(body.get("unit")))[0]
            base, factor = base_of(str(body.get("unit"))), _decimal(body.get("factor"), self._act)
            state = with_line(state, body.get("line"), factors={base: one * factor})
        if step.get("commit") and isinstance(self._row, dict):
            state = with_line(state, self._row.get("line"), released=self._needed(self._row.get("quantity")))
        return state

    def _objects(self, value: object) -> Sequence[dict[str, Any]]:
        found = entries(value)
        if not all(isinstance(one, dict) for one in found):
            raise Unreadable(self._act.position)
        return found

    def _granted(self, row: Mapping[str, Any]) -> Mapping[str, Any]:
        if type(row.get("line")) is not int or not isinstance(row.get("name_en"), str):
            raise Unreadable(self._act.position)
        approved = self._needed(row.get("quantity"))
        return {"product": row["name_en"], "approved": approved, "committed": Fraction(0), "factors": {}}

    def _needed(self, value: object) -> Amount:
        found = self._amount(value)
        if found is None:
            raise Unreadable(self._act.position)
        return found
