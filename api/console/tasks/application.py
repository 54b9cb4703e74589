"""An application for an approval as tasks: taken up, waited for, decided; each by its own statement."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from api.console.tasks.task import Matter, Section, Standing, Task
from api.language import label
from ledger.domain.states.application import PAUSED, Phase
from ledger.ids import Tag
from ledger.words.reader import amount_words, code_word, name_of
from ledger.words.table import Language

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ledger.domain.bodies.products import Product
    from ledger.domain.states.application import Application

_DECIDED = ("application.decided/1", "application.refused/1", "application.not-accepted/1", "application.withdrawn/1")


def application_tasks(matter: Matter, detail: Application) -> Iterator[Section]:
    """Yield the tasks of an application."""
    told = _Application(matter, detail)
    yield told.intake()
    yield told.waiting()
    yield told.decision()


class _Application:
    def __init__(self, matter: Matter, detail: Application) -> None:
        self._matter, self._detail = matter, detail
        self._language = matter.teller.language

    def _may(self, act: str, called: str, **said: Any) -> tuple[tuple[str, str], ...]:  # noqa: ANN401  as act takes it
        """Return where the reader states an act of the authority: nobody decides on what they apply for."""
        ended = self._detail.phase is Phase.ENDED
        return () if ended or self._matter.reader == self._detail.applicant else self._matter.act(act, called, **said)

    def intake(self) -> Section:
        language, matter, detail = self._language, self._matter, self._detail
        asked = matter.events("application.completion-asked/1", "application.supplemented/1")
        accepted = matter.events("application.accepted/1")
        intake, applicants = detail.phase is Phase.INTAKE, detail.phase is Phase.APPLICANT
        ask = self._may("ask-completion", label("Ask for what is missing", language)) if intake else ()
        take = (
            *self._may("accept-application", label("Take it up", language)),
            *self._may("not-accept-application", label("Not take it up", language)),
        )
        undecided = detail.accepted_at is None and detail.phase is not Phase.ENDED
        return Section(
            label("Intake", language),
            (
                Task(
                    label("Hand it in, product by product", language),
                    Standing.DONE,
                    lines=matter.lines(matter.events("application.submitted/1")),
                    notes=tuple(product_line(matter, one) for one in detail.products),
                ),
                Task(
                    label("File what is missing", language),
                    Standing.OPEN if applicants else Standing.DONE if asked else Standing.FREE,
                    detail.applicant if applicants else None,
                    matter.lines(asked),
                    matter.owed("complete-application"),
                    ask,
                ),
                Task(
                    label("Accept it, or do not take it up", language),
                    Standing.OPEN if undecided else Standing.DONE,
                    None,
                    matter.lines(accepted),
                    (),
                    take if undecided else (),
                ),
            ),
        )

    def waiting(self) -> Section:
        language, matter, detail = self._language, self._matter, self._detail
        waits = detail.phase in PAUSED
        pause = self._may("pause-application", label("Wait for others", language))
        resume = self._may("resume-application", label("Go on", language))
        held = matter.events("application.paused/1", "application.resumed/1")
        links = resume if waits else pause if detail.phase is Phase.DECISION else ()
        standing = Standing.OPEN if waits else Standing.DONE if held else Standing.FREE
        return Section(
            label("Assessment", language),
            (
                Task(
                    label("Wait for others, while the term stands still", language),
                    standing,
                    lines=matter.lines(held),
                    links=links,
                ),
                *self._assessments(),
            ),
        )

    def _assessments(self) -> Iterator[Task]:
        """Yield the risk assessments that were asked for, each with what it came to."""
        language, matter = self._language, self._matter
        for event in matter.about("risk-assessment.requested/1"):
            case = Tag(event.said.body.case)
            if not matter.teller.reads.looking.sight(case):
                unseen = label("how far it has come is not among what you may see", language)
                yield Task(matter.teller.name(case), Standing.WAITING, event.said.body.body, notes=(unseen,))
                continue
            reported = bool(list(matter.teller.reads.store.about(case, kinds=("risk-assessment.reported/1",))))
            yield Task(
                matter.teller.name(case),
                Standing.DONE if reported else Standing.OPEN,
                None if reported else event.said.body.body,
                links=((f"/cases/{case}/tasks", label("Its tasks", language)),),
            )

    def decision(self) -> Section:
        language, matter, detail = self._language, self._matter, self._detail
        decided = matter.events(*_DECIDED)
        turn = detail.phase is Phase.DECISION and detail.accepted_at is not None
        extend = self._may("extend-application", label("Extend the term", language)) if turn else ()
        grant = self._may("grant-approval", label("Grant an approval", language), **self._granted()) if turn else ()
        decide = (
            *self._may("decide-application", label("Permit it", language)),
            *self._may("refuse-application", label("Refuse it", language)),
        )
        ended = Standing.DONE if decided else Standing.WAITING
        extended = matter.events("application.extended/1")
        return Section(
            label("Decision", language),
            (
                Task(
                    label("Extend the term, once", language),
                    Standing.DONE if extended else Standing.FREE,
                    lines=matter.lines(extended),
                    links=() if extended else extend,
                ),
                Task(
                    label("Grant the approval, which the decision names", language),
                    Standing.DONE if detail.approval else Standing.FREE,
                    links=grant,
                    notes=() if detail.approval is None else (name_of(detail.approval, matter.teller.today),),
                ),
                Task(
                    label("Decide", language),
                    Standing.OPEN if turn else ended,
                    None,
                    matter.lines(decided),
                    matter.owed("decide-application"),
                    decide if turn else (),
                ),
            ),
            "" if detail.ended is None else code_word("application_end", detail.ended, matter.teller.today),
            detail.ended is not None,
        )

    def _granted(self) -> dict[str, Any]:
        """Return what an approval of all that is applied for says, as far as the application says it."""
        detail = self._detail
        products = [one for one in detail.products if one.line not in detail.set_aside]
        places = [one for one in (detail.laboratory, *sorted(detail.sites)) if one is not None]
        return {
            "case": "",
            "direction": detail.direction,
            "applicant": str(detail.applicant),
            "grade": "" if detail.grade is None else str(detail.grade),
            "sites": list(dict.fromkeys(places)),
            "purposes": sorted(detail.purposes),
            "lines.line": [str(one.line) for one in products],
            "lines.name_en": [one.name_en for one in products],
            "lines.name_zh": [one.name_zh or "" for one in products],
            "lines.quantity": [_amount(one) for one in products],
            "lines.agents": ["\n".join(one.agents) for one in products],
        }


def product_line(matter: Matter, one: Product) -> str:
    """Return a product as it is named on a page."""
    language = matter.teller.language
    amount = amount_words(one.quantity.value, one.quantity.unit, language)
    return label("line {line}: {product}, {amount}", language).format(
        line=one.line, product=product_name(one, language), amount=amount
    )


def product_name(one: Product, language: Language) -> str:
    """Return what a product is called in a language, as far as whoever named it said."""
    return (one.name_zh if language is Language.CHINESE else None) or one.name_en


def _amount(one: Product) -> str:
    return f"{one.quantity.value} {one.quantity.unit}"
