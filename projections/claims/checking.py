"""Checking a claimed answer: it is computed again, from a verified bundle alone, before its rows are looked at.

The answer *agrees*, *differs*, or is *not checked*, and then what is missing is named; by a bundle from which something
is withheld it agrees *as far as is shown*, and never more. Whatever is wrong with a bundle or an answer is an answer of
this; nothing is raised for what they hold.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import datetime
from enum import StrEnum
from functools import partial
from typing import TYPE_CHECKING, Final

from ledger.clock import format_time
from ledger.errors import LedgerError, Malformed
from ledger.evidence.answers.checking import agreeing
from ledger.evidence.answers.comparing import difference
from ledger.evidence.bundle import bundle
from ledger.evidence.bundle.answer import Claimed, parse_answer
from ledger.evidence.checks.tags import rewritten
from ledger.evidence.checks.verdicts import Claim, Report, Verdict, too_old
from ledger.evidence.verify import examine_bundle
from projections.claims.asking import follow
from projections.claims.editions import further, instead, theirs
from projections.claims.proven import Proven

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from ledger.evidence.bundle.manifest import Manifest
    from ledger.evidence.checks.opening import Opened
    from ledger.evidence.checks.trust import Trust
    from ledger.evidence.verify import Examined
    from ledger.ids import Tag
    from ledger.rulepacks.load import RulePacks
    from ledger.tlog.policy import Policy
    from projections.claims.asking import Follows

    Wanted = Callable[[Claimed, int], Claimed]


class Finding(StrEnum):
    """What is found of a claimed answer."""

    AGREES = "agrees"
    AS_SHOWN = "agrees as far as is shown"
    """Of a bundle from which something is withheld."""
    DIFFERS = "differs"
    NOT_CHECKED = "not checked"
    UNCLAIMED = "nothing is claimed"


VERDICTS: Final[Mapping[Finding, Verdict]] = {
    Finding.AGREES: Verdict.KNOWN,
    Finding.AS_SHOWN: Verdict.NOT_CHECKED,
    Finding.DIFFERS: Verdict.FAILED,
    Finding.NOT_CHECKED: Verdict.NOT_CHECKED,
}
_ABOUT: Final = "answer"
_FOLLOW: Final = frozenset({"rows", "editions", "now", "earlier"})
"""What may be otherwise though the question is the same: terms that passed since show in the rows."""

_MEMBERS: Final = {"until": "at"}


@dataclass(frozen=True, slots=True)
class Checked:
    """What came of checking an answer.

    report: on the bundle, but for the answer. words: what was found of the answer, or what is missing.
    claimed: the answer; None where there is none that can be read. asked: what was asked; None
    where that is not known. follows: what it comes to by the bundle; None where it could not be computed.
    bundled: the subject of the bundle. last: the latest position that the bundle dates, of those that count, and when
    it was recorded. later: so many events of the bundle are later, and do not count.
    size: of the checkpoint; None where the bundle has none that holds. replayed: by which mirrors the log was.
    amended: of a statement that is asked about, where the bundle corrects or voids it; None: it does not.
    """

    report: Report
    finding: Finding
    words: str
    claimed: Claimed | None = None
    asked: Claimed | None = None
    follows: Follows | None = None
    bundled: Tag | None = None
    last: tuple[int, datetime] | None = None
    later: int = 0
    size: int | None = None
    replayed: tuple[str, ...] = ()
    amended: int | None = None

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
    wanted: makes what the verifier asks of what the claimed answer says was asked, and of the size of the checkpoint;
    None: just what the answer says is asked.
    """
    examined = examine_bundle(data, policy, trust)
    claimed: Claimed | None = None
    asked: Claimed | None = None
    follows: Follows | None = None
    try:
        opened = _opened(examined)
        claimed = _claimed(opened)
        asked = _asked(opened, claimed, wanted)
        _check_reached(asked, opened.manifest.size)
        again = partial(_computed, Proven(opened, examined.taken, examined.report, asked.as_of), asked)
        follows = again(packs)
        finding, words = _compared(claimed, asked, follows, packs, again)
        finding, words = _as_shown(finding, words, len(follows.claimed.rows), opened.manifest)
    except _Hindered as hindered:
        finding, words = hindered.finding, hindered.words
        if claimed is not None and asked is not None and (other := _other_question(claimed, asked)):
            finding, words = Finding.DIFFERS, other  # whatever is missing for theirs: it answers another
    return _shown(examined, Checked(examined.report, finding, words, claimed, asked, follows))


