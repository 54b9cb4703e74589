"""Every English text of the console: what its templates and its code name, all told by the one table of words."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

CONSOLE: Final = Path("api/console")
_NAMED: Final = re.compile(r"""\bt\((?:"([^"]*)"|'([^']*)')\)""")
_CALLED: Final = re.compile(r"\bt\(")


def in_templates() -> Iterator[str]:
    """Yield what templates name; one that names a text otherwise than by itself is wrong."""
    for path in sorted((CONSOLE / "templates").rglob("*.html")):
        text = path.read_text(encoding="utf-8")
        found = _NAMED.findall(text)
        computed = len(re.findall(r"\bt\((?![\"'])", text))
        assert len(found) + computed == len(_CALLED.findall(text)), path
        yield from (one or other for one, other in found)


def in_code() -> Iterator[str]:
    """Yield what the code names in ``label``."""
    for path in sorted(CONSOLE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "label":
                yield from (str(one.value) for one in node.args[:1] if isinstance(one, ast.Constant))
