"""The offline verifier needs the standard library and ``cryptography``: it runs where nothing else is installed."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest

from tests.corpus.bundles import CUSTOMS_ONLY, NOBODY, POLICY, TRUST, bundles, verifiers_files

ROOT: Final = Path(__file__).parent.parent.parent
PACKAGES: Final = "msgspec psycopg fastapi starlette uvicorn eventsourcing typer rich rpds holidays openpyxl"
MODULES: Final = "ledger.domain ledger.store ledger.reference ledger.rulepacks ledger.statement.catalogue api"
POISONED: Final = [*PACKAGES.split(), *MODULES.split()]
RUN: Final = (
    f"import runpy, sys\nfor name in {POISONED}:\n    sys.modules[name] = None\n"
    "runpy.run_module('ledger.evidence', run_name='__main__')\n"
)
LIST: Final = (
    "import sys\nimport ledger.evidence.__main__\n"
    "print(sorted({name.partition('.')[0] for name in sys.modules} - set(sys.stdlib_module_names)))\n"
)


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The verifier's files, and three bundles."""
    folder = tmp_path_factory.mktemp("evidence")
    for name, data in verifiers_files().items():
        (folder / name).write_bytes(data)
    for name in ("good-item", "revocation-withheld"):
        (folder / f"{name}.zip").write_bytes(bundles()[name][0])
    return folder


def run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the verifier in a process in which all that it must not need cannot be imported."""
    placed = [str(folder / one) if one.endswith((".zip", ".txt")) else one for one in arguments]
    return subprocess.run([sys.executable, "-c", RUN, *placed], cwd=ROOT, capture_output=True, text=True, check=False)


@pytest.mark.parametrize(
    ("name", "trust", "code"),
    [
        ("good-item", TRUST, 0),
        ("good-item", NOBODY, 3),
        ("good-item", CUSTOMS_ONLY, 3),
        ("revocation-withheld", TRUST, 4),
    ],
)
def test_it_verifies_with_all_else_taken_away(corpus: Path, name: str, trust: str, code: int) -> None:
    ran = run(corpus, f"{name}.zip", "--policy", POLICY, "--trust", trust, "--json")
    assert (ran.returncode, ran.stderr) == (code, "")
    assert json.loads(ran.stdout)["exit"] == code


def test_it_says_in_words_what_it_found(corpus: Path) -> None:
    ran = run(corpus, "good-item.zip", "--policy", POLICY)
    assert ran.returncode == 3
    assert "intact but signer unknown: event 1: " in ran.stdout
    assert ran.stdout.endswith("the bundle: intact but signer unknown\n")


def test_a_policy_that_is_none_is_no_verdict(corpus: Path) -> None:
    assert run(corpus, "good-item.zip", "--policy", TRUST).returncode == 2
    assert run(corpus, "missing.zip", "--policy", POLICY).returncode == 2


def test_it_imports_nothing_but_the_standard_library_and_cryptography() -> None:
    ran = subprocess.run([sys.executable, "-c", LIST], cwd=ROOT, capture_output=True, text=True, check=True)
    # _cffi_backend is cryptography's; what begins with an underscore else is how this environment finds the sources.
    found = {name for name in json.loads(ran.stdout.replace("'", '"')) if not name.startswith("_")}
    assert found == {"cryptography", "ledger"}
