"""What a mirror refuses: a log whose operator lies in a state entry, a tag, a key or an order.

Each log here is written as a hostile operator could write it: every hash fits, and the checkpoint is signed with the
log's key.
"""

from __future__ import annotations

import stat
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from typer.testing import CliRunner

from api.cli.main import app
from ledger.domain.amends.corrections import StatementVoided
from ledger.domain.bodies.vocabulary import Role
from ledger.domain.registry.keys import KeyRevoked
from ledger.errors import IntegrityFailed
from ledger.ids import PartyId, key_tag
from ledger.service import Submission
from ledger.statement.form.envelope import parse_envelope
from ledger.statement.form.payload import read_payload
from ledger.statement.form.tags import tags_of
from ledger.tlog.vkey import format_vkey
from tests.authors import OPERATOR, SteppingClock, admissions, author, enrolment, made, opening
from tests.faults.parties import LABORATORY, registration
from tests.faults.written_log import LOG, NAME, Written, written

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from ledger.ids import Tag
    from ledger.mirror.mirror import Mirrored


def _gap() -> Written:
    log = Written().add(opening(), *admissions(LABORATORY))
    return log.say(registration(1), position=7).state()


def _revoked() -> Written:
    log = written().say(KeyRevoked(key=key_tag(LABORATORY.signer.thumbprint), ground="lost"))
    return log.add(made(registration(2), LABORATORY)).state()


def _revocation_voided() -> Written:
    revocation = made(KeyRevoked(key=key_tag(LABORATORY.signer.thumbprint), ground="lost"), OPERATOR)
    payload = read_payload(parse_envelope(revocation.envelope).payload)
    named = tags_of(dict(payload.value))
    voiding = made(StatementVoided(statement=payload.id, ground="never-happened"), OPERATOR)
    log = written().add(revocation).add(voiding, tags=named)
    return log.add(made(registration(2), LABORATORY)).state()


def _without(tag: str, submission: Submission) -> frozenset[Tag]:
    return frozenset(one for one in tags_of(dict(_value(submission))) if one != tag)


def _value(submission: Submission) -> dict[str, Any]:
    return dict(read_payload(parse_envelope(submission.envelope).payload).value)


def _missing_tag() -> Written:
    said = made(registration(2), OPERATOR)
    return written().add(said, tags=_without("party:p2", said), status=frozenset()).state()


def _missing_status() -> Written:
    return written().say(registration(2), status=frozenset()).state()


def _status_too_many() -> Written:
    return written().say(registration(2), status=frozenset({"party:p2", "party:operator"})).state()


def _voiding(status: frozenset[str]) -> Written:
    """Return a log whose operator voids a registration, and says of the voiding what status it counts for."""
    log = written()
    registered = read_payload(parse_envelope(log.parts[4].data).payload)
    said = made(StatementVoided(statement=registered.id, ground="entered-twice"), OPERATOR)
    log.add(said, tags=log.parts[4].tags, status=status)
    return log.state()


def _tag_too_many() -> Written:
    said = made(registration(2), OPERATOR)
    return written().add(said, tags=_without("", said) | {"item:A1"}).state()


def _missing_derived_tag() -> Written:
    """A voiding that keeps its own payload's ids only: the party whose registration it takes back is left out."""
    registered = made(registration(2), OPERATOR)
    statement = read_payload(parse_envelope(registered.envelope).payload).id
    voiding = made(StatementVoided(statement=statement, ground="entered-twice"), OPERATOR)
    return written().add(registered).add(voiding).state()


def _unjudged() -> Written:
    return written().say(registration(2), rules="none").state()


def _bent() -> Written:
    """A statement with another's signature: of the right form, and made by the right key."""
    said, other = (made(registration(number), OPERATOR).envelope for number in (2, 3))
    mark = b'"sig":"'
    return written().add(Submission(said.partition(mark)[0] + mark + other.partition(mark)[2])).state()


def _twice() -> Written:
    said = made(registration(2), OPERATOR)
    return written().add(said).add(said).state()


