"""Answers that are claimed in bundles of the small log, and how whoever hands one on can bend it."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from ledger.evidence.bundle import bundle
from ledger.evidence.bundle.answer import Claimed
from ledger.evidence.bundle.archive import read_archive
from ledger.evidence.export import export_bundle
from ledger.ids import Tag
from ledger.rulepacks.load import load_packs
from projections.claims.claiming import bundled, claim
from tests.corpus.bundle_edits import refiled

if TYPE_CHECKING:
    from collections.abc import Callable

    from ledger.evidence.gathering.frame import Frame
    from ledger.store.port import Store

NOW: Final = datetime(2026, 9, 20, tzinfo=UTC)


def asked(question: str, subject: str, as_of: int, **members: Any) -> Claimed:  # noqa: ANN401  members of what is asked
    """Return what is asked of the small log."""
    given = {"log": "ledger.example/evidence", "now": NOW, "jurisdiction": "CN", **members}
    return Claimed(question=question, subject=Tag(subject), as_of=as_of, **given)


def claimed(store: Store, frame: Frame, question: str, subject: str, **members: Any) -> bytes:  # noqa: ANN401
    """Return a bundle that claims the answer to a question, computed from a store as of a checkpoint."""
    given = {"as_of": frame.checkpoint.size, "log": store.origin, **members}
    follows, answered = claim(store, asked(question, subject, **given), frame.checkpoint.size, load_packs())
    return export_bundle(store, frame, bundled(follows, frame), answered=answered)


def saying(data: bytes, change: Callable[[dict[str, Any]], object]) -> bytes:
    """Return a bundle whose answer says something else, in the one form."""
    value = json.loads(read_archive(data)[bundle.ANSWER])
    change(value)
    written = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return refiled(data, {bundle.ANSWER: written.encode()})
