"""What a body does not say is left out, in one way: no member of a kind is ever null, and no schema says otherwise."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import msgspec
import pytest
from msgspec import inspect

from ledger.errors import Malformed
from ledger.evidence.gathering.schemas import schema_of
from ledger.statement.catalogue import KINDS
from ledger.statement.form.payload import read_payload
from tests.corpus.sample import sample_payload, seeded

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ledger.domain.kind import Kind

Steps = tuple[str | int, ...]
EACH_KIND = pytest.mark.parametrize("kind", KINDS.values(), ids=list(KINDS))


def optional(asked: inspect.Type, steps: Steps = ()) -> Iterator[Steps]:
    """Yield the way to each member that may be left out, through objects and the first element of lists."""
    match asked:
        case inspect.Metadata(type=inner):
            yield from optional(inner, steps)
        case inspect.UnionType(types=types):
            if any(isinstance(one, inspect.NoneType) for one in types):
                yield steps
            for one in types:
                yield from optional(one, steps)
        case inspect.StructType(fields=fields):
            for field in fields:
                yield from optional(field.type, (*steps, field.encode_name))
        case inspect.VarTupleType(item_type=inner):
            yield from optional(inner, (*steps, 0))


def with_null(steps: Steps) -> object:
    """Return the least value in which a null stands at the end of a way."""
    if not steps:
        return None
    inner = with_null(steps[1:])
    return [inner] if steps[0] == 0 else {steps[0]: inner}


def test_the_walk_finds_the_members_that_may_be_left_out() -> None:
    found = {name: list(optional(msgspec.inspect.type_info(kind.body))) for name, kind in KINDS.items()}
    assert {("temperature",), ("items", 0, "quantity")} <= set(found["item.received/1"])
    assert sum(map(bool, found.values())) > 40
    assert sum(map(len, found.values())) > 80


@pytest.mark.rule("STM-19")
@EACH_KIND
def test_no_member_of_a_body_is_null(kind: Kind[Any]) -> None:
    good = json.loads(sample_payload([seeded(1)]))
    for steps in optional(msgspec.inspect.type_info(kind.body)):
        bent = {**good, "kind": kind.name, "body": with_null(steps)}
        with pytest.raises(Malformed) as caught:
            read_payload(json.dumps(bent, ensure_ascii=False).encode())
        member = "".join(f"[{step}]" if step == 0 else f".{step}" for step in steps)
        assert (caught.value.rule, caught.value.member) == ("STM-19", f"$.body{member}")


@EACH_KIND
def test_no_schema_lets_a_member_be_null(kind: Kind[Any]) -> None:
    assert "null" not in schema_of(kind)


def test_the_word_null_is_no_null() -> None:
    good = json.loads(sample_payload([seeded(1)]))
    assert read_payload(json.dumps({**good, "body": {"null": "null"}}).encode()).body == {"null": "null"}
