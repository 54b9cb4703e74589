"""Checking a claimed answer: it is computed again, from a verified bundle alone, before its rows are looked at.

The answer *agrees*, *differs*, or is *not checked*, and then what is missing is named. Whatever is wrong with a bundle
or an answer is an answer of this; nothing is raised for what they hold.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from ledger.errors import LedgerError, Malformed
from ledger.evidence import bundle
from ledger.evidence.answer import Claimed, parse_answer
from ledger.evidence.verdicts import Claim, Report, Verdict, too_old
from ledger.evidence.verify import examine_bundle
from projections.claims.asking import follow
from projections.claims.comparing import difference
from projections.claims.proven import Proven

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from ledger.evidence.opening import Opened
    from ledger.evidence.trust import Trust
    from ledger.evidence.verify import Examined
    from ledger.rulepacks.load import RulePacks
    from ledger.tlog.policy import Policy
    from projections.claims.asking import Follows

    Wanted = Callable[[Claimed], Claimed]


class Finding(StrEnum):
    """What is found of a claimed answer."""

    AGREES = "agrees"
    DIFFERS = "differs"
    NOT_CHECKED = "not checked"
    UNCLAIMED = "nothing is claimed"


VERDICTS: Final[Mapping[Finding, Verdict]] = {
    Finding.AGREES: Verdict.KNOWN,
    Finding.DIFFERS: Verdict.FAILED,
    Finding.NOT_CHECKED: Verdict.NOT_CHECKED,
}
_ABOUT: Final = "answer"
_ROWS: Final = frozenset({"rows", "editions"})


@dataclass(frozen=True, slots=True)
class Checked:
    """What came of checking an answer.

    report: on the bundle, but for the answer. words: what was found of the answer, or what is missing.
    follows: what the question comes to by the bundle; None where it could not be computed.
    size: of the checkpoint; None where the bundle has none that holds. replayed: by which mirrors the log was.
    """

    report: Report
    finding: Finding
    words: str
    follows: Follows | None = None
    size: int | None = None
    replayed: tuple[str, ...] = ()

    @property
    def exit_code(self) -> int:
        """Return 0, 3, 4 or 5: for the worse of what was found of the bundle and of the answer."""
        verdict = VERDICTS.get(self.finding)
        answer = () if verdict is None else (Claim(_ABOUT, verdict, self.words),)
        return Report(self.report.subject, (*self.report.claims, *answer)).exit_code


class _Hindered(Exception):
    """Something is missing without which nothing can be said, or the answer cannot be one. Never leaves the module."""

    def __init__(self, words: str, finding: Finding = Finding.NOT_CHECKED) -> None:
        super().__init__(words)
        self.words = words
        self.finding = finding


def check_answer(
    data: bytes, policy: Policy, trust: Trust | None, packs: RulePacks, wanted: Wanted | None = None
) -> Checked:
    """Verify a bundle, compute the answer to a question again, and compare it with the one that is claimed.

    policy, trust: the verifier's own. packs: the editions that the verifier has.
    wanted: makes what the verifier asks of what the claimed answer says was asked; None: just that is asked.
    """
    examined = examine_bundle(data, policy, trust)
    follows: Follows | None = None
    try:
        opened = _opened(examined)
        claimed = _claimed(opened)
        asked = _asked(opened, claimed, wanted)
        follows = _computed(Proven(opened, examined.taken, examined.report, asked.as_of), asked, packs)
        finding, words = _compared(claimed, asked, follows, packs)
    except _Hindered as hindered:
        finding, words = hindered.finding, hindered.words
    return _checked(examined, finding, words, follows)


def _checked(examined: Examined, finding: Finding, words: str, follows: Follows | None) -> Checked:
    report, opened = examined.report, examined.opened
    claims = tuple(claim for claim in report.claims if claim.about != _ABOUT)
    size, replayed = (None, ()) if opened is None else (opened.manifest.size, tuple(opened.witnessed.replayed))
    return Checked(Report(report.subject, claims), finding, words, follows, size, replayed)


def _opened(examined: Examined) -> Opened:
    """Return what a bundle holds of which nothing failed."""
    failed = examined.report.failures
    if examined.opened is None or failed:
        first = next(iter(failed or examined.report.claims))
        raise _Hindered(f"the bundle does not hold: {first.about}: {first.words}")
    return examined.opened


def _claimed(opened: Opened) -> Claimed | None:
    """Return the answer that a bundle claims; None: it claims none."""
    if not opened.manifest.answered:
        return None
    try:
        claimed = parse_answer(opened.files[bundle.ANSWER])
    except Malformed as error:
        raise (_Hindered(too_old(error.newer)) if error.newer else _Hindered(str(error), Finding.DIFFERS)) from error
    if claimed.log != opened.manifest.log:
        raise _Hindered(f"it is an answer of the log {claimed.log}", Finding.DIFFERS)
    return claimed


def _asked(opened: Opened, claimed: Claimed | None, wanted: Wanted | None) -> Claimed:
    """Return what is asked: as the verifier does, and else as the claimed answer says; nothing else is taken of it."""
    manifest = opened.manifest
    if claimed is None and wanted is None:
        raise _Hindered("the bundle claims no answer; name a question to have it computed")
    said = claimed or Claimed(manifest.log, "", manifest.subject, manifest.size, opened.recorded)
    asked = replace(said, rows=(), editions=())
    asked = asked if wanted is None else wanted(asked)
    if asked.as_of > manifest.size:
        words = f"it is asked as of position {asked.as_of}, and the bundle proves the record up to {manifest.size}"
        raise _Hindered(words)
    return asked


def _computed(proven: Proven, asked: Claimed, packs: RulePacks) -> Follows:
    """Return what follows from the bundle. Raises _Hindered: something that it rests on is not proven, or not known."""
    try:
        follows = follow(asked, proven, packs)
    except LedgerError as error:
        _check_proven(proven)
        raise _Hindered(str(error)) from error
    _check_proven(proven)
    return follows


def _check_proven(proven: Proven) -> None:
    if proven.unread:
        position, words = min(proven.unread.items())
        raise _Hindered(f"it rests on event {position}, and cannot be computed: {words}")
    if proven.unproven:
        raise _Hindered(f"it rests on all events of {_named(proven.unproven)}, and the bundle does not prove that")


def _compared(claimed: Claimed | None, asked: Claimed, follows: Follows, packs: RulePacks) -> tuple[Finding, str]:
    count = len(follows.claimed.rows)
    if claimed is None:
        return Finding.UNCLAIMED, f"so many rows follow from the bundle: {count}"
    for one in fields(Claimed):
        if one.name not in _ROWS and getattr(claimed, one.name) != getattr(asked, one.name):
            return Finding.DIFFERS, f"it answers another question: its {one.name} is {getattr(claimed, one.name)}"
    unknown = [one for one in claimed.editions if packs.by_name(one) is None]
    if unknown:
        return Finding.NOT_CHECKED, f"it is claimed with the edition {unknown[0]}, which is not here"
    if found := difference(claimed, follows.claimed):
        return Finding.DIFFERS, found
    return Finding.AGREES, f"what is claimed follows from the bundle, all rows of it: {count}"


def _named(tags: Iterable[str]) -> str:
    ordered = sorted(tags)
    return f"{ordered[0]} and {len(ordered) - 1} more" if len(ordered) > 1 else ordered[0]
