"""What commands say of themselves, and what is wrong with how one is written, in the reader's language.

The library makes both in English; here each paragraph, heading and message is told by the tables of words before it is
printed, in lines that count wide characters as the two columns that they take.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

import typer
from typer._click import Context, HelpFormatter
from typer._click.exceptions import NoArgsIsHelpError, UsageError

from api.language import reader_language, spoken
from ledger.nearest import nearest, suggestion
from ledger.words.table import Language, helps_in, labels_in

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import IO

_EXTRA: Final = re.compile(r"\s*\[([^\[\]]*)\]$")
_EXIT: Final = re.compile(r"( *[0-9]+  )(.+)")
_CHOICE: Final = re.compile(
    r"(?:Value error, )?(?P<said>'(?P<word>[^']*)' is not one of (?P<words>'[^']*'(?:, '[^']*')*))\.?"
)
_DEFAULT: Final = "default: "
_CUT: Final = "..."
_FIRST: Final = 32
"""At most so many columns stand before what an option says of itself."""


class Speaking(Context):
    """The context of a command: who asks for its help reads it in the language of the locale."""

    def make_formatter(self) -> HelpFormatter:
        """Return what sets the help in lines."""
        if reader_language() is Language.ENGLISH:
            return super().make_formatter()
        return _Told(width=self.terminal_width, max_width=self.max_content_width)


class _Told(HelpFormatter):
    """Sets help in lines, each part told in the reader's language."""

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        super().write_usage(prog, args, heading("Usage: ") if prefix is None else prefix)

    def write_heading(self, heading_: str) -> None:
        self.write(f"{'':>{self.current_indent}}{heading(heading_)}：\n")

    def write_text(self, text: str) -> None:
        from api.cli.wrapping import wrapped

        told = "\n\n".join(map(paragraph, re.split(r"\n\s*\n", text)))
        blank = " " * self.current_indent
        for line in told.split("\n"):
            lines = wrapped(line, self.width - self.current_indent) if line.strip() else [""]
            self.write("".join(f"{blank}{one}\n" if one else "\n" for one in lines))

    def write_dl(self, rows: Sequence[tuple[str, str]], col_max: int = _FIRST, col_spacing: int = 2) -> None:
        from api.cli.wrapping import wrapped

        wide = min(col_max, max((len(first) for first, _ in rows), default=0)) + col_spacing
        blank = " " * (self.current_indent + wide)
        for first, second in rows:
            lines = wrapped(option(second), max(self.width - len(blank) - 2, 20)) or [""]
            head = f"{'':>{self.current_indent}}{first}"
            own = [f"{head}\n{blank}"] if len(first) > wide - col_spacing else [f"{head:<{len(blank)}}"]
            self.write(f"{own[0]}{lines[0]}".rstrip() + "\n")
            self.write("".join(f"{blank}{one}\n" for one in lines[1:]))


class _Wrong(UsageError):
    """What is wrong with how a command is written, told in the reader's language."""

    def show(self, file: IO[Any] | None = None) -> None:  # noqa: ARG002  as the library calls it
        if self.ctx is not None:
            hint = spoken(f"Try '{self.ctx.command_path} {self.ctx.help_option_names[0]}' for help.")
            typer.echo(f"{self.ctx.get_usage()}\n{hint}\n", err=True)
        typer.echo(spoken(f"Error: {self.message}"), err=True)


def told_usage(error: UsageError) -> UsageError:
    """Return what is wrong with how a command is written, as it is told to whoever runs it."""
    if isinstance(error, NoArgsIsHelpError | _Wrong):
        return error
    message = error.format_message()
    told = _CHOICE.sub(_with_meant, message)
    if told == message and reader_language() is Language.ENGLISH:
        return error
    return _Wrong(told, error.ctx)


def _with_meant(found: re.Match[str]) -> str:
    """Return that a word is none of some, with the one that was likely meant."""
    near = nearest(found["word"], re.findall("'([^']*)'", found["words"]))
    return f"{found['said']}{f'; {suggestion(near, near)}' if near else '.'}"


def heading(english: str) -> str:
    """Return a heading of the library's in the reader's language."""
    return labels_in(reader_language()).get(english, english)


def paragraph(english: str) -> str:
    """Return a paragraph of a help; examples are commands and stay, but of the list of exit codes each is told."""
    if english.lstrip().startswith("\b"):
        return "\n".join(
            map(_line, english.strip("\b\n ").split("\n") if "Exit" in english else english.split("\n")[1:])
        )
    return _help(" ".join(english.split()))


def option(english: str) -> str:
    """Return what an option says of itself, with what the library adds in brackets."""
    extras = _EXTRA.search(english)
    said = english[: extras.start()] if extras else english
    told = _help(said)
    if extras is None:
        return told
    return f"{told}（{'；'.join(map(_extra, extras[1].split('; ')))}）"


def _extra(english: str) -> str:
    if english.startswith(_DEFAULT):
        return f"{heading(_DEFAULT)}{english.removeprefix(_DEFAULT)}"
    return heading(english)


def _line(english: str) -> str:
    code = _EXIT.fullmatch(english)
    return f"{code[1]}{_help(code[2])}" if code else _help(english)


def _help(english: str) -> str:
    """Return a paragraph by the table; of one that the library cut off, its first sentence."""
    table = helps_in(reader_language())
    if english in table or f"{english}." in table:
        return table.get(english) or table[f"{english}."].rstrip("。")
    if english.endswith(_CUT):
        begins = english.removesuffix(_CUT).rstrip()
        return next((other for known, other in table.items() if known.startswith(begins)), english).rstrip("。")
    return english
