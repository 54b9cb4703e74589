"""What a mirror refuses of a log that it knows: checkpoints that contradict each other, and a copy that was changed.

A log that forks, for one reader or for all, is shown by two checkpoints that its key signed; the mirror keeps both.
"""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from ledger.errors import IntegrityFailed, NotTrusted, Unavailable
from ledger.mirror.copy import Copy
from ledger.tlog.note import Ed25519Signer
from tests.authors import ORIGIN
from tests.faults.parties import registration
from tests.faults.written_log import written
from tests.grown import private

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from ledger.mirror.mirror import Mirrored


def _forked(place: Path) -> set[bytes]:
    return {file.read_bytes() for file in (place / "evidence").iterdir()}


def test_split_view_two_roots_of_one_size_are_refused_and_kept(
    folder: Path, pull: Callable[[], Mirrored], tmp_path: Path
) -> None:
    written().publish(folder)
    pull()
    first = (folder / "checkpoint").read_bytes()
    written().publish(folder)  # the same statements, signed with fresh ids: another log of the same size
    second = (folder / "checkpoint").read_bytes()
    with pytest.raises(IntegrityFailed, match="the log forked: two roots of size 6; both checkpoints are kept"):
        pull()
    assert _forked(tmp_path) == {first, second}


def test_rewrite_a_tree_that_does_not_extend_the_last_one_is_refused_and_kept(
    folder: Path, pull: Callable[[], Mirrored], tmp_path: Path
) -> None:
    written().publish(folder)
    pull()
    first = (folder / "checkpoint").read_bytes()
    written().say(registration(2)).state().publish(folder)
    second = (folder / "checkpoint").read_bytes()
    with pytest.raises(IntegrityFailed, match="not the tree of the checkpoint of size 8, or the log forked; both"):
        pull()
    assert _forked(tmp_path) == {first, second}


def test_backup_restored_a_smaller_checkpoint_is_refused_and_kept(
    folder: Path, pull: Callable[[], Mirrored], tmp_path: Path
) -> None:
    log = written()
    log.publish(folder)
    older = (folder / "checkpoint").read_bytes()
    log.say(registration(2)).state().publish(folder)
    newer = (folder / "checkpoint").read_bytes()
    pull()
    (folder / "checkpoint").write_bytes(older)
    with pytest.raises(IntegrityFailed, match="went back from 8 to 6"):
        pull()
    assert _forked(tmp_path) == {older, newer}


def test_a_checkpoint_that_the_policy_does_not_believe_is_refused(folder: Path, pull: Callable[[], Mirrored]) -> None:
    written().publish(folder, Ed25519Signer(ORIGIN, private("thief")))
    with pytest.raises(NotTrusted):
        pull()


def test_a_copy_that_was_changed_is_refused(folder: Path, pull: Callable[[], Mirrored], tmp_path: Path) -> None:
    written().publish(folder)
    pull()
    with closing(Copy(tmp_path / "copy.db")) as copy:
        copy._connection.execute("update entry set entry = ? where position = 6", (written().state().entries[5],))
    with pytest.raises(IntegrityFailed):
        pull()


def test_two_mirrors_never_share_a_copy(tmp_path: Path) -> None:
    with closing(Copy(tmp_path / "copy.db")), pytest.raises(Unavailable, match="another process is its mirror"):
        Copy(tmp_path / "copy.db")
