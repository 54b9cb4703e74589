"""Make again what is made from the code.

``docs/openapi.json``, ``docs/schemas/``, ``docs/json/``, ``docs/json.md``, ``docs/kinds.md``, ``docs/codes.md``,
``docs/rules.md``, ``docs/obligations.md``, ``docs/questions.md``, ``docs/sentences.md``, ``docs/characters.txt`` and
``docs/cli.md``, and of the words those that stand in the code: what kinds and rules say in English, what is asked, and
what codes are called. Golden tests compare them with what this would write, so they cannot drift.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Final

from api.drafts.examples import FILE
from api.http.app import document
from ledger.domain.law.rules import Confidence
from ledger.evidence.gathering.schemas import schema_of
from ledger.statement.catalogue import KINDS
from ledger.statement.text.characters import FIT
from ledger.words.table import Language
from scripts import codes_table, json_schemas, make_cli_docs, rules_table
from scripts.draft_examples import draft_file, drafts
from scripts.duties_page import duties_page, duty_words
from scripts.questions_page import question_words, questions_page
from scripts.sentences_page import sentences_page

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


DOCS: Final = Path(__file__).parent.parent / "docs"
WORDS: Final = Path(__file__).parent.parent / "ledger" / "words"

_RULES_HEAD: Final = """# Rules

Made from the code by `make docs`; do not edit. Each rule has an id, the function that applies it and a test that shows
it kept or broken. *Refusal*: the statement contradicts the record or the authority to speak and is not recorded.
*Breach*: the fact is possible but breaks a rule of the regulation; it is recorded when its signers acknowledge it, and
stays visible for ever. *Remark*: advice that is told to who asks; nobody acknowledges it and no entry holds it.
*Malformed*: the bytes are not of the format. *Not trusted*: a signature does not verify, or
its key may not speak. A clause that was not read in the legal text is marked; where a rule's number comes from a rule
pack, the pack's own clause and mark are shown with the breach.
"""

_WORDS_HEAD: Final = """# Made from the {} in the code by `make docs`; do not edit.
"""

_KINDS_HEAD: Final = """# Kinds of statements

Made from the code by `make docs`; do not edit. The JSON Schema of each body is in [schemas/](schemas/). *Roles*: what
each signer must speak as. *By reference*: roles that may record an authority's decision from its document, when the
authority does not sign itself. *Persons*: how many distinct natural persons sign; fewer is a breach.
"""


def documents() -> dict[Path, str]:
    """Return by its path every made document's content, but for the page of the command line."""
    made = {DOCS / "schemas" / schema_name(kind.name): schema_of(kind) for kind in KINDS.values()}
    made |= {DOCS / "json" / name: schema for name, schema in json_schemas.schemas().items()}
    made[DOCS / "json.md"] = json_schemas.page()
    made[DOCS / "openapi.json"] = json.dumps(document(drafts()), ensure_ascii=False, indent=2) + "\n"
    made[FILE] = draft_file()
    made[DOCS / "characters.txt"] = f"{FIT.strip()}\n"
    made[DOCS / "codes.md"] = codes_table.page()
    rules = rules_table.rows()
    made |= {DOCS / "kinds.md": _kinds_page(), DOCS / "rules.md": _rules_page(rules)}
    made |= {WORDS / "en" / "kinds.toml": _kind_words(), WORDS / "en" / "rules.toml": _rule_words(rules)}
    made |= {DOCS / "obligations.md": duties_page(), WORDS / "en" / "duties.toml": duty_words()}
    made |= {DOCS / "questions.md": questions_page(), WORDS / "en" / "questions.toml": question_words()}
    return made | words_of_codes() | {DOCS / "sentences.md": sentences_page()}


def words_of_codes() -> dict[Path, str]:
    """Return by its path what the codes are called in each language; sentences are made of these files."""
    return {WORDS / one / "codes-listed.toml": codes_table.words(one) for one in Language}


def schema_name(kind: str) -> str:
    """Return the file name of a kind's schema: ``item.received/1`` is ``item.received-1.json``."""
    return f"{kind.replace('/', '-')}.json"


def _kinds_page() -> str:
    table = _table(
        ("kind", "says", "roles", "by reference", "persons"),
        (
            (
                f"[`{kind.name}`](schemas/{schema_name(kind.name)})",
                _first_sentence(kind.body),
                ", ".join(sorted(kind.roles)),
                ", ".join(sorted(kind.recorders)),
                str(kind.persons),
            )
            for kind in sorted(KINDS.values(), key=lambda one: one.name)
        ),
    )
    return f"{_KINDS_HEAD}\n{table}"


def _kind_words() -> str:
    rows = (
        f'[kind."{kind.name}"]\nname = {_quoted(_called(kind.name))}\nsays = {_quoted(_first_sentence(kind.body))}\n'
        for kind in KINDS.values()
    )
    return "\n".join((_WORDS_HEAD.format("docstrings of the bodies"), *rows))


def _called(kind: str) -> str:
    """Return what a kind is called in English: ``item received``."""
    return re.sub(r"[.-]", " ", kind.partition("/")[0])


def _rule_words(rows: Iterable[rules_table.Row]) -> str:
    said = list(rows)
    says = (f"{row.id} = {_quoted(row.says)}\n" for row in said)
    answers = (f"{row.id} = {_quoted(row.answer)}\n" for row in said)
    return "".join((_WORDS_HEAD.format("rules"), "\n[rule]\n", *says, "\n[answer]\n", *answers))


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def _first_sentence(body: type) -> str:
    text = " ".join((body.__doc__ or "").split("\n\n")[0].split())
    return re.sub(r"\s+", " ", text)


def _rules_page(rows: Iterable[rules_table.Row]) -> str:
    table = _table(
        ("rule", "says", "answer", "clause", "applied by", "shown by"),
        (
            (
                row.id,
                row.says,
                row.answer,
                f"{row.clause} ({Confidence(row.confidence).text})" if row.clause else "the ledger's own",
                "<br>".join(f"`{name}`" for name in row.functions),
                "<br>".join(f"`{name}`" for name in row.tests),
            )
            for row in rows
        ),
    )
    return f"{_RULES_HEAD}\n{table}"


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [head, tuple("---" for _ in head), *rows]
    return "".join(f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in line)} |\n" for line in lines)


def main() -> None:
    """Write every document, and remove schemas of kinds and commands that are no more."""
    _write(words_of_codes())  # before anything is told in words
    made = documents()
    for stale in kept_schemas() - made.keys():
        stale.unlink()
    _write(made)
    make_cli_docs.main()


def kept_schemas() -> set[Path]:
    """Return the schemas that are kept, of kinds and of commands."""
    return {*(DOCS / "schemas").glob("*.json"), *(DOCS / "json").glob("*.json")}


def _write(made: Mapping[Path, str]) -> None:
    for path, text in made.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
