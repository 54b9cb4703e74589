"""Where statements about a bundle's subject do not agree with each other: who said what, side by side.

Each may be signed and unbroken, and yet one of them is wrong. The record does not say which, and so neither does the
report.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ledger.evidence.report.facts import Fact
from ledger.evidence.report.standing import rows_of, some

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ledger.evidence.report.standing import Standing, Stated
    from ledger.words.template import JsonValue

_RECEIVED: Final = "item.received/1"
_DECLARED: Final = "destination.declared/1"
_HANDED_OVER: Final = "custody.handed-over/1"
_ACCEPTED: Final = "custody.accepted/1"
_SEEN: Final = ("count", "packaging")
"""What giver and taker look at together."""


def contradictions(known: Standing) -> Iterator[Fact]:
    """Yield each statement that others contradict, with those: receipts first, and then what changed hands."""
    for said in _about(known, _RECEIVED):
        rows = rows_of(said.body.get("items"))
        missing = {row.get("item") for row in rows if row.get("condition") == "missing"}
        first = _said(known, said, {"received": len(rows) - len(missing), "number": len(rows)})
        yield from _contradiction(first, list(_as_if_whole(known, said, missing)) if missing else [])
    for given in _about(known, _HANDED_OVER):
        others = [_counted(known, one) for one in _answers(known, given) if _differs(given, one)]
        yield from _contradiction(_counted(known, given), others)


def _contradiction(first: Mapping[str, JsonValue], others: list[Mapping[str, JsonValue]]) -> Iterator[Fact]:
    if others:
        at = sorted({one["at"] for one in (first, *others) if isinstance(one["at"], int)})
        yield Fact("contradiction", {"first": first, "others": list(others)}, tuple(at))


def _about(known: Standing, kind: str) -> list[Stated]:
    """Return the statements of a kind that bear the subject, as they count now, oldest first."""
    return [known.signed(one) for one in known.events if one.said.kind == kind and known.subject in one.tags]


def _said(known: Standing, said: Stated, more: Mapping[str, JsonValue]) -> Mapping[str, JsonValue]:
    return {"by": said.signers[0].party, "at": known.at(said), **more}


def _counted(known: Standing, said: Stated) -> Mapping[str, JsonValue]:
    return _said(known, said, some({name: said.body.get(name) for name in _SEEN}))


def _as_if_whole(known: Standing, said: Stated, missing: set[JsonValue]) -> Iterator[Mapping[str, JsonValue]]:
    """Yield what is stated as if nothing were missing: when it came into these hands, of the papers, and later."""
    for kind, taker in ((_HANDED_OVER, _receiver), (_ACCEPTED, _signer)):
        for one in _about(known, kind):
            items = _items(one)
            if taker(one) == _signer(said) and missing <= items and one.body.get("count") == len(items):
                yield _counted(known, one)
    if said.body.get("documents") == "match":
        yield _said(known, said, {"documents": True})
    for event in known.events:
        one = known.signed(event)
        if one.kind == _DECLARED and one.body.get("consignment") == said.body.get("consignment"):
            items = _items(one)
            if not items or missing & items:
                yield _said(known, one, {"consignment": one.body.get("consignment")})


def _answers(known: Standing, given: Stated) -> list[Stated]:
    """Return the acceptance with which what was handed over was taken, if it is here."""
    found = [
        one
        for one in _about(known, _ACCEPTED)
        if (_receiver(given), _signer(given)) == (_signer(one), one.body.get("giver"))
        and _items(given) == _items(one)
        and (one.occurred_at, known.at(one)) > (given.occurred_at, known.at(given))
    ]
    return sorted(found, key=lambda one: (one.occurred_at, known.at(one)))[:1]


def _differs(given: Stated, taken: Stated) -> bool:
    return any(given.body.get(name) != taken.body.get(name) for name in _SEEN)


def _signer(said: Stated) -> JsonValue:
    return said.signers[0].party


def _receiver(said: Stated) -> JsonValue:
    return said.body.get("receiver")


def _items(said: Stated) -> set[JsonValue]:
    items = said.body.get("items")
    return {one for one in items if isinstance(one, str)} if isinstance(items, list) else set()
