"""The answers: from the acts that one rests on to its rows, members as ``answer.json`` writes them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from ledger.evidence.answers.balance import balance
from ledger.evidence.answers.folding import entries, evolve, fresh, is_outside
from ledger.evidence.answers.owed import owed
from ledger.evidence.answers.record import Record, sequence
from ledger.evidence.answers.table import known, type_of
from ledger.evidence.answers.why import instant_of, moment, why, written

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from ledger.evidence.answers.acts import Act
    from ledger.evidence.answers.asking import Asked
    from ledger.evidence.answers.folding import State

    Row = Mapping[str, Any]

_CONSENT: Final = "consent"
_OFFERED: Final = frozenset({"custody.handed-over/1", "transfer.sent/1"})
_TAKEN: Final = frozenset({"custody.accepted/1", "item.received/1", "transfer.received/1"})
_LINKS: Final = _OFFERED | _TAKEN | {"custody.refused/1"}


def whereabouts(asked: Asked) -> list[Row]:
    """Return where an item was as the record said then, and what it says now where that differs."""
    last = None
    for act, before, after in asked.counting.steps(asked.subject):
        last = last if after is before else act
    then, now = _where(asked, asked.acts), _where(asked, [*asked.acts, *asked.later])
    rows = [] if then is None else [_whereabouts(then, "then", last)]
    if now is None or not _moved(then, now):
        return rows
    return [*rows, _whereabouts(now, "now", None if asked.form == 1 else _told_since(asked))]  # the first named none


_WHERE: Final = ("status", "site", "place", "custodian")


def _where(asked: Asked, acts: Sequence[Act]) -> State | None:
    state, by = fresh(asked.subject), asked.until or asked.now
    for act in sequence(asked.subject, (one for one in acts if asked.subject in one.tags)):
        state = evolve(state, act) if act.at <= by else state
    return state if state["known"] else None


def _told_since(asked: Asked) -> Act | None:
    """Return the last act behind the position that corrects or voids, or put the item elsewhere in time."""
    item, by = asked.subject, asked.until or asked.now
    steps = Record([*asked.acts, *asked.later], frozenset({item})).steps(item)
    moving = {act.ident for act, before, after in steps if act.at <= by and _moved(before, after)}
    said = (act for act in reversed(asked.later) if item in act.tags)
    return next((act for act in said if act.replaces is not None or act.ident in moving), None)


def _moved(before: State | None, after: State) -> bool:
    """Say whether an item is told to be elsewhere, or to be at all."""
    return before is None or any(before[one] != after[one] for one in ("known", "label", *_WHERE))


def _whereabouts(state: State, known: str, act: Act | None) -> Row:
    return {"item": state["id"], "known": known, **_place(state), "why": why(act)}


def _place(state: State) -> Row:
    return {"status": state["status"], "site": state["site"], "place": state["place"], "holder": state["custodian"]}


def descendants(asked: Asked) -> list[Row]:
    """Return what was made of an item, or of all that came in with a consignment or under an approval."""
    record, of = asked.counting, type_of(asked.subject)
    rows: list[Row] = []
    for tag in record.of_type("item"):
        item = record.now(tag)
        roots = [
            one["id"]
            for one in record.lineage(tag)
            if one["id" if of == "item" else of] == asked.subject and _is_of(one, asked.narrowed)
        ]
        if item["known"] and roots:
            named = {"item": tag, "parents": list(item["parents"]), "roots": roots}
            rows.append({**named, **_place(item), "why": why(begun_by(record, tag))})
    return rows


def _is_of(item: State, narrowed: Mapping[str, str]) -> bool:
    """Say whether an item is of the lot and the donor that are asked for: a lot as people tell it apart."""
    lot, donor = narrowed.get("lot"), narrowed.get("donor")
    same_lot = lot is None or (item["lot"] is not None and _told_apart(item["lot"]) == _told_apart(lot))
    return same_lot and donor in {None, item["donor"]}


def _told_apart(text: str) -> str:
    alike: Mapping[str, str] = known()["alike"]
    return "".join(alike.get(one, one) for one in text)


def ancestors(asked: Asked) -> list[Row]:
    """Return what an item was made of; where no consent was ever withdrawn, which may reach an item in many ways."""
    record = asked.counting
    return [
        {
            "item": one["id"],
            "parents": list(one["parents"]),
            **{name: one[name] for name in ("origin", "approval", "line", "consignment")},
            "consents": [tag for tag in one["permits"] if record.now(tag)["scheme"] == _CONSENT],
            "withdrawn": [],
            "why": why(begun_by(record, one["id"])),
        }
        for one in record.lineage(asked.subject)
        if one["known"]
    ]


def begun_by(record: Record, tag: str) -> Act | None:
    """Return the act that put a subject on record."""
    return next((act for act, _, after in record.steps(tag) if after["known"]), None)


def custody_chain(asked: Asked) -> list[Row]:
    """Return the changes of hands of an item, and of what it was made of until then, with what was measured."""
    told = sorted(_told(asked), key=lambda one: one[1].place)
    links = [row for one in told if (row := _link(asked.counting, *one)) is not None]
    records = [(item, act) for item, act, _, _ in told if act.kind == "temperature.recorded/1"]
    measured = [_measured(asked.counting, item, act) for item, act in records]
    rows = sorted([*links, *measured], key=lambda row: (row[0], row[1]["why"]["position"] or 0, row[1]["item"]))
    return [row for _, row in rows]


def _told(asked: Asked) -> Iterator[tuple[str, Act, State, State]]:
    until: dict[str, str | None] = {}
    for one, made_at in asked.counting.ancestry(asked.subject):
        before = until.get(one["id"], made_at)
        until[one["id"]] = None if made_at is None or before is None else max(before, made_at)
    for item, last in until.items():
        for act, was, now in asked.counting.steps(item):
            if last is None or act.at <= last:
                yield item, act, was, now


def _link(record: Record, item: str, act: Act, before: State, after: State) -> tuple[str, Row] | None:
    """Return a link of the chain with its instant; None: the statement is none."""
    names = [one.get("item") if isinstance(one, dict) else one for one in entries(act.body.get("items"))]
    named = act.kind in _LINKS and item in names
    if not named and before["custodian"] == after["custodian"]:
        return None
    giver, taker = _sides(act, before) if named else (before["custodian"], after["custodian"])
    gap = named and _is_gap(record, item, act, before)
    temperature = act.body.get("temperature")
    return act.at, {
        "item": item,
        "kind": act.kind,
        "at": moment(act.at),
        "giver": giver,
        "taker": taker,
        "has": after["custodian"],
        "site": after["site"] if act.kind in _TAKEN else act.body.get("site"),
        "gap": gap,
        "seals": sorted(set(before["seals"])),
        "seen": _seen(act, item),
        "temperature": [] if temperature is None else [temperature],
        "why": why(record.by_statement.get(act.ident), "CUS-09" if gap else None),
    }


def _sides(act: Act, before: State) -> tuple[str | None, str | None]:
    if act.kind in _OFFERED:
        return act.party, act.body.get("receiver")
    return act.body.get("giver") or before["giver"], act.party


def _seen(act: Act, item: str) -> list[str]:
    if act.kind == "item.received/1":
        mine = (one for one in entries(act.body.get("items")) if isinstance(one, dict) and one.get("item") == item)
        return [one["seal"] for one in mine if one.get("seal") is not None]
    return sorted(act.body.get("seals") or ())


def _is_gap(record: Record, item: str, act: Act, before: State) -> bool:
    """Say whether a party takes an item that nobody had handed over to it."""
    if act.kind not in _TAKEN or before["custodian"] == act.party:
        return False
    found = record.at(item, act.place)
    if found["receiver"] == act.party:
        giver = act.body.get("giver") if act.kind == "custody.accepted/1" else None
        return giver not in {None, found["giver"]}
    if found["custodian"] is not None:
        return True
    roots = [one for one in record.lineage(item, act.place) if not one["parents"] and one["consignment"] is not None]
    carriers = {one for root in roots for one in record.at(root["consignment"], act.place)["carriers"]}
    return bool(carriers) and act.party not in carriers


def _measured(record: Record, item: str, act: Act) -> tuple[str, Row]:
    ended = act.body.get("end")
    return instant_of(ended, act), {
        "item": item,
        "kind": act.kind,
        "at": written(ended, act),
        **dict.fromkeys(("giver", "taker", "has", "site")),
        "gap": False,
        "seals": [],
        "seen": [],
        "temperature": [act.body.get("minimum"), act.body.get("maximum")],
        "why": why(record.by_statement.get(act.ident), "CAR-07" if is_outside(act) else None),
    }


QUESTIONS: Final[Mapping[str, Callable[[Asked], list[Row]]]] = {
    "ancestors": ancestors,
    "balance": balance,
    "custody-chain": custody_chain,
    "descendants": descendants,
    "owed": owed,
    "whereabouts": whereabouts,
}
"""By question; ``effects.toml`` says what acts make of subjects, and these what is told of them."""

ABOUT: Final[Mapping[str, frozenset[str]]] = {
    "ancestors": frozenset({"item"}),
    "balance": frozenset({"approval"}),
    "custody-chain": frozenset({"item"}),
    "descendants": frozenset({"item", "approval", "consignment"}),
    "owed": frozenset({"item", "approval", "consignment"}),
    "whereabouts": frozenset({"item"}),
}
"""By question the types of subject that it is asked about."""
