"""Goods that are no special items any more, or never were: an authority manages them as something else.

What leaves scope is stated with its evidence, product by product; goods on record keep all that is recorded of them,
and what becomes of them afterwards is recorded as before. No rule of the regulation is lifted by such a statement.
"""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

from msgspec import Meta

from ledger.domain.approval.approvals import Direction
from ledger.domain.assessment.applications import application_of
from ledger.domain.bodies.vocabulary import Body, CaseRef, Country, ItemRef, Name, PartyRef, Reference
from ledger.domain.connection import check_connected
from ledger.domain.dating import check_past
from ledger.domain.judging import Signed, World
from ledger.domain.law.rule import Answer, Rule
from ledger.domain.law.rules import Confidence
from ledger.domain.work.checks import check_known

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ledger.breach import Breach
    from ledger.domain.law.rules import RulePack

# Bodies


class ManagedAs(StrEnum):
    """What goods are managed as that are no special items."""

    DRUG = "drug"
    VETERINARY_DRUG = "veterinary-drug"
    MEDICAL_DEVICE = "medical-device"
    ENVIRONMENTAL_AGENT = "environmental-agent"


class ScopeExcluded(Body, frozen=True):
    """A party or customs state that a product is no special item from a day on, and what shows it.

    party: whose product it is. from_on: the day from which it is none, which has come.
    evidence: the document by which an authority manages it as something else. issuer_country: that authority's.
    application: the application that was not accepted for that reason, where there is one.
    items: goods of that product on record, wherever they stand.
    """

    party: PartyRef
    name_en: Name
    managed_as: ManagedAs
    direction: Direction
    from_on: date
    evidence: Reference
    issuer_country: Country
    name_zh: Name | None = None
    application: CaseRef | None = None
    items: Annotated[tuple[ItemRef, ...], Meta(max_length=900)] = ()


# Rules

OWN = Rule(
    "SCP-01",
    "That goods are no special items is stated by their party, which is registered, or by customs.",
    Answer.REFUSAL,
)
OF_PARTY = Rule(
    "SCP-02", "An exclusion names items on record, each once, and an application of the same party.", Answer.REFUSAL
)
ISSUER = Rule(
    "SCP-03",
    "What enters is no special item by an approval of the country that it enters; what leaves, by that of any country.",
    Answer.BREACH,
    "GACC Announcement 65/2025",
    Confidence.V2,
    ("country", "direction"),
)

RULES = (OWN, OF_PARTY, ISSUER)

# Judge


def judge_scope_excluded(world: World, said: Signed[ScopeExcluded], rules: RulePack) -> Iterator[Breach]:
    """Judge an exclusion from scope. Raises Refused: SCP-01, CON-22, SCP-02, GAT-01. Returns SCP-03."""
    body = said.body
    if not world.party(body.party).known:
        raise OWN.refuse(f"{body.party} is not registered")
    check_connected(said, (body.party,), OWN, body.party)
    check_past("from_on", body.from_on, said, rules)
    if len(set(body.items)) < len(body.items):
        raise OF_PARTY.refuse("an item is there twice")
    check_known(world, body.items)
    if body.application is not None:
        application_of(world, body.application, body.party, OF_PARTY)
    if body.direction is Direction.IMPORT and body.issuer_country != rules.jurisdiction:
        yield ISSUER.breach((body.party, *body.items), country=body.issuer_country, direction=body.direction)
