"""What the command line prints: data on stdout, everything else on stderr.

With ``--json`` data is one JSON object on each line of stdout, and an error is one JSON object on stderr, so that
stdout never holds anything but data. Colour is used on terminals only, and never where NO_COLOR is set. A file that
somebody asked for by its name is a new one: what is there already is never written over.
"""

from __future__ import annotations

import os
import shutil
import sys
from typing import TYPE_CHECKING, Annotated, Final

import msgspec
import typer
from rich import box
from rich.cells import cell_len
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

from api.cli.commands import JSON
from api.cli.exits import USAGE, exit_code
from api.cli.wrapping import hung
from api.language import heading, label, problem_words, reader_language, spoken
from api.telling.ambiguous import Ambiguous
from ledger.errors import LedgerError, Malformed, NeedsAcknowledgement, NotTrusted, Refused
from ledger.statement.text.strict_text import visible
from ledger.words.table import rules_in

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from api.rows.answers import Error
    from ledger.words.template import JsonValue

MOST_ENTRIES: Final = 10**12
"""More than any log has: the most that an option for a position or a number of entries takes."""

_LINE_ENDS: Final = str.maketrans("\t\r\n", "   ")
_UNATTENDED_WIDTH: Final = 200  # columns, where no terminal says otherwise
_BETWEEN: Final = 3  # columns between two cells of a table


def _note_json(context: typer.Context, value: bool) -> bool:  # noqa: FBT001  the signature that typer calls
    context.meta[JSON] = value
    return value


Json = Annotated[
    bool,
    typer.Option("--json", help="Print data as JSON, one object a line; errors too, on stderr.", callback=_note_json),
]

At = Annotated[
    str | None,
    typer.Option(
        "--at",
        metavar="POSITION|TIME",
        help="As known at this position; or as things stood at a time, in UTC or a day, by all that is told now.",
    ),
]


def tell(error: LedgerError | OSError, *, as_json: bool) -> int:
    """Tell what ended a command, and return the exit code."""
    if isinstance(error, LedgerError):
        say_error(error, as_json=as_json)
        return exit_code(error)
    _say_unusable(error, as_json=as_json)
    _drop_output()
    return USAGE


def _drop_output() -> None:
    """Drop what stdout did not take: Python would write it again at its end, fail, and exit with a code of its own."""
    try:
        sys.stdout.flush()
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def say(message: str) -> None:
    """Print a message for people to stderr, in their language; what could move a terminal's cursor is replaced."""
    for line in spoken(message).splitlines():
        typer.echo(plain(line), err=True)


def say_shown(rows: int, total: int | None) -> None:
    """Print to stderr how many rows are shown, and of how many. total: None: they were not counted."""
    sys.stdout.flush()  # first they arrive: perhaps nobody reads them any longer
    if total is None:
        say(f"{rows} shown; how many there are in all is not counted.")
    else:
        say(f"{rows} of {total} shown.")


def plain(text: str) -> str:
    """Return a text as one printable line: tabs and line ends are spaces, and what else does not print is replaced.

    Files and logs may hold anything.
    """
    return visible(text.translate(_LINE_ENDS))


def print_object(value: object) -> None:
    """Print a value as one line of JSON to stdout."""
    typer.echo(msgspec.json.encode(value).decode())


def print_table(
    columns: Sequence[str], rows: Iterable[Sequence[object]], title: str | None = None, *, last: int = 0
) -> None:
    """Print a table for people to stdout, as wide as the terminal, or as COLUMNS says.

    Nothing is cut off, and no word is broken: where the columns do not fit beside each other, each row is a block of
    names and values, and a blank line between two.

    last: how many columns the last cell of a row wants at least, where it is a sentence and not a word.
    """
    columns = [head(column) for column in columns]
    written = [[plain("" if cell is None else str(cell)) for cell in row] for row in rows]
    width, least = columns_wide(), _least(columns, written)
    least[-1] = max(least[-1], last)
    if sum(least) + _BETWEEN * (len(least) - 1) > width:
        _print_blocks(columns, written, title)
        return
    table = Table(title=title, title_justify="left", box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False)
    room = width - _BETWEEN * (len(least) - 1)
    for column, wide in zip(columns, _widths(least, _natural(columns, written), room), strict=True):
        table.add_column(column, overflow="fold", width=wide)
    for row in written:
        table.add_row(*map(Text, row))
    Console(file=sys.stdout, width=width, markup=False, highlight=False, emoji=False).print(table)


def counted(number: int, one: str, many: str = "") -> str:
    """Return a number of things in words. many: the plural, where it is more than an s."""
    return f"{number} {one if number == 1 else many or f'{one}s'}"


def columns_wide() -> int:
    """Return how many columns there are: COLUMNS, piped or not; else the terminal's; else as many as a log may use."""
    said = os.environ.get("COLUMNS", "")
    if said.isdecimal() and int(said) > 0:
        return int(said)
    return shutil.get_terminal_size().columns if sys.stdout.isatty() else _UNATTENDED_WIDTH


