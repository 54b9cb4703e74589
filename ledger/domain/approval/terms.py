"""What an approval keeps to when it is granted and when it is changed: dates, registered sites, its grade's term."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from ledger.domain.bodies.vocabulary import (
    Grade,
)
from ledger.domain.judging import World
from ledger.domain.law.deadlines import add_months
from ledger.domain.law.rule import Answer, Rule
from ledger.domain.law.rules import Confidence, RulePack

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ledger.breach import Breach
    from ledger.ids import ApprovalId, SiteId

# Rules

OWN_APPROVAL = Rule(
    "APR-03", "What an authority decides on an approval is recorded by itself or by the applicant.", Answer.REFUSAL
)
DATES = Rule("APR-04", "An approval does not end before it begins, nor before it was issued.", Answer.REFUSAL)
SITE_KNOWN = Rule("APR-06", "The sites that an approval names are registered.", Answer.REFUSAL)
VALIDITY = Rule(
    "APR-10",
    "An approval is valid for no longer than its grade allows.",
    Answer.BREACH,
    "269/2015 annex 1",
    Confidence.V,
    ("grade", "months", "valid_from", "valid_to"),
    lambda pack, given: pack.validity_months.get(Grade(str(given["grade"]))),
)

RULES = (OWN_APPROVAL, DATES, SITE_KNOWN, VALIDITY)

# Judging


def check_dates(approval: ApprovalId, valid_from: date | None, valid_to: date) -> None:
    """Check that a validity does not end before it begins. Raises Refused: APR-04."""
    if valid_from is not None and valid_to < valid_from:
        raise DATES.refuse(f"{approval} begins on {valid_from} and ends on {valid_to}")


def check_sites(world: World, sites: Iterable[SiteId], rule: Rule = SITE_KNOWN) -> None:
    """Check that sites are registered. Raises Refused: the rule given, APR-06 for those of an approval."""
    for site in sites:
        if not world.site(site).known:
            raise rule.refuse(f"{site} is not registered")


def validity_breaches(
    approval: ApprovalId, grade: Grade | None, valid_from: date, valid_to: date, rules: RulePack
) -> Iterator[Breach]:
    """Return APR-10 if a validity is longer than the rule pack allows the grade."""
    months = None if grade is None else rules.validity_months.get(grade)
    if months is not None and valid_to > add_months(valid_from, months.value):
        yield VALIDITY.breach((approval,), grade=grade, valid_from=valid_from, valid_to=valid_to, months=months.value)
