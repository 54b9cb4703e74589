"""The ways out that are no disposal: sending items out of the country again, and the end of an activity.

The end of an activity changes nothing by itself; with it starts the term in which what is left is to go.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from ledger.domain.authorisation.certificates import uncertified
from ledger.domain.bodies.vocabulary import ApprovalRef, Body, Code, Country, Items, Number, Reference, SiteRef
from ledger.domain.custody.positions import check_leaves
from ledger.domain.ending.incidents import AnyItems
from ledger.domain.judging import Event, Signed, World
from ledger.domain.law.rule import Answer, Rule
from ledger.domain.law.rules import Confidence
from ledger.domain.states.border import Approval, ApprovalStatus
from ledger.domain.states.holding import Asked
from ledger.domain.states.subjects import Item, ItemStatus
from ledger.domain.window import is_valid, status_at
from ledger.domain.work.checks import check_items, check_site
from ledger.domain.work.gates import released
from ledger.domain.work.holds import not_held, not_kept

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from ledger.breach import Breach
    from ledger.domain.law.rules import RulePack

# Bodies


class ItemReExported(Body, frozen=True):
    """Items leave the country again, whole.

    approval: the approval to export them; left out where there is none.
    declaration_number: of the export declaration.
    reference: the customs' release for export.
    site: where they stand in storage positions, which become free; left out of items that stand in none.
    """

    items: Items
    declaration_number: Number
    destination_country: Country
    approval: ApprovalRef | None = None
    reference: Reference | None = None
    site: SiteRef | None = None


class ActivityEnded(Body, frozen=True):
    """A laboratory ends the work of a project and lists what is left of its items."""

    site: SiteRef
    project: Code
    items: AnyItems = ()


# Rules

EXIT_KNOWN = Rule("EXI-01", "An export names an approval that is on record.", Answer.REFUSAL)
EXIT_APPROVED = Rule(
    "EXI-02",
    "Items leave the country under an approval to export them that is in force on that day.",
    Answer.BREACH,
    "Frontier Health and Quarantine Law Art. 22",
    Confidence.V,
    ("approval", "day", "state"),
)

RULES = (EXIT_KNOWN, EXIT_APPROVED)

# Judges


def judge_item_re_exported(world: World, said: Signed[ItemReExported], rules: RulePack) -> Iterator[Breach]:
    """Judge a re-export.

    Raises Refused: GAT-01 to GAT-03, STK-08, EXI-01. Returns GAT-06, GAT-08, GAT-16, EXI-02, PMT-24.
    """
    body = said.body
    check_items(world, said, body.items)
    check_leaves(world, body.items, body.site)
    if body.approval is not None and not world.approval(body.approval).known:
        raise EXIT_KNOWN.refuse(f"{body.approval} is not on record")
    yield from released(world, body.items)
    yield from not_held(world, said, body.items, doing=Asked.RETURN)
    yield from not_kept(world, said, body.items)
    approval = None if body.approval is None else world.approval(body.approval)
    day = rules.working_days.local_date(said.occurred_at)
    if (state := _not_in_force(approval, said, day)) is not None:
        named = () if approval is None else (approval.id,)
        yield EXIT_APPROVED.breach((*body.items, *named), approval=body.approval, day=day, state=state)
    yield from uncertified(world, said, body.items, rules)


def judge_activity_ended(world: World, said: Signed[ActivityEnded], rules: RulePack) -> Iterator[Breach]:
    """Judge the end of an activity. Raises Refused: GAT-04, GAT-01 to GAT-03."""
    check_site(world, said, said.body.site)
    check_items(world, said, said.body.items)
    yield from ()


def _not_in_force(approval: Approval | None, said: Signed[ItemReExported], day: date) -> str | None:
    """Return the code of why an approval does not cover an export on a day; None where it does."""
    if approval is None:
        return "not-named"
    if approval.direction == "import":
        return "for-import"
    if (status := status_at(approval, said.occurred_at)) is not ApprovalStatus.GRANTED:
        return status.value
    return None if is_valid(approval, day) else "not-valid"


# Effects


def item_re_exported(item: Item, event: Event[ItemReExported]) -> Item:
    """Return the item as out of the country, in nobody's custody here."""
    if item.id not in event.said.body.items:
        return item
    return replace(
        item, status=ItemStatus.RE_EXPORTED, custodian=None, handover=None, site=None, place=None, checked_out=None
    )
