"""What is remarked on a risk assessment: what a norm asks for in principle, or only a guide does.

A remark has the form of a breach. It is told to who asks; nobody is asked to acknowledge it, and no entry holds it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger.domain.law.rule import Answer, Rule
from ledger.domain.law.rules import Confidence
from ledger.domain.states.risk import Assessment

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ledger.breach import Breach
    from ledger.domain.law.rules import RulePack
    from ledger.domain.states.party import Party
    from ledger.domain.states.subjects import Case

# Rules

FILED = Rule(
    "RSK-09",
    "A product is filed with customs before its risk is assessed.",
    Answer.REMARK,
    "guides to unit registration and product filing (产品备案)",
    Confidence.V2,
    ("count", "lines"),
)
ODD = Rule(
    "RSK-12",
    "A panel has an odd number of experts in principle.",
    Answer.REMARK,
    parameters=("experts",),
    basis=lambda pack, _: pack.assessment_panel_odd,
)

RULES = (FILED, ODD)

# Remarking


def assessment_remarks(case: Case, applicant: Party, rules: RulePack) -> Iterator[Breach]:
    """Return what is remarked on a risk assessment: RSK-09, RSK-12. Of another case, and without such a norm, nothing.

    applicant: the party whose products are assessed, with its filings.
    """
    assessment = case.detail
    if not isinstance(assessment, Assessment) or rules.assessment_panel_min is None:
        return
    unfiled = [one.line for one in assessment.products if one.filing_number not in applicant.filings]
    if unfiled:
        yield FILED.breach((case.id,), count=len(unfiled), lines=list(map(str, unfiled)))
    odd, panel = rules.assessment_panel_odd, assessment.panel
    if odd is not None and odd.value and panel is not None and len(panel.experts) % 2 == 0:
        yield ODD.breach((case.id,), experts=len(panel.experts))
