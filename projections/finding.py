"""Who is meant by what is printed on a tube, a box or a paper: candidates with what tells them apart."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from ledger.domain.states.border import Approval, Consignment
from ledger.domain.states.party import Party
from ledger.domain.states.permit import Permit
from ledger.domain.states.site import Site
from ledger.domain.states.subjects import Case, Item, Key
from ledger.words.table import Language

if TYPE_CHECKING:
    from collections.abc import Collection

    from ledger.domain.states.subjects import Subject
    from ledger.ids import Tag
    from projections.source import Source

MOST_DESCRIBED: Final = 10
"""Of so many candidates it is said what tells them apart: each costs its own history."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody or something that a text may mean.

    sort, text: which of its names it was found by. called: what it is called now; None: by nothing but its id.
    old: it was found by a label that it bears no more.
    about: what tells it apart from others, such as its consignment, status and place; "" where it was not looked at.
    """

    id: Tag
    sort: str
    text: str
    called: str | None
    old: bool
    about: str


def find(
    source: Source,
    text: str,
    id_type: str | None = None,
    among: Collection[Tag] = (),
    language: Language = Language.ENGLISH,
) -> tuple[Candidate, ...]:
    """Return whom a text may mean: those that bear it now, then those that bore it, each in the order of the record.

    text, id_type, among: as for ``Names.find``. language: in which it is said what they are called.

    Costs one pass over the log for the first question (``Source.names``), then the histories of the first candidates
    where there are several.
    """
    names = source.named(text, id_type)
    found = names.find(text, id_type, among)
    looked_at = found[:MOST_DESCRIBED] if len(found) > 1 else ()
    return tuple(
        Candidate(
            id=naming.subject,
            sort=naming.sort,
            text=naming.text,
            called=names.called(naming.subject, language),
            old=naming.old,
            about=_about(source.subject(naming.subject)) if naming in looked_at else "",
        )
        for naming in found
    )


def _about(subject: Subject) -> str:
    said: tuple[object, ...]
    match subject:
        case Item():
            said = (subject.status, subject.consignment, *subject.parents[:1], subject.site, subject.place)
        case Approval():
            said = (subject.status, subject.direction, subject.applicant, subject.valid_to)
        case Permit():
            said = (subject.scheme, subject.status, subject.holder, subject.valid_to)
        case Consignment():
            said = (subject.status, subject.route, subject.applicant)
        case Party():
            said = tuple(sorted(subject.roles))
        case Site():
            said = (subject.use, subject.party)
        case Case():
            said = (subject.matter, subject.status, subject.party)
        case Key():
            said = (subject.party, "revoked" if subject.revoked else "")
        case _:
            said = ()
    return ", ".join(str(one) for one in said if one)
