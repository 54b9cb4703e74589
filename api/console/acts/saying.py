"""What somebody says on a page becomes a draft: by the functions by which ``vialog record`` makes one of its options.

Nothing is kept between two requests: what was said stands in the page's address.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from api.console.acts.fields import SECOND
from api.drafts.acts.authors import key_of
from api.drafts.acts.options import Given, body_of
from api.drafts.acts.slots import Slots
from api.drafts.payload import draft_payload
from api.language import label
from ledger.meaning import Meaning

if TYPE_CHECKING:
    from collections.abc import Sequence

    from api.console.acts.fields import Field, Fields
    from api.http.answering.reading import Reading
    from api.telling.labels import Labels
    from ledger.domain.kind import Kind
    from ledger.statement.text.strict_json import JsonValue
    from ledger.words.table import Language

MOST_ROWS: Final = 40
"""Of a list on a page; more are scanned at the bench, or come from a file."""

ACKNOWLEDGED: Final = "acknowledge."
"""How the name of a parameter begins that acknowledges a breach; the rule stands behind it, and its value is why."""


@dataclass(frozen=True, slots=True)
class Said:
    """What was said. rows: by the fields of a list, the values of each of its rows in turn."""

    own: Mapping[str, str]
    rows: tuple[Mapping[str, str], ...]
    acknowledged: Mapping[str, str]
    role: str | None
    occurred_at: str | None
    second: str | None

    def given(self, fields: Fields, language: Language) -> list[Given]:
        """Return it as ``vialog record`` is given options: those of the statement, then those of the rows."""
        found = [
            Given(field.name, line, f"“{field.label}”")
            for field in fields.own
            for line in _lines(field, self.own.get(field.name, ""))
        ]
        for number, row in enumerate(self.rows, 1):
            where = label("row {number}", language).format(number=number)
            found += [
                Given(field.name, row[field.name], f"{where}, “{field.label}”", number)
                for _, listed in fields.lists
                for field in listed
                if row.get(field.name)
            ]
        return found

    def lacking(self, fields: Fields) -> list[Field]:
        """Return the fields that must be said and are not; of a row only where anything is said in it."""
        own = [one for one in fields.own if one.required and not self.own.get(one.name)]
        listed = [one for _, row in fields.lists for one in row if one.required]
        rows = self.rows or ({},)
        return own + [one for one in listed if any(not row.get(one.name) for row in rows)]


def said_of(pairs: Sequence[tuple[str, str]], fields: Fields) -> Said:
    """Read what was said from the parameters of an address; a row in which nothing is said is left out."""
    own = {name: value.strip() for name, value in pairs if name not in fields.rows}
    columns = {one: [value.strip() for name, value in pairs if name == one] for one in fields.rows}
    long = min(max(map(len, columns.values()), default=0), MOST_ROWS)
    rows = [{name: found[at] for name, found in columns.items() if at < len(found)} for at in range(long)]
    reasons = {
        name.removeprefix(ACKNOWLEDGED): why for name, why in own.items() if name.startswith(ACKNOWLEDGED) and why
    }
    told = tuple(row for row in rows if any(row.values()))
    return Said(own, told, reasons, own.get("role") or None, own.get("occurred_at") or None, own.get(SECOND) or None)


def payload_of(reads: Reading, labels: Labels, kind: Kind[Any], given: Sequence[Given], said: Said) -> bytes:
    """Return the bytes that are to be signed: a new statement by whoever reads, of now unless it says otherwise.

    given: what was said, as options. said: with the role in which it is said, and who of the party signs besides.

    Raises Malformed: DRF-05 and whatever the form of a statement forbids, DRF-04 the second person has no one key;
    NotFound.
    """
    signers = [_signer(reads, said.role)]
    if said.second is not None:
        of_second: dict[str, JsonValue] = {"person": said.second, "meaning": str(Meaning.WITNESSED)}
        signers.append({"party": reads.who.party, "role": said.role, **of_second})
    draft: dict[str, JsonValue] = {
        "log": reads.store.origin,
        "kind": kind.name,
        "signers": [*signers],
        "body": body_of(Slots(kind), given, labels),
    }
    if said.occurred_at is not None:
        draft["occurred_at"] = said.occurred_at
    if said.acknowledged:
        draft["acknowledges"] = [{"rule": rule, "reason": why} for rule, why in said.acknowledged.items()]
    clock = reads.doors.signing_in.clock
    return draft_payload(draft, (), clock, lambda party, person: key_of(labels, party, person))[0]


def _signer(reads: Reading, role: str | None) -> dict[str, JsonValue]:
    """Return who has signed in as the one who signs: with the very key of the sign-in."""
    who, thumbprint = reads.who, reads.who.key.removeprefix("key:")
    of_key: dict[str, JsonValue] = {"key": thumbprint, "alg": reads.record.world.key(who.key).alg}
    return {"party": who.party, "person": who.person, "role": role, "meaning": str(Meaning.PERFORMED), **of_key}


def _lines(field: Field, text: str) -> list[str]:
    if field.sort != "lines":
        return [text] if text else []
    return [line.strip() for line in text.splitlines() if line.strip()]
