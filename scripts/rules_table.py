"""The table of all rules, read out of the code: what each says, where it is applied and which test shows it.

A rule stands in its module's ``RULES``: as a ``Rule`` with answer and clause, or, for the formats, as a sentence by id.
Functions and tests are found by reading the sources, and so is the answer of a rule that does not say it itself: the
table cannot promise what is not there.
"""

from __future__ import annotations

import ast
import importlib
import json
import re
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from ledger.domain.law.rule import Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT: Final = Path(__file__).parent.parent
CODE: Final = ("ledger", "api")
ANSWERS: Final = {"Malformed": "malformed", "NotTrusted": "not trusted", "Refused": "refusal"}
"""How breaking a rule is answered, by the class that is raised with its id."""
RULE_ID: Final = re.compile(r"[A-Z]{3,4}-\d\d\Z")


@dataclass(frozen=True, slots=True)
class Row:
    """One rule of the table.

    answer: refusal, breach, remark, malformed or not trusted.
    functions: where it is applied, as ``module.function``.
    tests: what shows it, as ``file::test``.
    """

    id: str
    says: str
    answer: str
    clause: str
    confidence: str
    functions: tuple[str, ...]
    tests: tuple[str, ...]


def rows() -> list[Row]:
    """Return all rules, sorted by id."""
    functions, tests = _applied(), _shown()
    found = [
        Row(rule, says, answer, clause, confidence, tuple(sorted(functions[rule])), tuple(sorted(tests[rule])))
        for rule, says, answer, clause, confidence in _declared()
    ]
    return sorted(found, key=lambda row: row.id)


def mentioned() -> frozenset[str]:
    """Return every rule id that stands as a literal anywhere in the code."""
    return frozenset(
        node.value
        for path in _sources(*CODE)
        for node in ast.walk(_parsed(path))
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and RULE_ID.match(node.value)
    )


def _declared() -> Iterator[tuple[str, str, str, str, str]]:
    answers = _answers()
    for path in _sources(*CODE):
        if "RULES" not in path.read_text(encoding="utf-8"):
            continue
        module = importlib.import_module(_module(path))
        table = vars(module).get("RULES", ())
        if isinstance(table, tuple):
            for rule in table:
                if isinstance(rule, Rule):
                    yield rule.id, rule.says, rule.answer, rule.clause, rule.confidence
        else:
            for rule_id, says in table.items():
                yield rule_id, says, " or ".join(sorted(answers[rule_id])) or "malformed", "", "V"


def _answers() -> defaultdict[str, set[str]]:
    """Find, for each rule, how breaking it is answered: by the class of the errors that are made with its id.

    A rule whose id is only handed on, to a reader that several formats share, is not found: it is malformed.
    """
    found: defaultdict[str, set[str]] = defaultdict(set)
    for path in _sources(*CODE):
        for node in ast.walk(_parsed(path)):
            if isinstance(node, ast.Call) and node.args and ast.unparse(node.func) in ANSWERS:
                for rule in _named_in(node.args[0], {}):
                    found[rule].add(ANSWERS[ast.unparse(node.func)])
    return found


def _applied() -> defaultdict[str, set[str]]:
    """Find, for each rule, the functions that name it: by its constant, or by its id."""
    constants = {path: _constants(_parsed(path)) for path in _sources(*CODE)}
    by_module = {_module(path): names for path, names in constants.items()}
    found: defaultdict[str, set[str]] = defaultdict(set)
    for path in _sources(*CODE):
        tree = _parsed(path)
        known = _imported(tree, by_module) | constants[path]
        for function in ast.walk(tree):
            if isinstance(function, ast.FunctionDef):
                for rule in _named_in(function, known):
                    found[rule].add(f"{_module(path)}.{function.name}")
        for statement in tree.body:
            if isinstance(statement, ast.Assign | ast.AnnAssign) and not _declares(statement):
                for rule in _named_in(statement, known):
                    found[rule].add(_module(path))
    return found


def _declares(statement: ast.Assign | ast.AnnAssign) -> bool:
    target = statement.target if isinstance(statement, ast.AnnAssign) else statement.targets[0]
    declares = isinstance(statement.value, ast.Call) and ast.unparse(statement.value.func) == "Rule"
    return declares or (isinstance(target, ast.Name) and target.id == "RULES")


def _constants(tree: ast.Module) -> dict[str, str]:
    """Return, by the name of its constant, the id of each rule that a module declares."""
    return {
        statement.targets[0].id: statement.value.args[0].value
        for statement in tree.body
        if isinstance(statement, ast.Assign)
        and isinstance(statement.targets[0], ast.Name)
        and isinstance(statement.value, ast.Call)
        and ast.unparse(statement.value.func) == "Rule"
        and isinstance(statement.value.args[0], ast.Constant)
        and isinstance(statement.value.args[0].value, str)
    }


def _imported(tree: ast.Module, by_module: dict[str, dict[str, str]]) -> dict[str, str]:
    """Return the rules that a module imports, by the name or the dotted name they have there."""
    known: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                name = alias.asname or alias.name
                if alias.name in by_module.get(node.module, {}):
                    known[name] = by_module[node.module][alias.name]
                for constant, rule in by_module.get(f"{node.module}.{alias.name}", {}).items():
                    known[f"{name}.{constant}"] = rule
    return known


def _named_in(node: ast.AST, known: dict[str, str]) -> Iterator[str]:
    for part in ast.walk(node):
        if isinstance(part, ast.Constant) and isinstance(part.value, str) and RULE_ID.match(part.value):
            yield part.value
        elif isinstance(part, ast.Name | ast.Attribute) and ast.unparse(part) in known:
            yield known[ast.unparse(part)]


def _shown() -> defaultdict[str, set[str]]:
    """Find, for each rule, the tests that are marked with it, and the corpus where a file of it shows the rule."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    for path in _sources("tests"):
        for node in ast.walk(_parsed(path)):
            if isinstance(node, ast.FunctionDef):
                for mark in node.decorator_list:
                    if isinstance(mark, ast.Call) and ast.unparse(mark.func) == "pytest.mark.rule":
                        for rule in _named_in(mark, {}):
                            found[rule].add(f"{path.relative_to(ROOT)}::{node.name}")
    for answer in json.loads((ROOT / "tests/corpus/malformed/expected.json").read_text(encoding="utf-8")).values():
        found[answer["rule"]].add("tests/corpus/malformed/expected.json")
    return found


def _sources(*packages: str) -> list[Path]:
    return sorted(path for package in packages for path in (ROOT / package).rglob("*.py"))


def _module(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def _parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))
