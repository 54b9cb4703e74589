"""What is put under a permit: items, with what they take up of its lines; and whether a permit holds for an act.

That goods go beyond a permit is a fact, recorded as a breach; what contradicts the permit on record is refused.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, Any

from msgspec import Meta
from msgspec.structs import replace

from ledger.domain.bodies.vocabulary import Amount, Body, Items, LineNo, PermitRef
from ledger.domain.judging import Event, Signed, World
from ledger.domain.law.rule import Answer, Rule
from ledger.domain.law.rules import Confidence, RulePack
from ledger.domain.law.schemes import ISSUING
from ledger.domain.states.permit import Permit
from ledger.domain.states.subjects import Item
from ledger.domain.work.checks import check_known
from ledger.domain.work.portions import check_some
from ledger.quantity import Quantity, alike

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ledger.breach import Breach
    from ledger.ids import ItemId, PermitId

# Bodies


class DrawnLine(Body, frozen=True):
    """What items take up of one line of a permit, in all."""

    line: LineNo
    quantity: Amount


class PermitDrawn(Body, frozen=True):
    """Items are put under a permit: what is done with them from now on is done under it too.

    lines: what they take up of it; left out of a permit that limits nothing.
    """

    permit: PermitRef
    items: Items
    lines: Annotated[tuple[DrawnLine, ...], Meta(max_length=400)] = ()


# Rules

DRAWABLE = Rule("PMT-11", "What is drawn on is a permit on record, line by line, in its dimension.", Answer.REFUSAL)
DRAWER = Rule("PMT-12", "Items are put under a permit by its holder, its issuer or who has them.", Answer.REFUSAL)
WITHIN = Rule(
    "PMT-22",
    "No more is done under a permit than it allows.",
    Answer.BREACH,
    "MoH Order 45; HGR Regulations Art. 22",
    Confidence.M,
    ("allowed", "amount", "drawn", "line", "permit"),
)
IN_FORCE = Rule(
    "PMT-23",
    "What is done under a permit is done while it is in force.",
    Answer.BREACH,
    "Biosecurity Law Art. 23; State Council Order 424 Art. 11; HGR Regulations Art. 27",
    Confidence.V,
    ("day", "permit", "state"),
)

RULES = (DRAWABLE, DRAWER, WITHIN, IN_FORCE)

# Judging


def judge_permit_drawn(world: World, said: Signed[PermitDrawn], rules: RulePack) -> Iterator[Breach]:
    """Judge that items are put under a permit.

    Raises Refused: PMT-11, GAT-01, PMT-12; PRT-04, UNI-01, UNI-02 for quantities. Returns PMT-23, PMT-22.
    """
    body, permit = said.body, world.permit(said.body.permit)
    if not permit.known:
        raise DRAWABLE.refuse(f"{permit.id} is not on record")
    check_known(world, body.items)
    _check_drawer(world, said, permit)
    _check_lines(permit, body, rules)
    yield from in_force(world, said, (permit.id,), body.items, rules)
    for drawn in body.lines:
        line, amount = permit.lines[drawn.line], drawn.quantity.quantity
        if line.allowed is None:
            continue
        before = line.drawn_in(line.allowed.unit)
        if before.value + amount.into(line.allowed.unit).value > line.allowed.value:
            yield WITHIN.breach(
                (permit.id, *body.items),
                permit=permit.id,
                line=drawn.line,
                amount=amount,
                drawn=before,
                allowed=line.allowed,
            )


def drawn_beyond(was: Permit, permit: Permit) -> Iterator[Breach]:
    """Yield PMT-22 for lines of which a correction or late telling leaves more drawn than before, and than allowed."""
    for number, line in permit.lines.items():
        if line.allowed is None:
            continue
        unit, line_then = line.allowed.unit, was.lines.get(number)
        now = line.drawn_in(unit)
        before = Quantity(Decimal(0), unit) if line_then is None else line_then.drawn_in(unit)
        if now.value > line.allowed.value and now.value > before.value:
            more = Quantity(now.value - before.value, unit)
            yield WITHIN.breach(
                (permit.id,), permit=permit.id, line=number, amount=more, drawn=before, allowed=line.allowed
            )


def in_force(
    world: World, said: Signed[Any], permits: Iterable[PermitId], items: Iterable[ItemId], rules: RulePack
) -> Iterator[Breach]:
    """Yield PMT-23 for permits that do not hold at the time of an act on some items."""
    day = rules.working_days.local_date(said.occurred_at)
    for permit in map(world.permit, permits):
        if (state := permit.why_not(said.occurred_at, day)) is not None:
            yield IN_FORCE.breach((permit.id, *items), permit=permit.id, day=day, state=state)


def _check_drawer(world: World, said: Signed[PermitDrawn], permit: Permit) -> None:
    for signer in said.signers:
        has_them = all(world.item(item).custodian == signer.party for item in said.body.items)
        if signer.role not in ISSUING and signer.party != permit.holder and not has_them:
            raise DRAWER.refuse(f"{signer.party} neither holds {permit.id} nor has all of the items")


def _check_lines(permit: Permit, body: PermitDrawn, rules: RulePack) -> None:
    if len({one.line for one in body.lines}) < len(body.lines):
        raise DRAWABLE.refuse(f"a line of {permit.id} is named twice")
    for drawn in body.lines:
        line, amount = permit.lines.get(drawn.line), drawn.quantity.quantity
        if line is None:
            raise DRAWABLE.refuse(f"{permit.id} has no line {drawn.line} on record")
        check_some(amount)
        rules.units.check(amount)
        if line.allowed is not None and not alike(amount.unit, line.allowed.unit):
            raise DRAWABLE.refuse(f"{permit.id} line {drawn.line} is permitted in {line.allowed.unit}")


# Effects


def permit_drawn(permit: Permit, event: Event[PermitDrawn]) -> Permit:
    """Return the permit with the items under it, and what they take up drawn."""
    body = event.said.body
    if permit.id != body.permit:
        return permit
    lines = permit.lines
    for drawn in body.lines:
        if (line := lines.get(drawn.line)) is not None:
            lines = lines.insert(drawn.line, line.with_drawn(drawn.quantity.quantity))
    return replace(permit, lines=lines, items=permit.items.update(body.items))


def item_drawn(item: Item, event: Event[PermitDrawn]) -> Item:
    """Return the item as under one permit more."""
    body = event.said.body
    return replace(item, permits=item.permits | {body.permit}) if item.id in body.items else item
