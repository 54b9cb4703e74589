"""The documentation is complete and names nothing that is not there."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest
import typer
from typer.core import TyperGroup

from api.cli.exits import MEANINGS
from api.cli.main import app
from api.settings import VARIABLES
from ledger.domain.law.schemes import SCHEMES, Scheme
from ledger.statement.catalogue import KINDS

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT: Final = Path(__file__).parents[2]
DOCS: Final = ROOT / "docs"
PACKAGES: Final = ("ledger", "projections", "api")
MADE: Final = (DOCS / "rules.md", DOCS / "kinds.md", DOCS / "cli.md", DOCS / "schemas")
"""What is made from the code, and compared with it by other tests."""

PAGES: Final = tuple(sorted([*ROOT.glob("*.md"), *DOCS.rglob("*.md")]))

_LINK: Final = re.compile(r"\]\(([^)#\s]*)(?:#([^)\s]*))?\)")
_CODE_FILE: Final = re.compile(r"`((?:ledger|projections|api|scripts|tests)/[\w./-]+)`")
_SPOKEN: Final = re.compile(r"`(?:vialog ([a-z][a-z -]*[a-z])[^`]*)`")
_TYPED: Final = re.compile(r"^(?:\([^)]*\) )?vialog ([a-z][a-z-]*(?: [a-z]+)?)", re.MULTILINE)


def read(page: Path) -> str:
    """Return a page's text."""
    return page.read_text(encoding="utf-8")


def commands() -> dict[tuple[str, ...], bool]:
    """Return every command by its words, and whether it is a group of others."""

    def walk(command: object, words: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], bool]]:
        inner = command.commands if isinstance(command, TyperGroup) else {}
        yield words, bool(inner)
        for name, one in inner.items():
            yield from walk(one, (*words, name))

    return dict(walk(typer.main.get_command(app), ()))


def slugs(text: str) -> set[str]:
    """Return the anchors of a page's headings, as forges make them."""
    heads = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", head.lower()).replace(" ", "-") for head in heads}


def test_every_setting_is_documented() -> None:
    assert [name for name in VARIABLES if f"`{name}`" not in read(DOCS / "operations.md")] == []


def test_no_page_names_a_setting_that_there_is_not() -> None:
    named = {name for page in PAGES for name in re.findall(r"\bVIALOG_[A-Z_]*[A-Z]", read(page))}
    assert named - set(VARIABLES) == set()


def test_every_command_is_documented() -> None:
    text = read(DOCS / "operations.md")
    leaves = [" ".join(("vialog", *words)) for words, is_group in commands().items() if not is_group]
    assert [command for command in leaves if f"`{command}" not in text] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_a_page_names_no_command_that_there_is_not(page: Path) -> None:
    known = commands()

    def exists(said: str) -> bool:
        words = tuple(said.split())
        return any(words[:length] in known for length in (2, 1)) and (
            not known.get(words[:1], False) or len(words) < 2 or words[:2] in known
        )

    text = read(page)
    assert [said for said in (*_SPOKEN.findall(text), *_TYPED.findall(text)) if not exists(said)] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_a_page_names_no_make_target_that_there_is_not(page: Path) -> None:
    targets = set(re.findall(r"^([a-z]+):", read(ROOT / "Makefile"), re.MULTILINE))
    code = re.findall(r"```sh\n(.*?)```|`([^`\n]+)`", read(page), re.DOTALL)
    named = {target for part in code for text in part for target in re.findall(r"^make ([a-z]+)", text, re.MULTILINE)}
    assert named - targets == set()


@pytest.mark.parametrize("code", sorted(MEANINGS))
def test_every_exit_code_is_documented(code: int) -> None:
    assert f"| {code} | {MEANINGS[code]} |" in read(DOCS / "operations.md")


def test_every_kind_is_named_in_a_phase_of_life() -> None:
    named = set(re.findall(r"`([a-z-]+\.[a-z-]+/\d+)`", read(DOCS / "domain.md")))
    assert KINDS.keys() - named == set()
    assert named - KINDS.keys() == {"log.state/1"}


def test_every_module_has_its_line_in_the_architecture() -> None:
    text = read(DOCS / "architecture.md")
    modules = [
        str(path.relative_to(ROOT))
        for package in PACKAGES
        for path in sorted((ROOT / package).rglob("*.py"))
        if path.name != "__init__.py" or path.stat().st_size
    ]
    assert [module for module in modules if f"| `{module}` |" not in text] == []


@pytest.mark.parametrize("page", sorted({*PAGES} - {*MADE}), ids=lambda page: str(page.relative_to(ROOT)))
def test_every_file_that_a_page_names_exists(page: Path) -> None:
    named = {name.partition("::")[0] for name in _CODE_FILE.findall(read(page))}
    assert [name for name in sorted(named) if not (ROOT / name).exists()] == []


def test_every_word_of_the_glossary_says_where_it_lives() -> None:
    rows = [line for line in read(DOCS / "glossary.md").splitlines() if line.startswith("| ")]
    words = [row for row in rows if not row.startswith(("| word", "|---"))]
    assert len(words) > 50
    assert [row for row in words if not _CODE_FILE.search(row.rsplit("|", 2)[1])] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_of_a_page_leads_somewhere(page: Path) -> None:
    broken = []
    for target, anchor in _LINK.findall(read(page)):
        if target.startswith(("http:", "https:")):
            continue
        place = (page.parent / target).resolve() if target else page
        there = place.exists() or place in MADE or DOCS / "schemas" in place.parents
        if not there or (anchor and place.suffix == ".md" and anchor not in slugs(read(place))):
            broken.append(f"{target}#{anchor}")
    assert broken == []


def test_every_decision_is_listed() -> None:
    listed = read(DOCS / "adr" / "README.md")
    pages = sorted(page.name for page in (DOCS / "adr").glob("0*.md"))
    assert [page for page in pages if f"({page})" not in listed] == []
    assert [int(page[:4]) for page in pages] == list(range(1, len(pages) + 1))


def test_every_scheme_of_permits_is_on_the_page_with_its_clause() -> None:
    rows = re.findall(r"^\| `([a-z-]+)` \| .* \| (.*) \|$", read(DOCS / "domain.md"), re.MULTILINE)
    written = {code: clause for code, clause in rows if code in set(Scheme)}
    assert written == {
        scheme: f"{facts.clause} [{facts.confidence}]" if facts.clause else "–" for scheme, facts in SCHEMES.items()
    }
