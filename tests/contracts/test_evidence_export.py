"""Evidence out of a published log: PostgreSQL's tiles and pages prove the same as the entries computed anew."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger.evidence.checks.trust import Trust
from ledger.evidence.checks.verdicts import Verdict
from ledger.evidence.export import export_bundle
from ledger.evidence.gathering.frame import newest_frame, rebuild_frame
from ledger.evidence.verify import verify_bundle
from ledger.ids import Tag
from ledger.tlog.policy import Party, Policy
from tests.corpus.bundle_log import Saying, SmallLog
from tests.corpus.bundle_story import FIRST, LINEAGE, OPERATOR, SCIENTIST, begun, use
from tests.publishing import log_keys, rig

if TYPE_CHECKING:
    from pathlib import Path

    from tests.publishing import Rig
    from tests.servers import Database

SUBJECT = Tag(FIRST)


def recorded(kept: Rig) -> None:
    """Record the beginning of the story, publish it, record a use and publish again."""
    log, publisher = SmallLog(kept.store), kept.publisher()
    begun(log)
    publisher.publish_once()
    log.say(use(FIRST), SCIENTIST, saying=Saying(tags=LINEAGE))
    publisher.publish_once()


def test_the_newest_checkpoint_proves_what_the_entries_prove(embedded_database: Database, tmp_path: Path) -> None:
    with rig(embedded_database, tmp_path) as kept:
        recorded(kept)
        with kept.publication.view() as view:
            frame = newest_frame(view)
            assert frame is not None
            data = export_bundle(kept.store, frame, SUBJECT)
        rebuilt = rebuild_frame(frame.note, (one.entry for one in kept.store.read(limit=frame.checkpoint.size)))
        assert export_bundle(kept.store, rebuilt, SUBJECT) == data
    report = verify_bundle(data, _policy(), Trust(frozenset({OPERATOR.signer.thumbprint}), {}))
    # The log is replayed by nobody here, and the policy knows no mirror.
    assert (report.verdict, report.failures) == (Verdict.NOT_CHECKED, ())


def test_an_older_checkpoint_proves_what_was_recorded_then(embedded_database: Database, tmp_path: Path) -> None:
    with rig(embedded_database, tmp_path) as kept:
        recorded(kept)
        newest = kept.publication.newest()
        assert newest is not None
        older = kept.publication.at(newest.checkpoint.size - 1)
        assert older is not None
        size = older.checkpoint.size
        frame = rebuild_frame(older.note, (one.entry for one in kept.store.read(limit=size)))
        data = export_bundle(kept.store, frame, SUBJECT)
    report = verify_bundle(data, _policy())
    assert (report.verdict, report.failures) == (Verdict.UNKNOWN, ())
    assert f"at {size} entries" in report.claims[0].words


def test_before_the_first_checkpoint_there_is_no_evidence(embedded_database: Database, tmp_path: Path) -> None:
    with rig(embedded_database, tmp_path) as kept, kept.publication.view() as view:
        assert newest_frame(view) is None


def _policy() -> Policy:
    return Policy(tuple(Party(key, "") for key in log_keys().keys), {}, {}, None)
