"""Codes in statements: which member takes a code of which list, and that it is one.

The lists are dated tables of the edition that judges (``ledger.reference.codes``), so a list grows without another
version of a kind. What stands in a body's schema is the form of a code and, as ``x-codes``, its list. A code that is
free by nature, such as a project's, is ``vocabulary.Code`` and of no list.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Annotated, Any, Final

from msgspec import Meta, inspect

from ledger.domain.bodies.vocabulary import CODE_PATTERN, LIST, Body

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ledger.domain.judging import Signed
    from ledger.domain.law.rules import RulePack

REASON: Final = "reason"
"""The list of the reasons in a statement's header: why it corrects, and why a breach is acknowledged."""


def _listed(name: str, said: str, example: str) -> Meta:
    return Meta(
        pattern=CODE_PATTERN,
        description=f"{said}: a code of the list {name}.",
        examples=[example],
        extra_json_schema={LIST: name},
    )


Business = Annotated[str, _listed("business", "What an organisation does", "testing")]
SiteUse = Annotated[str, _listed("site-use", "What a place is", "laboratory")]
Revocation = Annotated[str, _listed("revocation", "Why a key is revoked", "lost")]
Purpose = Annotated[str, _listed("purpose", "What goods are used for", "research")]
ApprovalGround = Annotated[str, _listed("approval-ground", "Why an approval ends or rests", "laboratory-differs")]
HoldGround = Annotated[str, _listed("hold-ground", "Why goods are held", "laboratory-test")]
OrderGround = Annotated[str, _listed("order-ground", "Why goods are ordered away", "quantity-exceeds")]
Condition = Annotated[str, _listed("release-condition", "What a release asks for", "consent-before-use")]
Packing = Annotated[str, _listed("packing", "How goods are packed", "p650")]
Refrigerant = Annotated[str, _listed("refrigerant", "What keeps goods cold", "dry-ice")]
RefusalGround = Annotated[str, _listed("refusal-ground", "Why items are not taken", "count-differs")]
Resolution = Annotated[str, _listed("resolution", "How a discrepancy was cleared up", "relabelled")]
Test = Annotated[str, _listed("test", "What is tested, or how", "pcr")]
Derivation = Annotated[str, _listed("derivation", "How new material is made", "extraction")]
InactivationMethod = Annotated[str, _listed("inactivation", "How agents are inactivated", "heat")]
Cause = Annotated[str, _listed("cause", "What led to a loss or an incident", "human-error")]
DisposalGround = Annotated[str, _listed("disposal-ground", "Why items are disposed of", "expired")]
VoidingGround = Annotated[str, _listed("voiding-ground", "Why a statement is taken back", "entered-twice")]


def check_codes(said: Signed[Any], rules: RulePack) -> None:
    """Check that the codes of a statement, in its header and its body, are of their lists.

    Raises Refused COD-01, naming the member, what stands there and what is nearest to it.
    """
    if said.reason is not None:
        rules.codes.check(REASON, said.reason, "$.reason")
    for index, reason in enumerate((said.acknowledged or {}).values()):
        rules.codes.check(REASON, reason, f"$.acknowledges[{index}].reason")
    for member, name, code in codes_in(said.body, "$.body"):
        rules.codes.check(name, code, member)


def codes_in(body: Body, at: str) -> Iterator[tuple[str, str, str]]:
    """Yield the codes in a body that are of a list: their member, below ``at``, their list, and themselves."""
    for field, name in _fields(type(body)):
        value = getattr(body, field)
        if isinstance(value, str):  # almost always, and this runs for every statement
            yield f"{at}.{field}", name, value
        elif value is not None:
            yield from _codes(value, name, f"{at}.{field}")


def _codes(value: object, name: str, at: str) -> Iterator[tuple[str, str, str]]:
    match value:
        case str():
            yield at, name, value
        case tuple():
            for index, one in enumerate(value):
                yield from _codes(one, name, f"{at}[{index}]")
        case Body():
            yield from codes_in(value, at)


@cache
def _fields(body: type[Body]) -> tuple[tuple[str, str], ...]:
    """Return the members of a body that hold codes of a list, each with its list; "" of what holds such further in."""
    found = inspect.type_info(body)
    assert isinstance(found, inspect.StructType)  # noqa: S101  a body is one
    return tuple((field.name, name) for field in found.fields if (name := _list_of(field.type)) is not None)


def _list_of(asked: inspect.Type) -> str | None:
    match asked:
        case inspect.Metadata(extra_json_schema={"x-codes": str(name)}):
            return name
        case inspect.Metadata(type=inner) | inspect.VarTupleType(item_type=inner):
            return _list_of(inner)
        case inspect.UnionType(types=several):
            return next(filter(lambda name: name is not None, map(_list_of, several)), None)
        case inspect.StructType(cls=body) if _fields(body):
            return ""
        case _:
            return None
