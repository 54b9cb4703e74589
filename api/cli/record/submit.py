"""``vialog statement submit``: record signed statements, one or a stream of them, one answer for each."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from api.answers import breach_lines, breach_objects, reader_here, rules_of, settled_object
from api.cli.exits import OK, exit_code
from api.cli.output import Json, counted, error_object, plain, print_object, progress, say, say_error
from api.cli.record.incoming.feed import End, Feed
from api.cli.record.incoming.lines import Pause, read_lines
from api.cli.record.incoming.reading import STDIN, is_draft, opened, unsigned_draft
from api.language import label
from api.logs.served import open_recording
from api.settings import read_settings
from api.submissions import MOST_BYTES, read_submission
from api.telling.labels import Labels
from ledger.errors import LedgerError, Malformed, NeedsAcknowledgement, Unavailable
from ledger.statement.form.envelope import parse_envelope
from ledger.statement.form.payload import read_known

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from api.logs.recording import Recording, Settled
    from api.rows.answers import Error, FailedLine, RecordedLine
    from ledger.service import Submission
    from ledger.words.template import JsonValue

_LONGEST: Final = MOST_BYTES + 2
"""A line with its end."""

_MOST_SKIPPED: Final = 64_000_000
"""What has no line feed for so many bytes is no file of statements."""

_WINDOW: Final = 256
"""So many statements are under way before the next one is handed in."""

_TOO_LONG: Final = Malformed("STM-01", "$", f"the line has more than {MOST_BYTES} bytes")


@dataclass(frozen=True, slots=True)
class Line:
    """One statement of the input and where it stood, or why it could not be read."""

    file: str
    number: int
    said: Submission | LedgerError

    @property
    def name(self) -> str:
        """Return the file's name for people."""
        return "stdin" if self.file == STDIN else self.file

    @property
    def body(self) -> JsonValue:
        """Return the body of its statement; None where it has none that can be read."""
        if isinstance(self.said, LedgerError):
            return None
        try:
            return read_known(parse_envelope(self.said.envelope).payload).body
        except LedgerError:
            return None

    @property
    def place(self) -> str:
        """Return where it stood, in words."""
        return f"line {self.number} of {self.name}"


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one line."""

    line: Line
    answer: Settled | LedgerError

    @property
    def code(self) -> int:
        """Return the exit code that it alone would have."""
        return exit_code(self.answer) if isinstance(self.answer, LedgerError) else OK


def submit(
    files: Annotated[
        list[Path], typer.Argument(help="Files of signed statements, one a line; - is stdin.", metavar="FILE…|-")
    ],
    *,
    wait_proof: Annotated[
        bool,
        typer.Option(
            "--wait-proof",
            help="Publish a checkpoint, and write each proof to <id>.tlog-proof here, over an older one.",
        ),
    ] = False,
    as_json: Json = False,
) -> None:
    """Record signed statements, in their order, and print one answer for each.

    A statement may rest on those before it. One that is refused does not stop the others; the exit code is the worst
    of all answers. Handing in again what is recorded already is harmless and gives the first answer. Where the lines
    come slowly, each is answered before the next is waited for. After Ctrl-C or a signal that ends the command, or when
    the database is gone, nothing more is handed in, and what was handed in before still gets its answer.
    """
    worst, settings = OK, read_settings()
    proven: list[Settled] = []
    feed = Feed(chain.from_iterable(map(lines_of, files)))
    with open_recording(settings) as recording:
        answered, labels = 0, Labels(lambda: recording.store)
        with progress("Recording") as shown, feed.interruptible():
            task = shown.add_task("record", total=None)
            for result in record_lines(recording, feed):
                place = label("{file}, line {line}:").format(file=result.line.name, line=result.line.number)
                print_result(result, as_json=as_json, told=labels.told, place=place)
                answered += 1
                worst = max(worst, result.code)
                shown.advance(task)
                if isinstance(result.answer, Unavailable):
                    feed.stop(End.LOST)
                elif wait_proof and not isinstance(result.answer, LedgerError):
                    proven.append(result.answer)
        _say_end(feed, answered)
    if proven and feed.end is None:
        from api.cli.operate.publishing import write_proofs

        write_proofs(settings, proven, Path())
    if feed.unread is not None:
        raise feed.unread
    if worst != OK:
        raise typer.Exit(worst)


def _say_end(feed: Feed[Line], answered: int) -> None:
    """Say what an early end left out; raise Exit if it was a signal."""
    match feed.end:
        case End.INTERRUPTED:
            told = counted(answered, "statement was", "statements were")
            say(f"Interrupted: {told} answered above; {feed.rest}. Handing in again is safe.")
            raise typer.Exit(feed.code)
        case End.LOST:
            say(f"The ledger is unavailable: {feed.rest}. Handing in the whole file again is safe.")


def record_lines(recording: Recording, lines: Iterable[Line | Pause]) -> Iterator[Result]:
    """Record what can be read of some lines, and yield the answer to each line, in their order.

    When there is no more to read for now, what was handed in is answered first.
    """
    waiting: deque[tuple[Line, Callable[[], Settled] | LedgerError]] = deque()
    for line in lines:
        if isinstance(line, Pause):
            yield from _drained(waiting, 0)
            continue
        waiting.append((line, line.said if isinstance(line.said, LedgerError) else recording.hand_in(line.said)))
        yield from _drained(waiting, _WINDOW)
    yield from _drained(waiting, 0)


def _drained(waiting: deque[tuple[Line, Callable[[], Settled] | LedgerError]], most: int) -> Iterator[Result]:
    """Wait for the answers to the first of those that wait, until so many are left."""
    while len(waiting) > most:
        line, said = waiting.popleft()
        try:
            yield Result(line, said if isinstance(said, LedgerError) else said())
        except LedgerError as error:
            yield Result(line, error)


def lines_of(file: Path) -> Iterator[Line | Pause]:
    """Yield the lines that are not blank; of one that is too long, and of a file that holds no other, an error."""
    number, blank = 0, True
    with opened(file) as stream:
        for data in read_lines(stream, _LONGEST, _MOST_SKIPPED):
            if isinstance(data, Pause):
                yield data
                continue
            number += 1
            if data.strip():
                if blank and _is_file_of_a_draft(file, data):
                    yield Line(str(file), number, unsigned_draft(str(file)))
                    return
                blank = False
                whole = len(data) < _LONGEST or data.endswith(b"\n")
                yield Line(str(file), number, _read(data) if whole else _TOO_LONG)
    if blank:
        yield Line(str(file), 1, Malformed("STM-03", "$", "there is no statement in it"))


def _is_file_of_a_draft(file: Path, first: bytes) -> bool:
    """Say whether a file is a draft, by its first line that is not blank: a signed statement begins with a brace."""
    if str(file) == STDIN or first.lstrip().startswith(b"{"):
        return False
    with file.open("rb") as stream:
        return is_draft(stream.read(MOST_BYTES))


def _read(data: bytes) -> Submission | LedgerError:
    try:
        return read_submission(data.rstrip(b"\r\n"))
    except LedgerError as error:
        return error


def print_result(result: Result, *, as_json: bool, told: Callable[[str], str] = str, place: str = "") -> None:
    """Print the answer to one statement: what was recorded to stdout; an error to stderr, or with --json beside it.

    told: puts names beside the ids in what people are told. place: which statement an error is about, in words, where
    there are several.
    """
    if as_json:
        print_object(result_object(result))
    elif isinstance(result.answer, LedgerError):
        say(place)
        say_error(result.answer, as_json=False, told=told, body=result.line.body)
    else:
        typer.echo(plain(result_line(result.answer)))
        breaches, rules = result.answer.breaches, result.answer.rules
        for line in breach_lines(breaches, rules, reader_here(rules, told), result.line.body) if breaches else ():
            typer.echo(plain(f"  {label('breach')} {line}"))


def result_line(settled: Settled) -> str:
    """Return for people that a statement stands in the record, and where."""
    told = label("recorded at position {position}: {kind} {statement}, judged by {rules}")
    if settled.repeated:
        told = label("repeated at position {position}: {kind} {statement}, judged by {rules}")
    return told.format(
        position=settled.position, kind=settled.kind, statement=settled.statement, rules=rules_of(settled.rules)
    )


def result_object(result: Result) -> RecordedLine | FailedLine:
    """Return what became of a line as the members of a JSON object."""
    file, number, answer = result.line.file, result.line.number, result.answer
    if isinstance(answer, LedgerError):
        breaches = breach_objects(answer.breaches, answer.rules) if isinstance(answer, NeedsAcknowledgement) else []
        error: Error = error_object(answer)
        error.pop("breaches", None)
        return {"file": file, "line": number, "status": "error", "error": error, "breaches": breaches}
    return {"file": file, "line": number, **settled_object(answer)}
