"""A log whose database is gone, a server that does not start, a directory that cannot be written to: what is said."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest

from api.cli.operate.lost import REMEDY
from api.cli.output import plain
from tests.embedded_server import ROOT, fresh_place
from tests.journeys.bench import LOG

if TYPE_CHECKING:
    from tests.journeys.bench import Bench
    from tests.servers import Servers

_CHECKOUT: Final = Path(__file__).parents[2]

# Given a uid, it becomes that user after loading all it needs: the checkout may lie where that user cannot go.
_EXAMINE: Final = """
import os, sys
from pathlib import Path
from api.cli.operate.doctor.doctor import examine
from api.settings import Settings
data, *uid = sys.argv[1:]
for number in map(int, uid):
    os.setgroups([])
    os.setgid(number)
    os.setuid(number)
found = next(examine(Settings(data=Path(data))))
print(found.level, found.subject, bool(found.remedy))
"""


def lose(bench: Bench, *gone: str) -> Path:
    """Publish a log's first checkpoint and return the data directory, which remembers it; some files are gone too."""
    data = bench.place / "data"
    bench.environ["VIALOG_DATA"] = str(data)
    bench.open()
    bench.done("publish")
    for name in gone:
        (data / name).unlink()
    return data


def check_lost(bench: Bench, found: str) -> None:
    """Check that init opens no log and that the doctor advises none."""
    data, key = bench.place / "data", bench.place / "new.pem"
    before = sorted(data.iterdir())
    ran = bench.run("init", "--name", "Operator", "--key", key)
    assert (ran.code, ran.stderr) == (10, f"error: {found}: {REMEDY}\n")
    assert (key.exists(), sorted(data.iterdir())) == (False, before)
    doctor = bench.run("doctor")
    assert (doctor.code, "vialog init" in doctor.stdout) == (10, False), doctor.stdout
    assert f"fail  log: {found} -> {REMEDY}\n" in doctor.stdout


def test_a_log_whose_cluster_is_gone_is_not_begun_anew(bench: Bench) -> None:
    data = lose(bench)
    bench.environ["VIALOG_DATABASE_URL"] = None
    check_lost(bench, f"{data} holds the keys and the last checkpoint of the log {LOG}, whose database is gone")


def test_log_keys_alone_tell_of_a_lost_log(bench: Bench) -> None:
    data = lose(bench, "last-checkpoint", "log-keys/ml-dsa-44.pem")
    bench.environ["VIALOG_DATABASE_URL"] = None
    check_lost(bench, f"{data} holds the keys of a log, whose database is gone")


def test_a_damaged_last_checkpoint_tells_of_a_lost_log(bench: Bench) -> None:
    data = lose(bench, "log-keys/ed25519.pem", "log-keys/ml-dsa-44.pem")
    (data / "last-checkpoint").write_bytes(b"damaged")
    bench.environ["VIALOG_DATABASE_URL"] = None
    check_lost(bench, f"{data} holds the last checkpoint of a log, whose database is gone")


def test_an_empty_database_in_the_place_of_the_lost_one_gets_no_new_log(bench: Bench, servers: Servers) -> None:
    data = lose(bench)
    with servers.get("embedded").empty_database() as database:
        bench.environ["VIALOG_DATABASE_URL"] = database.admin
        check_lost(bench, f"{data} holds the keys and the last checkpoint of the log {LOG}, whose database is gone")


def test_a_log_that_is_there_is_not_lost(bench: Bench) -> None:
    lose(bench)
    ran = bench.run("init", "--name", "Another", "--key", bench.place / "another.pem")
    assert (ran.code, ran.stderr) == (
        5,
        f"error: ENR-01: the log {LOG} is open already\n"
        "  rule: A log is opened by its first statement and by no other.\n",
    )


def test_what_a_server_that_does_not_start_says_is_shown_line_by_line_with_a_remedy(bench: Bench) -> None:
    with fresh_place() as place:
        data = place / "data"
        (data / "postgres").mkdir(parents=True)
        data.chmod(0o700)
        bench.environ |= {"VIALOG_DATABASE_URL": None, "VIALOG_DATA": str(data)}
        ran = bench.run("doctor")
    first = next(line for line in ran.stdout.splitlines() if line.startswith("fail  database: "))
    quoted = ran.stdout.partition(f"{first}\n")[2].partition("      -> ")[0].splitlines()
    assert quoted
    assert all(line.startswith("      ") for line in quoted)
    assert f"      -> put right what it says; the server's own words are in {data / 'postgres.log'}\n" in ran.stdout
    assert "\N{REPLACEMENT CHARACTER}" not in ran.stdout
    failing = [one for one in bench.run("doctor", "--json").objects if one["level"] == "fail"]
    assert all(one["remedy"] for one in failing), failing


@pytest.mark.parametrize(("mode", "level"), [(0o500, "fail data directory True"), (0o700, "ok data directory False")])
def test_a_data_directory_that_cannot_be_written_to_is_not_well(mode: int, level: str) -> None:
    with fresh_place() as place:
        data = place / "data"
        data.mkdir()
        user = ["60999"] if ROOT else []
        for uid in map(int, user):
            os.chown(data, uid, uid)
        data.chmod(mode)
        ran = subprocess.run(
            [sys.executable, "-c", _EXAMINE, str(data), *user],
            cwd=_CHECKOUT,
            capture_output=True,
            text=True,
            check=True,
        )
    assert ran.stdout == f"{level}\n"


def test_tabs_and_line_ends_are_spaces_and_what_else_does_not_print_is_replaced() -> None:
    assert plain("FATAL:\tdata\nHINT: \x1b[2J") == "FATAL: data HINT: \N{REPLACEMENT CHARACTER}[2J"


def test_a_demo_without_a_folder_ends_with_one_line(bench: Bench) -> None:
    (bench.place / "demo-data").touch()
    environ = {**os.environ, "PYTHONPATH": str(_CHECKOUT)}
    command = [sys.executable, "-m", "scripts.demo"]
    ran = subprocess.run(command, cwd=bench.place, env=environ, capture_output=True, text=True, check=False)
    assert (ran.returncode, ran.stdout) == (2, "")
    (line,) = ran.stderr.splitlines()
    assert line.startswith("error: the demo cannot run: ")


def test_a_page_that_the_disk_damaged_is_told_as_such_by_the_doctor_and_by_verify(bench: Bench) -> None:
    with fresh_place() as place:
        data = place / "data"
        bench.environ |= {"VIALOG_DATABASE_URL": None, "VIALOG_DATA": str(data)}
        bench.done("init", "--name", "Operator", "--key", bench.place / "operator.pem")
        files = (data / "postgres" / "base").glob("*/*")
        (table,) = (file for file in files if b"vialog-entry/3" in file.read_bytes())
        damaged = bytearray(table.read_bytes())
        damaged[-100] ^= 1
        with table.open("r+b") as file:
            file.write(damaged)
        doctor, verified = bench.run("doctor"), bench.run("log", "verify")
    assert "fail  log: the database's files are damaged: invalid page" in doctor.stdout
    assert "error: the database's files are damaged: invalid page" in verified.stderr
    assert (doctor.code, verified.code) == (10, 10)
