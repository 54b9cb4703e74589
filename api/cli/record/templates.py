"""From a kind's schema to an editable draft in TOML: required members to be filled in, optional ones commented out.

Knows no kind by name: the schema says all.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from api.cli.record.drafts import OPEN, SHUT
from api.schemas import BodySchema, id_type_of
from ledger.domain.codes import REASON
from ledger.domain.vocabulary import LIST
from ledger.quantity import DECIMAL_PATTERN
from ledger.reference.codes import load_names

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from api.schemas import Schema
    from ledger.domain.kind import Kind

_PLAIN: Final = {DECIMAL_PATTERN: "a plain decimal, like 1.5"}

_HEAD: Final = """\
# {kind}: {says}
#
# Fill in what stands between {open} and {shut}. Lines that begin with # are notes; take the # away to use one.
# Then: vialog statement sign THIS-FILE --key KEY-FILE --out SIGNED-FILE
# One [[signers]] for each who signs, in the order of the --key options. Speaks as: {roles}.

log = {log}
kind = {kind_text}
# occurred_at = "2026-11-21T08:30:00Z"   # when it happened, in UTC; left out: the moment of signing
# reason = {reason}
# corrects = {corrects}
# acknowledges = [{{rule = "GEN-10", reason = {reason}}}]   # breaches that you know of
# seen = {{size = 0, root = {root}}}   # the newest checkpoint you know
# capture = {{mode = "bench"}}   # bench, import, api, device, offline

[[signers]]
party = {party}
person = {person}
role = {role}
meaning = {meaning}
"""
_TAIL: Final = """
# Words, names and other personal data never enter the log: what stands here travels beside it and can be erased.
# [disclose]
# note = {note}
"""


def draft_of(kind: Kind[Any], log: str, signer: Mapping[str, str | None]) -> str:
    """Return the draft of a statement.

    signer: party, person, role and meaning of the first signer, as far as they are known.
    """
    roles = sorted(kind.roles | kind.recorders)
    known = {"role": roles[0] if len(roles) == 1 else None, "meaning": "performed"}
    known |= {name: value for name, value in signer.items() if value}
    head = _HEAD.format(
        kind=kind.name,
        kind_text=_text(kind.name),
        says=description_of(kind),
        open=OPEN,
        shut=SHUT,
        roles=", ".join(roles),
        log=_text(log),
        reason=_blank("a code of the list reason"),
        corrects=_blank("id of the statement that this one puts right"),
        root=_blank("base64"),
        party=_text(known.get("party") or f"{OPEN}party:…{SHUT}"),
        person=_text(known.get("person") or f"{OPEN}code of the person, like t-07{SHUT}"),
        role=_text(known.get("role") or f"{OPEN}{', '.join(roles)}{SHUT}"),
        meaning=_text(known["meaning"] or ""),
    )
    schema = BodySchema(kind)
    body = "\n".join(_members(schema))
    codes = "\n".join(_codes([*_lists(schema.definitions), REASON]))
    return f"{head}\n[body]\n{body}\n{_TAIL.format(note=_blank('words'))}\n{codes}\n"


def description_of(kind: Kind[Any]) -> str:
    """Return what a kind says, the first paragraph of its body's docstring, on one line."""
    return " ".join((kind.body.__doc__ or "").split("\n\n")[0].split())


def _members(body: BodySchema) -> Iterator[str]:
    required = body.root.get("required", [])
    for name, member in body.root["properties"].items():
        found = body.resolved(member)
        note = _note(found)
        mark = "" if name in required else "# "
        yield f"{mark}{name} = {_value(found, body, last=name not in required)}{note}"


def _value(schema: Schema, body: BodySchema, *, last: bool = False) -> str:
    """Write an example of a value, on one line where it stands in a comment or inside another."""
    match schema:
        case {"enum": words}:
            return _blank(", ".join(map(str, words)))
        case {"type": "object", "properties": properties}:
            required = schema.get("required", [])
            members = ((name, _value(body.resolved(member), body, last=True)) for name, member in properties.items())
            # A comment cannot stand inside an inline table: what may be left out says so in its blank.
            said = (f"{name} = {value if name in required else _optional(value)}" for name, value in members)
            return f"{{{', '.join(said)}}}"
        case {"type": "array", "items": items}:
            inner = _value(body.resolved(items), body, last=True)
            return f"[{inner}]" if last else f"[\n  {inner},\n]"
        case {"type": "array", "prefixItems": items}:
            return f"[{', '.join(_value(body.resolved(one), body, last=True) for one in items)}]"
        case {"type": "boolean"}:
            return _blank("true or false, without quotes")
        case {"type": "integer"}:
            return _blank("a whole number, without quotes")
        case {"format": form}:
            return _blank(form)
        case {"pattern": pattern}:
            id_type = id_type_of(schema)
            prefix = f"{id_type}:…" if id_type else ""
            return _blank(_PLAIN.get(pattern) or prefix or schema.get("description", "text").rstrip("."))
        case _:
            return _blank("text")


def _lists(schema: object) -> Iterator[str]:
    """Yield the lists of codes that the members of a schema name."""
    match schema:
        case {"x-codes": str(name)}:
            yield name
        case dict():
            for one in schema.values():
                yield from _lists(one)
        case list():
            for one in schema:
                yield from _lists(one)


def _codes(names: Iterable[str]) -> Iterator[str]:
    """Yield the codes of some lists with what they mean, as comments."""
    yield "# The lists of codes."
    codes = load_names()
    for name in dict.fromkeys(names):
        more = ", or a code of your own, which begins with x-" if name in codes.own else ""
        yield f"#\n# {name}{more}:"
        widest = max(map(len, codes.by_list[name]))
        for one in codes.by_list[name].values():
            yield f"#   {one.code:<{widest}}  {one.name_en} {one.name_zh}"


def _note(schema: Schema) -> str:
    said = "" if LIST in schema else schema.get("description", "")  # the blank of a code says it already
    return f"   # {' '.join(said.split(chr(10) * 2)[0].split())}" if said and schema.get("type") != "object" else ""


def _optional(value: str) -> str:
    return value.replace(SHUT, f"; or take this member out{SHUT}", 1)


def _blank(what: str) -> str:
    return _text(f"{OPEN}{what}{SHUT}")


def _text(value: str) -> str:
    # JSON's strings are TOML's basic strings, but for DEL, which no value of ours holds.
    return json.dumps(value, ensure_ascii=False)
