"""A claimed answer checked by the table: computed from the events that a verified bundle proves, before it is compared.

For the questions that the table answers; ``vialog evidence ask`` answers all that can be claimed, and says the same of
these. What was asked is taken from the answer: whoever wants to ask something else names it there.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from ledger.errors import Malformed
from ledger.evidence.answers.acts import Act, Beyond, Unreadable, act_of
from ledger.evidence.answers.asking import asked_of, narrowed
from ledger.evidence.answers.comparing import difference
from ledger.evidence.answers.rows import ABOUT, QUESTIONS
from ledger.evidence.answers.table import known, type_of
from ledger.evidence.bundle import bundle
from ledger.evidence.bundle.answer import parse_answer
from ledger.evidence.checks.verdicts import Check, Claim, Verdict, too_old, withheld_words

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ledger.evidence.answers.asking import Asked
    from ledger.evidence.bundle.answer import Claimed
    from ledger.evidence.bundle.manifest import Manifest
    from ledger.evidence.checks.events import Taken
    from ledger.evidence.checks.opening import Opened

ABOUT_IT: Final = "answer"
AGREES: Final = "what is claimed follows from the bundle, all rows of it: {count}"
AS_SHOWN: Final = (
    "it agrees as far as is shown, all rows of it: {count}; it is not bound to what is withheld: {withheld}"
)
ELSEWHERE: Final = "the answer to {question} is not computed here: `vialog evidence ask` computes it"
_WITHDRAWN: Final = "consent.withdrawn/1"
"""What it reaches the table does not say."""

_HOLDS: Final = frozenset({Verdict.KNOWN, Verdict.UNKNOWN})


class _Found(Exception):
    """What is found of an answer, before its rows are compared. Never leaves the module."""

    def __init__(self, words: str, verdict: Verdict = Verdict.NOT_CHECKED) -> None:
        super().__init__(words)
        self.words, self.verdict = words, verdict


def answer_claim(opened: Opened, taken: Taken, claims: Sequence[Claim]) -> Claim:
    """Return what is found of the answer that a bundle claims. claims: what was found of the bundle before.

    Agrees: verified and known; not checked where something is withheld. Differs: failed. Nothing is
    raised for what a bundle holds.
    """
    try:
        words, verdict = _checked(opened, taken, claims)
    except _Found as found:
        words, verdict = found.words, found.verdict
    return Claim(ABOUT_IT, verdict, words, Check.ANSWER if verdict is Verdict.FAILED else None)


def _checked(opened: Opened, taken: Taken, claims: Sequence[Claim]) -> tuple[str, Verdict]:
    """Return in words that an answer agrees, and what that is worth. Raises _Found: it does not, or not known."""
    failed = next((claim for claim in claims if claim.verdict is Verdict.FAILED), None)
    if failed is not None:
        raise _Found(f"the bundle does not hold: {failed.about}: {failed.words}")
    claimed = _claimed(opened)
    if claimed.question not in QUESTIONS:
        raise _Found(ELSEWHERE.format(question=claimed.question))
    if type_of(claimed.subject) not in ABOUT[claimed.question]:
        raise _Found(f"{claimed.question} is not asked about {claimed.subject}")
    if claimed.as_of > opened.manifest.size:
        size = opened.manifest.size
        raise _Found(f"it is asked as of position {claimed.as_of}, and the bundle proves the record up to {size}")
    proven = _Proven(opened, taken, claims, claimed.as_of)
    try:
        asked = _asked(claimed, proven)
        editions = _editions(claimed, asked.acts)
        return agreeing(_compared(claimed, asked, editions), opened.manifest)
    except Beyond as error:
        raise _Found(ELSEWHERE.format(question=error.where)) from error
    except Unreadable as error:
        proven.check()
        raise _Found(f"it rests on event {error.position}, whose body is not of its form") from error


def agreeing(count: int, manifest: Manifest) -> tuple[str, Verdict]:
    """Return what is said of an answer whose rows follow from what a bundle shows. count: of the rows."""
    if not manifest.is_in_part:
        return AGREES.format(count=count), Verdict.KNOWN
    withheld = withheld_words([one.position for one in manifest.withheld], manifest.part)
    return AS_SHOWN.format(count=count, withheld=withheld), Verdict.NOT_CHECKED


def _claimed(opened: Opened) -> Claimed:
    try:
        claimed = parse_answer(opened.files[bundle.ANSWER])
    except Malformed as error:
        if error.newer:
            raise _Found(too_old(error.newer)) from error
        raise _Found(str(error), Verdict.FAILED) from error
    if claimed.log != opened.manifest.log:
        raise _Found(f"it is an answer of the log {claimed.log}", Verdict.FAILED)
    return claimed


def _asked(claimed: Claimed, proven: _Proven) -> Asked:
    """Return what is asked, with the acts that it rests on. Raises _Found: not all of them are proven."""
    try:
        narrowed(claimed)
    except Malformed as error:
        raise _Found(str(error)) from error
    asked = asked_of(claimed, proven)
    proven.check()
    if claimed.question == "ancestors" and any(act.kind == _WITHDRAWN for act in asked.acts):
        raise Beyond("ancestors where a consent was withdrawn")
    return asked


@dataclass(slots=True)
class _Due:
    """The editions that an answer is due to name. judged: those of them that judged an event of it."""

    judged: set[str] = field(default_factory=set)
    all: set[str] = field(default_factory=set)


def _editions(claimed: Claimed, acts: Sequence[Act]) -> _Due:
    """Return the editions that judged the acts, and all of their jurisdictions that had begun. Raises _Found."""
    here: Mapping[str, Any] = known()["editions"]
    if all(one["jurisdiction"] != claimed.jurisdiction for one in here.values()):
        raise _Found(f"no rules of {claimed.jurisdiction} are here")
    for act in acts:
        if act.rules not in here:
            raise _Found(f"the edition {act.rules} judged event {act.position}, and is not here")
    judged = {act.rules for act in acts}
    jurisdictions = {claimed.jurisdiction, *(here[name]["jurisdiction"] for name in judged)}
    begun = {
        name
        for name, one in here.items()
        if one["jurisdiction"] in jurisdictions and one["since"] <= _day(claimed.now, one["minutes"])
    }
    return _Due(judged, judged | begun)


def _day(instant: datetime, minutes: int) -> str:
    return (instant + timedelta(minutes=minutes)).date().isoformat()


def _compared(claimed: Claimed, asked: Asked, due: _Due) -> int:
    """Return how many rows there are, which are those that follow. Raises _Found: they are others."""
    here = known()["editions"]
    unknown = next((one for one in claimed.editions if one not in here), None)
    if unknown is not None:
        raise _Found(f"it is claimed with the edition {unknown}, which is not here")
    named = {here[one]["jurisdiction"] for one in claimed.editions}
    # Whoever claims may not have had an edition that judged nothing of it.
    unnamed = due.all - due.judged - set(claimed.editions)
    further = {one for one in unnamed if here[one]["jurisdiction"] in named}
    rows = QUESTIONS[claimed.question](asked)
    if found := difference(claimed.editions, claimed.rows, sorted(due.all - further), rows):
        without = QUESTIONS[claimed.question](replace(asked, without=frozenset(further)))
        if further and not difference(claimed.editions, claimed.rows, sorted(due.all - further), without):
            raise _Found(f"it is claimed without the edition {min(further)}, and other rows follow with it")
        raise _Found(found, Verdict.FAILED)
    return len(rows)


class _Proven:
    """The acts of a bundle up to a position, and those behind it; of a subject of which not all is proven none."""

    def __init__(self, opened: Opened, taken: Taken, claims: Sequence[Claim], as_of: int) -> None:
        self._opened, self._taken, self._as_of = opened, taken, as_of
        self._verdicts = {claim.about: claim.verdict for claim in claims}
        self._under: defaultdict[str, list[int]] = defaultdict(list)
        for name, held in taken.counting().items():
            self._under[name] = [position for position, _ in held]
        self._acts: dict[int, Act] = {}
        self._unproven: set[str] = set()
        self._unread: dict[int, str] = {}

    def about(self, tag: str) -> Sequence[Act]:
        """Return all acts that bear a tag up to the position, oldest first."""
        return self._all(tag, later=False)

    def later(self, tag: str) -> Sequence[Act]:
        """Return all acts that bear a tag behind the position."""
        return self._all(tag, later=True)

    def check(self) -> None:
        """Raise _Found where something that was asked for is not proven."""
        if self._unread:
            position, words = min(self._unread.items())
            raise _Found(f"it rests on event {position}, and cannot be computed: {words}")
        if self._unproven:
            ordered = sorted(self._unproven)
            named = f"{ordered[0]} and {len(ordered) - 1} more" if len(ordered) > 1 else ordered[0]
            raise _Found(f"it rests on all events of {named}, and the bundle does not prove that")

    def _all(self, tag: str, *, later: bool) -> list[Act]:
        if not self._is_whole(tag):
            self._unproven.add(tag)
            return []
        asked = (position for position in self._under.get(tag, ()) if (position > self._as_of) is later)
        return [act for position in asked if (act := self._act(position)) is not None]

    def _is_whole(self, tag: str) -> bool:
        verdict = self._verdicts.get(f"tag {tag}")
        by_word = not self._opened.witnessed.replayed and self._taken.unread is None
        return verdict is Verdict.KNOWN or (verdict is Verdict.NOT_CHECKED and by_word)

    def _act(self, position: int) -> Act | None:
        if position in self._acts or position in self._unread:
            return self._acts.get(position)
        event = self._taken.events.get(position)
        if event is None or event.verdict not in _HOLDS:
            self._unread[position] = "its keys or signatures could not be checked"
        elif event.payload.kind not in known()["kinds"]:
            self._unread[position] = too_old(f"the kind {event.payload.kind}, which it does not know")
        else:
            self._acts[position] = act_of(self._taken.held[position].entry, event.payload)
        return self._acts.get(position)
