"""Files are written in one step, whoever is killed and however full the disk; secrets are read where they are safe."""

from __future__ import annotations

import errno
import os
import resource
import signal
import stat
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from ledger.errors import NotTrusted
from ledger.files import PUBLIC, make_own, read_own, write_new, write_over

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

DATA = b"a key\n" * 100
WRITERS = [write_new, write_over]


def names(folder: Path) -> list[str]:
    return sorted(one.name for one in folder.iterdir())


_KILLED = """
import os, signal, sys
from pathlib import Path
from ledger import files
name, writer, place, mode = sys.argv[1:]
def die(*_, **__): os.kill(os.getpid(), signal.SIGKILL)
setattr(files.os, name, die)
getattr(files, writer)(Path(place), b"half")
"""


@pytest.mark.parametrize("step", ["fdopen", "fsync", "link", "replace"])
@pytest.mark.parametrize("write", WRITERS)
def test_a_kill_at_any_step_leaves_all_or_nothing_and_is_in_nobodys_way(
    tmp_path: Path, write: Callable[[Path, bytes], None], step: str
) -> None:
    path = tmp_path / "key.pem"
    subprocess.run([sys.executable, "-c", _KILLED, step, write.__name__, path, "new"], check=False)
    if path.exists():
        assert path.read_bytes() == b"half"  # this writer has no such step
        path.unlink()
    write(path, DATA)
    assert (path.read_bytes(), names(tmp_path)) == (DATA, ["key.pem"])


def test_of_many_writers_of_one_new_file_one_succeeds(tmp_path: Path) -> None:
    path = tmp_path / "key.pem"

    def attempt(number: int) -> bytes | None:
        data = b"%d" % number * 50_000
        try:
            write_new(path, data)
        except FileExistsError:
            return None
        return data

    with ThreadPoolExecutor(8) as threads:
        written = [data for data in threads.map(attempt, range(32)) if data is not None]
    assert [path.read_bytes()] == written
    assert names(tmp_path) == ["key.pem"]


def test_of_many_writers_over_one_file_each_writes_all_of_its_own(tmp_path: Path) -> None:
    path = tmp_path / "checkpoint"
    with ThreadPoolExecutor(8) as threads:
        list(threads.map(lambda number: write_over(path, b"%d" % (number % 10) * 50_000), range(64)))
    assert len(set(path.read_bytes())) == 1
    assert names(tmp_path) == ["checkpoint"]


@contextmanager
def full_after(size: int) -> Iterator[None]:
    """Let no file become larger, for a with block: what a full disk does, everywhere."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    before = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        signal.signal(signal.SIGXFSZ, before)


@pytest.mark.parametrize("write", WRITERS)
def test_a_full_disk_is_told_with_the_files_name_and_leaves_nothing_half_written(
    tmp_path: Path, write: Callable[[Path, bytes], None]
) -> None:
    path = tmp_path / "bundle.zip"
    with full_after(1_000), pytest.raises(OSError, match="too large") as caught:
        write(path, bytes(2_000))
    assert (caught.value.errno, caught.value.filename, names(tmp_path)) == (errno.EFBIG, str(path), [])


def test_what_stood_there_stands_after_a_full_disk(tmp_path: Path) -> None:
    path = tmp_path / "last-checkpoint"
    write_over(path, DATA)
    with full_after(1_000), pytest.raises(OSError, match="too large"):
        write_over(path, bytes(2_000))
    assert (path.read_bytes(), names(tmp_path)) == (DATA, ["last-checkpoint"])


def test_a_file_system_without_second_names_takes_files_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def none(*_: object) -> None:
        raise OSError(errno.EPERM, "Operation not permitted")

    monkeypatch.setattr(os, "link", none)
    write_new(tmp_path / "key.pem", DATA)
    with pytest.raises(FileExistsError):
        write_new(tmp_path / "key.pem", b"other")
    assert ((tmp_path / "key.pem").read_bytes(), names(tmp_path)) == (DATA, ["key.pem"])


def test_nothing_is_written_over_whatever_it_is(tmp_path: Path) -> None:
    (tmp_path / "dangling").symlink_to(tmp_path / "elsewhere")
    (tmp_path / "folder").mkdir()
    os.mkfifo(tmp_path / "fifo")
    for name in ("dangling", "folder", "fifo"):
        with pytest.raises(FileExistsError, match="not overwritten"):
            write_new(tmp_path / name, DATA)
    assert names(tmp_path) == ["dangling", "fifo", "folder"]


def test_what_is_in_the_way_of_the_stray_is_named(tmp_path: Path) -> None:
    (tmp_path / ".key.pem.new").mkdir()
    with pytest.raises(OSError, match=r"\.key\.pem\.new is in the way: remove it.*key\.pem"):
        write_new(tmp_path / "key.pem", DATA)


@pytest.mark.parametrize("umask", [0, 0o22, 0o77])
def test_what_is_confidential_is_its_owners_alone_and_what_is_public_as_the_umask_says(
    tmp_path: Path, umask: int
) -> None:
    before = os.umask(umask)
    try:
        write_new(tmp_path / "a", DATA)
        write_over(tmp_path / "b", DATA)
        make_own(tmp_path / "c")
        write_new(tmp_path / "d", DATA, PUBLIC)
        write_over(tmp_path / "d", DATA, PUBLIC)
    finally:
        os.umask(before)
    modes = [stat.S_IMODE((tmp_path / name).stat().st_mode) for name in "abcd"]
    assert modes == [0o600, 0o600, 0o600, 0o666 & ~umask]


def _secret(folder: Path) -> Path:
    write_new(folder / "secret", DATA)
    return folder / "secret"


def _refused(path: Path) -> str:
    with pytest.raises(NotTrusted) as caught:
        read_own(path, 1_000)
    assert caught.value.rule == "KEY-20"
    return caught.value.problem


@pytest.mark.rule("KEY-20")
def test_a_secret_is_read_from_a_file_of_ones_own(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(_secret(tmp_path))
    assert read_own(tmp_path / "link", 1_000) == DATA


@pytest.mark.rule("KEY-20")
def test_a_secret_that_others_can_reach_is_not_read_and_the_remedy_can_be_run(tmp_path: Path) -> None:
    path = _secret(tmp_path)
    path.chmod(0o640)
    remedy = _refused(path).partition("run ")[2].partition(",")[0]
    subprocess.run(remedy, shell=True, check=True)
    assert read_own(path, 1_000) == DATA


@pytest.mark.rule("KEY-20")
def test_a_secret_of_another_user_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = _secret(tmp_path)
    if os.geteuid() == 0:
        os.chown(path, 12_345, -1)
    else:
        monkeypatch.setattr(os, "geteuid", lambda: os.getuid() + 1)
    assert "belongs to another user" in _refused(path)


@pytest.mark.rule("KEY-20")
def test_a_secret_is_waited_for_nowhere(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "fifo", 0o600)
    (tmp_path / "folder").mkdir(mode=0o700)
    for name in ("fifo", "folder", "/dev/null"):
        assert "no regular file" in _refused(tmp_path / name)
    (tmp_path / "dangling").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(FileNotFoundError):
        read_own(tmp_path / "dangling", 1_000)