def _as_shown(finding: Finding, words: str, count: int, manifest: Manifest) -> tuple[Finding, str]:
    """Return what is found, and of what agrees or follows whether it is bound to all or only to what is shown."""
    if not manifest.is_in_part or finding not in {Finding.AGREES, Finding.UNCLAIMED}:
        return finding, words
    if finding is Finding.AGREES:
        return Finding.AS_SHOWN, agreeing(count, manifest)[0]
    return finding, f"{words}; it is not bound to what is withheld"


def _shown(examined: Examined, checked: Checked) -> Checked:
    """Return what was found, with what the bundle shows besides: how far it goes, and how far what is asked does."""
    opened, asked = examined.opened, checked.asked
    if opened is None:
        return checked
    size, replayed = opened.manifest.size, tuple(opened.witnessed.replayed)
    checked = replace(checked, bundled=opened.manifest.subject, size=size, replayed=replayed)
    if asked is None:
        return checked
    dated = {one.entry.position: one.entry.recorded for one in examined.taken.held.values()} | {size: opened.recorded}
    last = max((one for one in dated.items() if one[0] <= asked.as_of), default=None)
    later = sum(asked.as_of < position < size for position in dated)
    said = sorted(examined.taken.read.items())
    amended = next((position for position, payload in said if rewritten(payload) == asked.subject), None)
    return replace(checked, last=last, later=later, amended=amended)


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
    if wanted is None:
        return asked
    due = wanted(asked, manifest.size)
    return replace(due, earlier=asked.earlier if due.question == asked.question else None)


def _check_reached(asked: Claimed, size: int) -> None:
    if asked.as_of > size:
        raise _Hindered(f"it is asked as of position {asked.as_of}, and the bundle proves the record up to {size}")


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


def _compared(
    claimed: Claimed | None, asked: Claimed, follows: Follows, packs: RulePacks, again: Callable[[RulePacks], Follows]
) -> tuple[Finding, str]:
    count = len(follows.claimed.rows)
    if claimed is None:
        return Finding.UNCLAIMED, f"so many rows follow from the bundle: {count}"
    if other := _other_question(claimed, asked):
        return Finding.DIFFERS, other
    unknown = [one for one in claimed.editions if packs.by_name(one) is None]
    if unknown:
        return Finding.NOT_CHECKED, f"it is claimed with the edition {unknown[0]}, which is not here"
    lacking, put = further(claimed, follows, packs), instead(claimed, follows, packs)
    own = [one for one in follows.claimed.editions if one not in lacking]
    due = replace(follows.claimed, editions=tuple(sorted([*own, *put])))
    if found := _difference(claimed, due):
        if (lacking or put) and not _difference(claimed, again(theirs(packs, lacking, put)).claimed):
            if put:
                words = f"it is claimed with the edition {put[0]}, and other rows follow by those that judge here"
                return Finding.NOT_CHECKED, words
            return Finding.NOT_CHECKED, f"it is claimed without the edition {lacking[0]}, and other rows follow with it"
        return Finding.DIFFERS, found
    return Finding.AGREES, f"what is claimed follows from the bundle, all rows of it: {count}"


def _other_question(claimed: Claimed, asked: Claimed) -> str:
    """Return in words by what an answer is to another question than is asked; "" where it is to that one."""
    for one in fields(Claimed):
        if one.name not in _FOLLOW and getattr(claimed, one.name) != getattr(asked, one.name):
            name = _MEMBERS.get(one.name, one.name)
            return f"it answers another question: its {name} is {_written(getattr(claimed, one.name))}"
    return ""


def _written(value: object) -> str:
    if isinstance(value, Mapping):
        return ", ".join(f"{name} {one}" for name, one in value.items()) or "none"
    return format_time(value) if isinstance(value, datetime) else str(value or "none")


def _difference(claimed: Claimed, due: Claimed) -> str:
    return difference(claimed.editions, claimed.rows, due.editions, due.rows)


def _named(tags: Iterable[str]) -> str:
    ordered = sorted(tags)
    return f"{ordered[0]} and {len(ordered) - 1} more" if len(ordered) > 1 else ordered[0]
