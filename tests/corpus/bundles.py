"""Build the corpus of evidence bundles, good ones and bad ones, and what every verifier must say of each.

``build(directory)`` writes one ``<name>.zip`` for each bundle, the verifier's files (``policy.txt``, ``trust.txt``,
``trust-in-customs.txt``, ``trust-in-nobody.txt``) and ``expected.json``: by name the file of trust to verify it with,
the verdict, the exit code, and the check and subject of the first claim that fails. The same bytes each time.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, replace
from functools import cache
from typing import TYPE_CHECKING, Final, NamedTuple

from ledger.evidence.bundle.answer import Claimed, encode_answer
from ledger.evidence.bundle.manifest import Scope
from ledger.evidence.export import Answered, export_bundle
from ledger.ids import Tag
from ledger.tlog.note import Note, format_note, parse_note
from tests.corpus.bundle_forgeries import forgeries
from tests.corpus.bundle_index import forged
from tests.corpus.bundle_lies import lies
from tests.corpus.bundle_log import COSIGNED, ORIGIN, START, WITNESSES, Saying, disclosure, log_signer, policy, witness
from tests.corpus.bundle_parts import (
    answering,
    attacks,
    enrolment_withheld,
    in_part,
    opening_withheld,
    revocation_withheld,
)
from tests.corpus.bundle_permits import CERTIFICATE, left_out, permitted
from tests.corpus.bundle_story import (
    APPROVAL,
    CHILD,
    FIRST,
    GOODS,
    LAB,
    LINEAGE,
    SCIENTIST,
    SECOND,
    begun,
    told,
    trust,
    trust_in_customs,
    use,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.corpus.bundle_log import SmallLog

POLICY: Final = "policy.txt"
TRUST: Final = "trust.txt"
CUSTOMS_ONLY: Final = "trust-in-customs.txt"
NOBODY: Final = "trust-in-nobody.txt"
INDEX: Final = "expected.json"


class Fault(NamedTuple):
    """A bad bundle: its name, its bytes, and the check and subject of the first claim that fails."""

    name: str
    data: bytes
    check: str
    about: str


@dataclass(frozen=True, slots=True)
class Expected:
    """What a verifier must say of a bundle.

    trust: the file of trust to verify it with. check, about: of the first claim that fails, in the order in which
        ``ledger.evidence.verify`` makes them; None of a good bundle.
    """

    trust: str
    verdict: str
    exit: int
    check: str | None
    about: str | None


@cache
def bundles() -> dict[str, tuple[bytes, Expected]]:
    """Return every bundle by its name, with what is said of it."""
    good = {name: (data, Expected(file, *answer, None, None)) for name, data, file, answer in _good()}
    failed = (*forgeries(told(), Fault), *lies(Fault), *left_out(Fault), *attacks(Fault))
    bad = {one.name: (one.data, Expected(TRUST, "failed", 4, one.check, one.about)) for one in failed}
    return good | bad


def verifiers_files() -> dict[str, bytes]:
    """Return what the verifier brings, by the names of the files."""
    return {POLICY: policy(), TRUST: trust(), CUSTOMS_ONLY: trust_in_customs(), NOBODY: b"# nobody\n"}


def build(directory: Path) -> dict[str, Expected]:
    """Write the corpus into a directory and return what is expected of each bundle, by its name."""
    for name, (data, _) in bundles().items():
        (directory / f"{name}.zip").write_bytes(data)
    for name, data in verifiers_files().items():
        (directory / name).write_bytes(data)
    expected = {name: one for name, (_, one) in bundles().items()}
    index = {name: asdict(one) for name, one in expected.items()}
    (directory / INDEX).write_text(json.dumps(index, indent=1) + "\n", encoding="utf-8")
    return expected


def large_bundle(events: int) -> bytes:
    """Return a good bundle about one item with some number of uses, to measure how fast it verifies."""
    log = large_log(events)
    return export_bundle(log.store, log.publish(), Tag(FIRST))


def large_log(events: int) -> SmallLog:
    """Return a log with some number of uses of one item."""
    log, _ = begun()
    for _ in range(events):
        log.say(use(FIRST, "0.0001"), SCIENTIST, saying=Saying(tags=LINEAGE))
    return log


def _answered() -> bytes:
    """Return a bundle about an approval that claims an answer which no verifier computes, with items it may rest on."""
    story = told()
    claimed = Claimed(ORIGIN, "weather", Tag(APPROVAL), story.frame.checkpoint.size, START, jurisdiction="CN")
    needed = frozenset(map(Tag, (APPROVAL, FIRST, SECOND, CHILD)))
    answered = Answered(encode_answer(claimed), needed, frozenset({Tag(LAB)}))
    return export_bundle(story.log.store, story.frame, Tag(APPROVAL), answered=answered)


_KNOWN: Final = ("verified and known", 0)
_UNKNOWN: Final = ("intact but signer unknown", 3)
_NOT_CHECKED: Final = ("not checked", 5)


def _of_a_newer_unicode() -> bytes:
    """Return a bundle that discloses ideographs of Unicode 15.1 and 17.0, which a reader's own tables may not know."""
    log, _ = begun()
    named = disclosure("姓名\U0002ebf0", "\U0002ebf0\U000323b0")
    log.say(use(FIRST), SCIENTIST, saying=Saying(tags=LINEAGE, disclose=[named]))
    return export_bundle(log.store, log.publish(), Tag(FIRST), ["姓名\U0002ebf0"])