def _least(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> list[int]:
    """Return how wide each column has to be so that no word in it is broken."""
    return [
        max((cell_len(word) for cell in cells for word in cell.split()), default=0)
        for cells in zip(columns, *rows, strict=True)
    ]


def _natural(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> list[int]:
    """Return how wide each column would be in one line."""
    return [max(map(cell_len, cells)) for cells in zip(columns, *rows, strict=True)]


def _widths(least: Sequence[int], natural: Sequence[int], room: int) -> list[int]:
    """Return how wide each column is: as wide as its words at least; what room is left goes to those that want more."""
    widths, left = list(least), room - sum(least)
    wanting = sorted(range(len(least)), key=lambda at: natural[at] - least[at])
    for number, at in enumerate(wanting):
        more = max(0, min(natural[at] - least[at], left // (len(wanting) - number)))
        widths[at] += more
        left -= more
    return widths


def _print_blocks(columns: Sequence[str], rows: Sequence[Sequence[str]], title: str | None) -> None:
    if title:
        typer.echo(title)
    longest = max(map(cell_len, columns), default=0)
    for number, row in enumerate(rows):
        if number:
            typer.echo()
        for column, cell in zip(columns, row, strict=True):
            if cell:
                before = f"{column}{' ' * (longest + 2 - cell_len(column))}"
                typer.echo("\n".join(hung(cell, before, columns_wide())))


def print_pairs(pairs: Iterable[tuple[str, object]]) -> None:
    """Print names with their values to stdout, one below the other."""
    told = ((head(name), spoken(str(value)) if isinstance(value, bool) else value) for name, value in pairs)
    for name, value in told:
        typer.echo(f"{name}{' ' * (12 - cell_len(name))} {plain('' if value is None else str(value))}".rstrip())


def head(english: str) -> str:
    """Return what stands over a column or before a value in the reader's language; a member of one's own as it is."""
    return heading(english, reader_language())


def progress(what: str) -> Progress:
    """Return a progress display on stderr, of what is counted; it shows nothing where stderr is not a terminal."""
    return Progress(
        TextColumn(what),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=Console(stderr=True),
        transient=True,
        disable=not sys.stderr.isatty(),
        # On one terminal lines are printed above the bar; data that goes anywhere else must not be drawn into it.
        redirect_stdout=sys.stdout.isatty(),
    )


def _say_unusable(error: OSError, *, as_json: bool) -> None:
    """Print to stderr which file or address cannot be used, and why."""
    where = "" if error.filename is None else f"{error.filename}: "
    because = error.strerror or str(error)
    problem = f"{where}{because}"
    if as_json:
        _say_object({"answer": type(error).__name__, "code": USAGE, "problem": problem})
    else:
        say(label("error: {problem}").format(problem=f"{where}{spoken(because)}"))


def _say_object(error: Error) -> None:
    typer.echo(msgspec.json.encode({"error": error}).decode(), err=True)


def say_error(
    error: LedgerError,
    *,
    as_json: bool,
    code: int | None = None,
    told: Callable[[str], str] = str,
    body: JsonValue = None,
) -> None:
    """Print an error to stderr: ``error: RULE: member: problem`` with what the rule says, or each breach and clause.

    code: what the command exits with, where that is not the error's own. told: puts names beside the ids in it. body:
    of the statement that it is about, as for breach_told.
    """
    if as_json:
        said = error_object(error)
        _say_object(said if code is None else {**said, "code": code})
        return
    if isinstance(error, NeedsAcknowledgement):
        from api.answers import breach_lines, reader_here

        say_unacknowledged(breach_lines(error.breaches, error.rules, reader_here(error.rules, told), body))
        return
    say(label("error: {problem}").format(problem=told(problem_words(error))))
    if (sentence := rule_sentence(error)) is not None:
        say(f"  {sentence}")


def say_unacknowledged(breaches: Iterable[str]) -> None:
    """Print to stderr that a statement has breaches which its signers do not acknowledge. breaches: each told."""
    say(label("error: it would be recorded as a breach; acknowledge each rule with a reason, or put it right:"))
    for line in breaches:
        say(f"  {line}")


def rule_sentence(error: LedgerError) -> str | None:
    """Return what the rule says that an error names, in the reader's language; None where it names none.

    Of what is malformed the problem says that already.
    """
    if not isinstance(error, Refused | NotTrusted):
        return None
    sentence = rules_in(reader_language()).get(error.rule)
    return None if sentence is None else label("rule: {sentence}").format(sentence=sentence)


def error_object(error: LedgerError) -> Error:
    """Return an error as the members of a JSON object."""
    said: Error = {"answer": type(error).__name__, "code": exit_code(error)}
    match error:
        case Ambiguous():
            candidates = [msgspec.to_builtins(one) for one in error.candidates]
            whole: Error = {**said, "rule": error.rule, "member": error.member, "problem": error.problem}
            return {**whole, "candidates": candidates}
        case Malformed():
            return {**said, "rule": error.rule, "member": error.member, "problem": error.problem}
        case NotTrusted() | Refused():
            return {**said, "rule": error.rule, "problem": error.problem}
        case NeedsAcknowledgement():
            from api.answers import breach_objects

            return {**said, "breaches": breach_objects(error.breaches, error.rules)}
        case _:
            return {**said, "problem": str(error)}
