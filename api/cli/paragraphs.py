"""Paragraphs for a terminal: text in lines as wide as there are columns, with what stands before it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer
from rich.cells import cell_len

from api.cli.output import columns_wide, plain
from api.cli.wrapping import hung

if TYPE_CHECKING:
    from collections.abc import Iterable


def print_paragraph(text: str, first: str = "") -> None:
    """Print a text to stdout in lines. first: what stands before the first of them; the others begin below the text."""
    typer.echo("\n".join(hung(plain(text), first, columns_wide())))


def print_named(pairs: Iterable[tuple[str, str]]) -> None:
    """Print names with their values to stdout, one below the other, the lines of a long value below each other."""
    rows = [(name, value) for name, value in pairs if value]
    wide = max((cell_len(name) for name, _ in rows), default=0) + 2
    for name, value in rows:
        print_paragraph(value, f"{name}{' ' * (wide - cell_len(name))}")
