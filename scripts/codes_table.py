"""The page of codes: of each list its codes, and of each member that takes a code its list, or why it has none."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

import msgspec

from ledger.domain.bodies.vocabulary import CODE_PATTERN, LIST
from ledger.domain.law.rules import Confidence
from ledger.reference.codes import load_codes, load_names
from ledger.statement.catalogue import KINDS
from ledger.words.table import Language

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ledger.domain.kind import Kind
    from ledger.reference.codes import Code

HEAD: Final = """# Codes

Made from the code by `make docs`; do not edit. A code of a list is one of its rows, in the edition of the rules that
judges ([formats.md](formats.md#22-editions-of-rules)); any other one is refused (COD-01). An open list also takes a
party's own code, which begins with `x-`: nobody else can say what it means, and it is equal to nothing but itself. No
code contains another one: that a purpose is part of another is nowhere said in the texts that were read. Words that a
rule tells apart by name (`enum` in a schema) are no codes of lists: one more of them is another version of the kind.
"""

_WHOLE: Final = {
    "": "Whole: no other code is taken.\n\n",
    "sample-type": "Whole, and of the table of samples: no other code is taken (SMP-01).\n\n",
    "storage-condition": "Whole, and of the table of samples: no other code is taken (SMP-02).\n\n",
}

_WORDS_HEAD: Final = "# Made from the lists of codes by `make docs`; do not edit.\n"

FREE: Final = {
    "agents": "codes of the catalogue of pathogens; of an agent that is not in it the applicant's own (APR-15 says so)",
    "checklist": "the edition of a checklist, as who assesses calls it",
    "ciq_code": "customs' code of goods (CIQ), from a register that the ledger does not carry",
    "conditions": "what the holder of a permit is held to, as its document has it",
    "device": "the name of a device, its party's own",
    "district": "the district that an authority supervises, as the operator of the log writes it",
    "equipment": "the name of a piece of equipment, its party's own",
    "laboratory": "the code by which officers name the laboratory that tests their samples",
    "port_code": "customs' code of a port, from a register that the ledger does not carry",
    "scheme": "a scheme of credit levels, as who rates by it calls it",
    "project": "the code of a project, as its laboratory keeps it",
}
"""Members whose codes are of no list, and why."""


TOLD: Final = {
    ("order-ground", "approval-withdrawn"): "审批单已被撤销",
    ("disposal-ground", "approval-withdrawn"): "审批单已被撤销",
    ("reason", "misread"): "读数有误",
}
"""What is told in Chinese otherwise than the row of the list has it, by list and code: the rows are under the digest of
every edition that was shipped, and so is each entry that names one; what people are told is not."""


def page() -> str:
    """Return the page."""
    codes = load_names()
    parts = [HEAD, "\n## Members\n\n", _table(("member", "kind", "list"), _listed_members())]
    parts += ["\nFree by nature:\n\n", _table(("member", "kind", "whose code it is"), _free_members())]
    for name, listed in codes.by_list.items():
        parts += [f"\n## {name}\n\n", "Open.\n\n" if name in codes.own else _WHOLE.get(name, _WHOLE[""])]
        parts.append(_table(("code", "means", "中文", "clause"), (_row(name, one) for one in listed.values())))
    return "".join(parts)


def words(language: Language) -> str:
    """Return the file of words that holds what the codes of all lists are called in a language."""
    told = [_WORDS_HEAD]
    for name, listed in load_codes().by_list.items():
        told.append(f"[code.{name}]")
        called = ((one.code, _called(name, one, language)) for one in listed.values())
        told += [f"{code} = {json.dumps(words, ensure_ascii=False)}" for code, words in called]
        told.append("")
    return "\n".join(told)


def _called(name: str, code: Code, language: Language) -> str:
    return TOLD.get((name, code.code), code.name_zh) if language is Language.CHINESE else code.name_en


def coded_members() -> Iterator[tuple[str, str, str | None]]:
    """Yield the members that take codes, by kind: kind, path, list; None of a code that is free."""
    for kind in sorted(KINDS.values(), key=lambda one: one.name):
        for path, name in _coded(kind):
            yield kind.name, path, name


def _listed_members() -> Iterator[tuple[str, str, str]]:
    yield "`reason`, `acknowledges[].reason`", "every statement", "[reason](#reason)"
    for kind, path, name in coded_members():
        if name is not None:
            yield f"`{path}`", f"`{kind}`", f"[{name}](#{name})"


def _free_members() -> Iterator[tuple[str, str, str]]:
    for kind, path, name in coded_members():
        if name is None:
            yield f"`{path}`", f"`{kind}`", FREE[path.rpartition(".")[2].removesuffix("[]")]


def _row(name: str, code: Code) -> tuple[str, str, str, str]:
    clause = f"{code.clause} ({Confidence(code.confidence).text})" if code.clause else "usual in the field"
    return f"`{code.code}`", code.name_en, _called(name, code, Language.CHINESE), clause


def _coded(kind: Kind[Any]) -> Iterator[tuple[str, str | None]]:
    schema: dict[str, Any] = msgspec.json.schema(kind.body)
    yield from _in_schema(schema, schema["$defs"], "")


def _in_schema(schema: dict[str, Any], definitions: dict[str, Any], path: str) -> Iterator[tuple[str, str | None]]:
    for one in schema.get("anyOf", ()):
        yield from _in_schema(one, definitions, path)
    if "$ref" in schema:
        yield from _in_schema(definitions[schema["$ref"].rpartition("/")[2]], definitions, path)
    for name, member in schema.get("properties", {}).items():
        yield from _in_schema(member, definitions, f"{path}.{name}" if path else name)
    if isinstance(schema.get("items"), dict):
        yield from _in_schema(schema["items"], definitions, f"{path}[]")
    if schema.get("pattern") == CODE_PATTERN:
        yield path, schema.get(LIST)


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [head, tuple("---" for _ in head), *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)
