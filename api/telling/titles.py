"""What a case is called that nobody named: its matter, and whom or what it is about."""

from __future__ import annotations

from typing import TYPE_CHECKING

from api.language import label
from ledger.domain.states.application import Application
from ledger.domain.states.risk import Assessment, Meeting
from ledger.domain.states.supervision import Supervision
from ledger.ids import Tag
from ledger.words.reader import Reader, code_word

if TYPE_CHECKING:
    from collections.abc import Callable

    from ledger.domain.states.subjects import Case
    from ledger.words.table import Language


def case_title(case: Case, name: Callable[[Tag], str], language: Language) -> str:
    """Return what a case that is on record is about, in words. name: what a subject is called."""
    what, about = code_word("matter", case.matter, Reader(language)), _about(case)
    return what if about is None else label("{what}: {whom}", language).format(what=what, whom=name(about))


def _about(case: Case) -> Tag | None:
    """Return whom or what a case is about most: of a supervision the unit, of an application who applies."""
    match case.detail:
        case Supervision() as detail:
            return Tag(detail.unit)
        case Application(applicant=applicant) | Assessment(applicant=applicant):
            return Tag(applicant)
        case Meeting() as detail:
            return Tag(detail.body)
        case _:
            named = case.consignment or case.approval or case.receiver or case.party
            return None if named is None else Tag(named)
