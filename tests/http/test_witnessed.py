"""A log and the program's own witnesses over HTTP: both sides of the protocol, written apart, agree."""

from __future__ import annotations

import http.client
import json
from contextlib import ExitStack, closing
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PrivateKey

from api.http.witness import witness_app
from ledger.errors import IntegrityFailed
from ledger.publisher.witnesses import Witnesses
from ledger.tlog.cosignature import Ed25519Cosigner, MlDsa44Cosigner
from ledger.tlog.policy import Group, Party, Policy
from ledger.witness.core import Witness
from ledger.witness.service import WitnessService
from ledger.witness.state import WitnessState
from tests.authors import SteppingClock
from tests.http.serving import listening
from tests.publishing import check_publication, log_keys, rig
from tests.servers import EMBEDDED, ORIGIN

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from ledger.tlog.cosignature import Cosigner
    from tests.servers import Servers


@pytest.fixture
def policy(tmp_path: Path) -> Iterator[Policy]:
    """Three witnesses that are up, of which two must cosign; the third cosigns with ML-DSA-44."""
    cosigners: list[Cosigner] = [
        Ed25519Cosigner("w.example/1", Ed25519PrivateKey.generate()),
        Ed25519Cosigner("w.example/2", Ed25519PrivateKey.generate()),
        MlDsa44Cosigner("w.example/3", MLDSA44PrivateKey.generate()),
    ]
    parties: dict[str, Party] = {}
    with ExitStack() as stack:
        for number, cosigner in enumerate(cosigners, 1):
            state = WitnessState(tmp_path / f"{number}.sqlite")
            service = WitnessService(Witness(log_keys().keys, [cosigner]), state, SteppingClock())
            port = stack.enter_context(listening(witness_app(service)))
            parties[f"w{number}"] = Party(cosigner.key, f"http://127.0.0.1:{port}")
        yield Policy((), parties, {"two": Group(2, ("w1", "w2", "w3"))}, "two")


def test_all_witnesses_cosign_and_know_the_log_again_after_a_restart(
    servers: Servers, tmp_path: Path, policy: Policy
) -> None:
    with servers.get(EMBEDDED).database() as database, rig(database, tmp_path, Witnesses(policy)) as log:
        publisher = log.publisher()
        for number in range(4):
            log.record(f"item:{number}")
            published = publisher.publish_once()
            assert published is not None
            assert log.witnesses_of(published.note, policy) == {"w1", "w2", "w3"}
            assert log.witnesses.problems == {}
            if number == 1:
                log = log.with_witnesses(Witnesses(policy))  # noqa: PLW2901  the same log, started again
                publisher = log.publisher()
        assert check_publication(log) == 8


def test_a_witness_says_what_it_cosigned_last_and_whether_it_can_read_it(
    servers: Servers, tmp_path: Path, policy: Policy
) -> None:
    url = policy.witnesses["w1"].url
    assert _health(url) == (200, {"status": "ok", "cosigned": {}})
    with servers.get(EMBEDDED).database() as database, rig(database, tmp_path, Witnesses(policy)) as log:
        log.record("item:1")
        log.publisher().publish_once()
    assert _health(url) == (200, {"status": "ok", "cosigned": {ORIGIN: 2}})
    (tmp_path / "1.sqlite").write_bytes(b"no database" * 100)
    assert _health(url) == (503, {"status": "its state cannot be read"})


def test_a_witness_names_all_methods_of_an_address_and_answers_head(policy: Policy) -> None:
    with closing(http.client.HTTPConnection(urlsplit(policy.witnesses["w1"].url or "").netloc, timeout=30)) as asking:
        for method, path, status, allow in (
            ("PUT", "/healthz", 405, "GET, HEAD"),
            ("HEAD", "/healthz", 200, None),
            ("GET", "/add-checkpoint", 405, "POST"),
        ):
            asking.request(method, path)
            with asking.getresponse() as answer:
                assert (answer.status, answer.headers["allow"]) == (status, allow)
                assert method != "HEAD" or answer.read() == b""
                answer.read()


def _health(url: str | None) -> tuple[int, Any]:
    with closing(http.client.HTTPConnection(urlsplit(url or "").netloc, timeout=30)) as connection:
        connection.request("GET", "/healthz")
        with connection.getresponse() as answer:
            assert answer.headers["cache-control"] == "no-store"
            return answer.status, json.loads(answer.read())


def test_split_view_of_a_fork_gets_no_cosignature(servers: Servers, tmp_path: Path, policy: Policy) -> None:
    server = servers.get(EMBEDDED)
    (tmp_path / "fork").mkdir()
    with ExitStack() as stack:
        log, fork = (
            stack.enter_context(rig(stack.enter_context(server.database()), folder, Witnesses(policy)))
            for folder in (tmp_path, tmp_path / "fork")
        )
        for one, last in ((log, "item:B"), (fork, "item:C")):
            one.record("item:A")
            one.publisher().publish_once()
            one.record(last)
        log.publisher().publish_once()
        with pytest.raises(IntegrityFailed, match="never sign on"):
            fork.publisher().publish_once()
        assert (log.publication.size(), fork.publication.size()) == (4, 2)


def test_backup_restored_the_witnesses_stop_a_log_that_forgot(servers: Servers, tmp_path: Path, policy: Policy) -> None:
    server = servers.get(EMBEDDED)
    (tmp_path / "restored").mkdir()
    with ExitStack() as stack:
        log, restored = (
            stack.enter_context(rig(stack.enter_context(server.database()), folder))
            for folder in (tmp_path, tmp_path / "restored")
        )
        witnessed = log.with_witnesses(Witnesses(policy)).publisher()
        for number in range(3):
            log.record(f"item:{number}")
            witnessed.publish_once()
        restored.record("item:0")
        restored.publisher().publish_once()
        restored.record("item:9")
        with pytest.raises(IntegrityFailed, match=r"the witness w\d holds a checkpoint of 6 entries"):
            restored.with_witnesses(Witnesses(policy)).publisher().publish_once()
        assert (restored.store.head(), restored.publication.size()) == (3, 2)
