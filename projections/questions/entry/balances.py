"""Which approval lines do not close, and by how much.

"Mass balance per approval line; list lines that do not close and the difference."
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from projections.balance import mass_balance
from projections.booking import HERE
from projections.questions.record import Record

if TYPE_CHECKING:
    from collections.abc import Iterable
    from fractions import Fraction

    from ledger.domain.judging import Event
    from ledger.ids import ApprovalId, ItemId
    from projections.balance import LineBalance, LineKey


@dataclass(frozen=True, slots=True)
class OpenLine:
    """An approval line that does not close, in one dimension, or of which nobody can say that it does.

    balance: None: of all its items nobody stated a quantity.
    unmeasured: the items that came in under it, are still there and of no known quantity, by ascending id.
    """

    approval: ApprovalId
    line: int
    balance: LineBalance | None
    unmeasured: tuple[ItemId, ...]

    @property
    def papers(self) -> Fraction | None:
        """Return what was written off less what was listed; None: not to be compared without a signed conversion."""
        return None if self.balance is None else self.balance.difference

    @property
    def unexplained(self) -> Fraction | None:
        """Return what is missing or was counted away, less what was counted besides: no act says where it went."""
        return None if self.balance is None else self.balance.unexplained

    @property
    def unexplained_by(self) -> tuple[int, ...]:
        """Return where the acts stand by which that is so, ascending."""
        return () if self.balance is None else self.balance.unexplained_by

    @property
    def closes(self) -> bool | None:
        """Say whether it closes; None: nobody can say, and nothing that can be said is against it."""
        if self.papers or self.unexplained:
            return False
        return None if self.papers is None or self.unmeasured else True


def open_lines(events: Iterable[Event[Any]]) -> tuple[OpenLine, ...]:
    """Return the lines that do not close or cannot be said to, by approval, line and unit.

    events: of a whole log, oldest first.
    """
    record = Record(events)
    unmeasured = _unmeasured(record)
    rows = [
        OpenLine(one.approval, one.line, one, tuple(unmeasured.pop((one.approval, one.line), ())))
        for one in mass_balance(record.events)
    ]
    rows += [OpenLine(approval, line, None, tuple(items)) for (approval, line), items in unmeasured.items()]
    return tuple(sorted((row for row in rows if not row.closes), key=_place))


def _unmeasured(record: Record) -> dict[LineKey, list[ItemId]]:
    found: defaultdict[LineKey, list[ItemId]] = defaultdict(list)
    for item in record.items:
        if item.approval is not None and item.line is not None and item.quantity is None and item.status in HERE:
            found[item.approval, item.line].append(item.id)
    return found


def _place(row: OpenLine) -> tuple[str, int, str]:
    return row.approval, row.line, "" if row.balance is None else row.balance.unit
