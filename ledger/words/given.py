"""Which statements give names, and in which of their members: one literal table.

On the members of a body as they are signed, so the page in a browser carries the same one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from ledger.words.table import Language

LABEL: Final = "label"
LOT: Final = "lot"
NAME: Final = "name"
CHINESE: Final = "Chinese name"
NUMBER: Final = "number"
PERSON: Final = "person"
REGISTER: Final = "register number"
CERTIFICATE: Final = "certificate"
DECLARATION: Final = "declaration"
RELEASE: Final = "release"
TRANSPORT: Final = "transport document"
NOTICE: Final = "notice"
MANIFEST: Final = "manifest"

_ELSE: Final = (NUMBER, TRANSPORT, NOTICE, MANIFEST, PERSON)
CALLED_BY: Final[Mapping[Language, tuple[str, ...]]] = {
    Language.ENGLISH: (LABEL, NAME, *_ELSE),
    Language.CHINESE: (LABEL, CHINESE, NAME, *_ELSE),
}
"""What a subject is called by in a language: the first of these sorts of name that it has; of several of one sort the
last."""

RELABELLED: Final = "item.labelled/1"
"""The kind that gives what has a name another one: it counts behind all others, in the order of the acts."""


@dataclass(frozen=True, slots=True)
class Giving:
    """How a statement names something.

    subject: the member that holds the id. rows: the member that holds rows, or one row, with that; "" the body itself.
    names: sorts of name, each with the member that holds it and may be left out; none: only the id is told.
    """

    subject: str
    rows: str = ""
    names: tuple[tuple[str, str], ...] = ()


_NAMES: Final = ((NAME, "name"), (CHINESE, "name_zh"))
_CASE: Final = Giving("case")
_LISTED: Final = Giving("item", "items", ((LABEL, "label"), (LOT, "lot")))
_OUTPUTS: Final = Giving("item", "outputs", ((LABEL, "label"),))


def _named(subject: str, *names: tuple[str, str]) -> Giving:
    return Giving(subject, names=names)


GIVEN: Final[Mapping[str, tuple[Giving, ...]]] = {
    "log.opened/1": (_named("party", *_NAMES), _named("key", (PERSON, "person"))),
    "party.registered/1": (_named("party", *_NAMES, (REGISTER, "register_number")),),
    "unit.registered/1": (_named("party", (REGISTER, "number")),),
    "key.enrolled/1": (_named("key", (PERSON, "person")),),
    "site.registered/1": (_named("site", *_NAMES, (CERTIFICATE, "certificate")),),
    "permit.recorded/1": (_named("permit", (NUMBER, "number")),),
    "approval.granted/1": (_named("approval", (NUMBER, "number")),),
    "consignment.announced/1": (_named("consignment", (TRANSPORT, "transport_document")),),
    "consignment.declared/1": (_named("consignment", (DECLARATION, "declaration_number")),),
    "consignment.released/1": (_named("consignment", (RELEASE, "release_number")),),
    "consignment.certified/1": (Giving("consignment"), _LISTED),
    "item.listed/1": (_LISTED,),
    "item.collected/1": (_LISTED,),
    "stock.opened/1": (_LISTED,),
    RELABELLED: (_named("item", (LABEL, "label")),),
    "item.aliquoted/1": (Giving("item", "children", ((LABEL, "label"),)),),
    "item.pooled/1": (Giving("item", "output", ((LABEL, "label"),)),),
    "item.derived/1": (_OUTPUTS,),
    "item.propagated/1": (_OUTPUTS,),
    "discrepancy.recorded/1": (_CASE,),
    "transfer.sent/1": (_CASE,),
    "supervision.planned/1": (_CASE,),
    "recall.ordered/1": (_CASE,),
    "legal-hold.placed/1": (_CASE,),
    "audit.granted/1": (_CASE,),
    "consent.withdrawn/1": (_CASE,),
    "loss.reported/1": (_CASE,),
    "incident.reported/1": (_CASE,),
    "disposal.requested/1": (_CASE,),
    "application.submitted/1": (_CASE,),
    "assessment-meeting.held/1": (_CASE,),
    "risk-assessment.requested/1": (_CASE,),
    "return.ordered/1": (_named("case", (NOTICE, "notice_number")),),
    "destruction.ordered/1": (_named("case", (NOTICE, "notice_number")),),
    "waste.handed-over/1": (_named("case", (MANIFEST, "manifest_number")),),
    "waste.certified/1": (_named("case", (CERTIFICATE, "certificate_number")),),
}
"""By kind, the names that a statement gives."""
