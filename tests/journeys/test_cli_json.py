"""``--json`` is an option of every command, and what it prints is JSON, errors of the machine too."""

from __future__ import annotations

import http.client
import json
import os
import subprocess
import sys
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pytest
import typer.main
from typer.core import TyperGroup

from api.cli.main import app
from api.rows.printed import PRINTED
from projections.asked.table import QUESTIONS
from tests.journeys.bench import LOG

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.journeys.bench import Bench

_CHECKOUT: Final = Path(__file__).parents[2]


@contextmanager
def started(bench: Bench, *arguments: object) -> Iterator[dict[str, Any]]:
    """Run a server for a with block, and yield the object that it prints once it listens; it has to end in order."""
    environ = {**os.environ, **{name: value for name, value in bench.environ.items() if value is not None}}
    command = [sys.executable, "-m", "api.cli", *map(str, arguments)]
    with subprocess.Popen(
        command, env=environ, cwd=_CHECKOUT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        try:
            assert process.stdout is not None
            line = process.stdout.readline()
            yield json.loads(line) if line else pytest.fail("it ended before it listened")
        finally:
            process.terminate()
            rest, said = process.communicate()
    assert (process.returncode, rest) == (0, ""), said
    assert "Traceback" not in said


def _options(command: object, words: str) -> Iterator[tuple[str, list[str]]]:
    """Yield each command that is no group, and how its options are written."""
    if isinstance(command, TyperGroup):
        for name, one in command.commands.items():
            yield from _options(one, f"{words} {name}")
    else:
        parameters = getattr(command, "params", [])
        yield words, [option for parameter in parameters for option in parameter.opts]


def test_every_command_takes_json() -> None:
    commands = dict(_options(typer.main.get_command(app), "vialog"))
    assert len(commands) > 20
    assert [words for words, options in commands.items() if "--json" not in options] == []


def test_every_command_says_what_it_prints() -> None:
    """A new command, or question, with --json has its rows in the table, from which its schema is made."""
    commands = dict(_options(typer.main.get_command(app), "vialog"))
    asked = {f"ask {name}" for name in QUESTIONS}
    assert {words.removeprefix("vialog ") for words in commands} | asked == PRINTED.keys()


@pytest.mark.parametrize(
    ("command", "answer"),
    [
        (("keys", "new", "taken.pem"), "FileExistsError"),
        (("statement", "sign", "missing.toml", "--key", "taken.pem"), "FileNotFoundError"),
    ],
)
def test_a_file_that_cannot_be_used_is_one_json_object_on_stderr(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, command: tuple[str, ...], answer: str
) -> None:
    monkeypatch.chdir(bench.place)
    (bench.place / "taken.pem").write_text("a key", encoding="utf-8")
    ran = bench.run(*command, "--json")
    (line,) = ran.stderr.splitlines()
    error = json.loads(line)["error"]
    assert (ran.code, ran.stdout, error["answer"], error["code"]) == (2, "", answer, 2)
    assert error["problem"].startswith(next(word for word in command if "." in word))


def test_the_server_says_log_and_address_once_it_listens(bench: Bench) -> None:
    bench.environ["VIALOG_DATA"] = str(bench.place / "data")
    bench.open()
    with started(bench, "serve", "--port", 0, "--json") as said:
        assert said == {
            "log": LOG,
            "url": f"http://127.0.0.1:{said['port']}",
            "host": "127.0.0.1",
            "port": said["port"],
        }
        with closing(http.client.HTTPConnection(said["host"], said["port"], timeout=30)) as connection:
            connection.request("GET", "/healthz")
            with connection.getresponse() as response:
                assert response.status == 200
