"""Visits: what officers looked at in a unit, point by point of the form, and who signed.

What was not done is a result of its own, with its reason. What differs in words stands in disclosures and documents;
a visit holds their digests. What a form asks, and what its points are worth, is reference data
(``ledger/reference/checklists.py``), which no rule here reads.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any

from msgspec import Meta

from ledger.domain.bodies.conditions import Seal
from ledger.domain.bodies.vocabulary import Body, CaseRef, Commitment, Count, Digest, PartyRef, Reference, SiteRef
from ledger.domain.border.inspection import too_few_officers
from ledger.domain.cases import concerned, with_detail
from ledger.domain.connection import by_reference
from ledger.domain.judging import Event, Signed, World
from ledger.domain.law.rule import Answer, Rule
from ledger.domain.law.rules import Confidence, RulePack, Task
from ledger.domain.states.subjects import Case, Item
from ledger.domain.states.supervision import Supervision
from ledger.domain.supervision.plans import check_takes_part, supervision_of
from ledger.domain.work.portions import Portion, amounts, check_portion, measured, taken_from

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ledger.breach import Breach

# Bodies

Point = Annotated[
    str,
    Meta(
        pattern="^[A-Z]?[0-9]{1,2}(?:[.][0-9]{1,3}){0,3}$",
        description="The number of a point, as the form prints it: digits and points, with or without a letter first.",
        examples=["B2.10"],
    ),
]
Copies = Annotated[tuple[Digest, ...], Meta(max_length=200, description="Documents that were copied.")]
Taken = Annotated[tuple[Portion, ...], Meta(max_length=400, description="Portions; there may be none.")]


class Form(StrEnum):
    """The form by which a unit is visited."""

    AQSIQ_269_2015 = "269-2015-annex-2"
    OTHER = "other"


class PointResult(StrEnum):
    """What came of a point of the form."""

    CONFORMS = "conforms"
    DOES_NOT_CONFORM = "does-not-conform"
    NOT_DONE = "not-done"


class Because(StrEnum):
    """Why a point was not looked at."""

    NOT_APPLICABLE = "not-applicable"
    NO_ACTIVITY = "no-activity"
    NO_ACCESS = "no-access"
    NO_TIME = "no-time"
    REFUSED = "refused"
    OTHER = "other"


class Conclusion(StrEnum):
    """What a visit comes to (269/2015 annex 2)."""

    PASSED = "passed"
    RECTIFY = "rectify"
    FAILED = "failed"
    OTHER = "other"


class UnitSigned(StrEnum):
    """What the unit's representative did with the record of the visit."""

    SIGNED = "signed"
    SIGNED_WITH_NOTE = "signed-with-note"
    REFUSED = "refused"


class Checked(Body, frozen=True):
    """One point of the form, and what came of it.

    because: why it was not looked at; of such a point and of no other.
    starred: whether the form stars it; left out where the officers do not say.
    description: commits to the objective description.
    """

    point: Point
    result: PointResult
    because: Because | None = None
    starred: bool | None = None
    description: Commitment | None = None


class SupervisionVisited(Body, frozen=True):
    """Officers visit a site of a unit; the unit's representative signs as well, or refuses to, which is recorded.

    party: the unit. score: the points that the officers gave, of those that the form has.
    copies: the digests of documents that they copied. samples: what they took, which leaves the items for good.
    note: commits to the unit's note.
    """

    case: CaseRef
    party: PartyRef
    site: SiteRef
    form: Form
    points: Annotated[tuple[Checked, ...], Meta(min_length=1, max_length=200, description="At least one point.")]
    conclusion: Conclusion
    unit_signed: UnitSigned
    score: Count | None = None
    copies: Copies = ()
    samples: Taken = ()
    seal: Seal | None = None
    note: Commitment | None = None
    reference: Reference | None = None


# Rules

