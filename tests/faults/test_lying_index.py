"""The attack on completeness: an operator leaves a revocation out of the index that he signs, and the key signs on.

All proofs of a bundle hold then. Whoever has the bundle alone is told whose word it is that nothing is missing; whoever
has the entries, as a mirror does, names the entry that lies.
"""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from ledger.domain.registry.keys import KeyRevoked
from ledger.errors import IntegrityFailed
from ledger.evidence.checks.trust import parse_trust
from ledger.evidence.checks.verdicts import Verdict, report_lines
from ledger.evidence.verify import verify_bundle
from ledger.ids import key_tag
from ledger.rulepacks.load import load_packs
from ledger.statement.entries.entry import leaf_of, parse_entry
from ledger.statement.entries.state_entry import STATE_KIND, StateEntry, encode_state, is_state, state_id, state_of
from ledger.statement.form.envelope import parse_envelope
from ledger.statement.form.payload import read_payload
from ledger.store.database.postgres import PostgresStore
from ledger.store.port import Record, Recorded
from ledger.tlog.policy import parse_policy
from ledger.verification.log import verify_log
from tests.authors import OPERATOR, ORIGIN, made
from tests.corpus.bundle_index import forged
from tests.corpus.bundle_log import policy
from tests.corpus.bundle_story import TECHNICIAN, key_of, trust
from tests.faults.parties import LABORATORY, registration
from tests.faults.written_log import RULES, Written, written

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    from ledger.evidence.checks.verdicts import Report
    from ledger.mirror.mirror import Mirrored
    from tests.faults.published_log import Scene

REVOCATION = KeyRevoked(key=key_tag(LABORATORY.signer.thumbprint), ground="lost")


def verified(policy: bytes) -> Report:
    """Verify the forged bundle under a policy."""
    return verify_bundle(forged()[1], parse_policy(policy), parse_trust(trust()))


def without_the_revocation() -> Written:
    """Return a log whose last state entry tells the index without the revocation in front of it."""
    log = written()
    lie = log.index.root(), log.index.names
    return log.say(REVOCATION).state(index_root=lie[0], names=lie[1])


def stored(entries: Iterable[bytes]) -> Iterator[Recorded]:
    """Give entries as a store would."""
    for written_entry in entries:
        entry = parse_entry(written_entry)
        if is_state(entry):
            statement, kind = state_id(entry.data), STATE_KIND
        else:
            payload = read_payload(parse_envelope(entry.data).payload)
            statement, kind = payload.id, payload.kind
        leaf = leaf_of(written_entry)
        yield Recorded(entry.position, entry.recorded, statement, kind, written_entry, leaf)


def test_by_the_operator_alone_nothing_is_said_to_be_complete() -> None:
    report = verified(policy())
    assert (report.verdict, report.exit_code, report.failures) == (Verdict.NOT_CHECKED, 5, ())
    tags = [claim for claim in report.claims if claim.about.startswith("tag ")]
    assert {claim.verdict for claim in tags} == {Verdict.NOT_CHECKED}
    assert all("the operator's word alone: no mirror that replays the log vouches" in claim.words for claim in tags)


def test_whether_a_key_was_revoked_is_said_to_be_the_operators_word() -> None:
    said = "\n".join(claim.words for claim in verified(policy()).claims if claim.about == f"tag {key_of(TECHNICIAN)}")
    assert "none is missing, no revocation either, is the operator's word alone" in said
    events = [claim for claim in verified(policy()).claims if claim.about.startswith("event ")]
    assert all("whose keys nobody but the operator says were not revoked before" in claim.words for claim in events)


def test_no_line_for_people_says_that_nothing_is_missing() -> None:
    lines = list(report_lines(verified(policy())))
    assert lines[-1] == "the bundle: not checked in full: what was checked holds, and its signers are known"
    assert [line for line in lines if "none is missing" in line and "the operator's word alone" not in line] == []


def test_a_witness_is_no_mirror_and_a_mirror_that_has_not_cosigned_vouches_for_nothing() -> None:
    required = policy() + b"replayed m1\n"
    assert verified(required).exit_code == 5
    believed = policy().replace(b"mirror m1", b"witness m1")
    assert verified(believed).exit_code == 5


@pytest.mark.parametrize(
    ("log", "named"),
    [
        pytest.param(without_the_revocation, "position 8: the state entry's index root", id="a revocation left out"),
        pytest.param(lambda: written().state(index_root=bytes(32)), "position 7: .*index root", id="no root at all"),
        pytest.param(lambda: written().state(names=999), "position 7: the state entry counts 999", id="names"),
    ],
)
def test_replaying_the_log_names_the_state_entry_that_lies(log: Callable[[], Written], named: str) -> None:
    with pytest.raises(IntegrityFailed, match=named):
        list(verify_log(stored(log().entries), ORIGIN, load_packs()))


def test_a_mirror_names_the_state_entry_and_does_not_cosign(folder: Path, pull: Callable[[], Mirrored]) -> None:
    without_the_revocation().publish(folder)
    with pytest.raises(IntegrityFailed, match="position 8: the state entry's index root"):
        pull()


def test_who_replays_the_forged_log_names_what_the_revoked_key_signed() -> None:
    log, _ = forged()
    with pytest.raises(IntegrityFailed, match=r"position 17: key:.* was revoked when it signed"):
        list(verify_log(log.store.read(), log.store.origin, load_packs()))


def test_the_check_of_the_database_names_the_state_entry(log: Scene) -> None:
    revocation = made(REVOCATION, OPERATOR)
    payload = read_payload(parse_envelope(revocation.envelope).payload)
    last = state_of(parse_entry(log.events()[-1].entry))
    with closing(PostgresStore(log.database.app)) as store, store.locked() as locked:
        assert locked.recorded
        lie = encode_state(StateEntry(last.index_root, 11, last.names))
        records = (
            Record(payload.id, payload.kind, payload.tags, RULES, revocation.envelope),
            Record(state_id(lie), STATE_KIND, frozenset(), "none", lie),
        )
        locked.append(records, locked.recorded)
    with pytest.raises(IntegrityFailed, match="position 12: the state entry's index root is not that of the entries"):
        log.fsck()


def test_honest_state_entries_hold() -> None:
    log = written().say(registration(2)).state()
    assert len(list(verify_log(stored(log.entries), ORIGIN, load_packs()))) == 8
