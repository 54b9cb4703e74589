"""From a kind's schema to an editable draft in TOML: required members to be filled in, optional ones commented out.

What explains it is in a language; what is written into it is in none. Knows no kind by name: the schema says all.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from api.drafts.reading import OPEN, SHUT
from api.language import label, listed, reader_language, spoken
from api.manifests.choices import names_of
from api.telling.schemas import BodySchema, id_type_of
from ledger.domain.bodies.vocabulary import LIST
from ledger.domain.codes import REASON
from ledger.quantity import DECIMAL_PATTERN
from ledger.reference.codes import load_names
from ledger.statement.form.header import CaptureMode
from ledger.statement.wording import described
from ledger.words.table import Language, kinds_in

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from api.telling.schemas import Schema
    from ledger.domain.kind import Kind

_BLANKS: Final = (
    *("a code of the list reason", "id of the statement that this one puts right", "code of the person, like t-07"),
    *("true or false, without quotes", "a whole number, without quotes", "a plain decimal, like 1.5"),
    *("text", "words", "date", "date-time"),
)
"""What is to be filled in where no schema describes it."""

_DRAFT: Final = """\
# {kind}: {says}
#
# {fill_in}
# {then}: vialog statement sign FILE --key KEY --out SIGNED
# {signing}

log = {log}
kind = {kind_text}
# occurred_at = "2026-11-21T08:30:00Z"   # {when}
# reason = {reason}
# corrects = {corrects}
# acknowledges = [{{rule = "GEN-10", reason = {reason}}}]   # {breaches}
# seen = {{size = 0, root = {root}}}   # {seen}
# capture = {{mode = "bench"}}   # {modes}

[[signers]]
party = {party}
person = {person}
role = {role}
meaning = {meaning}

[body]
{body}

# {hidden}
# [disclose]
# note = {note}

{codes}
"""


def draft_of(kind: Kind[Any], log: str, signer: Mapping[str, str | None], language: Language = Language.ENGLISH) -> str:
    """Return the draft of a statement.

    signer: party, person, role and meaning of the first signer, as far as they are known. language: of all that
    explains it.
    """
    return _Drafting(kind, language).draft(log, signer)


def description_of(kind: Kind[Any]) -> str:
    """Return what a kind says, the first paragraph of its body's docstring, on one line."""
    return " ".join((kind.body.__doc__ or "").split("\n\n")[0].split())


def says_of(kind: Kind[Any], language: Language | None = None) -> str:
    """Return what a kind says in a language; in that of who runs the command if left out."""
    language = reader_language() if language is None else language
    return description_of(kind) if language is Language.ENGLISH else kinds_in(language)[kind.name].says


