"""Claiming an answer: from a log to the answer in its form, with the subjects that its bundle has to hold."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger.evidence.bundle.answer import encode_answer
from ledger.evidence.export import Answered
from projections.claims.asking import follow
from projections.claims.recorded import Recorded

if TYPE_CHECKING:
    from ledger.evidence.bundle.answer import Claimed
    from ledger.evidence.gathering.frame import Frame
    from ledger.ids import Tag
    from ledger.rulepacks.load import RulePacks
    from ledger.store.port import Readable
    from projections.claims.asking import Follows


def claim(store: Readable, asked: Claimed, size: int, packs: RulePacks) -> tuple[Follows, Answered]:
    """Return what follows from a log, and how it is claimed in a bundle.

    asked: what is asked, as of which position; its rows and editions are not looked at. size: of the checkpoint.

    Raises NotFound: as ``follow``. IntegrityFailed, TooOld: an entry that it rests on cannot be read.
    """
    follows = follow(asked, Recorded(store, asked.as_of, size), packs)
    needs = follows.needs
    return follows, Answered(encode_answer(follows.claimed), needs.whole, needs.ruled)


def bundled(follows: Follows, frame: Frame) -> Tag:
    """Return the subject of the bundle that an answer goes into: its own, or one that its statement bears.

    Of these the one about which the index of the checkpoint knows least, so that as little as can be is handed out.
    With it goes whatever corrects or voids the statement: that bears the same tags.
    """
    if follows.signed is None:
        return follows.claimed.subject
    return min(follows.signed.event.tags, key=lambda tag: (frame.count(tag), tag))
