"""Go's checksum database reads our log: its packages open our notes and believe our tiles and proofs, and we theirs."""

from __future__ import annotations

import base64
import json
import os
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeAlias

import pytest

from ledger.domain.bodies.vocabulary import Role
from ledger.errors import NotTrusted
from ledger.tlog.checkpoint import Checkpoint, decode_checkpoint
from ledger.tlog.note import Ed25519Verifier, open_note, parse_note
from ledger.tlog.tiles import TILE_WIDTH, Tile, TileReader, bundles_for, format_path, tiles_for
from ledger.tlog.tree import check_consistency, check_inclusion, prove_consistency, prove_inclusion, stored_root
from ledger.tlog.vkey import format_vkey, parse_vkey
from scripts.tools import GOPATH
from tests.authors import ORIGIN, admissions, author, opening
from tests.foreign.programs import ForeignRefusal, run, tool
from tests.http.serving import TOKEN, Served, served
from tests.publishing import log_keys
from tests.servers import EMBEDDED

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ledger.service import Submission
    from tests.servers import Servers

Proofs: TypeAlias = dict[str, list[list[str]]]
"""As the Go program writes and reads them."""

PROGRAM: Final = Path(__file__).parent / "go" / "check.go"


@pytest.fixture(scope="module")
def check(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The Go program, built against Debian's packages with no network and no cache but its own."""
    go = tool("Go")
    tool("Go's x/mod")
    folder = tmp_path_factory.mktemp("go")
    environment = {
        **os.environ,
        "CGO_ENABLED": "0",
        "GO111MODULE": "off",
        "GOCACHE": str(folder / "cache"),
        "GOENV": "off",
        "GOFLAGS": "",
        "GOPATH": GOPATH,
        "GOTOOLCHAIN": "local",
    }
    built = folder / "check"
    run([go, "build", "-o", built, PROGRAM], environment=environment)
    return built


@dataclass(frozen=True)
class Copy:
    """A copy of a log's files in a folder, as a stranger fetches them."""

    folder: Path

    @property
    def checkpoint(self) -> Checkpoint:
        """What the newest note states."""
        return self._state("checkpoint")

    @property
    def older(self) -> Checkpoint:
        """What the older note states."""
        return self._state("older")

    def reader(self) -> TileReader:
        """Our reader of the tiles."""
        return TileReader(self.checkpoint.size, lambda tile: (self.folder / format_path(tile)).read_bytes())

    def _state(self, name: str) -> Checkpoint:
        return decode_checkpoint(parse_note((self.folder / name).read_bytes()).text)


@pytest.fixture(scope="module")
def copied(servers: Servers, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Copy]:
    """All files of a served log: more than one tile, and a checkpoint from the time before the first was full."""
    people = [author(f"party:lab-{number}", Role.LABORATORY) for number in range(90)]
    submissions = [opening(), *admissions(*people)]
    folder = tmp_path_factory.mktemp("copy")
    with served(servers.get(EMBEDDED), tmp_path_factory.mktemp("log")) as log:
        (folder / "older").write_bytes(published(log, submissions[:100]))
        (folder / "checkpoint").write_bytes(published(log, submissions[100:]))
        copy = Copy(folder)
        for tile in (*tiles_for(0, copy.checkpoint.size), *bundles_for(0, copy.checkpoint.size)):
            fetch(log, tile, folder / format_path(tile))
    assert copy.older.size < TILE_WIDTH < copy.checkpoint.size
    yield copy


def published(log: Served, submissions: list[Submission]) -> bytes:
    """Record statements and return the note that covers them, as it is served."""
    list(log.doors.ledger.record_many(submissions))
    assert log.doors.publisher.wait_for(log.doors.ledger.store.head(), 20) is not None
    return log.get("/log/checkpoint").body


def fetch(log: Served, tile: Tile, file: Path) -> None:
    """Write the file of a tile as it is served."""
    answer = log.get(f"/log/{format_path(tile)}", token=TOKEN)
    assert answer.status == 200
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(answer.body)


@pytest.fixture
def changed(copied: Copy, tmp_path: Path) -> Copy:
    """A copy of the copy, for a test to damage."""
    shutil.copytree(copied.folder, tmp_path / "changed")
    return Copy(tmp_path / "changed")


def flip(file: Path, at: int = 0) -> None:
    """Change one bit of a file."""
    data = bytearray(file.read_bytes())
    data[at] ^= 1
    file.write_bytes(data)


def written(proof: tuple[bytes, ...]) -> list[str]:
    return [base64.b64encode(one).decode() for one in proof]


def our_proofs(copy: Copy) -> Proofs:
    size, read = copy.checkpoint.size, copy.reader()
    return {
        "inclusion": [written(prove_inclusion(at, size, read)) for at in range(size)],
        "consistency": [written(prove_consistency(old, size, read)) for old in range(1, size + 1)],
    }


def vkey() -> str:
    """The key of the log that Go's packages know: plain Ed25519."""
    return log_keys(ORIGIN).vkeys[0]


def test_go_opens_our_checkpoint_beside_a_signature_of_a_type_unknown_to_it(check: Path, copied: Copy) -> None:
    note = parse_note((copied.folder / "checkpoint").read_bytes())
    assert len(note.signatures) == 2
    assert run([check, "open", vkey(), copied.folder / "checkpoint"]).decode() == note.text


def test_go_refuses_our_checkpoint_with_another_size(check: Path, changed: Copy) -> None:
    file = changed.folder / "checkpoint"
    size = changed.checkpoint.size
    file.write_bytes(file.read_bytes().replace(b"\n%d\n" % size, b"\n%d\n" % (size - 1)))
    with pytest.raises(ForeignRefusal, match="invalid signature"):
        run([check, "open", vkey(), file])


def test_go_refuses_our_checkpoint_for_another_key(check: Path, copied: Copy) -> None:
    made = json.loads(run([check, "sign", ORIGIN], b"another\n"))
    with pytest.raises(ForeignRefusal, match="no verifiable signatures"):
        run([check, "open", made["vkey"], copied.folder / "checkpoint"])


def test_go_makes_our_root_and_our_tiles_of_our_entries(check: Path, copied: Copy) -> None:
    compared = int(run([check, "tree", vkey(), copied.folder]))
    assert compared == len(tiles_for(0, copied.checkpoint.size)) == 3


def test_go_finds_a_changed_entry(check: Path, changed: Copy) -> None:
    flip(changed.folder / "tile/entries/000", at=100)
    with pytest.raises(ForeignRefusal, match="the entries do not make the signed root"):
        run([check, "tree", vkey(), changed.folder])


def test_go_proves_from_our_tiles_what_we_prove_and_check(check: Path, copied: Copy) -> None:
    theirs: Proofs = json.loads(run([check, "prove", vkey(), copied.folder]))
    assert theirs == our_proofs(copied)
    size, root, read = copied.checkpoint.size, copied.checkpoint.root, copied.reader()
    for at, proof in enumerate(theirs["inclusion"]):
        check_inclusion(read(0, at), at, size, [base64.b64decode(one) for one in proof], root)
    for old, proof in enumerate(theirs["consistency"], 1):
        check_consistency(old, size, [base64.b64decode(one) for one in proof], stored_root(old, read), root)


def test_go_finds_a_changed_tile(check: Path, changed: Copy) -> None:
    flip(changed.folder / "tile/0/000")
    # Which of its two checks comes first depends on the version and on the size of the tree.
    with pytest.raises(ForeignRefusal, match=r"downloaded inconsistent tile|invalid transparency proof"):
        run([check, "prove", vkey(), changed.folder])


def test_go_accepts_our_proofs(check: Path, copied: Copy) -> None:
    run([check, "accept", vkey(), copied.folder], json.dumps(our_proofs(copied)).encode())


@pytest.mark.parametrize("kind", ["inclusion", "consistency"])
def test_go_refuses_our_proof_for_another_leaf_or_tree(check: Path, copied: Copy, kind: str) -> None:
    proofs = our_proofs(copied)
    proofs[kind][6] = proofs[kind][5]
    with pytest.raises(ForeignRefusal, match=r"(leaf 6|from 7 leaves): invalid transparency proof"):
        run([check, "accept", vkey(), copied.folder], json.dumps(proofs).encode())


def test_go_names_the_files_of_tiles_as_we_do(check: Path) -> None:
    indices = [0, 1, 999, 1000, 1234067, 999_999_999, 2**40 + 7]
    tiles = [Tile(level, index, width) for level in (0, 1, 7) for index in indices for width in (1, 255, 256)]
    lines = "".join(f"{tile.level} {tile.index} {tile.width}\n" for tile in tiles)
    assert run([check, "paths"], lines.encode()).decode().splitlines() == [format_path(tile) for tile in tiles]


def test_we_open_a_note_that_go_signed(check: Path) -> None:
    text = f"{ORIGIN}\n1\n{base64.b64encode(bytes(32)).decode()}\n"
    made = json.loads(run([check, "sign", ORIGIN], text.encode()))
    key = parse_vkey(made["vkey"])
    assert format_vkey(key) == made["vkey"]
    opened = open_note(made["note"].encode(), [Ed25519Verifier(key)])
    assert (opened.text, [one.key for one in opened.signed]) == (text, [key])
    with pytest.raises(NotTrusted):
        open_note(made["note"].replace("\n1\n", "\n2\n").encode(), [Ed25519Verifier(key)])
