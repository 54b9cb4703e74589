"""Verify an evidence bundle offline. Needs the standard library and ``cryptography``, and what the verifier brings.

``docs/formats.md``, section 24, owns the procedure; here it is told again for whoever reads the code.

The steps, in their order; each block of the code repeats its number. Steps 1 to 4, in ``opening``, end the
verification when they fail. Steps 5 to 10, in ``events``, are taken for each event by ascending position; an event that
fails one is carried no further, and the next event is taken. All failures are reported.

    0  policy and trust  come from the verifier; a bundle that holds a file of either kind fails step 1
    1  form              the zip is in its one form; each file is one that the format names
    2  manifest          in its one form, and lists exactly the evidence that is there
    3  checkpoint        believed under the policy: signed by the log, cosigned by the quorum; of the manifest's log and
                         size
    4  state             the state entry is the last leaf under the checkpoint; it tells the root of the index
    5  entry             the bytes that the manifest lists, in their one form, of their position; an event; time does
                         not go back, up to the state entry
    6  inclusion         the hash of these very bytes stands at that position under the checkpoint
    7  statement         envelope and payload in their one form, for this log, recorded once, one signature a signer
    8  tags              the header's tags and status are those of the payload and of what it corrects or voids, as far
                         as the bundle shows; one of them is listed in the manifest; the header tells no breach of a
                         rule that the payload does not acknowledge
    9  key               each signer's key is enrolled before by an event of the bundle, for that party and person, by
                         the operator or its own party, is admissible, not revoked before, and its whole history is
                         claimed; where an event of an unknown kind may say something of it, that is not checked
    10 signature         each signature verifies over the signed bytes
    11 completeness      of each tag claimed to be complete, and of each status, the index knows exactly the bundle's
                         events; the subject is complete, and what it rests on is listed. Whether the index leaves none
                         out is not checked, unless a mirror replayed the log
    12 disclosure        its digest stands in the payload of its event, of which no other one discloses the same name
    13 trust             who signed is known to the verifier: else the event is intact, but its signer is unknown
    14 not checked       what no bundle can show is named, so that nobody takes it for verified
    15 answer            an answer that the bundle claims follows from these events, which are all that it rests on; to
                         other questions than ``answers`` knows it is not checked

The claims, in this order, and what each is about: "checkpoint"; "recorded"; "state"; "event <position>" for each entry;
of step 11 first "tag <subject>" if the subject is not among the complete tags, and "tag <tag>" or "status <tag>" of
what it rests on and is not listed; then "tag <tag>" for each complete tag and "status <tag>" for each other one;
"disclosure <digest>" for each, with the verdict of its event; "answer" if the bundle claims one: verified and known if
it agrees, failed if it differs; then what no bundle can show. When one of the steps 1 to 4
fails, its claim is the only one: about "bundle" for 1 and 2, "checkpoint" for 3, "state" for 4.

An entry that fails step 5 bears no tag; one that fails a later step still counts for completeness, since it stands in
the bundle. Times and statement ids are compared with those of all entries above that reached the same step. Only what
passed step 10 enrols or revokes a key.

What is of a later form than this program knows (docs/formats.md, section 23) is not checked: of steps 1 to 4 the claim
is the only one, as for a failure; of an entry whose bytes cannot be read step 6 is still taken, of one with a header
line or a member that is not known here all steps are. Where a statement cannot be read, no key is known behind it.

Never raises for what a bundle holds: whatever is wrong with it is a verdict.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final

from ledger.clock import format_time
from ledger.evidence.answers.checking import answer_claim
from ledger.evidence.bundle import bundle
from ledger.evidence.checks.beyond import beyond
from ledger.evidence.checks.completeness import Completeness
from ledger.evidence.checks.disclosed import disclosures
from ledger.evidence.checks.events import (
    Event,
    Said,
    Taken,
    check_included,
    check_signed,
    check_tags,
    newer_in,
    read_held,
    read_said,
)
from ledger.evidence.checks.keyring import Keyring
from ledger.evidence.checks.opening import Opened, open_bundle
from ledger.evidence.checks.tags import Tagging
from ledger.evidence.checks.trust import NOBODY
from ledger.evidence.checks.verdicts import Check, CheckFailed, Claim, NotChecked, Report, Verdict, too_old
from ledger.statement.entries.entry import leaf_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from ledger.evidence.bundle.manifest import Listed
    from ledger.evidence.checks.trust import Trust
    from ledger.statement.form.payload import Payload
    from ledger.tlog.policy import Policy, Witnessed

WITHHELD: Final = "an entry with the hash that is listed stands there; what it says, and about what, is withheld"
SKEW: Final = 60
"""How many seconds a log's time may lie behind that of its quorum, and nobody's clock is called wrong."""
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)


def verify_bundle(data: bytes, policy: Policy, trust: Trust | None = None) -> Report:
    """Return a verdict for each claim of a bundle.

    data: the zip's bytes, from anybody.
    policy: which logs and which quorum of witnesses the verifier believes.
    trust: whose keys the verifier knows; None: nobody's, and then no signer is known.
    """
    examined = examine_bundle(data, policy, trust)
    opened, report = examined.opened, examined.report
    if opened is None or not opened.manifest.answered:
        return report
    # 15 answer
    found = [claim for claim in report.claims if not claim.beyond]
    behind = report.claims[len(found) :]
    answered = answer_claim(opened, examined.taken, found)
    return replace(report, claims=(*found, answered, *behind))


@dataclass(frozen=True, slots=True)
class Examined:
    """What verifying a bundle finds. opened, taken: what it holds; nothing where one of the steps 1 to 4 ended it."""

    report: Report
    opened: Opened | None = None
    taken: Taken = field(default_factory=Taken)


def examine_bundle(data: bytes, policy: Policy, trust: Trust | None = None) -> Examined:
    """Verify a bundle as ``verify_bundle`` does, but for the answer in it: for whoever computes with its events."""
    try:
        opened = open_bundle(data, policy)
    except CheckFailed as failed:
        return Examined(Report(None, (Claim(_FATAL[failed.check], Verdict.FAILED, failed.words, failed.check),)))
    except NotChecked as hindered:
        about = _FATAL[hindered.check or Check.FORM]
        return Examined(Report(None, (Claim(about, Verdict.NOT_CHECKED, hindered.words),)))
    verification = _Verification(opened, trust or NOBODY)
    manifest, claims = opened.manifest, tuple(verification.claims())
    report = Report(manifest.subject, claims, tuple(one.position for one in manifest.withheld), manifest.part)
    return Examined(report, opened, verification.taken)


_FATAL: Final[Mapping[Check, str]] = {
    Check.FORM: "bundle",
    Check.MANIFEST: "bundle",
    Check.CHECKPOINT: "checkpoint",
    Check.STATE: "state",
}


@dataclass(slots=True)
class _Verification:
    """Steps 5 to 14 over an opened bundle."""

    opened: Opened
    trust: Trust
    taken: Taken = field(default_factory=Taken)
    statements: dict[str, int] = field(default_factory=dict)
    before: datetime | None = None
    tagging: Tagging = field(init=False)
    keyring: Keyring = field(init=False)

    def __post_init__(self) -> None:
        """Start with no key and no statement."""
        self.tagging = Tagging(self.opened.manifest)
        manifest = self.opened.manifest
        self.keyring = Keyring(self.trust, frozenset(manifest.complete), frozenset(manifest.part))

    def claims(self) -> Iterator[Claim]:
        """Yield a claim for the checkpoint, for the state, and for whatever else the bundle holds."""
        yield Claim("checkpoint", Verdict.KNOWN, _witnessed_words(self.opened.witnessed))
        yield from self._recorded()
        yield Claim("state", Verdict.KNOWN, f"it gives the index over the {self.opened.state.size} entries before it")
        yield from self._events()
        yield from self._withheld()
        # 11 completeness
        completeness = Completeness(self.opened, self.taken)
        yield from completeness.claims()
        # 12 disclosure
        yield from disclosures(self.opened, self.taken)
        # 14 not checked
        yield from beyond(self.opened.manifest, self.taken, completeness.left_out)

    def _recorded(self) -> Iterator[Claim]:
        # 3 checkpoint
        time = self.opened.witnessed.quorum_time
        if time is None:
            return
        words = f"not after {_posix(time)}, by the clocks of those who cosigned"
        if (self.opened.recorded - _EPOCH) // _MICROSECOND <= (time + SKEW) * 1_000_000:
            yield Claim("recorded", Verdict.KNOWN, words)
        else:
            words = f"{words}; but the log says {format_time(self.opened.recorded)}: one of the clocks is wrong"
            yield Claim("recorded", Verdict.NOT_CHECKED, words)

    def _events(self) -> Iterator[Claim]:
        for listed in self.opened.manifest.entries:
            about = f"event {listed.position}"
            try:
                yield self._event(about, listed)
            except CheckFailed as failed:
                yield Claim(about, Verdict.FAILED, failed.words, failed.check)
            except NotChecked as hindered:
                yield Claim(about, Verdict.NOT_CHECKED, hindered.words)

    def _withheld(self) -> Iterator[Claim]:
        for position, leaf in self.opened.manifest.withheld:
            about, checkpoint = f"withheld {position}", self.opened.checkpoint
            try:
                # 6 inclusion: that it stands there is all that can be said of what is withheld
                check_included(bytes.fromhex(leaf), position, self.opened.proofs[position], checkpoint)
            except CheckFailed as failed:
                yield Claim(about, Verdict.FAILED, failed.words, failed.check)
            else:
                yield Claim(about, Verdict.NOT_CHECKED, WITHHELD)

    def _event(self, about: str, listed: Listed) -> Claim:
        """Take steps 5 to 10 and 13 for one event. Raises CheckFailed, NotChecked."""
        position, opened = listed.position, self.opened
        written = opened.files[bundle.entry_name(position)]
        try:
            # 5 entry
            held = read_held(written, listed, self.before, opened.recorded)
        except NotChecked:
            # 6 inclusion: all that can be said of bytes of a later form
            check_included(leaf_of(written), position, opened.proofs[position], opened.checkpoint)
            self._leave(position)
            self.taken.unread = self.taken.unread or position
            raise
        self.taken.held[position], self.before = held, held.entry.recorded
        # 6 inclusion
        check_included(held.leaf, position, opened.proofs[position], opened.checkpoint)
        try:
            # 7 statement
            said = read_said(held.entry, opened.manifest.log, self.statements)
        except NotChecked:
            self._leave(position)
            raise
        self.taken.read[position] = said.payload
        # 8 tags
        check_tags(said, held.entry, self.tagging)
        self.taken.events[position] = Event(said.payload, Verdict.FAILED)
        return self._signed(about, position, said, newer_in(said, held.entry))

    def _signed(self, about: str, position: int, said: Said, newer: str) -> Claim:
        try:
            # 9 key, 10 signature
            check_signed(said, position, self.keyring, newer)
        except CheckFailed:
            del self.taken.events[position]
            raise
        except NotChecked as hindered:
            self.taken.events[position].verdict = Verdict.NOT_CHECKED
            raise NotChecked(too_old(newer) if newer else hindered.words) from hindered
        # 13 trust
        strangers = sorted({one.party for one in said.payload.signers if not self.keyring.knows(one)})
        verdict = Verdict.NOT_CHECKED if newer else Verdict.UNKNOWN if strangers else Verdict.KNOWN
        self.taken.events[position].verdict = verdict
        words = self._event_words(said.payload, strangers)
        return Claim(about, verdict, f"{too_old(newer)}. What it knows holds: {words}" if newer else words)

    def _leave(self, position: int) -> None:
        """Remember that an event cannot be read here: what it says of keys and disclosures is not known."""
        self.taken.left.add(position)
        self.keyring.leave(position)
        self.tagging.leave(position)

    def _event_words(self, payload: Payload, strangers: Sequence[str]) -> str:
        words = f"{payload.kind} signed by {', '.join(one.party for one in payload.signers)}"
        if not self.opened.witnessed.replayed:
            words = f"{words}, whose keys nobody but the operator says were not revoked before"
        return f"{words}; not known: {', '.join(strangers)}" if strangers else words


def _witnessed_words(witnessed: Witnessed) -> str:
    checkpoint = witnessed.checkpoint
    if witnessed.quorum_time is None:
        words = f"{checkpoint.origin} at {checkpoint.size} entries; the policy asks for no witness"
    else:
        words = (
            f"{checkpoint.origin} at {checkpoint.size} entries, cosigned by {', '.join(sorted(witnessed.witnesses))}"
        )
    if not witnessed.replayed:
        return f"{words}; replayed by no mirror"
    return f"{words}; replayed by {', '.join(witnessed.replayed)}"


def _posix(seconds: int) -> str:
    try:
        return format_time(datetime.fromtimestamp(seconds, UTC))
    except (ValueError, OverflowError, OSError):  # a witness may state any number below 2^63
        return f"{seconds} seconds after 1970"
