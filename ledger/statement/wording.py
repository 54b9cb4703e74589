"""What is not of its type, in the user's words: the library's complaint, told again with what the type says of itself.

The words come from the types: beside each pattern of a body stand a description and, where it helps, an example.
"""

from __future__ import annotations

import re
from types import UnionType
from typing import TYPE_CHECKING, Annotated, Any, Final, Union, get_args, get_origin, get_type_hints

import msgspec
from msgspec import inspect

from ledger.nearest import nearest, suggestion
from ledger.reference.codes import load_names
from ledger.statement.text.shape import not_here, quoted
from ledger.statement.text.strict_json import member_path

if TYPE_CHECKING:
    from collections.abc import Iterator

MISSING: Final = "is missing"

_COMPLAINT: Final = re.compile(r"(?P<problem>.*?)(?: - at `\$(?P<path>(?:\.\w+|\[[\d.]+\])*)`)?\Z", re.DOTALL)
_NAMED: Final = re.compile(r"Object (?P<how>missing required|contains unknown) field `(?P<name>.*)`\Z", re.DOTALL)
_GOT: Final = re.compile(r", got `(?P<sort>\w+)`\Z")
_STEP: Final = re.compile(r"\.(?P<name>\w+)|\[(?P<index>[\d.]+)\]")
_SORTS: Final = {
    "str": "a text",
    "int": "a number",
    "float": "a fraction",
    "bool": "true or false",
    "array": "a list",
    "object": "an object",
}
_UNKNOWN: Final = inspect.AnyType()


def in_words(error: msgspec.ValidationError, asked: Any, value: object) -> tuple[str, str]:  # noqa: ANN401  any type
    """Return the member at which a value is not of a type, and the problem with what stands there.

    asked: the type that the value was to be converted to, perhaps annotated.

    The member is a path below the value, ``.items[0].label``; "" is the value itself. Of an object by names that are
    not fixed, its members are ``[...]``.
    """
    found = _COMPLAINT.match(str(error))
    problem, path = (found["problem"], found["path"] or "") if found else (str(error), "")
    if (named := _NAMED.match(problem)) is not None:
        member = member_path(path, named["name"])
        if named["how"] == "missing required":
            return member, MISSING
        return member, not_here(named["name"], _members(_type_at(path, asked)))
    got = _GOT.search(problem)
    return path, _demand(_type_at(path, asked), got["sort"] if got else None, value_at(path, value))


def complaints(value: Any, asked: Any) -> Iterator[tuple[str, str]]:  # noqa: ANN401  any type
    """Yield everything for which a value is not of a type, each with member and problem as ``in_words`` tells them."""
    try:
        msgspec.convert(value, asked)
    except msgspec.ValidationError as error:
        first = in_words(error, asked, value)
    else:
        return
    found = list(_inside(value, _core(asked)))
    yield from found or [first]


def _inside(value: Any, asked: Any) -> Iterator[tuple[str, str]]:  # noqa: ANN401  any type
    if isinstance(value, list) and get_origin(asked) is tuple:
        for index, one in enumerate(value):
            for path, problem in complaints(one, get_args(asked)[0]):
                yield f"[{index}]{path}", problem
    if not isinstance(value, dict) or not isinstance(asked, type) or not issubclass(asked, msgspec.Struct):
        return
    for name in sorted(value.keys() - set(asked.__struct_fields__)):
        yield member_path("", str(name)), not_here(str(name), asked.__struct_fields__)
    hints = get_type_hints(asked, include_extras=True)
    for field in msgspec.structs.fields(asked):
        if field.name not in value:
            if field.required:
                yield f".{field.name}", MISSING
            continue
        for path, problem in complaints(value[field.name], hints[field.name]):
            yield f".{field.name}{path}", problem


def _core(asked: Any) -> Any:  # noqa: ANN401  any type
    """Return a type without what is annotated, and without the None of what may be left out."""
    if get_origin(asked) is Annotated:
        return _core(get_args(asked)[0])
    if get_origin(asked) in {Union, UnionType}:
        said = [one for one in get_args(asked) if one is not type(None)]
        return _core(said[0]) if len(said) == 1 else asked
    return asked


