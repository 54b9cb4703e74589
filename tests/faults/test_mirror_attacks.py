"""What a mirror refuses: a log whose operator lies in a state entry, a tag, a key, an order, or to one reader only.

Each log here is written as a hostile operator could write it: every hash fits, and the checkpoint is signed with the
log's key.
"""

from __future__ import annotations

import threading
from contextlib import closing, contextmanager
from dataclasses import replace
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

import pytest
from typer.testing import CliRunner

from api.cli.main import app
from ledger.domain.corrections import StatementVoided
from ledger.domain.keys import KeyRevoked
from ledger.domain.registry import PartyRegistered
from ledger.domain.vocabulary import Role
from ledger.errors import IntegrityFailed, LedgerError, Malformed, NotFound, NotTrusted, Unavailable
from ledger.ids import PartyId
from ledger.mirror.copy import Copy
from ledger.mirror.mirror import Means, Mirror, Mirrored
from ledger.mirror.source import open_files
from ledger.rulepacks.load import load_packs
from ledger.service import Submission
from ledger.statement.entry import Entry, encode_entry, leaf_of
from ledger.statement.envelope import parse_envelope
from ledger.statement.payload import read_payload, tags_of
from ledger.statement.reading import key_tag
from ledger.statement.state_entry import StateEntry, encode_state
from ledger.tlog.checkpoint import Checkpoint
from ledger.tlog.cosignature import verifier_for
from ledger.tlog.frontier import GrowingTree
from ledger.tlog.note import Ed25519Signer, open_note
from ledger.tlog.policy import Party, Policy
from ledger.tlog.tiles import TILE_WIDTH, bundles_for, encode_bundle, format_path
from ledger.tlog.vkey import format_vkey
from ledger.tlog.whole_index import WholeIndex
from tests.authors import OPERATOR, ORIGIN, SteppingClock, admissions, author, enrolment, made, opening
from tests.grown import cosigner, private, signed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from ledger.domain.vocabulary import Body
    from ledger.ids import Tag

RULES = "cn-281/2026-08-01"
NAME = "mirror.example/m1"
LABORATORY = author("party:lab", Role.LABORATORY)
LOG = Ed25519Signer(ORIGIN, private(ORIGIN))
POLICY = Policy((Party(LOG.key, ""),), {}, {}, None)


class Written:
    """A log as its operator writes it, entry by entry; he judges nothing that he does not want to judge."""

    def __init__(self) -> None:
        self.entries: list[bytes] = []
        self.index = WholeIndex()
        self.clock = SteppingClock()

    def add(self, *submissions: Submission, **changes: object) -> Written:
        """Append statements with the tags of their payloads, or with changes to what the entry says."""
        for submission in submissions:
            named = tags_of(dict(read_payload(parse_envelope(submission.envelope).payload).value))
            self._append(Entry(len(self.entries) + 1, self.clock.now(), RULES, named, submission.envelope), changes)
        return self

    def say(self, body: Body, **changes: object) -> Written:
        """Append a statement of the operator's."""
        return self.add(made(body, OPERATOR), **changes)

    def state(self, **changes: object) -> Written:
        """Append a state entry, true but for some changes."""
        state = replace(StateEntry(self.index.root(), len(self.entries), self.index.tags), **changes)  # type: ignore[arg-type]  # as above
        position = len(self.entries) + 1
        self._append(Entry(position, self.clock.now(), "none", frozenset(), encode_state(state)), {})
        return self

    def _append(self, entry: Entry, changes: dict[str, object]) -> None:
        entry = replace(entry, **changes)  # type: ignore[arg-type]  # a member's own type, or the test fails
        self.entries.append(encode_entry(entry))
        self.index.add(len(self.entries), leaf_of(self.entries[-1]), entry.tags)

    def publish(self, folder: Path, signer: Ed25519Signer = LOG) -> Checkpoint:
        """Write the log's files into a folder, and its checkpoint, signed."""
        tree = GrowingTree(map(leaf_of, self.entries))
        checkpoint = Checkpoint(ORIGIN, tree.size, tree.root())
        for bundle in bundles_for(0, tree.size):
            first = bundle.index * TILE_WIDTH
            path = folder / format_path(bundle)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(encode_bundle(self.entries[first : first + bundle.width]))
        (folder / "checkpoint").write_bytes(signed(checkpoint, signer))
        return checkpoint


