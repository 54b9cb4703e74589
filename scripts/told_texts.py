"""Every English text that the code tells people, as a template: found in the source, so that none lacks its Chinese.

What is told is what stands in an error, in a refusal, in ``say`` and in a finding of the doctor, and what a function or
a constant gives that such a text is made with. A template is the text with a place for each value, named by whatever
the value is called there; a text of several lines is told line by line, each a template.
"""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from ledger.words.phrasebook import shape_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

ROOTS: Final = ("api", "ledger", "projections")

TOLD: Final[Mapping[str, tuple[int, ...]]] = {
    "BadParameter": (0,),
    "Claim": (2,),
    "Conflict": (0,),
    "Faulty": (1,),
    "FileExistsError": (1,),
    "Finding": (1, 2, 3),
    "Form": (2,),
    "Halted": (0,),
    "IntegrityFailed": (0,),
    "KeyRefused": (0,),
    "Malformed": (2,),
    "NotADirectoryError": (1,),
    "NotChecked": (0,),
    "NotFound": (0,),
    "NotTrusted": (1,),
    "OSError": (1,),
    "Refused": (1,),
    "TooOld": (1,),
    "Unavailable": (0,),
    "ValueError": (0,),
    "_claim": (1,),
    "note": (2,),
    "refuse": (0,),
    "say": (0,),
    "tell": (0,),
}
"""Which arguments are told, by the name of what is called."""

NAMED: Final = frozenset({"found", "newer", "problem", "remedy"})
"""Arguments that are told wherever they are given by name."""

GIVEN: Final = frozenset(
    (
        *("demand", "lettered", "made_by_spreadsheet", "newer_about", "newer_format", "newer_in", "newer_key_record"),
        *("newer_kind", "newer_line", "no_decimal", "not_here", "of_another_dimension", "passed_over", "place"),
        *("remembered", "rest", "suggestion", "too_old", "unknown", "unseen", "_demand", "_differing", "_forgotten"),
        *("_kept", "_lacking", "_meant", "_merged_with", "_names", "_near", "_of_archive", "_of_markup", "_of_ole"),
        *("_check_status", "_check_whole", "_event_words", "_events_of", "_few", "_left_out", "_posix"),
        *("_witnessed_words", "_too_long", "_whole_meant", "_words"),
    )
)
"""Functions that give what is told, or a part of it."""

_NO_TEXT: Final = re.compile(
    r"[^a-z]|create |grant |insert |revoke |select |update |openssl |yyyy|.*[;|\\[]", re.DOTALL
)
"""How constants look that are told to nobody."""

ELSEWHERE: Final = (
    "ledger/words/",
    "ledger/evidence/report/",
    "api/rows/",
    "api/cli/exits.py",
    "api/http/log_files.py",
)
"""Where texts are made that have tables of words of their own."""

_WORD: Final = re.compile(r"[A-Za-z]{3}")
_CODE: Final = re.compile(r"[a-z]+(?:-[a-z]+)+")
_PLACE: Final = "{}"


@cache
def templates() -> Mapping[str, str]:
    """Return every template by its English text, ``{}`` for each place, with the file that it stands in first."""
    found: dict[str, str] = {}
    for root in ROOTS:
        for path in sorted(Path(root).rglob("*.py")):
            if not str(path).startswith(ELSEWHERE):
                for text in _told_in(ast.parse(path.read_text(encoding="utf-8"))):
                    for line in text.split("\n"):
                        if _WORD.search(line.replace(_PLACE, "")) and _CODE.fullmatch(line) is None:
                            found.setdefault(_PLACE.join(shape_of(line.strip(" "))), str(path))
    return found


def _told_in(module: ast.Module) -> Iterator[str]:
    """Yield the texts that a module tells, of its functions those that are assigned first and told then too."""
    for constant in module.body:
        if isinstance(constant, ast.Assign | ast.AnnAssign) and constant.value is not None:
            yield from (one for one in _texts(constant.value) if " " in one.strip() and _NO_TEXT.match(one) is None)
    for function in ast.walk(module):
        if isinstance(function, ast.FunctionDef) and function.name in GIVEN:
            given = (one.value for one in ast.walk(function) if isinstance(one, ast.Return) and one.value is not None)
            yield from (text for one in given for text in _texts(one))
        if isinstance(function, ast.FunctionDef | ast.Module):
            told = [one for call in ast.walk(function) if isinstance(call, ast.Call) for one in _arguments(call)]
            names = {one.id for one in told if isinstance(one, ast.Name)}
            for one in told:
                yield from _texts(one)
            for node in ast.walk(function):
                if (
                    isinstance(node, ast.Assign)
                    and isinstance(node.targets[0], ast.Name)
                    and node.targets[0].id in names
                ):
                    yield from (text for text in _texts(node.value) if " " in text)


def _arguments(call: ast.Call) -> Iterator[ast.expr]:
    """Yield the arguments of a call that are told."""
    name = call.func.id if isinstance(call.func, ast.Name) else getattr(call.func, "attr", "")
    yield from (call.args[at] for at in TOLD.get(name, ()) if at < len(call.args))
    yield from (one.value for one in call.keywords if one.arg in NAMED and name in TOLD)


def _texts(node: ast.expr) -> Iterator[str]:
    """Yield what an expression may be as a text: itself, either branch of a condition, or what stands in a tuple."""
    match node:
        case ast.JoinedStr():
            yield "".join(str(one.value) if isinstance(one, ast.Constant) else _PLACE for one in node.values)
        case ast.Constant(value=str() as text):
            yield text
        case ast.IfExp():
            yield from _texts(node.body)
            yield from _texts(node.orelse)
        case ast.BoolOp():
            yield from (text for one in node.values for text in _texts(one))
        case ast.Tuple() | ast.List():
            yield from (text for one in node.elts for text in _texts(one))
        case ast.Dict():
            yield from (text for one in node.values for text in _texts(one))
        case ast.NamedExpr():
            yield from _texts(node.value)
