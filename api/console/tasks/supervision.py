"""The supervision of a unit as tasks: its visits, each of its findings step by step, its end."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from api.console.tasks.task import Matter, Section, Standing, Task
from api.language import label, listed
from ledger.domain.states.subjects import CaseStatus
from ledger.domain.states.supervision import SETTLED, FindingStatus
from ledger.words.reader import code_word

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ledger.domain.judging import Event
    from ledger.domain.states.supervision import Finding, Supervision

TO_CORRECT = frozenset({FindingStatus.CONFIRMED, FindingStatus.UPHELD, FindingStatus.REJECTED, FindingStatus.RAISED})
"""Where it is the turn of the unit."""


def supervision_tasks(matter: Matter, detail: Supervision) -> Iterator[Section]:
    """Yield the tasks of a supervision."""
    told = _Supervision(matter, detail)
    yield told.plan()
    yield told.visits()
    for _, finding in sorted(detail.findings.items()):
        yield told.finding(finding)
    yield told.end()


class _Supervision:
    def __init__(self, matter: Matter, detail: Supervision) -> None:
        self._matter, self._detail = matter, detail
        self._language, self._today = matter.teller.language, matter.teller.today
        self._closed = matter.case.status is CaseStatus.CLOSED
        self._is_unit = matter.reader == detail.unit
        self._takes_part = detail.takes_part(matter.reader)

    def _may(self, act: str, called: str, *, unit: bool = False, **said: str) -> tuple[tuple[str, str], ...]:
        """Return where the reader states an act. unit: whether the unit does, and not who supervises it."""
        turn = self._is_unit if unit else self._takes_part
        return self._matter.act(act, called, **said) if turn and not self._closed else ()

    def plan(self) -> Section:
        language, matter = self._language, self._matter
        plan = matter.events("supervision.planned/1")
        joins = matter.events("supervision.joined/1", "supervision.delegated/1")
        may_join = not self._closed and not self._is_unit and not self._takes_part
        link = matter.act("join-supervision", label("Take part", language)) if may_join else ()
        hands = self._may("delegate-supervision", label("Delegate", language))
        areas = {
            party: listed((code_word("area", one, self._today) for one in sorted(its)), language)
            for party, its in sorted(self._detail.areas.items())
        }
        return Section(
            label("Plan", language),
            (
                Task(label("Plan the supervision", language), Standing.DONE, None, matter.lines(plan)),
                Task(
                    label("Who takes part, with which areas", language),
                    Standing.DONE if joins else Standing.FREE,
                    lines=matter.lines(joins),
                    links=link + hands,
                    notes=tuple(f"{matter.teller.name(party)}: {its}" for party, its in areas.items()),
                ),
            ),
        )

    def visits(self) -> Section:
        language, matter = self._language, self._matter
        (plan,) = matter.events("supervision.planned/1")[-1:] or (None,)
        made, asked = matter.events("supervision.visited/1"), 0 if plan is None else plan.said.body.visits
        tasks = [
            Task(
                label("Visit {number}", language).format(number=number),
                Standing.DONE,
                None,
                matter.lines([event]),
                notes=tuple(self._not_done(event)),
            )
            for number, event in enumerate(made, 1)
        ]
        visit = f"/cases/{matter.tag}/visit"
        link = ((visit, label("Record a visit", language)),) if self._takes_part and not self._closed else ()
        if len(made) < asked and not self._closed:
            says = label("Visit {number} of {asked} that are planned", language)
            told = says.format(number=len(made) + 1, asked=asked)
            tasks.append(Task(told, Standing.OPEN, matter.case.party, owed=matter.owed("visit-unit"), links=link))
        elif link:
            tasks.append(Task(label("One visit more", language), Standing.FREE, links=link))
        number = str(max(self._detail.findings, default=0) + 1)
        raised = self._may("raise-finding", label("Raise a finding", language), finding=number)
        if raised:
            tasks.append(Task(label("A finding, as it is seen", language), Standing.FREE, links=raised))
        return Section(label("Visits", language), tuple(tasks))

    def _not_done(self, event: Event[Any]) -> Iterator[str]:
        for one in event.said.body.points:
            if one.because is not None:
                told = label("{point}: not done, because: {why}", self._language)
                yield told.format(point=one.point, why=code_word("because", one.because, self._today))

    def finding(self, one: Finding) -> Section:
        language = self._language
        title = label("Finding {number}: {area}, {gravity}", language).format(
            number=one.number,
            area=code_word("area", one.area, self._today),
            gravity=code_word("gravity", one.severity, self._today),
        )
        tasks = (self._raised(one), self._answer(one), *self._objection(one), *self._correction(one))
        tag = code_word("finding_status", one.status, self._today)
        return Section(title, tasks, tag, one.status in SETTLED)

    def _about(self, one: Finding, *kinds: str) -> tuple[Any, ...]:
        events = self._matter.events(*kinds)
        return self._matter.lines(event for event in events if event.said.body.finding == one.number)

    def _raised(self, one: Finding) -> Task:
        lines = self._about(one, "finding.raised/1", "finding.reopened/1")
        again = self._may("reopen-finding", label("Found again", self._language), finding=str(one.number))
        links = again if one.status in SETTLED else ()
        return Task(label("Raise it", self._language), Standing.DONE, None, lines, links=links)

    def _answer(self, one: Finding) -> Task:
        link = self._may("answer-finding", label("Answer it", self._language), unit=True, finding=str(one.number))
        open_ = one.status is FindingStatus.RAISED
        answered = self._about(one, "finding.answered/1")
        standing = Standing.OPEN if open_ else Standing.DONE if answered else Standing.FREE
        says = label("Confirm it, or object to it", self._language)
        return Task(says, standing, self._detail.unit if open_ else None, answered, links=link if open_ else ())

    def _objection(self, one: Finding) -> Iterator[Task]:
        decided = self._about(one, "finding.decided/1")
        open_ = one.status is FindingStatus.OBJECTED
        if decided or open_:
            link = self._may("decide-finding", label("Decide", self._language), finding=str(one.number))
            says = label("Decide on the objection", self._language)
            standing = Standing.OPEN if open_ else Standing.DONE
            yield Task(says, standing, one.by if open_ else None, decided, links=link if open_ else ())

    def _correction(self, one: Finding) -> Iterator[Task]:
        """Yield the correction and its check; of what was dropped neither is asked for."""
        lines = self._about(one, "finding.corrected/1", "finding.rejected/1")
        if one.status is FindingStatus.DROPPED and not lines:
            return
        open_ = one.status in TO_CORRECT
        waiting = one.status is FindingStatus.OBJECTED
        link = self._may(
            "correct-finding", label("Say what was done", self._language), unit=True, finding=str(one.number)
        )
        yield Task(
            label("Correct it", self._language),
            Standing.OPEN if open_ else Standing.WAITING if waiting else Standing.DONE,
            self._detail.unit if open_ else None,
            lines,
            self._matter.owed("correct-finding", str(one.number)),
            link if open_ else (),
        )
        yield self._check(one)

    def _check(self, one: Finding) -> Task:
        number, language = str(one.number), self._language
        open_ = one.status is FindingStatus.CORRECTED
        links = (
            *self._may("verify-finding", label("Verify", language), finding=number),
            *self._may("reject-finding", label("Not enough", language), finding=number),
        )
        says = label("Verify the correction, by somebody who is not of the unit", language)
        settled = Standing.DONE if one.status in SETTLED else Standing.WAITING
        lines = self._about(one, "finding.verified/1")
        return Task(
            says, Standing.OPEN if open_ else settled, one.by if open_ else None, lines, (), links if open_ else ()
        )

    def end(self) -> Section:
        language, matter = self._language, self._matter
        closed = matter.events("supervision.closed/1")
        waits = label("first settle the findings: {numbers}", language).format(
            numbers=listed(map(str, self._detail.open), language)
        )
        close = self._may("close-supervision", label("Close the case", language))
        standing = Standing.WAITING if self._detail.open else Standing.OPEN
        measures = matter.events("supervision.escalated/1")
        carry = self._may("escalate-supervision", label("Suspend or withdraw an approval", language))
        return Section(
            label("End", language),
            (
                Task(
                    label("Carry it on by a measure against an approval", language),
                    Standing.DONE if measures else Standing.FREE,
                    lines=matter.lines(measures),
                    links=carry,
                ),
                Task(
                    label("Close it, and name the next visit", language),
                    Standing.DONE if self._closed else standing,
                    None if self._closed else matter.case.party,
                    matter.lines(closed),
                    matter.owed("visit-next"),
                    () if self._detail.open else close,
                    (waits,) if self._detail.open else (),
                ),
            ),
            settled=self._closed,
        )
