"""Dates that statements tell: what has happened lies no later than the telling, and what is to come no earlier."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from ledger.domain.law.rule import Answer, Rule

if TYPE_CHECKING:
    from datetime import date

    from ledger.domain.judging import Signed, World
    from ledger.domain.law.rules import RulePack
    from ledger.ids import ItemId

# Rules

PAST = Rule("CON-22", "A statement dates what it tells no later than itself.", Answer.REFUSAL)
AHEAD = Rule("CON-23", "A term that a statement sets ends no earlier than the statement.", Answer.REFUSAL)

RULES = (PAST, AHEAD)


def check_past(member: str, told: date, said: Signed[Any], rules: RulePack, tolerance: timedelta = timedelta()) -> None:
    """Check that an instant, or a local day, that a statement names is not after the statement. Raises Refused: CON-22.

    member: what the body calls it.
    tolerance: how far the clock that an instant was read from may be ahead of the signer's.
    """
    if isinstance(told, datetime):
        if told - tolerance > said.occurred_at:
            raise PAST.refuse(f"{member} {_at(told)} lies after the statement, {_at(said.occurred_at)}")
    elif told > (day := rules.working_days.local_date(said.occurred_at)):
        raise PAST.refuse(f"{member} {told} lies after the statement, {day}")


def check_ahead(member: str, term: datetime, said: Signed[Any]) -> None:
    """Check that a term that a statement sets is not over before the statement. Raises Refused: CON-23.

    member: what the body calls it.
    """
    if term < said.occurred_at:
        raise AHEAD.refuse(f"{member} {_at(term)} lies before the statement, {_at(said.occurred_at)}")


def _at(instant: datetime) -> str:
    return f"{instant.astimezone(UTC):%Y-%m-%d %H:%M} UTC"


def clock_tolerance(rules: RulePack) -> timedelta:
    """Return how far two clocks may be apart; no time where the rule pack does not say."""
    seconds = rules.clock_tolerance_seconds
    return timedelta() if seconds is None else timedelta(seconds=seconds.value)


def there_since(world: World, item: ItemId) -> datetime:
    """Return when an item was made or its consignment announced; the beginning of time where nobody says."""
    made_at = world.item(item).made_at
    announced = (one.announced_at for one in world.consignments_of([item]))
    return made_at or min((one for one in announced if one is not None), default=datetime.min.replace(tzinfo=UTC))