ATTACKS: list[tuple[str, Callable[[], Written], str]] = [
    ("lying index root", lambda: written().state(index_root=bytes(32)), "position 7: the state entry's index root"),
    ("a state entry that counts other names", lambda: written().state(names=3), "position 7: the state entry counts 3"),
    ("a state entry of another size", lambda: written().state(size=5), r"position 7: ENT-04: \$.size"),
    ("a statement where a state entry is due", lambda: written().say(registration(2)), "position 7: .* no state entry"),
    ("an unjudged statement", _unjudged, "position 7: ENT-04"),
    ("an entry whose header leaves out a tag", _missing_tag, "position 7: .*party:p2 is missing"),
    ("an entry that is not counted for the status it rules on", _missing_status, "position 7: .*party:p2 is missing"),
    ("an entry that is counted for another's status", _status_too_many, "position 7: .*operator is too much"),
    ("a voiding not counted for what it voids", lambda: _voiding(frozenset()), "position 7: its status .* is missing"),
    ("an entry whose header leaves out a derived tag", _missing_derived_tag, "position 8: .*party:p2 is missing"),
    ("an entry whose header has a tag too many", _tag_too_many, "position 7: .*item:A1 is too much"),
    ("event signed after revocation", _revoked, "position 8: key:.* revoked"),
    ("event signed after a revocation that was voided", _revocation_voided, "position 9: key:.* revoked"),
    (
        "event signed by a key that is not enrolled",
        lambda: written().add(made(registration(2), author("party:p1", Role.LABORATORY))).state(),
        "position 7: KEY-16",
    ),
    (
        "one key, two identities",
        lambda: written().add(enrolment(replace(LABORATORY, party=PartyId("party:p1")))).state(),
        "position 7: ",
    ),
    ("event with the signature of another", _bent, "position 7: KEY-15"),
    ("replay, the same event twice", _twice, "position 8: .*already"),
    ("gap", _gap, "position 5: .*position 7"),
    (
        "time goes back",
        lambda: written().say(registration(2), recorded=SteppingClock().now()).state(),
        "position 7: .*before the entry in front",
    ),
    (
        "replay into another log",
        lambda: written().add(made(registration(2), OPERATOR, log="other.example/log")).state(),
        "position 7: .*other.example/log",
    ),
]


@pytest.mark.parametrize(("name", "log", "named"), ATTACKS, ids=[name for name, _, _ in ATTACKS])
def test_a_mirror_refuses(
    name: str, log: Callable[[], Written], named: str, folder: Path, pull: Callable[[], Mirrored]
) -> None:
    log().publish(folder)
    with pytest.raises(IntegrityFailed, match=named):
        pull()


def test_a_refused_log_is_neither_kept_nor_cosigned(folder: Path, pull: Callable[[], Mirrored]) -> None:
    good = written()
    good.publish(folder)
    pull()
    _revoked().publish(folder)
    with pytest.raises(IntegrityFailed):
        pull()
    checkpoint = good.say(registration(3)).state().publish(folder)
    assert pull().checkpoint == checkpoint


def test_the_command_cosigns_a_true_log_and_stops_with_10_at_a_false_one(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "phrase").write_text("correct horse\n")
    (tmp_path / "phrase").chmod(0o600)
    (tmp_path / "policy").write_text(f"log {format_vkey(LOG.key)}\nquorum none\n")
    environ = {"VIALOG_PASSPHRASE_FILE": str(tmp_path / "phrase")}
    runner, key = CliRunner(), str(tmp_path / "mirror.pem")
    assert runner.invoke(app, ["witness", "key", "new", key, "--name", NAME], env=environ).exit_code == 0
    command = ["mirror", str(folder), "--copy", str(tmp_path / "c"), "--policy", str(tmp_path / "policy"), "--key", key]
    written().publish(folder)
    answer = runner.invoke(app, command, env=environ)
    assert answer.exit_code == 0
    assert answer.stdout.startswith(f"— {NAME} ")
    assert stat.S_IMODE((tmp_path / "c").stat().st_mode) == 0o600
    (tmp_path / "c").unlink()
    _revoked().publish(folder)
    answer = runner.invoke(app, command, env=environ)
    assert (answer.exit_code, answer.stdout) == (10, "")
    assert "position 8: key:" in answer.stderr
