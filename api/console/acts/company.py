"""Who else of a party signs at a bench, and which of its disposals are approved: what an act of two persons names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger.domain.ending.disposal import DISPOSAL
from ledger.domain.fold import VOIDED, effective
from ledger.domain.states.subjects import Case, CaseStatus
from ledger.ids import KeyId, Tag
from ledger.statement.entries.enrolment import ENROLLING
from projections.names import Names
from projections.reading import read_checked

if TYPE_CHECKING:
    from collections.abc import Iterable

    from api.http.answering.reading import Reading
    from ledger.words.table import Language


def colleagues_of(reads: Reading) -> list[dict[str, str]]:
    """Return the other persons who sign for the reader's party, with each key of theirs that is not revoked."""
    who, world = reads.who, reads.record.world
    enrolled = effective(read_checked(one) for one in reads.store.about(Tag(who.party), kinds=(*ENROLLING, VOIDED)))
    keys = {KeyId(event.said.body.key): None for event in enrolled}
    found = [key for key in map(world.key, keys) if key.party == who.party and not key.revoked]
    others = sorted((key.person, key.id.removeprefix("key:"), key.alg) for key in found if key.person != who.person)
    return [{"person": person, "key": key, "alg": alg} for person, key, alg in others]


def disposals_of(reads: Reading, cases: Iterable[Tag], language: Language) -> list[dict[str, str]]:
    """Return which cases are disposals of the reader's party that are approved and not carried out yet."""
    found = []
    for tag in cases:
        if not reads.looking.sight(tag):
            continue
        case = reads.source.subject(tag)
        if isinstance(case, Case) and _waits(case, reads):
            called = Names(reads.source.about(tag)).called(tag, language)
            found.append({"id": case.id, "name": called or case.id, "method": case.method or ""})
    return found


def _waits(case: Case, reads: Reading) -> bool:
    own = case.party == reads.who.party or any(party == reads.who.party for party, _ in case.opened_by)
    return own and case.matter == DISPOSAL and case.status is CaseStatus.APPROVED
