"""Every date and instant of every body is decided: may it lie after its statement, or before it?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pytest
from msgspec import inspect

from ledger.statement.catalogue import KINDS

if TYPE_CHECKING:
    from collections.abc import Iterator

PAST: Final = "CON-22"
"""It has happened when it is told."""
AHEAD: Final = "CON-23"
"""A term that the statement itself sets: it is not over before it is set."""
FREE: Final = ""
"""What a document says of days to come or gone; each is judged by rules of its own, or only shown."""

DECIDED: Final = {
    ("approval.granted/1", "issued_on"): PAST,
    ("approval.granted/1", "valid_from"): FREE,  # a form may begin later; APR-04 compares it with the end, APR-10 too
    ("approval.granted/1", "valid_to"): FREE,  # also a form that is over is put on record
    ("approval.amended/1", "effective_on"): PAST,
    ("approval.amended/1", "valid_to"): FREE,  # APR-04, APR-10
    ("approval.site-added/1", "from_on"): PAST,
    ("consignment.announced/1", "eta"): FREE,  # an expectation; goods may have come before they are announced
    ("consignment.arrived/1", "arrived_on"): PAST,
    ("consignment.declared/1", "declared_on"): PAST,
    ("destination.declared/1", "declared_on"): PAST,
    ("return.ordered/1", "due"): AHEAD,
    ("destruction.ordered/1", "due"): AHEAD,
    ("item.checked-out/1", "until"): AHEAD,
    ("item.listed/1", "items[].collected_on"): PAST,
    ("item.listed/1", "items[].collected_until"): PAST,
    ("consignment.certified/1", "items[].collected_on"): PAST,
    ("consignment.certified/1", "items[].collected_until"): PAST,
    ("item.collected/1", "items[].collected_on"): PAST,
    ("item.collected/1", "items[].collected_until"): PAST,
    ("stock.opened/1", "opened_on"): PAST,
    ("stock.opened/1", "items[].collected_on"): PAST,  # and no later than the stock's day: OPN-02
    ("stock.opened/1", "items[].collected_until"): PAST,
    ("stock.opened/1", "items[].received_on"): "OPN-02",
    ("temperature.recorded/1", "start"): "CAR-03",  # no later than its end
    ("temperature.recorded/1", "end"): PAST,
    ("loss.reported/1", "discovered_at"): "INC-02",
    ("incident.reported/1", "discovered_at"): "INC-02",
    ("waste.handed-over/1", "stored_since"): "WST-04",
    ("permit.recorded/1", "issued_on"): PAST,
    ("permit.recorded/1", "valid_from"): FREE,  # as an approval's
    ("permit.recorded/1", "valid_to"): FREE,  # PMT-04, PMT-21
    ("permit.reported/1", "period_from"): "PMT-27",  # no later than its end
    ("permit.reported/1", "period_to"): PAST,
    ("permit.changed/1", "effective_on"): PAST,
    ("permit.changed/1", "valid_to"): FREE,  # PMT-04, PMT-21
    ("unit.registered/1", "registered_on"): PAST,
    ("audit.granted/1", "until"): "AUD-04",
    ("audit.granted/1", "start"): FREE,  # acts that are still to come may be shown, too; AUD-04
    ("audit.granted/1", "end"): FREE,
    ("product.filed/1", "filed_on"): PAST,
    ("site.registered/1", "certificate_to"): FREE,  # REG-06, GAT-13
    ("unit.assessed/1", "valid_from"): "UAS-03",  # no later than its end
    ("unit.assessed/1", "valid_to"): "UAS-03",
    ("risk-assessment.visited/1", "due_on"): AHEAD,
    ("risk-assessment.reported/1", "valid_from"): "RSK-31",  # no later than its end
    ("risk-assessment.reported/1", "valid_to"): "RSK-31",
    ("scope.excluded/1", "from_on"): PAST,
    ("credit.rated/1", "from_on"): FREE,  # a rating may be made known before it holds
    ("site.changed/1", "certificate_to"): FREE,  # REG-06, GAT-13
    ("supervision.planned/1", "period_from"): FREE,  # a plan may be put on record when its period has begun
    ("supervision.planned/1", "period_to"): "SUP-03",
    ("supervision.closed/1", "next_on"): FREE,  # an expectation; the next plan says when
    ("finding.raised/1", "due"): AHEAD,
    ("finding.rejected/1", "due"): AHEAD,
    ("finding.reopened/1", "due"): AHEAD,
    ("finding.corrected/1", "corrected_on"): PAST,
    ("incident.notified/1", "told_at"): PAST,  # and no earlier than the discovery: INC-21
    ("exposure.watch-opened/1", "until"): AHEAD,
    ("recall.ordered/1", "confirm_by"): AHEAD,
    ("retention.set/1", "since"): PAST,
    ("retention.set/1", "until"): "RET-01",
}


def told(described: inspect.Type, path: str = "") -> Iterator[str]:
    """Yield the path of every date and instant in a described type."""
    match described:
        case inspect.DateTimeType() | inspect.DateType() | inspect.TimeType() | inspect.TimeDeltaType():
            yield path
        case inspect.UnionType():
            for one in described.types:
                yield from told(one, path)
        case inspect.VarTupleType() | inspect.ListType() | inspect.SetType():
            yield from told(described.item_type, f"{path}[]")
        case inspect.StructType():
            for field in described.fields:
                yield from told(field.type, f"{path}.{field.name}".removeprefix("."))
        case inspect.Metadata():
            yield from told(described.type, path)
        case _:
            pass


def test_every_date_of_every_body_is_decided() -> None:
    found = {(name, path) for name, kind in KINDS.items() for path in told(inspect.type_info(kind.body))}
    assert found == DECIDED.keys()


@pytest.mark.parametrize(("kind", "rule"), [(kind, rule) for (kind, _), rule in DECIDED.items() if rule])
def test_a_judge_applies_the_rule_that_was_decided_for_a_date(kind: str, rule: str) -> None:
    assert rule in (KINDS[kind].judge.__doc__ or "")
