"""What a manifest comes to, recorded: all of it together, or, when told to keep going, all that is right.

A statement is made of many rows, and its answer is of all of them. Which row is wrong is found by asking again for the
first half of them, and so on: the first row with which the statement would be refused, after the rows in front of it.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from api.cli.exits import OK, exit_code
from api.cli.output import progress, say
from api.cli.submit import Line, Result, print_result
from ledger.errors import LedgerError, Malformed, NeedsAcknowledgement, Refused

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from api.manifests.statements import Planned
    from ledger.service import Ledger, Submission
    from ledger.store.committer import Outcome

_MOST_LOCATED: Final = 10
"""In how many statements the row that is wrong is looked for: each costs some trials of all before it."""


@dataclass(frozen=True, slots=True)
class Importing:
    """How the statements of one manifest are recorded.

    file: the manifest's name. rows: the member of a body that the rows are listed in; None where each has its own.
    sign: makes the statement.
    """

    ledger: Ledger
    file: str
    rows: str | None
    sign: Callable[[Planned], Submission]
    as_json: bool

    def together(self, statements: Sequence[Planned], *, record: bool = True) -> int:
        """Record all statements, or none if one is wrong, print the answers, and return the exit code.

        record: False to say what would be wrong, and record nothing.
        """
        with progress("Signing") as shown:
            signed = [self.sign(one) for one in shown.track(statements)]
        answers = self.ledger.record_together(signed, record=record)
        wrong = {number: answer for number, answer in enumerate(answers) if isinstance(answer, LedgerError)}
        for number, error in list(wrong.items())[:_MOST_LOCATED]:
            before = [submission for one, submission in enumerate(signed[:number]) if one not in wrong]
            self._say_first_wrong(statements[number], signed[number], before, error)
        if (more := len(wrong) - _MOST_LOCATED) > 0:
            say(f"And {more} more statements would be refused.")
        for planned, submission, answer in zip(statements, signed, answers, strict=True):
            if record and not wrong:
                self._print(planned.lines[0], submission, answer)
        return max(map(exit_code, wrong.values()), default=OK)

    def what_is_right(self, statements: Sequence[Planned]) -> tuple[int, int]:
        """Record all rows but those with which their statement would be refused; print every answer.

        Returns the exit code and how many rows were recorded.
        """
        waiting, worst, recorded, last = deque(statements), OK, 0, ""
        while waiting:
            planned = waiting.popleft()
            submission = self.sign(planned)
            answer = _answer(self.ledger.record, submission)
            if not isinstance(answer, LedgerError):
                self._print(planned.lines[0], submission, answer)
                recorded, last = recorded + len(planned.lines), ""
                continue
            good, error = self._first_wrong(planned, lambda some: _answer(self.ledger.check, self.sign(some)), answer)
            worst = max(worst, exit_code(error))
            self._print(planned.lines[good], submission, error)
            if last == str(error):  # it is not about this row, and would be said of all that follow
                say(f"So are the rows from there to line {planned.lines[-1]}.")
                continue
            last = str(error)
            parts = (self._part(planned, 0, good), self._part(planned, good + 1, len(planned.lines)))
            waiting.extendleft(part for part in reversed(parts) if part.lines)
        return worst, recorded

    def _say_first_wrong(
        self, planned: Planned, signed: Submission, before: list[Submission], error: LedgerError
    ) -> None:
        """Print at which row a statement fails, after those before it."""

        def tried(some: Planned) -> Outcome | LedgerError:
            return self.ledger.record_together([*before, self.sign(some)], record=False)[-1]

        good, error = self._first_wrong(planned, tried, error)
        self._print(planned.lines[good], signed, error)

    def _first_wrong(
        self, planned: Planned, tried: Callable[[Planned], Outcome | LedgerError], error: LedgerError
    ) -> tuple[int, LedgerError]:
        """Return the index of the first row with which a statement fails, and the error that it then gets.

        error: that of the whole.
        """
        good, wrong = 0, len(planned.lines)
        while wrong - good > 1:
            middle = (good + wrong) // 2
            answer = tried(self._part(planned, 0, middle))
            if isinstance(answer, LedgerError):
                wrong, error = middle, answer
            else:
                good = middle
        return good, error

    def _part(self, planned: Planned, start: int, end: int) -> Planned:
        """Return a statement of some of the rows."""
        rows = None if self.rows is None else planned.body[self.rows]
        body = {**planned.body, self.rows: rows[start:end]} if isinstance(rows, list) and self.rows else planned.body
        return replace(planned, body=body, lines=planned.lines[start:end])

    def _print(self, line: int, submission: Submission, answer: Outcome | LedgerError) -> None:
        print_result(Result(Line(self.file, line, submission), answer), as_json=self.as_json)


def _answer(ask: Callable[[Submission], Outcome], submission: Submission) -> Outcome | LedgerError:
    """Return an answer, what is wrong with the statement itself as a value."""
    try:
        return ask(submission)
    except (Malformed, Refused, NeedsAcknowledgement) as error:
        return error