def _at_dawn(note: bytes) -> bytes:
    """Return a checkpoint that everybody cosigned in the first seconds of 1970."""
    text = parse_note(note).text
    cosignatures = (witness(name).cosign(text, at) for at, name in enumerate(COSIGNED, start=1))
    return format_note(Note(text, (log_signer().sign(text), *cosignatures)))


def _good() -> Iterator[tuple[str, bytes, str, tuple[str, int]]]:
    story = told()
    store, frame = story.log.store, story.frame
    subjects = {"item": CHILD, "approval": APPROVAL, "consignment": GOODS, "party": SCIENTIST.party, "site": LAB}
    for name, subject in subjects.items():
        yield f"good-{name}", export_bundle(store, frame, Tag(subject)), TRUST, _KNOWN
    yield "good-item-under-permits", permitted(FIRST), TRUST, _KNOWN
    yield "good-permit", permitted(CERTIFICATE), TRUST, _KNOWN
    yield "good-party-named-like-a-permit", permitted("party:old"), TRUST, _KNOWN
    yield "good-item-with-a-disclosure", export_bundle(store, frame, Tag(FIRST), ["note"]), TRUST, _KNOWN
    yield "good-item-with-names-of-a-newer-unicode", _of_a_newer_unicode(), TRUST, _KNOWN
    yield "good-item-in-whole", export_bundle(store, frame, Tag(CHILD), scope=Scope.WHOLE), TRUST, _KNOWN
    yield "good-item-never-used", export_bundle(store, frame, Tag(SECOND)), TRUST, _KNOWN
    yield "good-item-at-an-earlier-checkpoint", export_bundle(store, story.early, Tag(FIRST)), TRUST, _KNOWN
    yield "signers-unknown", export_bundle(store, frame, Tag(CHILD)), NOBODY, _UNKNOWN
    yield "signers-known-in-part", export_bundle(store, frame, Tag(FIRST), ["note"]), CUSTOMS_ONLY, _UNKNOWN
    unmirrored = replace(frame, note=story.log.note(WITNESSES[:2]))
    yield "answer-claimed", _answered(), TRUST, _NOT_CHECKED
    yield "good-item-in-part", in_part(), TRUST, _NOT_CHECKED
    yield "in-part-signers-unknown", in_part(), NOBODY, _UNKNOWN
    yield "answer-claimed-in-part", answering("whereabouts"), TRUST, _NOT_CHECKED
    yield "answer-claimed-of-what-is-in-part", answering("custody-chain"), TRUST, _NOT_CHECKED
    yield "revocation-called-withheld", revocation_withheld(), TRUST, _NOT_CHECKED
    yield "enrolment-called-withheld", enrolment_withheld(), TRUST, _NOT_CHECKED
    yield "opening-called-withheld", opening_withheld(), TRUST, _NOT_CHECKED
    yield "replayed-by-nobody", export_bundle(store, unmirrored, Tag(CHILD)), TRUST, _NOT_CHECKED
    yield "replayed-by-nobody-signers-unknown", export_bundle(store, unmirrored, Tag(CHILD)), NOBODY, _UNKNOWN
    dawn = replace(frame, note=_at_dawn(frame.note))
    yield "cosigned-long-before", export_bundle(store, dawn, Tag(CHILD)), TRUST, _NOT_CHECKED
    yield "revocation-left-out-of-the-index", forged()[1], TRUST, _NOT_CHECKED
