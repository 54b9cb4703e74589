"""Bundle, policy and trust as files, and the answer as text: what all commands that verify have in common."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, TypeVar

from ledger.errors import Malformed
from ledger.evidence.bundle.archive import MAX_ARCHIVE
from ledger.evidence.checks.trust import MAX_TRUST, parse_trust
from ledger.evidence.checks.verdicts import report_lines, report_value
from ledger.evidence.verify import verify_bundle
from ledger.tlog.policy import MAX_POLICY, parse_policy

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from ledger.evidence.checks.trust import Trust
    from ledger.evidence.checks.verdicts import Report
    from ledger.tlog.policy import Policy

_Rules = TypeVar("_Rules")


def verify_files(file: Path, policy: Path, trust: Path | None) -> Report:
    """Verify the bundle in a file under the policy and the trust in others.

    Of a file that is larger than its format allows, or never ends, no more is read than it takes to refuse it.

    Raises OSError: a file cannot be read. Malformed: TLOG-07 the policy, EVD-06 the trust is not one.
    """
    known = None if trust is None else read_trust(trust)
    return verify_bundle(read_bundle(file), read_policy(policy), known)


def read_bundle(path: Path) -> bytes:
    """Read a bundle; of a file that is larger than one may be only so much that it is refused. OSError."""
    return _read(path, MAX_ARCHIVE)


def read_policy(path: Path) -> Policy:
    """Read a policy. Raises Malformed: TLOG-07, with the file and the line as its member. OSError."""
    return _parsed(path, MAX_POLICY, parse_policy)


def read_trust(path: Path) -> Trust:
    """Read a trust file. Raises Malformed: EVD-06, with the file and the line as its member. OSError."""
    return _parsed(path, MAX_TRUST, parse_trust)


def written(report: Report, *, as_json: bool) -> str:
    """Return a report as text in English: lines for people, or one line of JSON."""
    if as_json:
        return json.dumps(report_value(report), ensure_ascii=False, separators=(",", ":"))
    return "\n".join(report_lines(report))


def _parsed(path: Path, most: int, parse: Callable[[bytes], _Rules]) -> _Rules:
    try:
        return parse(_read(path, most))
    except Malformed as error:
        where = "" if error.member == "$" else f" {error.member}"
        raise Malformed(error.rule, f"{path}{where}", error.problem) from None


def _read(path: Path, most: int) -> bytes:
    """Return a file's bytes; of a larger one than most bytes one more, by which its format refuses it."""
    with path.open("rb") as file:
        return file.read(most + 1)
