"""What no bundle can show: step 14 of ``verify``, so that nobody takes it for verified."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ledger.evidence.checks.verdicts import Claim, Verdict
from ledger.ids import type_of
from ledger.tlog.index import is_status

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from ledger.evidence.bundle.manifest import Manifest
    from ledger.evidence.checks.completeness import LeftOut
    from ledger.evidence.checks.events import Taken
    from ledger.ids import Tag

_FEW: Final = 12


def beyond(manifest: Manifest, taken: Taken, left_out: Mapping[Tag, LeftOut]) -> Iterator[Claim]:
    """Yield a claim for each thing that the bundle does not show."""
    yield _claim("rules", "whether the acts kept the regulation, and whether their signers' roles allowed them")
    yield _claim("bodies", "whether each kind is one, and each body of its form; replaying the log shows it")
    yield _claim(
        "derived tags", "which approvals and consignments an entry's items came in under; replaying the log shows it"
    )
    yield _claim("times", "when the acts took place: that is their signers' claim; recorded is the ledger's")
    yield _claim("world", "whether what was signed is true of the samples")
    yield _claim("texts", "report.md, README.md, the schemas and verify.html: whoever made the bundle wrote them")
    if left_out:
        yield _claim("left out", _left_out(left_out))
    if others := sorted({name for name in taken.counting() if not is_status(name)} - manifest.listed):
        yield _claim("other subjects", f"whether more is recorded about {_few(others)}")
    yield _claim("later", f"what was recorded after position {manifest.size}")


def _left_out(left_out: Mapping[Tag, LeftOut]) -> str:
    """Return the words for what a bundle leaves out of subjects whose status it shows."""
    counted = _few([_events_of(tag, one) for tag, one in sorted(left_out.items())])
    words = f"what else was done under a subject whose status alone is here: {counted}"
    approvals = sorted(tag for tag in left_out if type_of(tag) == "approval")
    return f"{words}; and so what is left on {_few(approvals)}" if approvals else words


def _events_of(tag: Tag, out: LeftOut) -> str:
    return f"{out.events} of {out.of} events of {tag}"


def _few(named: Sequence[str]) -> str:
    first = ", ".join(named[:_FEW])
    return f"{first} and {len(named) - _FEW} more" if len(named) > _FEW else first


def _claim(about: str, words: str) -> Claim:
    return Claim(about, Verdict.NOT_CHECKED, words, beyond=True)
