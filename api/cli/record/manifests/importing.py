"""What a manifest comes to, recorded: all of it together or, when told to keep going, all that is right.

Each statement is judged as it will be signed, with all its rows. Breaches and refusals are told with the lines of the
rows that they concern; only where a refusal names no row is the row looked for, by trials that ask for the same rule.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import typer

from api.answers import breach_lines, reader_here
from api.cli.exits import OK, exit_code
from api.cli.output import plain, print_object, progress, say, say_error, say_unacknowledged
from api.cli.record.submit import Line, Result, result_line, result_object
from api.language import label
from api.manifests.problems import spans
from ledger.errors import LedgerError, Malformed, NeedsAcknowledgement, Refused

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence

    from api.logs.recording import Recording, Settled
    from api.manifests.lines import Rows
    from api.manifests.statements import Planned
    from api.rows.answers import FailedLine, RecordedLine
    from ledger.breach import Breach
    from ledger.service import Submission

_MOST_LOCATED: Final = 10
"""In how many statements the row that is wrong is looked for: each may cost some trials of all before it."""


@dataclass(frozen=True, slots=True)
class Importing:
    """How the statements of one manifest are recorded.

    file: the manifest's name. rows: where its rows stand in a body.
    sign: makes the statement.
    """

    recording: Recording
    file: str
    rows: Rows
    sign: Callable[[Planned], Submission]
    as_json: bool

    def together(self, statements: Sequence[Planned], *, record: bool = True) -> int:
        """Record all statements, or none if one is wrong, print the answers, and return the exit code.

        record: False to say what would be wrong, and record nothing.
        """
        with progress("Signing") as shown:
            signed = [self.sign(one) for one in shown.track(statements)]
        answers = self.recording.together(signed, record=record)
        wrong = {number: answer for number, answer in enumerate(answers) if isinstance(answer, LedgerError)}
        for number, error in list(wrong.items())[:_MOST_LOCATED]:
            before = [submission for one, submission in enumerate(signed[:number]) if one not in wrong]
            lines = self._wrong_lines(statements[number], error, self._after(before))
            self._print_error(statements[number], signed[number], error, lines)
        if (more := len(wrong) - _MOST_LOCATED) > 0:
            say(f"And {more} more statements would be refused.")
        for planned, submission, answer in zip(statements, signed, answers, strict=True):
            if record and answer is not None and not isinstance(answer, LedgerError) and not wrong:
                self._print_recorded(planned, submission, answer)
        return max(map(exit_code, wrong.values()), default=OK)

    def what_is_right(self, statements: Sequence[Planned]) -> tuple[int, int]:
        """Record all rows but those because of which their statement would not be recorded; print every answer.

        Returns the exit code and how many rows were recorded.
        """
        worst, recorded = OK, 0
        for planned in statements:
            rest = planned
            while rest.lines:
                submission = self.sign(rest)
                answer = self._recorded(submission)
                if not isinstance(answer, LedgerError):
                    self._print_recorded(rest, submission, answer)
                    recorded += len(rest.lines)
                    break
                worst = max(worst, exit_code(answer))
                lines = self._wrong_lines(rest, answer, self._after([]))
                self._print_error(rest, submission, answer, lines)
                # What is left is another statement, and is judged again as it will be signed.
                rest = self._without(rest, lines)
        return worst, recorded

    def _after(self, before: Sequence[Submission]) -> Callable[[Planned], object]:
        """Return how to try a statement after those before it."""
        return lambda some: self.recording.together([*before, self.sign(some)], record=False)[-1]

    def _wrong_lines(self, planned: Planned, error: LedgerError, tried: Callable[[Planned], object]) -> tuple[int, ...]:
        """Return the lines because of which a statement is not recorded; all where it is not about some of them."""
        lines = self.rows.wrong_in(planned, error)
        if lines or not isinstance(error, Refused):
            return lines or planned.lines
        return self._first_refused(planned, error, tried)

    def _first_refused(self, planned: Planned, error: Refused, tried: Callable[[Planned], object]) -> tuple[int, ...]:
        """Return the line of the first row with which a rule refuses; all where it refuses other rows as well."""

        def refused(lines: Sequence[int]) -> bool:
            answer = tried(self._of(planned, lines))
            return isinstance(answer, Refused) and answer.rule == error.rule

        good, wrong = 0, len(planned.lines)
        while wrong - good > 1:
            middle = (good + wrong) // 2
            good, wrong = (good, middle) if refused(planned.lines[:middle]) else (middle, wrong)
        others = {planned.lines[1], planned.lines[-1]} if wrong < len(planned.lines) else set[int]()
        if good == 0 and all(refused([line]) for line in sorted(others)):
            return planned.lines
        return planned.lines[good:wrong]

    def _of(self, planned: Planned, lines: Collection[int]) -> Planned:
        """Return a statement of some of the rows."""
        if self.rows.member is None:
            return planned
        kept = [
            (line, row) for line, row in zip(planned.lines, self.rows.elements(planned), strict=True) if line in lines
        ]
        body = {**planned.body, self.rows.member: [row for _, row in kept]}
        return replace(planned, body=body, lines=tuple(line for line, _ in kept))

    def _without(self, planned: Planned, lines: Collection[int]) -> Planned:
        rest = self._of(planned, [line for line in planned.lines if line not in lines])
        return replace(rest, lines=()) if set(lines) >= set(planned.lines) else rest

    def _print_recorded(self, planned: Planned, submission: Submission, answer: Settled) -> None:
        if self.as_json:
            said = result_object(self._result(planned.lines, submission, answer))
            self._print_object(planned, said, answer.breaches, planned.lines)
            return
        typer.echo(plain(result_line(answer)))
        for words in self._breach_words(planned, answer.breaches, answer.rules):
            typer.echo(plain(f"  {label('breach')} {words}"))

    def _print_error(self, planned: Planned, submission: Submission, error: LedgerError, lines: Sequence[int]) -> None:
        breaches = error.breaches if isinstance(error, NeedsAcknowledgement) else ()
        if self.as_json:
            self._print_object(planned, result_object(self._result(lines, submission, error)), breaches, lines)
            return
        say(f"{self.file}, {spans(lines)}:")
        if not isinstance(error, NeedsAcknowledgement):
            say_error(error, as_json=False)
            return
        say_unacknowledged(self._breach_words(planned, error.breaches, error.rules))

    def _recorded(self, submission: Submission) -> Settled | LedgerError:
        """Return an answer, what is wrong with the statement itself as a value."""
        try:
            return self.recording.hand_in(submission)()
        except (Malformed, Refused, NeedsAcknowledgement) as error:
            return error

    def _result(self, lines: Sequence[int], submission: Submission, answer: Settled | LedgerError) -> Result:
        return Result(Line(self.file, lines[0], submission), answer)

    def _print_object(
        self, planned: Planned, said: RecordedLine | FailedLine, breaches: Sequence[Breach], lines: Sequence[int]
    ) -> None:
        """Print an answer as JSON, and of each breach its lines; none of one that concerns the statement as a whole."""
        places = [self.rows.lines_of(planned, breach) for breach in breaches]
        told = [{**one, "lines": place} for one, place in zip(said["breaches"], places, strict=True)]
        print_object({**said, "lines": lines, "breaches": told})

    def _breach_words(self, planned: Planned, breaches: Sequence[Breach], rules: str) -> list[str]:
        """Return breaches for people, each with the lines of the rows that it concerns."""
        places = [self.rows.lines_of(planned, breach) for breach in breaches]
        told = breach_lines(breaches, rules, reader_here(rules), planned.body)
        return [f"{spans(at)}: {words}" if at else words for at, words in zip(places, told, strict=True)]
