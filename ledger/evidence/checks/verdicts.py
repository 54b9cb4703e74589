"""What a verifier answers: one verdict for each claim of a bundle, and how it is written down.

Four verdicts: *verified and known*, *intact but signer unknown*, *not checked*, and *failed*, which names the check and
what it failed on. A report's own answer is the worst of its claims, and its exit code says it to programs: 0 all is
verified and known; 5 what was checked holds, by known signers, but something that the bundle claims could not be
checked; 3 what was checked holds, but not by known signers alone; 4 failed. What lies beyond every bundle is named as
not checked too, and never counts.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from ledger.errors import LedgerError, Malformed
from ledger.statement.text.strict_text import visible

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence


class Verdict(StrEnum):
    """What a verifier can say of a claim."""

    KNOWN = "verified and known"
    UNKNOWN = "intact but signer unknown"
    NOT_CHECKED = "not checked"
    FAILED = "failed"


class Check(StrEnum):
    """The checks that a claim can fail, in their order; ``verify`` says what each one asks."""

    FORM = "form"
    MANIFEST = "manifest"
    CHECKPOINT = "checkpoint"
    STATE = "state"
    ENTRY = "entry"
    INCLUSION = "inclusion"
    STATEMENT = "statement"
    TAGS = "tags"
    KEY = "key"
    SIGNATURE = "signature"
    COMPLETENESS = "completeness"
    DISCLOSURE = "disclosure"
    ANSWER = "answer"


class CheckFailed(Exception):
    """A check failed: what is checked is not carried further. Never leaves the verifier."""

    def __init__(self, check: Check, words: str) -> None:
        """Name the check and what it found."""
        super().__init__(words)
        self.check = check
        self.words = words


class NotChecked(Exception):
    """What is claimed could not be checked; the words say by what. Never leaves the verifier."""

    def __init__(self, words: str, check: Check | None = None) -> None:
        """Say what stood in the way. check: at which check; None where it is not asked."""
        super().__init__(words)
        self.words = words
        self.check = check


def too_old(newer: str) -> str:
    """Return what is said of bytes of a later form. newer: as ``Malformed`` has it."""
    return f"this reader is too old: {newer}"


@contextmanager
def asking(check: Check) -> Iterator[None]:
    """Ask one check in a with block: whatever answer of the ledger comes out of it is the check's failure.

    Raises CheckFailed. NotChecked: what is asked about is of a later form than this program knows.
    """
    try:
        yield
    except LedgerError as error:
        if isinstance(error, Malformed) and error.newer:
            raise NotChecked(too_old(error.newer), check) from error
        raise CheckFailed(check, str(error)) from error


EXITS: Final[Mapping[Verdict, int]] = {
    Verdict.KNOWN: 0,
    Verdict.UNKNOWN: 3,
    Verdict.FAILED: 4,
    Verdict.NOT_CHECKED: 5,
}

_WORST: Final = (Verdict.FAILED, Verdict.UNKNOWN, Verdict.NOT_CHECKED)
"""The worst first. Who signed is asked before completeness: a signer nobody knows may have said anything."""

_ANSWERS: Final[Mapping[Verdict, str]] = {
    Verdict.KNOWN: Verdict.KNOWN,
    Verdict.UNKNOWN: Verdict.UNKNOWN,
    Verdict.FAILED: Verdict.FAILED,
    Verdict.NOT_CHECKED: "not checked in full: what was checked holds, and its signers are known",
}


_ANSWER_IN_PART: Final = (
    "in part: what is shown and was checked holds, and its signers are known; what was withheld is not checked"
)
_FEW: Final = 12


@dataclass(frozen=True, slots=True)
class Claim:
    """One claim and its verdict.

    about: what it is about: "bundle", "checkpoint", "state", "event 17", "tag item:…", "disclosure …", or a subject
        that no verifier can check.
    check: the check that it failed; None when it failed none.
    words: what was found, or why not, for people.
    beyond: True of what no bundle can show, which does not count.
    """

    about: str
    verdict: Verdict
    words: str
    check: Check | None = None
    beyond: bool = False


@dataclass(frozen=True, slots=True)
class Report:
    """All claims of a bundle, in the order in which they were checked.

    subject: the tag that the bundle is about, in its own words; None when nothing in it could be read.
    withheld: the positions of the entries that it withholds. part: the tags of which it shows a part.
    """

    subject: str | None
    claims: tuple[Claim, ...]
    withheld: tuple[int, ...] = ()
    part: tuple[str, ...] = ()

    @property
    def is_in_part(self) -> bool:
        """Say whether the bundle withholds anything."""
        return bool(self.withheld or self.part)

    @property
    def verdict(self) -> Verdict:
        """Return the worst verdict of all that the bundle claims: failed, unknown, not checked, known."""
        found = {claim.verdict for claim in self.claims if not claim.beyond}
        return next((one for one in _WORST if one in found), Verdict.KNOWN)

    @property
    def exit_code(self) -> int:
        """Return 0, 3, 4 or 5; see the module."""
        return EXITS[self.verdict]

    @property
    def failures(self) -> tuple[Claim, ...]:
        """Return the claims that failed."""
        return tuple(claim for claim in self.claims if claim.verdict is Verdict.FAILED)


def report_value(report: Report) -> dict[str, object]:
    """Return a report as the members of a JSON object."""
    return {
        "subject": report.subject,
        "verdict": report.verdict,
        "exit": report.exit_code,
        "withheld": report.withheld,
        "part": report.part,
        "claims": [
            {"about": claim.about, "verdict": claim.verdict, "check": claim.check, "words": claim.words}
            for claim in report.claims
        ],
    }


def verdict_words(report: Report) -> str:
    """Return what a report comes to, for people."""
    if report.verdict is Verdict.NOT_CHECKED and report.is_in_part:
        return _ANSWER_IN_PART
    return _ANSWERS[report.verdict]


def claim_line(claim: Claim, tell: Callable[[str], str] = str) -> str:
    """Return a claim for people in one line; tell: as for ``report_lines``."""
    check = f" ({claim.check})" if claim.check else ""
    return visible(tell(f"{claim.verdict}{check}: ") + tell(f"{claim.about}: ") + tell(claim.words))


def withheld_words(withheld: Sequence[int], part: Sequence[str]) -> str:
    """Return what a bundle withholds: how many entries, at which positions, and of which subjects it shows a part."""
    at = f" at position {_few(withheld)}" if withheld else ""
    of = f"; shown in part: {_few(part)}" if part else ""
    return f"entries: {len(withheld)}{at}{of}"


def _few(named: Sequence[object]) -> str:
    first = ", ".join(map(str, named[:_FEW]))
    return f"{first} and {len(named) - _FEW} more" if len(named) > _FEW else first


def report_lines(report: Report, tell: Callable[[str], str] = str) -> Iterator[str]:
    """Yield a report for people: what failed or is unknown by itself, what is well counted, the answer last.

    Whatever comes from a bundle is written with its unprintable characters replaced. tell: puts a text of this program
    into the reader's language; English if left out.
    """
    if report.subject is not None:
        yield tell(f"about {report.subject}")
    for claim in report.claims:
        if claim.verdict is not Verdict.KNOWN or claim.about == "checkpoint":
            yield claim_line(claim, tell)
    if report.is_in_part:
        yield tell(f"withheld: {withheld_words(report.withheld, report.part)}")
    known = sum(claim.verdict is Verdict.KNOWN for claim in report.claims)
    counted = sum(not claim.beyond for claim in report.claims)
    yield tell(f"{known} of {counted} claims are verified and known")
    yield tell(f"the bundle: {verdict_words(report)}")
