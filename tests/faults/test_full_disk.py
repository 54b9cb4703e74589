"""A service whose disk is filled to its last byte says so, and goes on by itself when there is room."""

from __future__ import annotations

import os

from scripts.faults.full_disk import can_mount, fill, small_disk
from scripts.faults.scene import SOON, set_up

if os.geteuid() == 0 and can_mount():

    def test_a_service_on_a_full_disk_says_so_and_goes_on_when_there_is_room() -> None:
        """Defined only where root can mount a tmpfs; what the server then answers is tested for everybody elsewhere."""
        with small_disk() as place:
            seen = fill(set_up(place), kill=True)
        assert seen.wrong == ()
        assert seen.health == 503
        assert seen.well <= SOON
