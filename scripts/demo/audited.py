"""After the story: a laboratory lets an auditor see the plasma's approval and what came in under it, for a time."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from ledger.clock import SystemClock
from ledger.domain.registry.audits import AuditGranted
from ledger.ids import CaseId
from scripts.demo.cast import PLASMA
from scripts.demo.stage import admit

if TYPE_CHECKING:
    from scripts.demo.cast import Cast
    from scripts.demo.stage import Stage

_AUDIT: Final = CaseId("case:audit-2026")
_DAYS: Final = 90


def let_in(stage: Stage, cast: Cast) -> None:
    """Admit the auditor, and have the first laboratory grant it an audit.

    The audit ends 90 days after the story, or after today where that is later: whoever played the demo can look at it.
    """
    stage.clock.day(1, 9)
    admit(stage, cast.operator.first, cast.auditor)
    until = max(stage.clock.now(), SystemClock().now()) + timedelta(days=_DAYS)
    granted = AuditGranted(case=_AUDIT, auditor=cast.auditor.id, until=until, approvals=(PLASMA,))
    stage.say(granted, cast.first_lab.first)
