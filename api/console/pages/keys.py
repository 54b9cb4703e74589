"""The keys of one's own party: whose each is, since when, and whether it still counts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from fastapi import APIRouter, Request, Response

from api.console.frame import PageRoute, page
from api.console.language import Told
from api.console.telling import Teller
from api.http.answering.parameters import parameters_of
from api.http.answering.reading import Reads
from ledger.domain.fold import VOIDED, effective
from ledger.ids import KeyId, Tag
from ledger.statement.entries.enrolment import ENROLLING
from projections.reading import read_checked

if TYPE_CHECKING:
    from collections.abc import Iterator

router = APIRouter(route_class=PageRoute, include_in_schema=False)

_ENROLLING: Final = frozenset({*ENROLLING, VOIDED})


@router.get("/keys")
def keys(request: Request, reads: Reads, language: Told) -> Response:
    """Show the keys that speak, or spoke, for the party that reads."""
    parameters_of(request, ("lang",))
    teller = Teller(reads, language)
    rows = sorted(_rows(teller), key=lambda one: (one["revoked"], one["person"], one["position"]))
    return page(request, "keys.html", {**teller.of_every_page, "rows": rows, "mine": reads.who.key})


def _rows(teller: Teller) -> Iterator[dict[str, Any]]:
    reads = teller.reads
    recorded = reads.store.about(Tag(reads.who.party), kinds=_ENROLLING)
    for event in effective(read_checked(one) for one in recorded):
        key = reads.record.world.key(KeyId(event.said.body.key))
        if key.party == reads.who.party:
            yield {
                "key": key.id,
                "person": key.person,
                "alg": key.alg,
                "revoked": key.revoked,
                "since": teller.when(event.recorded),
                "position": event.position,
            }
