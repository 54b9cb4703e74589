"""The campaign of crowds in short, on a real service: health tells the truth, and all is well afterwards."""

from __future__ import annotations

from contextlib import closing

from scripts.faults.crowds import Crowds, Numbers, table_of
from scripts.faults.scene import set_up
from tests.embedded_server import fresh_place

_FEW = Numbers(silent=60, half=90, slow=10, waiting=20, seconds=1.5, within=10.0)
"""As to how soon health answers, the tests run on machines that do other things too."""


def test_after_crowds_a_locked_head_and_a_frozen_database_statements_are_recorded_and_proved() -> None:
    with fresh_place() as place, closing(Crowds(set_up(place), _FEW)) as crowds:
        crowds.run()
        assert crowds.wrong == []
        assert len(crowds.rows) == table_of(crowds.rows).row_count == 5
        assert all(sum(row.answers.values()) for row in crowds.rows)
