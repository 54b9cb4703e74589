"""What does not verify is not handed out: an edited tile, an edited entry, a checkpoint that the log has not signed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from api.submissions import write_submission
from tests.authors import opening
from tests.contracts.behind import as_admin, other_letter
from tests.http.serving import served
from tests.servers import EMBEDDED

if TYPE_CHECKING:
    from pathlib import Path

    from tests.servers import Servers

GARBLED = f"update vialog.checkpoint set note = {other_letter(40)}"


@pytest.mark.parametrize(
    ("table", "attack", "path"),
    [
        pytest.param("checkpoint", GARBLED, "/log/checkpoint", id="a garbled signature, at the log's files"),
        pytest.param("checkpoint", GARBLED, None, id="a garbled signature, in a proof"),
        pytest.param("tile", "update vialog.tile set hashes = set_byte(hashes, 40, 1)", None, id="a neighbour's leaf"),
    ],
)
def test_what_does_not_verify_is_not_handed_out(
    servers: Servers, tmp_path: Path, table: str, attack: str, path: str | None
) -> None:
    with served(servers.get(EMBEDDED), tmp_path) as log:
        handed = opening()
        proven = log.ask("POST", "/v1/statements?wait=proof", write_submission(handed))
        assert proven.status == 201
        asked = path or proven.headers["location"]
        assert log.get(asked).status == 200
        as_admin(log.database, f"alter table vialog.{table} disable trigger all; {attack}")
        assert log.get(asked).status == 500
