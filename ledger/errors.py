"""What can go wrong in the ledger, one class for each choice that a caller has.

The ledger knows no status codes and no exit codes: the doors (``api``) hold one table for each, and a test
holds those tables complete. A bug is not a ``LedgerError``; it crashes.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ledger.breach import Breach

_FORMAT: Final = re.compile(r"([a-z-]+)/([1-9][0-9]{0,8})")


class LedgerError(Exception):
    """The root of all answers that a caller can act on."""


class Malformed(LedgerError):
    """The bytes are not what the format asks for: sending them again cannot help."""

    def __init__(self, rule: str, member: str, problem: str, *, newer: str = "") -> None:
        """Name the rule, the member it is broken at (``$.signers[0].key``; ``$`` for the whole) and the problem.

        newer: where the bytes may be of a later form than this program knows, what they hold and what it knows, in
            words; who reads what is recorded says that it is too old (``TooOld``), not that something is wrong.
        """
        super().__init__(f"{rule}: {member}: {problem}")
        self.rule = rule
        self.member = member
        self.problem = problem
        self.newer = newer


class NotTrusted(LedgerError):
    """A signature does not verify, or its key is not one that may speak: unknown, revoked, another party's."""

    def __init__(self, rule: str, problem: str) -> None:
        """Name the rule and the problem."""
        super().__init__(f"{rule}: {problem}")
        self.rule = rule
        self.problem = problem


class Refused(LedgerError):
    """The statement contradicts the record or the authority to speak: it is not recorded."""

    def __init__(self, rule: str, problem: str) -> None:
        """Name the rule (a row of ``docs/rules.md``) and the problem in the user's words."""
        super().__init__(f"{rule}: {problem}")
        self.rule = rule
        self.problem = problem


class NeedsAcknowledgement(LedgerError):
    """The statement would be recorded with breaches that its signer has not acknowledged."""

    def __init__(self, breaches: Sequence[Breach], rules: str) -> None:
        """Carry the breaches that stand unacknowledged, in the order the rules were applied.

        rules: the edition that they were judged by, as an entry names it.
        """
        super().__init__(f"not acknowledged: {', '.join(dict.fromkeys(breach.rule for breach in breaches))}")
        self.breaches = tuple(breaches)
        self.rules = rules


class Conflict(LedgerError):
    """Another statement is recorded under the same id, or the caller decided on what is no longer the newest."""


class NotFound(LedgerError):
    """What was asked for is not in the record."""


class Unavailable(LedgerError):
    """The store cannot answer now: nothing was recorded, or its answer was lost; sending again is safe."""


class Halted(LedgerError):
    """Nothing may be recorded on this log until a person has looked: it is behind, or contradicts, what was promised.

    Nothing was recorded. Sending again helps only when the log is mended, and on another log it would be a lie.
    """


class IntegrityFailed(LedgerError):
    """Stored bytes contradict themselves, a proof or a promise: stop and look, never go on."""


class TooOld(LedgerError):
    """What is recorded is of a later form than this program knows: nothing is wrong with it, and it is not checked."""

    def __init__(self, position: int | None, found: str) -> None:
        """Say in words what was found and what this program knows.

        position: where it stands; None where a program was to record something behind it, which it then must not.
        """
        reading = f"position {position}: not checked: this reader is too old: {found}"
        super().__init__(f"this program is older than its log: {found}" if position is None else reading)
        self._said = position, found

    def __reduce__(self) -> tuple[type[TooOld], tuple[int | None, str]]:
        """Return what makes it again where another process hands it over."""
        return TooOld, self._said


def unreadable(position: int, error: LedgerError) -> IntegrityFailed | TooOld:
    """Return what it means that a recorded entry cannot be read: of a later form than is known here, or damaged."""
    if isinstance(error, Malformed) and error.newer:
        return TooOld(position, error.newer)
    return IntegrityFailed(f"position {position}: {error}")


def newer_format(said: str, known: str) -> str:
    """Return what ``Malformed.newer`` says of the name of a format: "" unless it is a later version of a known one.

    said: what is written; known: the newest one here, a name, a slash and a number.
    """
    name, _, number = known.partition("/")
    match = _FORMAT.fullmatch(said)
    if match is None or match[1] != name or int(match[2]) <= int(number):
        return ""
    return f"the form {said}; it knows up to {known}"
