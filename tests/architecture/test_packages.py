"""Who only runs the program installs its own packages, and those are the ones that are tested."""

from __future__ import annotations

import ast
import re
import sys
from importlib.metadata import packages_distributions
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_CHECKOUT: Final = Path(__file__).parents[2]
OWN: Final = ("ledger", "api", "projections")


def _locked(name: str) -> Mapping[str, frozenset[str]]:
    """Return the hashes of each pinned package of a lock, by what pins it: `name==version`, and where it counts."""
    text = (_CHECKOUT / name).read_text("utf-8").replace("\\\n", "")
    lines = (line.split("--hash=") for line in text.splitlines())
    return {pin.strip(): frozenset(one.strip() for one in hashes) for pin, *hashes in lines}


def _names(pins: Mapping[str, frozenset[str]]) -> frozenset[str]:
    return frozenset(_spelled(re.split(r"[=\[ ]", pin, maxsplit=1)[0]) for pin in pins)


def _spelled(name: str) -> str:
    """Return a package's name as the index spells it (PEP 503)."""
    return re.sub(r"[-_.]+", "-", name).lower()


def _imported() -> Iterator[tuple[Path, str]]:
    for folder in OWN:
        for path in (_CHECKOUT / folder).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                if isinstance(node, ast.Import):
                    yield from ((path, alias.name.partition(".")[0]) for alias in node.names)
                elif isinstance(node, ast.ImportFrom) and node.module is not None and not node.level:
                    yield path, node.module.partition(".")[0]


def test_what_is_installed_to_run_is_what_was_tested() -> None:
    run, tested = _locked("requirements-run.lock"), _locked("requirements.lock")
    assert run
    assert {pin: tested.get(pin) for pin in run} == run
    assert all(run.values())


def test_the_program_imports_nothing_else() -> None:
    run, provided = _names(_locked("requirements-run.lock")), packages_distributions()
    foreign = {
        (path.relative_to(_CHECKOUT).as_posix(), module)
        for path, module in _imported()
        if module not in sys.stdlib_module_names
        and module not in OWN
        and not {_spelled(name) for name in provided[module]} & run
    }
    assert not foreign