def registration(number: int) -> PartyRegistered:
    return PartyRegistered(party=PartyId(f"party:p{number}"), name=f"P{number}", country="CN", business="research")


def written() -> Written:
    """Return a log of six entries: opening, a party with role and key, another party, and their state."""
    return Written().add(opening(), *admissions(LABORATORY)).say(registration(1)).state()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "log"


@pytest.fixture
def pull(tmp_path: Path, folder: Path) -> Callable[[], Mirrored]:
    """What pulls from the folder into one copy, as a process that starts each time."""
    return partial(pulled, str(folder), tmp_path)


def pulled(source: str, place: Path, token: str | None = None) -> Mirrored:
    means = Means(POLICY, load_packs(), cosigner(NAME), SteppingClock(), place / "evidence")
    with closing(Copy(place / "copy.db")) as copy:
        return Mirror(open_files(source, token), copy, means).pull(lambda verified, size: None)


def test_a_true_log_is_mirrored_replayed_and_cosigned(folder: Path, pull: Callable[[], Mirrored]) -> None:
    checkpoint = written().publish(folder)
    mirrored = pull()
    assert (mirrored.checkpoint, mirrored.entries) == (checkpoint, 6)
    opened = open_note(mirrored.note + (mirrored.cosignature or b""), [verifier_for(cosigner(NAME).key)])
    assert [one.key.name for one in opened.signed] == [NAME]


def test_a_mirror_goes_on_where_it_stopped(folder: Path, pull: Callable[[], Mirrored]) -> None:
    log = written()
    log.publish(folder)
    pull()
    (folder / "tile/entries/000.p/6").unlink()
    for number in range(2, 300):
        log.say(registration(number))
    checkpoint = log.state().publish(folder)
    mirrored = pull()
    assert (mirrored.checkpoint, mirrored.entries) == (checkpoint, 299)
    again = pull()
    assert (again.checkpoint, again.entries) == (checkpoint, 0)
    assert again.cosignature


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
    return written().add(said, tags=_without("party:p2", said)).state()


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
    ("a state entry that counts other tags", lambda: written().state(tags=3), "position 7: the state entry counts 3"),
    ("a state entry of another size", lambda: written().state(size=5), r"position 7: ENT-04: \$.size"),
    ("a statement where a state entry is due", lambda: written().say(registration(2)), "position 7: .* no state entry"),
    ("an unjudged statement", _unjudged, "position 7: ENT-04"),
    ("an entry whose header leaves out a tag", _missing_tag, "position 7: .*party:p2 is missing"),
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


def test_a_bundle_that_is_not_the_tree_is_refused(folder: Path, pull: Callable[[], Mirrored]) -> None:
    written().publish(folder)
    other = written().say(registration(2)).state()
    (folder / "tile/entries/000.p/6").write_bytes(encode_bundle([*other.entries[:5], written().entries[5]]))
    with pytest.raises(IntegrityFailed, match="not the tree"):
        pull()


def test_a_bundle_that_is_cut_off_is_refused(folder: Path, pull: Callable[[], Mirrored]) -> None:
    log = written()
    log.publish(folder)
    (folder / "tile/entries/000.p/6").write_bytes(encode_bundle(log.entries[:5]))
    with pytest.raises(IntegrityFailed, match="position 6: its bundle has 5 entries"):
        pull()


def _forked(place: Path) -> set[bytes]:
    return {file.read_bytes() for file in (place / "evidence").iterdir()}


def test_split_view_two_roots_of_one_size_are_refused_and_kept(
    folder: Path, pull: Callable[[], Mirrored], tmp_path: Path
) -> None:
    written().publish(folder)
    pull()
    first = (folder / "checkpoint").read_bytes()
    written().publish(folder)  # the same statements, signed with fresh ids: another log of the same size
    second = (folder / "checkpoint").read_bytes()
    with pytest.raises(IntegrityFailed, match="the log forked: two roots of size 6; both checkpoints are kept"):
        pull()
    assert _forked(tmp_path) == {first, second}


