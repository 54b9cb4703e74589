"""What witnesses say without a signature stops nobody; what they show with the log's own stops everybody."""

from __future__ import annotations

import json
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from ledger.errors import IntegrityFailed, Unavailable
from ledger.publisher.running import RunningPublisher
from ledger.publisher.witness_memory import Known, WitnessMemory
from ledger.publisher.witnesses import Witnesses
from ledger.tlog.tree import EMPTY_ROOT
from tests.publishing import Rig, check_publication, rig
from tests.servers import EMBEDDED, ORIGIN
from tests.witness_server import Manners, TestWitness, policy_of, running

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from ledger.tlog.policy import Policy
    from tests.servers import Database, Servers

CLAIMS = (Manners.CLAIMS_MUCH, Manners.CLAIMS_NOTHING, Manners.ECHOES, Manners.DENIES)
_LONG = 30.0  # seconds: a test that needs them has failed


@pytest.fixture
def log(embedded_database: Database, tmp_path: Path) -> Iterator[Rig]:
    """A log that is empty."""
    with rig(embedded_database, tmp_path) as log:
        yield log


def _remembering(policy: Policy, folder: Path) -> Witnesses:
    return Witnesses(policy, memory=WitnessMemory(folder / "witnesses.json", ORIGIN))


@pytest.mark.parametrize("claim", CLAIMS)
@pytest.mark.parametrize("quorum", [0, 1], ids=["quorum none", "a quorum that others meet"])
def test_an_unsigned_claim_leaves_that_witness_out_and_is_said(log: Rig, claim: Manners, quorum: int) -> None:
    good, bad = TestWitness("w.example/good"), TestWitness("w.example/bad")
    with running(good, bad):
        policy = policy_of([good, bad], quorum)
        log = log.with_witnesses(Witnesses(policy))
        publisher = log.publisher()
        log.record("item:A")
        publisher.publish_once()
        bad.manners = claim
        for number in range(3):
            log.record(f"item:{number}")
            published = publisher.publish_once()
            assert published is not None
            assert log.witnesses_of(published.note, policy) == {"w.example/good"}
            assert set(log.witnesses.problems) == {"w.example/bad"}
        bad.manners = Manners.GOOD
        # Who answered badly is asked, and not waited for: which round it is back in depends on how fast it is.
        while log.witnesses.problems:
            log.record("item:B")
            publisher.publish_once()
        log.record("item:C")
        published = publisher.publish_once()
        assert published is not None
        assert log.witnesses_of(published.note, policy) == {"w.example/good", "w.example/bad"}
    check_publication(log)


@pytest.mark.parametrize("claim", CLAIMS)
def test_an_unsigned_claim_of_the_quorums_only_witness_keeps_checkpoints_back_until_it_ends(
    log: Rig, claim: Manners
) -> None:
    witness = TestWitness("w.example/1", claim)
    with running(witness):
        log = log.with_witnesses(Witnesses(policy_of([witness], 1)))
        log.record("item:A")
        with closing(RunningPublisher(log.publisher(), log.store, log.publication, every=0.01)) as publisher:
            while not publisher.witness_problems:
                assert publisher.wait_for(1, 0.1) is None
            assert publisher.stopped_by is None
            assert set(publisher.witness_problems) == {"w.example/1"}
            witness.manners = Manners.GOOD
            assert publisher.wait_for(1, _LONG) is not None


def test_a_refusal_without_a_checkpoint_to_show_keeps_back_and_does_not_stop(servers: Servers, tmp_path: Path) -> None:
    witness = TestWitness("w.example/1")
    witness.shows = False
    server, (today, other) = servers.get(EMBEDDED), (tmp_path / "today", tmp_path / "other")
    today.mkdir()
    other.mkdir()
    with running(witness), server.database() as one, server.database() as two:
        policy = policy_of([witness], 1)
        with rig(one, today, Witnesses(policy)) as log:
            log.record("item:A")
            log.publisher().publish_once()
        with rig(two, other, Witnesses(policy)) as log:
            log.record("item:X")
            with pytest.raises(Unavailable, match="kept back"):
                log.publisher().publish_once()