@dataclass(frozen=True, slots=True)
class _Drafting:
    """Writes the draft of one kind in one language."""

    kind: Kind[Any]
    language: Language

    def draft(self, log: str, signer: Mapping[str, str | None]) -> str:
        roles = sorted(self.kind.roles | self.kind.recorders)
        alone = {"role": str(roles[0])} if len(roles) == 1 else {}
        known = {"meaning": "performed"} | alone | {name: value for name, value in signer.items() if value}
        schema, language = BodySchema(self.kind), self.language
        signing = label("One [[signers]] for each who signs, in the order of the keys. Speaks as: {roles}.", language)
        fill_in = label("Fill in what stands between {open} and {shut}. Lines that begin with # are notes.", language)
        return _DRAFT.format(
            kind=self.kind.name,
            kind_text=_text(self.kind.name),
            says=says_of(self.kind, language),
            fill_in=fill_in.format(open=OPEN, shut=SHUT),
            then=label("A note that is to be used loses its #. Then", language),
            signing=signing.format(roles=self._choices(roles)),
            modes=self._choices([str(mode) for mode in CaptureMode]),
            when=label("when it happened, in UTC; left out: the moment of signing", language),
            breaches=label("breaches that you know of", language),
            seen=label("the newest checkpoint you know", language),
            hidden=label(
                "Names and other personal data never enter the log: they stand beside it, erasable.", language
            ),
            log=_text(log),
            reason=self._blank("a code of the list reason"),
            corrects=self._blank("id of the statement that this one puts right"),
            root=_text(f"{OPEN}base64{SHUT}"),
            party=_text(known.get("party") or f"{OPEN}party:…{SHUT}"),
            person=_text(known["person"]) if "person" in known else self._blank("code of the person, like t-07"),
            role=_text(known.get("role") or f"{OPEN}{self._choices(roles)}{SHUT}"),
            meaning=_text(known["meaning"]),
            body="\n".join(self._members(schema)),
            note=self._blank("words"),
            codes="\n".join(self._codes([*_lists(schema.definitions), REASON])),
        )

    def _members(self, body: BodySchema) -> Iterator[str]:
        required = body.root.get("required", [])
        for name, member in body.root["properties"].items():
            found = body.resolved(member)
            mark = "" if name in required else "# "
            yield f"{mark}{name} = {self._value(found, body, last=name not in required)}{self._note(found)}"

    def _value(self, schema: Schema, body: BodySchema, *, last: bool = False) -> str:
        """Write an example of a value, on one line where it stands in a comment or inside another."""
        match schema:
            case {"enum": words}:
                return _text(f"{OPEN}{self._choices(list(map(str, words)))}{SHUT}")
            case {"type": "object", "properties": properties}:
                required = schema.get("required", [])
                members = ((name, self._value(body.resolved(one), body, last=True)) for name, one in properties.items())
                # A comment cannot stand inside an inline table: what may be left out says so in its blank.
                said = (f"{name} = {value if name in required else self._optional(value)}" for name, value in members)
                return f"{{{', '.join(said)}}}"
            case {"type": "array", "items": items}:
                inner = self._value(body.resolved(items), body, last=True)
                return f"[{inner}]" if last else f"[\n  {inner},\n]"
            case {"type": "array", "prefixItems": items}:
                return f"[{', '.join(self._value(body.resolved(one), body, last=True) for one in items)}]"
            case {"type": "boolean"}:
                return self._blank("true or false, without quotes")
            case {"type": "integer"}:
                return self._blank("a whole number, without quotes")
            case {"format": form}:
                return self._blank(form)
            case {"pattern": pattern}:
                if pattern == DECIMAL_PATTERN:
                    return self._blank("a plain decimal, like 1.5")
                if (id_type := id_type_of(schema)) is not None:
                    return _text(f"{OPEN}{id_type}:…{SHUT}")
                return self._blank(self._described(schema.get("description", "text")))
            case _:
                return self._blank("text")

    def _choices(self, choices: Sequence[str]) -> str:
        """Return the words of a closed list, in another language than English with what they mean."""
        called = {} if self.language is Language.ENGLISH else names_of(tuple(choices), self.language)
        return listed((f"{one} {called[one]}" if one in called else one for one in choices), self.language)

    def _codes(self, names: Iterable[str]) -> Iterator[str]:
        """Yield the codes of some lists with what they mean, as comments."""
        yield f"# {label('The lists of codes.', self.language)}"
        codes, own = load_names(), label(", or a code of your own, which begins with x-", self.language)
        for name in dict.fromkeys(names):
            yield f"#\n# {name}{own if name in codes.own else ''}:"
            widest = max(map(len, codes.by_list[name]))
            for one in codes.by_list[name].values():
                yield f"#   {one.code:<{widest}}  {one.name_en} {one.name_zh}"

    def _note(self, schema: Schema) -> str:
        said = "" if LIST in schema else schema.get("description", "")  # the blank of a code says it already
        return f"   # {self._described(said)}" if said and schema.get("type") != "object" else ""

    def _described(self, said: str) -> str:
        """Return what a schema says of a member, as it stands there; in another language as a part of a sentence."""
        if self.language is Language.ENGLISH:
            return " ".join(said.split("\n\n", maxsplit=1)[0].split())
        return spoken(described(" ".join(said.split()), None), self.language)

    def _optional(self, value: str) -> str:
        more = label("; or take this member out", self.language)
        return value.replace(SHUT, f"{more}{SHUT}", 1)

    def _blank(self, what: str) -> str:
        return _text(f"{OPEN}{label(what, self.language) if what in _BLANKS else what.rstrip('.')}{SHUT}")


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


def _text(value: str) -> str:
    # JSON's strings are TOML's basic strings, but for DEL, which no value of ours holds.
    return json.dumps(value, ensure_ascii=False)
