"""What the client checks without believing the service: that the log only grows, and that what is shown is in it."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING

import pytest

from api.client.client import Client
from ledger.domain.registry.parties import PartyRegistered
from ledger.errors import IntegrityFailed, Malformed, NotTrusted
from ledger.ids import PartyId
from ledger.rulepacks.load import load_packs
from ledger.tlog.checkpoint import decode_checkpoint
from ledger.tlog.note import parse_note
from ledger.tlog.policy import Policy
from projections.claims.checking import Finding
from tests.authors import OPERATOR, made, opening
from tests.client.breaking import between
from tests.client.test_client import asking, item
from tests.http.serving import served
from tests.http.test_statements import policy
from tests.servers import EMBEDDED

if TYPE_CHECKING:
    from pathlib import Path

    from ledger.service import Submission
    from tests.http.serving import Served
    from tests.servers import Servers


def size_of(note: bytes) -> int:
    return decode_checkpoint(parse_note(note).text).size


def test_a_log_that_grows_is_followed_and_its_newest_checkpoint_kept(log: Served, tmp_path: Path) -> None:
    with asking(log) as client:
        proving = client.proving(policy(), tmp_path / "kept")
        before = proving.checkpoint().checkpoint.size
        recorded = client.statements.submit(item("new"))
        after = proving.checkpoint().checkpoint.size
        assert before < recorded["position"] <= after
        assert size_of((tmp_path / "kept").read_bytes()) == after


def test_a_log_that_went_back_is_caught(log: Served, tmp_path: Path) -> None:
    with between(log) as line, asking(log, line.origin) as client:
        proving = client.proving(policy(), tmp_path / "kept")
        proving.checkpoint()
        old = (tmp_path / "kept").read_bytes()
        client.statements.submit(item("new"))
        newer = proving.checkpoint().checkpoint.size
        line.says["/log/checkpoint"] = old
        with pytest.raises(IntegrityFailed, match="went back"):
            proving.checkpoint()
        assert size_of((tmp_path / "kept").read_bytes()) == newer


@pytest.mark.parametrize("more", [0, 40])
def test_a_log_that_forked_is_caught(log: Served, servers: Servers, tmp_path: Path, more: int) -> None:
    """Its own key has signed both: each is true to whoever is shown it alone."""
    kept = tmp_path / "kept"
    with asking(log) as client:
        seen = client.proving(policy(), kept).checkpoint().checkpoint
    (tmp_path / "other").mkdir()
    with served(servers.get(EMBEDDED), tmp_path / "other") as other:
        other.doors.ledger.record(opening())
        while other.doors.ledger.store.head() < seen.size + more:
            other.doors.ledger.record(_of_operator(other.doors.ledger.store.head()))
        other.doors.publisher.wait_for(seen.size + more, 20)
        with (
            Client(f"http://127.0.0.1:{other.port}") as stranger,
            pytest.raises(IntegrityFailed, match=r"it (?:forked|went back)"),
        ):
            stranger.proving(policy(), kept).checkpoint()


def _of_operator(number: int) -> Submission:
    party = PartyId(f"party:other-{number}")
    return made(PartyRegistered(party=party, name=f"Other {number}", country="CN", business="research"), OPERATOR)


def test_what_is_kept_and_is_no_checkpoint_is_told(log: Served, tmp_path: Path) -> None:
    (tmp_path / "kept").write_bytes(b"tea")
    with asking(log) as client, pytest.raises(IntegrityFailed, match="does not hold a checkpoint"):
        client.proving(policy(), tmp_path / "kept").checkpoint()


def test_a_log_that_the_policy_does_not_know_is_not_believed(log: Served, tmp_path: Path) -> None:
    with asking(log) as client, pytest.raises(NotTrusted):
        client.proving(Policy((), {}, {}, None), tmp_path / "kept").checkpoint()


def test_an_entry_is_taken_by_its_proof_and_not_by_what_is_said_of_it(log: Served, tmp_path: Path) -> None:
    with asking(log) as client:
        proving = client.proving(policy(), tmp_path / "kept")
        recorded = client.statements.submit(item("new"))
        while client.asking.entry(recorded["position"])["proof"] is None:
            proving.checkpoint()
        shown, other = client.asking.entry(recorded["position"]), client.asking.entry(1)
        assert proving.entry(shown) == next(log.doors.ledger.store.read(recorded["position"] - 1, 1)).entry
        with pytest.raises(IntegrityFailed):
            proving.entry({**shown, "entry": base64.b64encode(proving.entry(other)).decode()})
        with pytest.raises(IntegrityFailed, match="another position"):
            proving.entry({**other, "position": shown["position"]})
        with pytest.raises(Malformed, match="SVC-03"):
            proving.entry({**shown, "proof": None})


def test_evidence_is_verified_and_its_answer_computed_again_here(log: Served, tmp_path: Path) -> None:
    with asking(log) as client:
        proving = client.proving(policy(), tmp_path / "kept")
        client.statements.submit(item("new"))
        bundle = client.asking.evidence("item:own", question="custody-chain")
        assert proving.evidence(bundle).failures == ()
        checked = proving.answer(bundle, load_packs())
        assert checked.finding is Finding.AGREES
