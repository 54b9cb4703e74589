"""The commands as a whole: the list of them is made without loading any, and says what each says of itself."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Final

import typer.main

from api.cli.exits import USAGE, exit_code
from api.cli.main import COMMANDS, app
from api.settings import RULES as SETTINGS
from api.telling.labels import RULES as LABELS
from ledger.errors import Malformed
from tests.journeys.bench import Bench

_CHECKOUT: Final = Path(__file__).parents[2]
_HEAVY: Final = ("psycopg", "fastapi", "uvicorn", "cryptography", "rich", "ledger.domain", "ledger.store")


def test_the_list_says_of_each_command_what_it_says_of_itself() -> None:
    command = typer.main.get_command(app)
    said = {name: one.get_short_help_str(limit=1_000) for name, one in command.commands.items()}  # type: ignore[attr-defined]
    assert said == {name: lazy.says for name, lazy in COMMANDS.items()}


def test_the_list_of_commands_loads_none_of_them() -> None:
    told = "import sys; from api.cli.main import app; app(['--help'], standalone_mode=False); print(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", told], cwd=_CHECKOUT, capture_output=True, text=True, check=True, timeout=120
    )
    loaded = done.stdout.splitlines()[-1].split()
    assert [one for one in loaded if one.startswith(_HEAVY)] == []
    assert "restore" in done.stdout


def test_the_version_is_printed(bench: Bench) -> None:
    ran = bench.done("--version")
    assert ran.stdout.startswith("vialog ")


def test_what_is_wrong_about_the_command_is_no_statement() -> None:
    for rule in (*SETTINGS, *LABELS):
        assert exit_code(Malformed(rule, "$", "")) == USAGE
    assert exit_code(Malformed("STM-01", "$", "")) != USAGE


def test_a_shell_completes_commands_and_options() -> None:
    for words, expected in (
        ("vialog wit", "witness"),
        ("vialog log sh", "show"),
        ("vialog import --prop", "--propose"),
        ("vialog record rec", "receive"),
        ("vialog record recall.o", "recall.ordered"),
        ("vialog record receive --cons", "--consignment"),
        ("vialog record item.received --disc", "--disclose"),
        ("vialog statement new item.rec", "item.received"),
        ("vialog ask bal", "balance"),
        ("vialog list items --status recei", "received"),
    ):
        told = {"_VIALOG_COMPLETE": "complete_bash", "COMP_WORDS": words, "COMP_CWORD": str(len(words.split()) - 1)}
        done = subprocess.run(
            [sys.executable, "-c", "from api.cli.main import app; app(prog_name='vialog')"],
            cwd=_CHECKOUT,
            env={"PATH": "/usr/bin:/bin"} | told,
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )
        assert expected in done.stdout.split(), done.stdout + done.stderr
