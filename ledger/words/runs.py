"""Runs: what a device records again and again, told as one line for each run of it.

A run is of readings of temperature by one party that stayed as agreed, the same was agreed for all, and nothing else
lies between them. The page in a browser makes the same runs.
"""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from itertools import groupby
from typing import TYPE_CHECKING, Final, TypeVar

from ledger.words.template import written

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from ledger.words.said import Said
    from ledger.words.template import JsonValue

T = TypeVar("T")

READING: Final = "temperature.recorded/1"
"""The kind whose statements make runs."""


def runs(events: Iterable[T], said: Callable[[T], Said | None]) -> list[list[T]]:
    """Return events in their order, those of one run together, and each other one alone.

    said: returns the statement of an event; None of one that stands alone: it was taken back, or broke a rule.
    """
    told = [(event, _run_of(said(event))) for event in events]
    groups = [(run, [event for event, _ in group]) for run, group in groupby(told, key=lambda one: one[1])]
    return [part for run, group in groups for part in ([group] if run else [[event] for event in group])]


def reading_values(said: Sequence[Said]) -> dict[str, JsonValue]:
    """Return what the fact ``readings`` tells of a run."""
    bodies = [one.body for one in said]
    lowest = min(bodies, key=lambda one: _degrees(one.get("minimum")) or Decimal(0))
    highest = max(bodies, key=lambda one: _degrees(one.get("maximum")) or Decimal(0))
    devices = dict.fromkeys(written(one.get("device")) for one in bodies)
    agreed = {name: bodies[0][name] for name in ("low", "high") if bodies[0].get(name) is not None}
    return {
        "by": said[0].signers[0].party,
        "number": len(said),
        "devices": list(devices),
        "start": bodies[0].get("start"),
        "end": bodies[-1].get("end"),
        "minimum": lowest.get("minimum"),
        "maximum": highest.get("maximum"),
        **agreed,
    }


def _run_of(said: Said | None) -> tuple[str, ...]:
    """Return what the readings of one run have in common; nothing of what is in none."""
    if said is None or said.kind != READING or said.corrects is not None or not _is_as_agreed(said.body):
        return ()
    return said.signers[0].party, written(said.body.get("low") or ""), written(said.body.get("high") or "")


def _is_as_agreed(body: Mapping[str, JsonValue]) -> bool:
    low, high, minimum, maximum = (_degrees(body.get(name)) for name in ("low", "high", "minimum", "maximum"))
    if minimum is None or maximum is None:
        return False
    return (low is None or minimum >= low) and (high is None or maximum <= high)


def _degrees(value: JsonValue) -> Decimal | None:
    try:
        return Decimal(value) if isinstance(value, str) else None
    except InvalidOperation:
        return None
