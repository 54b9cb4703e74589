"""From nothing to an open log: init, keys, and what they answer to mistakes."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.embedded_server import fresh_place
from tests.journeys.bench import LOG, PASSPHRASE

if TYPE_CHECKING:
    from tests.journeys.bench import Bench

CHECKOUT = Path(__file__).parents[2]


def test_init_opens_the_log_at_position_1_with_a_root_key(bench: Bench) -> None:
    key = bench.place / "root.pem"
    ran = bench.done("init", "--operator", "party:op", "--name", "Operator", "--key", key, "--json")
    (made,) = ran.objects
    assert (made["log"], made["operator"], made["position"]) == (LOG, "party:op", 1)
    assert key.stat().st_mode & 0o777 == 0o600
    (entry,) = bench.done("log", "show", "--json").objects
    assert (entry["kind"], entry["payload"]["body"]["key"]) == ("log.opened/1", made["key"])


def test_a_log_is_opened_once(bench: Bench) -> None:
    bench.open()
    ran = bench.run("init", "--name", "Another", "--key", bench.place / "another.pem")
    rule = "A log is opened by its first statement and by no other."
    assert (ran.code, ran.stderr) == (5, f"error: ENR-01: the log {LOG} is open already\n  rule: {rule}\n")
    assert not (bench.place / "another.pem").exists()


def test_an_interrupted_init_goes_on_with_the_key_it_made(bench: Bench) -> None:
    made = bench.done("keys", "new", bench.operator.key, "--json").objects[0]
    opened = bench.done("init", "--name", "Operator", "--key", bench.operator.key, "--json").objects[0]
    assert opened["key"] == made["key"]


@pytest.mark.rule("SET-03")
@pytest.mark.parametrize(
    "command", ["log show", "statement new party.registered/1", "init --name Operator --key other.pem", "publish"]
)
def test_the_log_keeps_its_name_and_another_one_in_the_settings_is_a_wrong_setting(bench: Bench, command: str) -> None:
    bench.open()
    bench.environ["VIALOG_LOG_ORIGIN"] = "another.example/log"
    ran = bench.run(*command.split())
    assert (ran.code, ran.stdout) == (2, "")
    assert ran.stderr.startswith("error: SET-03: VIALOG_LOG_ORIGIN: says another.example/log, but the log in")
    assert LOG in ran.stderr
    bench.environ["VIALOG_LOG_ORIGIN"] = None
    assert bench.done("log", "verify", "--json").objects[0]["log"] == LOG


def test_a_command_before_init_says_what_to_do(bench: Bench) -> None:
    bench.environ |= {"VIALOG_DATABASE_URL": None, "VIALOG_DATA": str(bench.place / "none")}
    ran = bench.run("log", "show")
    assert ran.code == 8
    assert "run `vialog init`" in ran.stderr
    assert not (bench.place / "none").exists()


@pytest.mark.parametrize(
    ("given", "rule"), [(("--name", ""), "CAT-02"), (("--name", "Op", "--person", "Max Muster"), "STM-38")]
)
def test_an_opening_that_cannot_be_makes_nothing(bench: Bench, given: tuple[str, ...], rule: str) -> None:
    bench.environ |= {"VIALOG_DATABASE_URL": None, "VIALOG_DATA": str(bench.place / "none")}
    ran = bench.run("init", *given, "--key", bench.place / "root.pem")
    assert (ran.code, rule in ran.stderr) == (3, True), ran.stderr
    assert [file.name for file in bench.place.iterdir()] == ["passphrase"]


@pytest.mark.parametrize("command", [("init", "--name", "Operator"), ("log", "show")])
def test_a_data_directory_that_is_a_file_is_told(bench: Bench, command: tuple[str, ...]) -> None:
    file = bench.place / "passphrase"
    bench.environ |= {"VIALOG_DATABASE_URL": None, "VIALOG_DATA": str(file)}
    ran = bench.run(*command)
    assert (ran.code, ran.stderr) == (2, f"error: {file}: VIALOG_DATA is to name a directory, and this is none\n")
    (found, *_) = bench.run("doctor", "--json").objects
    assert (found["level"], found["found"]) == ("fail", f"{file} is not a directory")


def test_a_data_directory_of_another_user_is_told_with_its_owner(bench: Bench) -> None:
    place = Path("/")
    if os.geteuid() == 0:
        place = bench.place / "others"
        place.mkdir()
        os.chown(place, 60_999, -1)
    bench.environ |= {"VIALOG_DATABASE_URL": None, "VIALOG_DATA": str(place)}
    said = f"{place} belongs to uid {place.stat().st_uid}: run vialog as that user, or choose another directory"
    ran = bench.run("log", "show")
    assert (ran.code, ran.stderr) == (9, f"error: {said}\n")
    assert said in [one["found"] for one in bench.run("doctor", "--json").objects]


def test_a_database_url_that_is_none_is_told_without_its_value(bench: Bench) -> None:
    bench.environ["VIALOG_DATABASE_URL"] = "mysql://me:secret@host/db"
    ran = bench.run("log", "show")
    assert (ran.code, "SET-02" in ran.stderr, "secret" in ran.stderr) == (2, True, False)


def test_a_misspelled_setting_is_an_error_that_names_the_nearest(bench: Bench) -> None:
    bench.environ["VIALOG_DATABASEURL"] = "x"
    ran = bench.run("log", "show")
    assert ran.code == 2
    assert ran.stderr == ("error: SET-01: VIALOG_DATABASEURL: is not a setting; did you mean VIALOG_DATABASE_URL?\n")


def test_a_passphrase_is_asked_for_twice_and_never_shown(bench: Bench) -> None:
    bench.environ["VIALOG_PASSPHRASE_FILE"] = None
    key = bench.place / "asked.pem"
    ran = bench.done("keys", "new", key, stdin=f"{PASSPHRASE}\nmistyped\n{PASSPHRASE}\n{PASSPHRASE}\n")
    assert PASSPHRASE not in ran.stdout + ran.stderr
    shown = bench.done("keys", "show", key, "--json", stdin=f"{PASSPHRASE}\n")
    assert shown.objects[0]["alg"] == "ed25519"


def test_a_wrong_passphrase_is_not_trusted(bench: Bench) -> None:
    key = bench.place / "mine.pem"
    bench.done("keys", "new", key)
    bench.environ["VIALOG_PASSPHRASE_FILE"] = None
    ran = bench.run("keys", "show", key, stdin="guess\n")
    assert ran.code == 4
    assert "KEY-22" in ran.stderr


def test_a_passphrase_file_that_others_can_read_is_not_used(bench: Bench) -> None:
    (bench.place / "passphrase").chmod(0o644)
    ran = bench.run("keys", "new", bench.place / "new.pem")
    assert ran.code == 4
    assert not (bench.place / "new.pem").exists()


def test_a_key_file_is_never_overwritten(bench: Bench) -> None:
    key = bench.place / "mine.pem"
    bench.done("keys", "new", key, "--alg", "es256")
    before = key.read_bytes()
    assert bench.run("keys", "new", key).code == 2
    assert key.read_bytes() == before


def test_the_log_says_whose_key_it_is(bench: Bench) -> None:
    bench.open()
    made = bench.done("keys", "show", bench.operator.key, "--json").objects[0]
    (known,) = bench.done("keys", "show", made["thumbprint"], "--json").objects
    assert (known["party"], known["person"], known["enrolled_at"], known["revoked"]) == (
        "party:operator",
        "root",
        1,
        False,
    )
    assert bench.run("keys", "show", "0" * 64).code == 8


def test_the_doctor_finds_an_open_log_well_and_one_that_is_not_open_wanting(bench: Bench) -> None:
    assert bench.run("doctor").code == 9
    bench.open()
    found = {one["subject"]: one["level"] for one in bench.done("doctor", "--json").objects}
    assert (found["migrations"], found["schema"], found["log"]) == ("ok", "ok", "ok")


def test_the_command_needs_no_settings_but_a_directory() -> None:
    with fresh_place() as place:
        passphrase = place / "passphrase"
        passphrase.touch(mode=0o600)
        passphrase.write_text(PASSPHRASE, encoding="utf-8")
        environ = {"PATH": os.environ["PATH"], "PYTHONPATH": str(CHECKOUT), "VIALOG_PASSPHRASE_FILE": str(passphrase)}

        def vialog(*arguments: str) -> subprocess.CompletedProcess[str]:
            command = [sys.executable, "-m", "api.cli", *arguments]
            return subprocess.run(command, cwd=place, env=environ, capture_output=True, text=True, check=False)

        opened = vialog("init", "--name", "Operator")
        assert opened.returncode == 0, opened.stderr
        assert (place / "vialog-data").stat().st_mode & 0o007 == 0
        verified = vialog("log", "verify", "--json")
        assert '"size":1' in verified.stdout, verified.stderr
