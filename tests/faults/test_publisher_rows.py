"""What stands beside the entries that a checkpoint is going to cover is compared with them before it is signed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from ledger.errors import IntegrityFailed
from tests.contracts.behind import as_admin
from tests.publishing import rig

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.publishing import Rig
    from tests.servers import Database


@pytest.fixture
def log(embedded_database: Database, tmp_path: Path) -> Iterator[Rig]:
    """Three entries and their state entry are published, positions 1 to 4; 5 and 6 are not yet."""
    with rig(embedded_database, tmp_path) as log:
        log.record("item:A")
        log.record("item:B", "party:P")
        log.record("item:C", "party:P")
        log.publisher().publish_once()
        log.record("item:B", "party:Q")
        log.record("item:D", "party:P")
        yield log


OFF = "alter table vialog.event disable trigger all; alter table vialog.event_tag disable trigger all;"


@pytest.mark.parametrize(
    ("attack", "named"),
    [
        pytest.param(
            "delete from vialog.event_tag where position = 5 and tag = 'party:Q'",
            "position 5: no row gives it the tag party:Q",
            id="a row of tags is deleted",
        ),
        pytest.param(
            "delete from vialog.event_tag where position = 5",
            "position 5: no row gives it the tag item:B",
            id="all rows of an entry are deleted",
        ),
        pytest.param(
            "insert into vialog.event_tag values ('item:A', 'item.received/1', 6)",
            "position 6: a row gives it the tag item:A",
            id="a row of tags is added",
        ),
        pytest.param(
            "insert into vialog.event_tag values ('item:D', 'item.used/1', 6)",
            "position 6: a row gives it the tag item:D a second time",
            id="a row of tags is there twice",
        ),
        pytest.param(
            "update vialog.event_tag set kind = 'item.used/1' where position = 6",
            "position 6: its rows of tags are of another kind than item.received/1",
            id="its rows are of another kind",
        ),
        pytest.param(
            "insert into vialog.event_tag values ('item:A', 'item.received/1', 7)",
            "position 7: a row gives it the tag item:A",
            id="a row of tags waits for the next entry",
        ),
        pytest.param(
            "update vialog.event set kind = 'item.used/1' where position = 5",
            "position 5: the column kind says item.used/1, the entry item.received/1",
            id="the kind",
        ),
        pytest.param(
            "update vialog.event set statement = '01990000-0000-7000-8000-000000000099' where position = 5",
            "position 5: the column statement says .*99, the entry .*05",
            id="the statement",
        ),
        pytest.param(
            "update vialog.event set recorded = recorded + interval '1 second' where position = 5",
            "position 5: the column recorded says",
            id="the time",
        ),
        pytest.param(
            "update vialog.event set leaf = sha256('') where position = 5",
            "position 5: the column leaf says",
            id="the leaf",
        ),
        pytest.param(
            "delete from vialog.event_tag where tag = 'item:B' and position < 5",
            "1 entries up to 4 bear item:B, and no row tells of them",
            id="all older rows of a subject are deleted",
        ),
        pytest.param(
            "insert into vialog.event_tag values ('party:Q', 'item.received/1', 1)",
            "a row gives an entry up to 4 the tag party:Q",
            id="an older row of a new subject is made up",
        ),
    ],
)
def test_nothing_is_signed_over_rows_that_say_other_than_their_entries(
    embedded_database: Database, log: Rig, attack: str, named: str
) -> None:
    as_admin(embedded_database, f"{OFF} {attack}")
    with pytest.raises(IntegrityFailed, match=named):
        log.publisher().publish_once()
    assert log.publication.size() == 4


def test_what_nobody_touched_is_published(log: Rig) -> None:
    assert log.publisher().publish_once()
    assert log.publication.size() == 7
