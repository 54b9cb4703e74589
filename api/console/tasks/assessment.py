"""A risk assessment as tasks: its dossier, its panel, the meeting that decides on its products, its report."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from api.console.tasks.application import product_line
from api.console.tasks.task import Matter, Section, Standing, Task
from api.language import label
from ledger.domain.states.risk import Outcome
from ledger.ids import Tag
from ledger.words.reader import code_word

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ledger.domain.states.risk import Assessment


def assessment_tasks(matter: Matter, detail: Assessment) -> Iterator[Section]:
    """Yield the tasks of a risk assessment."""
    told = _Assessment(matter, detail)
    yield told.dossier()
    yield told.meeting()
    yield told.report()


def undecided(detail: Assessment) -> list[int]:
    """Return the lines that wait for a meeting: not decided yet, or sent back for more papers."""
    outcomes = detail.outcomes
    waits = (
        one.line
        for one in detail.products
        if one.line not in outcomes or outcomes[one.line].outcome is Outcome.SUPPLEMENT
    )
    return [] if detail.report is not None else list(waits)


class _Assessment:
    def __init__(self, matter: Matter, detail: Assessment) -> None:
        self._matter, self._detail = matter, detail
        self._language, self._ended = matter.teller.language, detail.report is not None

    def _may(self, act: str, called: str, **said: Any) -> tuple[tuple[str, str], ...]:  # noqa: ANN401  as act takes it
        outside = self._matter.reader in {self._detail.applicant, self._detail.using_unit}
        return () if self._ended or outside else self._matter.act(act, called, **said)

    def dossier(self) -> Section:
        language, matter, detail = self._language, self._matter, self._detail
        waits = detail.waiting_since is not None and not self._ended
        answered = matter.events("risk-assessment.completeness-answered/1")
        filed = matter.events("risk-assessment.supplemented/1")
        missing = tuple(code_word("paper", one, matter.teller.today) for one in sorted(detail.missing))
        answer = self._may("answer-completeness", label("Answer", language))
        asked = matter.events("risk-assessment.requested/1")
        return Section(
            label("Dossier", language),
            (
                Task(
                    label("Ask for the assessment, product by product", language),
                    Standing.DONE,
                    lines=matter.lines(asked),
                    notes=tuple(product_line(matter, one) for one in detail.products),
                ),
                Task(
                    label("Say whether the dossier is complete", language),
                    Standing.OPEN if waits else Standing.DONE,
                    detail.body if waits else None,
                    matter.lines(answered),
                    matter.owed("answer-dossier"),
                    answer if waits else (),
                ),
                Task(
                    label("File what is missing", language),
                    Standing.OPEN if missing else Standing.DONE if filed else Standing.FREE,
                    detail.applicant if missing else None,
                    matter.lines(filed),
                    notes=missing,
                ),
            ),
        )

    def meeting(self) -> Section:
        language, matter, detail = self._language, self._matter, self._detail
        formed, held = matter.events("risk-assessment.panel-formed/1"), matter.events("assessment-meeting.held/1")
        waiting = undecided(detail)
        panel = self._may("form-panel", label("Form the panel", language))
        agenda = ((f"/agenda?body={detail.body}", label("Agenda of the next meeting", language)),) if waiting else ()
        visited = matter.events("risk-assessment.visited/1")
        rectified = matter.events("risk-assessment.rectified/1", "risk-assessment.rectification-verified/1")
        open_ = [one.number for one in detail.rectifications.values() if one.verified_at is None]
        visit = detail.visit_asked and not visited
        return Section(
            label("Panel and meeting", language),
            (
                Task(
                    label("Form the panel; who sits on it stands in disclosures", language),
                    Standing.DONE if formed else Standing.OPEN,
                    None if formed else detail.body,
                    matter.lines(formed),
                    (),
                    () if held else panel,
                ),
                Task(
                    label("Decide on each product in a meeting", language),
                    Standing.OPEN if waiting else Standing.DONE,
                    detail.body if waiting else None,
                    matter.lines(held),
                    links=agenda,
                    notes=tuple(self._outcomes()),
                ),
                Task(
                    label("Visit the place, where it is asked for", language),
                    Standing.OPEN if visit else Standing.DONE if visited else Standing.FREE,
                    detail.body if visit else None,
                    matter.lines(visited),
                ),
                Task(
                    label("Put right what was found, and verify it", language),
                    Standing.OPEN if open_ else Standing.DONE if rectified else Standing.FREE,
                    detail.applicant if open_ else None,
                    matter.lines(rectified),
                    matter.owed("rectify-nonconformity"),
                    notes=tuple(open_),
                ),
            ),
        )

    def _outcomes(self) -> Iterator[str]:
        today = self._matter.teller.today
        for line, one in sorted(self._detail.outcomes.items()):
            why = "; ".join(code_word("outcome_reason", reason, today) for reason in one.reasons)
            said = label("line {line}: {outcome}", self._language)
            told = said.format(line=line, outcome=code_word("assessment_outcome", one.outcome, today))
            yield f"{told}; {why}" if why else told

    def report(self) -> Section:
        language, matter, detail = self._language, self._matter, self._detail
        reported = matter.events("risk-assessment.reported/1")
        lines = [one.line for one in detail.products]
        passed = [
            "true" if line in detail.outcomes and detail.outcomes[line].outcome is Outcome.PASS else "false"
            for line in lines
        ]
        said = {"lines.line": list(map(str, lines)), "lines.passed": passed}
        issue = self._may("report-assessment", label("Issue the report", language), **said)
        ready = not undecided(detail)
        standing = Standing.OPEN if ready else Standing.WAITING
        relied = matter.events("risk-assessment.relied-on/1")
        back = () if detail.application is None else self._application(Tag(detail.application))
        return Section(
            label("Report", language),
            (
                Task(
                    label("Issue the report, product by product", language),
                    Standing.DONE if self._ended else standing,
                    None if self._ended else detail.body,
                    matter.lines(reported),
                    links=issue if ready else (),
                ),
                Task(
                    label("Go on with the application", language),
                    Standing.DONE if relied else Standing.FREE,
                    lines=matter.lines(relied),
                    links=back,
                ),
            ),
            settled=self._ended,
        )

    def _application(self, case: Tag) -> tuple[tuple[str, str], ...]:
        if not self._matter.teller.reads.looking.sight(case):
            return ()
        return ((f"/cases/{case}/tasks", label("The application", self._language)),)
