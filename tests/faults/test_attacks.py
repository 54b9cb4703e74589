"""Every attack of an administrator, and which command notices it: docs/operations.md shows the same table."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest

from tests.faults.attack import COMMANDS, LETTERS, Attack
from tests.faults.attacked import Victim, caught_by, template
from tests.faults.attacks import ATTACKS, NOBODY, table
from tests.servers import EMBEDDED

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.servers import Server, Servers

_DOCS: Final = Path(__file__).parents[2] / "docs" / "operations.md"


@pytest.fixture(scope="module")
def server(servers: Servers) -> Server:
    """One server for all attacks."""
    return servers.get(EMBEDDED)


@pytest.fixture(scope="module")
def made(server: Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Victim]:
    """The log that is attacked."""
    with template(server, tmp_path_factory.mktemp("attacked")) as victim:
        yield victim


def test_nobody_complains_of_a_log_that_nobody_attacked(server: Server, made: Victim) -> None:
    assert caught_by(server, made) == set()


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.name)
def test_an_attack_is_caught_by_the_commands_that_say_so(server: Server, made: Victim, attack: Attack) -> None:
    assert caught_by(server, made, attack) == {LETTERS[letter] for letter in attack.caught}


def test_the_documentation_shows_what_each_command_catches() -> None:
    lines = _DOCS.read_text(encoding="utf-8").splitlines()
    head = lines.index(f"| what is done | {' | '.join(COMMANDS)} |")
    assert lines[head + 2 : head + 2 + len(ATTACKS)] == table()
    assert [line for line in lines if line.startswith(tuple(f"- *{name}*" for name in NOBODY))] == [
        f"- *{name}*: {why}." for name, why in NOBODY.items()
    ]


def test_nothing_is_caught_by_nobody_but_what_is_said() -> None:
    assert {attack.name for attack in ATTACKS if not attack.caught} == NOBODY.keys()
