"""The views as files: every row as it is, of one moment, with hashes that fit; nothing that was disclosed beside it."""

from __future__ import annotations

import hashlib
import json
from contextlib import closing, contextmanager
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pyarrow.parquet as pq
import pytest

from api.logs.exporting import MANIFEST, export
from ledger.errors import IntegrityFailed
from ledger.ids import ItemId
from ledger.quantity import format_decimal
from ledger.statement.form.disclosure import read_disclosure
from projections.views.catalogue import VIEWS
from tests.imports import LABORATORY, open_ledger, record_all, state, to_the_bench, use, used
from tests.viewed import viewed

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from ledger.statement.authoring import Made
    from tests.servers import Database
    from tests.viewed import Viewed

A = ItemId("item:A")
SECRET = "Wang Fang of the night shift"


@contextmanager
def filled(database: Database, told: Made | None = None) -> Iterator[Viewed]:
    """The views of a vial at the bench that was used, or of which something else was told."""
    with viewed(database) as views, closing(open_ledger(views.store)) as ledger:
        record_all(ledger, [*to_the_bench(A), told or use(A, "0.1")])
        views.rebuild()
        yield views


def written(views: Viewed, folder: Path) -> Any:  # noqa: ANN401  JSON
    with views.tables.still() as still:
        return export(still, views.store.origin, folder)


def plain(cell: Any) -> Any:  # noqa: ANN401  a cell of any view
    match cell:
        case Decimal():
            return format_decimal(cell)
        case tuple():
            return list(cell)
        case _:
            return cell


def test_what_is_read_back_is_the_rows(database: Database, tmp_path: Path) -> None:
    with filled(database) as views:
        written(views, tmp_path / "out")
        with views.tables.still() as still:
            for view in VIEWS:
                table = pq.read_table(tmp_path / "out" / f"{view.name}.parquet")
                assert table.column_names == list(view.columns)
                due = [[plain(cell) for cell in row] for row in still.every(view)]
                assert [list(row.values()) for row in table.to_pylist()] == due
        assert pq.read_table(tmp_path / "out" / "booking.parquet").num_rows > 0


def test_instants_are_utc_and_amounts_are_texts(database: Database, tmp_path: Path) -> None:
    with filled(database) as views:
        written(views, tmp_path / "out")
    custody = pq.read_table(tmp_path / "out" / "custody.parquet")
    kinds = {
        str(field.type)
        for name in ("item", "custody", "line")
        for field in pq.read_schema(tmp_path / "out" / f"{name}.parquet")
    }
    assert "timestamp[us, tz=UTC]" in kinds
    assert not {one for one in kinds if "decimal" in one or "double" in one}
    moments = [cell for row in custody.to_pylist() for cell in row.values() if isinstance(cell, datetime)]
    assert moments
    assert all(one.utcoffset() is not None and not one.utcoffset() for one in moments)


def test_the_manifest_says_of_what_the_files_are(database: Database, tmp_path: Path) -> None:
    with filled(database) as views:
        said = written(views, tmp_path / "out")
        assert said["position"] == views.store.head()
    assert json.loads((tmp_path / "out" / MANIFEST).read_text(encoding="utf-8")) == said
    assert {one["view"] for one in said["files"]} == {view.name for view in VIEWS}
    for one in said["files"]:
        data = (tmp_path / "out" / one["file"]).read_bytes()
        assert (len(data), hashlib.sha256(data).hexdigest()) == (one["bytes"], one["sha256"])
    assert {path.name for path in (tmp_path / "out").iterdir()} == {MANIFEST, *(one["file"] for one in said["files"])}


def test_nothing_that_was_disclosed_is_in_a_file(database: Database, tmp_path: Path) -> None:
    told = state(used(A, "0.1"), LABORATORY, disclose={"seen by": SECRET})
    with filled(database, told) as views:
        assert [read_disclosure(one).value for one in views.store.disclosures(told.id)] == [SECRET]
        written(views, tmp_path / "out")
    tables = [pq.read_table(tmp_path / "out" / f"{view.name}.parquet").to_pylist() for view in VIEWS]
    assert str(LABORATORY.party) in str(tables)
    assert SECRET not in str(tables)
    (hidden,) = told.disclosures
    assert hidden not in str(tables)


def test_what_is_there_is_never_written_over_and_nothing_is_left_behind(database: Database, tmp_path: Path) -> None:
    with filled(database) as views:
        (tmp_path / "out").mkdir()
        with pytest.raises(FileExistsError):
            written(views, tmp_path / "out")
        assert [path.name for path in tmp_path.iterdir()] == ["out"]
        assert not [*(tmp_path / "out").iterdir()]


def test_views_that_go_on_no_more_are_not_exported(database: Database, tmp_path: Path) -> None:
    with filled(database) as views:
        with views.tables.still() as still:
            standing = still.standing
        views.tables.stop(standing, "the roots differ")
        with pytest.raises(IntegrityFailed, match="the roots differ"):
            written(views, tmp_path / "out")
    assert not (tmp_path / "out").exists()