def test_a_checkpoint_that_the_log_signed_and_does_not_extend_stops_it_and_is_kept_as_evidence(
    servers: Servers, tmp_path: Path
) -> None:
    witness = TestWitness("w.example/1")
    server, (today, restored) = servers.get(EMBEDDED), (tmp_path / "today", tmp_path / "restored")
    today.mkdir()
    restored.mkdir()
    with running(witness), server.database() as one, server.database() as two:
        policy = policy_of([witness])  # no quorum: it is the signature that stops, not the want of one
        with rig(one, today, Witnesses(policy)) as log:
            for number in range(3):
                log.record(f"item:{number}")
                log.publisher().publish_once()
        with rig(two, restored, Witnesses(policy)) as log:
            log.record("item:0")
            log.with_witnesses(Witnesses()).publisher().publish_once()
            log.record("item:X")
            with pytest.raises(IntegrityFailed, match=r"w\.example/1 holds a checkpoint of 6 entries.*only 3.*own key"):
                log.publisher().publish_once()
            (kept,) = (restored / "evidence").iterdir()
            assert kept.read_bytes() == witness.note
            # From now on this machine knows it by itself.
            with pytest.raises(IntegrityFailed, match=r"last-checkpoint.*holds a checkpoint of 6 entries"):
                log.with_witnesses(Witnesses()).publisher().publish_once()


def test_a_witness_that_lost_its_state_is_said_to_have_forgotten_for_as_long_as_its_key_is_used(
    log: Rig, tmp_path: Path
) -> None:
    witness = TestWitness("w.example/1")
    with running(witness):
        policy = policy_of([witness], 1)
        log = log.with_witnesses(_remembering(policy, tmp_path))
        for number in range(2):
            log.record(f"item:{number}")
            log.publisher().publish_once()
        assert log.witnesses.problems == {}
        witness.size, witness.root = 0, EMPTY_ROOT
        log.record("item:A")
        # A new process: what it knows of the witness is what this machine remembers.
        log = log.with_witnesses(_remembering(policy, tmp_path))
        published = log.publisher().publish_once()
        assert published is not None
        assert log.witnesses_of(published.note, policy) == {"w.example/1"}
        assert "has forgotten: it had cosigned 4 entries" in log.witnesses.problems["w.example/1"]
        log.record("item:B")
        log = log.with_witnesses(_remembering(policy, tmp_path))
        log.publisher().publish_once()
        assert "has forgotten: it had cosigned 4 entries" in log.witnesses.problems["w.example/1"]


def test_what_a_witness_cosigned_is_remembered_though_last_checkpoint_is_lost(servers: Servers, tmp_path: Path) -> None:
    witness = TestWitness("w.example/1")
    server = servers.get(EMBEDDED)
    with running(witness), server.database() as one, server.database() as two:
        policy = policy_of([witness])
        with rig(one, tmp_path, _remembering(policy, tmp_path)) as log:
            for number in range(2):
                log.record(f"item:{number}")
                log.publisher().publish_once()
        log.remembered.path.unlink()
        witness.manners = Manners.REFUSES
        with rig(two, tmp_path, _remembering(policy, tmp_path)) as log:
            log.record("item:0")
            with pytest.raises(IntegrityFailed, match=r"w\.example/1, as this machine remembers, .* of 4 entries"):
                log.publisher().publish_once()


def test_what_is_remembered_of_a_witness_only_grows_and_is_of_one_log(tmp_path: Path) -> None:
    key, path = TestWitness("w.example/1").cosigner.key, tmp_path / "witnesses.json"
    one, other = WitnessMemory(path, ORIGIN), WitnessMemory(path, ORIGIN)
    one.add({key: Known(8, 0)})
    other.add({key: Known(6, 4)})
    assert WitnessMemory(path, ORIGIN).of(key) == Known(8, 4)
    with pytest.raises(IntegrityFailed, match=f"is of the log {ORIGIN}"):
        WitnessMemory(path, "ledger.example/log2")
    for damaged in (b"", b"[]", b'{"log": 1}', json.dumps({"log": ORIGIN, "witnesses": {"a": 1}}).encode()):
        path.write_bytes(damaged)
        with pytest.raises(IntegrityFailed):
            WitnessMemory(path, ORIGIN)