def _demand(asked: inspect.Type, got: str | None, given: object) -> str:
    words = _words(asked)
    if got is None:
        return f"{_shown(given)}must be {words}{_likely(asked, given)}"
    sort = _SORTS.get(got, got)
    if isinstance(asked, inspect.Metadata) and isinstance(asked.type, inspect.StrType):
        return f"{_shown(given)}must be a text, not {sort}: {words}"
    return f"{_shown(given)}must be {words}, not {sort}"


def _shown(given: object) -> str:
    """Return what stands there, before what must; nothing of what is long by nature."""
    match given:
        case str():
            return f"{quoted(given)} "
        case bool():
            return ""
        case int() | float():
            return f"{quoted(str(given))[1:-1]} "
        case _:
            return ""


def _likely(asked: inspect.Type, given: object) -> str:
    """Return which word of a list was likely meant; nothing where that is not known."""
    match asked:
        case inspect.Metadata(extra_json_schema={"x-codes": str(name)}) if isinstance(given, str):
            return f"; {load_names().hint(name, given)}"
        case inspect.EnumType(cls=choices) if isinstance(given, str):
            near = nearest(given, [one.value for one in choices])
            return f"; {suggestion(near, ())}" if near else ""
        case _:
            return ""


def value_at(path: str, value: object) -> object:
    """Return what stands at a path; None where that cannot be told."""
    for step in _STEP.finditer(path):
        if isinstance(value, dict) and step["name"] is not None:
            value = value.get(step["name"])
        elif isinstance(value, list) and (step["index"] or "").isdecimal():
            value = value[int(step["index"])]
        else:
            return None
    return value


def _type_at(path: str, asked: Any) -> inspect.Type:  # noqa: ANN401  as above
    found = _present(inspect.type_info(asked))
    for step in _STEP.finditer(path):
        found = _present(_member(found, step["name"]))
    return found


def _member(asked: inspect.Type, name: str | None) -> inspect.Type:
    """Return the type of an object's member, or of what is in a list."""
    match asked:
        case inspect.Metadata(type=inner):
            return _member(inner, name)
        case inspect.StructType(fields=fields):
            return next((field.type for field in fields if field.encode_name == name), _UNKNOWN)
        case inspect.VarTupleType(item_type=inner) | inspect.DictType(value_type=inner):
            return inner
        case _:
            return _UNKNOWN


def _members(asked: inspect.Type) -> list[str]:
    """Return the members that an object can have; none where their names are not fixed."""
    match asked:
        case inspect.Metadata(type=inner):
            return _members(inner)
        case inspect.StructType(fields=fields):
            return [field.encode_name for field in fields]
        case _:
            return []


def _present(asked: inspect.Type) -> inspect.Type:
    """Return the type of a member where it is not left out."""
    if isinstance(asked, inspect.UnionType):
        said = [one for one in asked.types if not isinstance(one, inspect.NoneType)]
        return said[0] if len(said) == 1 else asked
    return asked


def _words(asked: inspect.Type) -> str:
    match asked:
        case inspect.Metadata(type=inspect.StrType(), extra_json_schema={"description": str(said), **more}):
            return described(said, more.get("examples"))
        case inspect.Metadata(type=inner):
            return _words(inner)
        case inspect.UnionType(types=types):
            return " or ".join(map(_words, types))
        case inspect.EnumType(cls=choices):
            return f"one of {', '.join(one.value for one in choices)}"
        case inspect.StrType():
            return "a text"
        case inspect.IntType(ge=least, le=most):
            return "a whole number" + ("" if least is None or most is None else f" from {least:,} to {most:,}")
        case inspect.BoolType():
            return "true or false"
        case inspect.DateType():
            return 'a date such as "2026-09-01"'
        case inspect.DateTimeType():
            return 'a time with its zone such as "2026-09-01T08:30:00Z"'
        case inspect.VarTupleType(min_length=least, max_length=most):
            return "a list" if most is None else f"a list of {least or 0} to {most}"
        case inspect.StructType() | inspect.DictType():
            return "an object"
        case _:
            return "as the schema says"


def described(said: str, examples: object) -> str:
    """Return a description as part of a sentence: "A seal." becomes "a seal", but "HS code." keeps its capitals."""
    words = said.rstrip(".")
    if not (words[:2].isupper() and words[:2].isalpha()):
        words = words[0].lower() + words[1:]
    match examples:
        case [example, *_]:
            return f'{words}, such as "{example}"'
        case _:
            return words
