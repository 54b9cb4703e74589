"""The campaign of kills in short: whoever is killed, nothing acknowledged is lost, and all is well again by itself."""

from __future__ import annotations

from contextlib import closing

from scripts.faults.campaign import Campaign, Victim
from scripts.faults.checks import Kept, check_log
from scripts.faults.marks import Marks, Phase, clear, read
from scripts.faults.scene import set_up
from tests.embedded_server import fresh_place


def test_after_one_kill_of_each_nothing_acknowledged_is_lost_and_what_was_given_out_verifies() -> None:
    with fresh_place() as place:
        scene = set_up(place)
        kept = Kept(scene)
        with closing(Campaign(scene, seed=1)) as campaign:
            for victim in (Victim.BACKEND, Victim.CONNECTION, Victim.SERVICE, Victim.POSTMASTER, Victim.STREAM):
                campaign.kill_one(victim)
                kept.take(campaign.load.acknowledged)
        assert campaign.tally.kills.total() == 5
        assert campaign.tally.phases
        assert campaign.load.acknowledged
        assert [*campaign.tally.wrong, *campaign.load.wrong, *check_log(scene, campaign.load.acknowledged)] == []
        assert kept.evidence
        assert list(kept.check()) == []


def test_what_a_killed_process_was_doing_is_read_from_its_marks() -> None:
    with fresh_place() as place:
        clear(file := place / "marks")
        marks = Marks(file)
        marks.add(Phase.QUEUED, -1)
        with marks.during(Phase.COMMITTING):
            marks.add(Phase.QUEUED, 2)
            assert read(file) == {Phase.COMMITTING, Phase.QUEUED}
        marks.add(Phase.QUEUED, -2)
        assert read(file) == frozenset()
