"""JSON that every reader reads alike: the strict form of all signed text.

RFC 8259 leaves open what duplicate names, large numbers and odd text mean, and parsers differ on them; signed
bytes must have one meaning. So everything on which a Python and a JavaScript reader could differ is refused, and
so is what a text may not hold (``strict_text``). This module never repairs and never guesses: a value is strict or it
is ``Malformed``, with the rule and the place.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NoReturn, TypeAlias

from ledger.errors import Malformed
from ledger.statement.text.strict_text import fault_in, is_plain

if TYPE_CHECKING:
    from collections.abc import Callable

JsonValue: TypeAlias = "bool | int | str | list[JsonValue] | dict[str, JsonValue] | None"
Path: TypeAlias = "list[str | int]"

SIZE_LIMIT: Final = 60_000
DEPTH_LIMIT: Final = 32
SAFE_INTEGER: Final = 2**53 - 1  # ECMAScript's Number.MAX_SAFE_INTEGER

_BOM: Final = b"\xef\xbb\xbf"
_PLAIN_NAME: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,63}")
# Possessive quantifiers and the optional closing quote keep this linear on any input.
_BRACKET_OR_STRING: Final = re.compile(r'[\[\]{}]|"(?:[^"\\]++|\\.)*+"?', re.DOTALL)


@dataclass(frozen=True, slots=True)
class _Fault:
    """Stands in the parsed tree for a value that is not strict, until the walk knows its place."""

    rule: str
    problem: str
    name: str | None = None  # the member it is at, where that is not the value's own place


def parse(data: bytes, *, root: str = "$", allowed: frozenset[str] = frozenset()) -> JsonValue:
    """Return the one value that some bytes write in the strict form.

    root: what the whole is called in an error's member.
    allowed: characters accepted although the strict form refuses them; only free text may need any.

    Raises Malformed: STM-01 to STM-15.
    """
    text = _decode(data, root)
    if nests_too_deep(text):
        raise Malformed("STM-05", root, f"nests deeper than {DEPTH_LIMIT}")
    if is_plain(text):
        try:
            plain, end = _PLAIN_DECODER.raw_decode(text)
        except ValueError:
            end = -1
        if end == len(text):
            whole: JsonValue = plain
            return whole
    return _parse_closely(text, root, allowed)


def _parse_closely(text: str, root: str, allowed: frozenset[str]) -> JsonValue:
    """Parse text that may not be strict, and say what is wrong with it and where."""
    if text[:1] in {" ", "\t", "\n", "\r"}:
        raise Malformed("STM-04", root, "white space stands before the value")
    try:
        value, end = _DECODER.raw_decode(text)
    except json.JSONDecodeError as error:
        raise Malformed("STM-03", root, f"not JSON: {error.msg} at character {error.pos}") from None
    if end != len(text):
        raise Malformed("STM-04", root, f"something follows the value at character {end}")
    _check(value, [], root, allowed)
    result: JsonValue = value
    return result


def encode(value: JsonValue, *, root: str = "$", allowed: frozenset[str] = frozenset()) -> bytes:
    """Return a value in the strict form: compact, UTF-8, members in the order given.

    Raises Malformed: whatever parse would refuse; ``parse(encode(value))`` equals the value.
    """
    _check(value, [], root, allowed)
    data = json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
    if len(data) > SIZE_LIMIT:
        raise Malformed("STM-01", root, f"{len(data)} bytes, more than {SIZE_LIMIT}")
    return data


def sorted_form(value: object) -> bytes:
    """Return the one form of a file that is compared or hashed: compact, UTF-8, members sorted by name.

    Raises ValueError: NaN or an infinity, which are no JSON.
    """
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False).encode()


def member_path(root: str, *steps: str | int) -> str:
    """Return where a member stands, like ``$.body.items[3].quantity``; odd names are quoted, in ASCII, and cut."""
    return root + "".join(_step(step) for step in steps)


def _step(step: str | int) -> str:
    if isinstance(step, int):
        return f"[{step}]"
    return f".{step}" if _PLAIN_NAME.fullmatch(step) else f"[{json.dumps(step[:64])}]"


def _decode(data: bytes, root: str) -> str:
    if len(data) > SIZE_LIMIT:
        raise Malformed("STM-01", root, f"{len(data)} bytes, more than {SIZE_LIMIT}")
    if data.startswith(_BOM):
        raise Malformed("STM-02", root, "begins with a byte order mark")
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        raise Malformed("STM-02", root, f"not UTF-8 at byte {error.start}") from None


def nests_too_deep(text: str, limit: int = DEPTH_LIMIT) -> bool:
    """Look before parsing: the parser recurses, and how deep it can go is not the same everywhere."""
    if text.count("[") + text.count("{") <= limit:
        return False
    depth = 0
    for token in _BRACKET_OR_STRING.finditer(text):
        if token[0] in {"[", "{"}:
            depth += 1
        elif token[0] in {"]", "}"}:
            depth -= 1
        if depth > limit:
            return True
    return False


def _check(value: object, path: Path, root: str, allowed: frozenset[str]) -> None:
    """Refuse the first value, in the order written, that is not strict. The path is shared, so that it costs little."""
    match value:
        case str():
            _check_text(value, path, root, allowed)
        case None | bool():
            pass
        case int():
            if abs(value) > SAFE_INTEGER:
                _fail("STM-09", "a whole number beyond 2^53-1, either way", path, root)
        case list():
            _check_depth(path, root)
            for index, inner in enumerate(value):
                path.append(index)
                _check(inner, path, root, allowed)
                path.pop()
        case dict():
            _check_depth(path, root)
            for name, inner in value.items():
                path.append(name)
                _check_text(name, path, root, allowed)
                _check(inner, path, root, allowed)
                path.pop()
        case _Fault(rule, problem, name):
            _fail(rule, problem, path if name is None else [*path, name], root)
        case _:
            _fail("STM-08", f"a {type(value).__name__} cannot be written", path, root)


def _check_depth(path: Path, root: str) -> None:
    if len(path) >= DEPTH_LIMIT:
        _fail("STM-05", f"nests deeper than {DEPTH_LIMIT}", path, root)


def _check_text(text: str, path: Path, root: str, allowed: frozenset[str]) -> None:
    if (fault := fault_in(text, allowed)) is not None:
        _fail(*fault, path, root)


def _fail(rule: str, problem: str, path: Path, root: str) -> NoReturn:
    raise Malformed(rule, member_path(root, *path), problem)


def _object(pairs: list[tuple[str, object]]) -> dict[str, object] | _Fault:
    members = dict(pairs)
    if len(members) == len(pairs):
        return members
    seen: set[str] = set()
    for name, _ in pairs:
        if name in seen:
            break
        seen.add(name)
    return _Fault("STM-06", "the member is named twice", name)


def _whole(text: str) -> int | _Fault:
    if text == "-0":
        return _Fault("STM-10", "minus zero")
    # 16 digits and a sign: converting a long text would cost the square of its length.
    if len(text) > 17 or abs(value := int(text)) > SAFE_INTEGER:
        return _Fault("STM-09", "a whole number beyond 2^53-1, either way")
    return value


def _fraction(_text: str) -> _Fault:
    return _Fault("STM-08", "a number with a point or an exponent")


def _constant(text: str) -> _Fault:
    return _Fault("STM-07", f"{text} is not a value")


def _distinct(pairs: list[tuple[str, object]]) -> dict[str, object]:
    """Return an object, or raise ValueError where a member is named twice."""
    members = dict(pairs)
    if len(members) != len(pairs):
        raise ValueError
    return members


def _without_fault(read: Callable[[str], object]) -> Callable[[str], object]:
    """Raise ValueError where a reader finds a fault."""

    def read_strictly(text: str) -> object:
        value = read(text)
        if isinstance(value, _Fault):
            raise ValueError(value.rule)  # noqa: TRY004  whoever catches it asks for no more
        return value

    return read_strictly


_DECODER: Final = json.JSONDecoder(
    object_pairs_hook=_object, parse_int=_whole, parse_float=_fraction, parse_constant=_constant
)
_PLAIN_DECODER: Final = json.JSONDecoder(
    object_pairs_hook=_distinct,
    parse_int=_without_fault(_whole),
    parse_float=_without_fault(_fraction),
    parse_constant=_without_fault(_constant),
)