OF_UNIT = Rule("SUP-10", "A visit is of the supervised unit, at a site that it runs.", Answer.REFUSAL)
EACH_ONCE = Rule(
    "SUP-11", "A visit tells each point once, and why it was not looked at of what was not done alone.", Answer.REFUSAL
)
REPRESENTED = Rule(
    "SUP-12",
    "The unit's representative signs the record of a visit, unless it says that this was refused.",
    Answer.REFUSAL,
    "State Council Order 424 Art. 53",
    Confidence.V,
)
OFFICERS = Rule(
    "SUP-13",
    "As many officers visit as the rule pack asks for.",
    Answer.BREACH,
    "State Council Order 424 Art. 53",
    Confidence.V,
    ("asked", "signed"),
    lambda pack, _: pack.min_persons.get(Task.INSPECTION),
)
NOT_PASSED = Rule(
    "SUP-14",
    "A visit that found something not to conform does not simply pass.",
    Answer.BREACH,
    "269/2015 annex 2",
    Confidence.V,
    ("count",),
)

DISCLOSED = Rule(
    "SUP-15", "What a supervision describes or notes in words stands in a disclosure of the statement.", Answer.REFUSAL
)

RULES = (OF_UNIT, EACH_ONCE, REPRESENTED, OFFICERS, NOT_PASSED, DISCLOSED)

# Judge


def judge_supervision_visited(world: World, said: Signed[SupervisionVisited], rules: RulePack) -> Iterator[Breach]:
    """Judge a visit.

    Raises Refused: SUP-04, SUP-05, SUP-16, SUP-10, SUP-11, SUP-15, SUP-12; UNI-01, UNI-02, PRT-01, PRT-05, PRT-02,
    PRT-04 for samples.
    Returns SUP-13, SUP-14, PRT-03.
    """
    body = said.body
    supervision = supervision_of(world, body.case)
    check_takes_part(world, said, supervision)
    if body.party != supervision.unit or world.site(body.site).party != body.party:
        raise OF_UNIT.refuse(f"{body.site} is no site of {supervision.unit}")
    _check_points(body)
    check_disclosed(said, body.note, *(one.description for one in body.points))
    _check_represented(said)
    taken = amounts(body.samples)
    for item, amount in taken:
        check_portion(world, item, amount, rules)
    yield from too_few_officers(said, OFFICERS, body.case, rules, visited=body.party)
    failed = sum(one.result is PointResult.DOES_NOT_CONFORM for one in body.points)
    if failed and body.conclusion is Conclusion.PASSED:
        yield NOT_PASSED.breach((body.case,), count=failed)
    yield from measured(world, taken)


def check_disclosed(said: Signed[Any], *commitments: str | None) -> None:
    """Check that each commitment that there is, is to a disclosure of the statement. Raises Refused: SUP-15."""
    for one in commitments:
        if one is not None and one not in said.commits:
            raise DISCLOSED.refuse(f"{one} is the digest of none of the statement's disclosures")


def _check_points(body: SupervisionVisited) -> None:
    numbers = [one.point for one in body.points]
    if len(set(numbers)) < len(numbers):
        raise EACH_ONCE.refuse("a point is told twice")
    for one in body.points:
        if (one.result is PointResult.NOT_DONE) is (one.because is None):
            raise EACH_ONCE.refuse(f"{one.point} is {one.result}, because {one.because or 'not said'}")


def _check_represented(said: Signed[SupervisionVisited]) -> None:
    body = said.body
    if by_reference(said):
        return  # the document shows who signed it
    signs = any(signer.party == body.party for signer in said.signers)
    if signs is (body.unit_signed is UnitSigned.REFUSED):
        raise REPRESENTED.refuse(f"{body.party} {'signs' if signs else 'does not sign'}, told is: {body.unit_signed}")


# Effects


def supervision_visited(case: Case, event: Event[SupervisionVisited]) -> Case:
    """Return the case with one visit more."""
    supervision = concerned(case, event, Supervision)
    if supervision is None:
        return case
    return with_detail(case, visits=(*supervision.visits, event.said.occurred_at))


def item_sampled(item: Item, event: Event[SupervisionVisited]) -> Item:
    """Return the item with what the samples leave of it."""
    return taken_from(item, event.said.body.samples)