def test_rewrite_a_tree_that_does_not_extend_the_last_one_is_refused_and_kept(
    folder: Path, pull: Callable[[], Mirrored], tmp_path: Path
) -> None:
    written().publish(folder)
    pull()
    first = (folder / "checkpoint").read_bytes()
    written().say(registration(2)).state().publish(folder)
    second = (folder / "checkpoint").read_bytes()
    with pytest.raises(IntegrityFailed, match="not the tree of the checkpoint of size 8, or the log forked; both"):
        pull()
    assert _forked(tmp_path) == {first, second}


def test_backup_restored_a_smaller_checkpoint_is_refused_and_kept(
    folder: Path, pull: Callable[[], Mirrored], tmp_path: Path
) -> None:
    log = written()
    log.publish(folder)
    older = (folder / "checkpoint").read_bytes()
    log.say(registration(2)).state().publish(folder)
    newer = (folder / "checkpoint").read_bytes()
    pull()
    (folder / "checkpoint").write_bytes(older)
    with pytest.raises(IntegrityFailed, match="went back from 8 to 6"):
        pull()
    assert _forked(tmp_path) == {older, newer}


def test_a_checkpoint_that_the_policy_does_not_believe_is_refused(folder: Path, pull: Callable[[], Mirrored]) -> None:
    written().publish(folder, Ed25519Signer(ORIGIN, private("thief")))
    with pytest.raises(NotTrusted):
        pull()


def test_a_copy_that_was_changed_is_refused(folder: Path, pull: Callable[[], Mirrored], tmp_path: Path) -> None:
    written().publish(folder)
    pull()
    with closing(Copy(tmp_path / "copy.db")) as copy:
        copy._connection.execute("update entry set entry = ? where position = 6", (written().state().entries[5],))
    with pytest.raises(IntegrityFailed):
        pull()


def test_two_mirrors_never_share_a_copy(tmp_path: Path) -> None:
    with closing(Copy(tmp_path / "copy.db")), pytest.raises(Unavailable, match="locked"):
        Copy(tmp_path / "copy.db")


@contextmanager
def _serving(folder: Path, token: str) -> Iterator[str]:
    class Handler(SimpleHTTPRequestHandler):
        def do_GET(self) -> None:
            if "entries" in self.path and self.headers["authorization"] != f"Bearer {token}":
                self.send_error(401)
            else:
                super().do_GET()

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002  the signature of the library
            return

    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Handler, directory=str(folder))) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/log"
        finally:
            server.shutdown()
            thread.join()


@pytest.mark.rule("MIR-03")
def test_a_log_is_mirrored_over_http_with_a_token(folder: Path, tmp_path: Path) -> None:
    checkpoint = written().publish(folder)
    with _serving(tmp_path, "secret") as address:
        with pytest.raises(NotTrusted, match="MIR-03"):
            pulled(address, tmp_path)
        assert pulled(address, tmp_path, "secret").checkpoint == checkpoint
        with pytest.raises(NotFound):
            pulled(f"{address}/nowhere", tmp_path)
    with pytest.raises(Unavailable):
        pulled(address, tmp_path)


def test_an_endless_checkpoint_is_refused(folder: Path, tmp_path: Path) -> None:
    folder.mkdir()
    (folder / "checkpoint").write_bytes(bytes(1_000_001))
    with _serving(tmp_path, "secret") as address, pytest.raises(Malformed, match="MIR-02"):
        pulled(address, tmp_path)


@pytest.mark.parametrize("address", ["ftp://log.example/log", "file://elsewhere/log", "http://"])
def test_an_address_that_is_none_is_refused(address: str) -> None:
    with pytest.raises(LedgerError, match="MIR-01"):
        open_files(address, None)


def test_the_command_cosigns_a_true_log_and_stops_with_10_at_a_false_one(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "phrase").write_text("correct\n")
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
    (tmp_path / "c").unlink()
    _revoked().publish(folder)
    answer = runner.invoke(app, command, env=environ)
    assert (answer.exit_code, answer.stdout) == (10, "")
    assert "position 8: key:" in answer.stderr
