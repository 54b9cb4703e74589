"""Bundle, policy and trust as files, and the answer as text: what all commands that verify have in common."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from ledger.evidence.trust import parse_trust
from ledger.evidence.verdicts import report_lines, report_value
from ledger.evidence.verify import verify_bundle
from ledger.tlog.policy import parse_policy

if TYPE_CHECKING:
    from pathlib import Path

    from ledger.evidence.verdicts import Report


def verify_files(file: Path, policy: Path, trust: Path | None) -> Report:
    """Verify the bundle in a file under the policy and the trust in others.

    Raises OSError: a file cannot be read. Malformed: TLOG-07 the policy, EVD-06 the trust is not one.
    """
    known = None if trust is None else parse_trust(trust.read_bytes())
    return verify_bundle(file.read_bytes(), parse_policy(policy.read_bytes()), known)


def written(report: Report, *, as_json: bool) -> str:
    """Return a report as text: lines for people, or one line of JSON."""
    if as_json:
        return json.dumps(report_value(report), ensure_ascii=False, separators=(",", ":"))
    return "\n".join(report_lines(report))
