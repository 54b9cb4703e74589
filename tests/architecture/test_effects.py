"""An event changes those whom its body names, and nobody else who bears its tags; and no text of a body is an id."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

import msgspec
import pytest
from msgspec import inspect
from msgspec.structs import replace
from rpds import HashTrieMap

from ledger.domain.bodies.vocabulary import Role
from ledger.domain.fold import initial
from ledger.domain.states.border import Approval, Line
from ledger.domain.states.permit import Permit, PermitLine
from ledger.domain.states.site import Site
from ledger.domain.states.subjects import Case, Item, ItemStatus
from ledger.ids import PERMIT_MEMBERS, ItemId, Tag, is_tag, type_of
from ledger.quantity import Quantity
from ledger.statement.catalogue import KINDS
from ledger.statement.form.tags import tags_of
from tests.spec.world import events_of, said, signer

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ledger.domain.kind import Kind
    from ledger.domain.states.subjects import Subject

TYPES: Final = ("item", "approval", "consignment", "party", "site", "case", "permit", "key")
NAMED: Final = {one: Tag(f"{one}:named" if one != "key" else f"key:{'a' * 64}") for one in TYPES}
FOREIGN: Final = {one: Tag(f"{one}:foreign" if one != "key" else f"key:{'b' * 64}") for one in TYPES}
STATEMENT: Final = "01890000-0000-7000-8000-000000000000"
SAMPLES: Final = (*NAMED.values(), STATEMENT, "1", "a", "CN", "ed25519", "1234", "123456", "0" * 64, "0" * 43, "B2.10")
SCALARS: Final[dict[type[inspect.Type], Any]] = {
    inspect.BoolType: True,
    inspect.DateTimeType: datetime(2026, 9, 1, tzinfo=UTC),
    inspect.DateType: date(2026, 9, 1),
}
ABOUT: Final = [(name, one) for name, kind in KINDS.items() for one in TYPES if kind.changes(one)]


def value_of(described: inspect.Type, *, whole: bool) -> Any:  # noqa: ANN401  a member of any type
    """Return a value of a described type, with the named ids; whole: with all that can be left out."""
    match described:
        case inspect.StrType(pattern=str(pattern)):
            return next(sample for sample in SAMPLES if re.search(pattern, sample))
        case inspect.IntType():
            return described.ge or 1
        case inspect.EnumType():
            return next(iter(described.cls))
        case inspect.UnionType():
            return value_of(next(one for one in described.types if not isinstance(one, inspect.NoneType)), whole=whole)
        case inspect.VarTupleType():
            return tuple(value_of(described.item_type, whole=whole) for _ in range(described.min_length or whole))
        case inspect.StructType():
            fields = [field for field in described.fields if field.required or whole]
            return described.cls(**{field.name: value_of(field.type, whole=whole) for field in fields})
        case inspect.Metadata():
            return value_of(described.type, whole=whole)
        case _:
            return SCALARS[type(described)]


def texts_of(described: inspect.Type) -> Iterator[inspect.StrType]:
    """Yield the types of all texts in a described type."""
    match described:
        case inspect.StrType():
            yield described
        case inspect.UnionType():
            for one in described.types:
                yield from texts_of(one)
        case inspect.VarTupleType():
            yield from texts_of(described.item_type)
        case inspect.StructType():
            for field in described.fields:
                yield from texts_of(field.type)
        case inspect.Metadata():
            yield from texts_of(described.type)
        case _:
            pass


def members_of(described: inspect.Type) -> Iterator[tuple[str, inspect.Type]]:
    """Yield the members of all objects in a described type: of those that hold no object themselves."""
    match described:
        case inspect.UnionType():
            for one in described.types:
                yield from members_of(one)
        case inspect.VarTupleType():
            yield from members_of(described.item_type)
        case inspect.StructType():
            for field in described.fields:
                inner = list(members_of(field.type))
                yield from inner or [(field.name, field.type)]
        case inspect.Metadata():
            yield from members_of(described.type)
        case _:
            pass


def body_of(kind: Kind[Any], *, whole: bool) -> Any:  # noqa: ANN401  the kind's body
    """Return a body as it would be read, so that it is sure to have the form."""
    body = value_of(inspect.type_info(kind.body), whole=whole)
    return msgspec.json.decode(msgspec.json.encode(body), type=kind.body)


def known(tag: Tag) -> Subject:
    """Return a subject that is on record and has what an effect could change."""
    item, amount = ItemId(NAMED["item"]), Quantity(Decimal(10), "a")
    match subject := initial(tag):
        case Site():
            return replace(subject, known=True, places=HashTrieMap({"f1": item}), stands=HashTrieMap({item: "f1"}))
        case Approval():
            return replace(subject, known=True, lines=HashTrieMap({1: Line(product="serum", approved=amount)}))
        case Item():
            return replace(subject, known=True, quantity=amount, status=ItemStatus.RECEIVED, place="F1")
        case Case():
            return replace(subject, known=True, items=frozenset({item}))
        case Permit():
            return replace(subject, known=True, lines=HashTrieMap({1: PermitLine(name="serum")}))
        case _:
            return replace(subject, known=True)


@pytest.mark.parametrize("whole", [True, False], ids=["all members", "required members"])
@pytest.mark.parametrize(("name", "subject"), ABOUT)
def test_a_subject_is_left_alone_where_the_body_names_another_one(name: str, subject: str, whole: bool) -> None:
    body = body_of(KINDS[name], whole=whole)
    if subject not in {type_of(tag) for tag in tags_of(msgspec.to_builtins(body))}:
        return  # such as the consignment that an item came in with: the body names the item
    event = events_of([said(body, signer("party:signer", Role.OPERATOR))])[0]
    for foreign in (initial(FOREIGN[subject]), known(FOREIGN[subject])):
        assert KINDS[name].evolve(foreign, event) == foreign


@pytest.mark.parametrize("name", KINDS)
def test_no_text_of_a_body_is_an_id_unless_it_is_one_of_a_stated_type(name: str) -> None:
    for text in texts_of(inspect.type_info(KINDS[name].body)):
        assert text.pattern is not None
        for tag in (*FOREIGN.values(), Tag("site:a"), Tag(f"site:{'a' * 64}")):
            assert is_tag(tag)
            if type_of(tag) != "permit" and not text.pattern.startswith(f"^{type_of(tag)}:"):
                assert re.search(text.pattern, tag) is None, (text.pattern, tag)


@pytest.mark.parametrize("name", KINDS)
def test_the_id_of_a_permit_stands_in_members_of_its_own(name: str) -> None:
    for member, described in members_of(inspect.type_info(KINDS[name].body)):
        is_of_permits = any((text.pattern or "").startswith("^permit:") for text in texts_of(described))
        assert is_of_permits is (member in PERMIT_MEMBERS), member
