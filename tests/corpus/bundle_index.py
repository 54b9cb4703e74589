"""A log whose operator leaves a revocation out of the index that he signs, and has the revoked key sign on.

Every signature, hash and proof holds: the index is the operator's word, and only who replays the entries sees that it
is not theirs. No mirror cosigns such a log, so its checkpoint carries the cosignatures of witnesses alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger.domain.registry.parties import SiteRegistered
from ledger.evidence.export import export_bundle
from ledger.ids import SiteId, Tag
from tests.corpus.bundle_edits import edited
from tests.corpus.bundle_log import WITNESSES, Saying, SmallLog
from tests.corpus.bundle_story import FIRST, LINEAGE, SCIENTIST, TECHNICIAN, begun, revocation, use

if TYPE_CHECKING:
    from ledger.domain.bodies.vocabulary import Body


def forged() -> tuple[SmallLog, bytes]:
    """Return the log, and the bundle about an item that the revoked key has used since."""
    elsewhere = SiteRegistered(site=SiteId("site:other"), party=SCIENTIST.party, name="Other", use="store")
    honest, _ = _with(elsewhere)
    log, revoked = _with(revocation(TECHNICIAN))
    frame = log.publish(WITNESSES[:2], unindexed=[revoked])
    # The exporter reads the rows and would bring the revocation: it is made to see the honest twin, which has none.
    data = export_bundle(honest.store, honest.publish(), Tag(FIRST))
    entries = {one.position: one.entry for one in log.store.read()}
    return log, edited(data, lambda one: one.transplant(entries, frame))


def _with(body: Body) -> tuple[SmallLog, int]:
    log, _ = begun()
    at = log.say(body, SCIENTIST)
    log.say(use(FIRST), TECHNICIAN, saying=Saying(tags=LINEAGE))
    return log, at
