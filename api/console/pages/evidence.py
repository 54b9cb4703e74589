"""Evidence about a subject, before it is taken along: how much it is, what it withholds, what answers it can hold."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any, Final

from fastapi import APIRouter, Request, Response

from api.access.entire import TooLarge, Withheld
from api.console.frame import PageRoute, page
from api.console.language import Told
from api.console.telling import NOUNS, Teller
from api.http.answering.evidence import OF, bundle_of
from api.http.answering.parameters import parameters_of
from api.http.answering.reading import Reads
from api.language import spoken
from ledger.errors import NotFound
from ledger.evidence.bundle.archive import read_archive
from ledger.evidence.bundle.manifest import parse_manifest
from ledger.ids import Tag, is_tag, type_of
from ledger.words.table import questions_in
from projections.asked.table import QUESTIONS
from projections.claims.table import CLAIMABLE

if TYPE_CHECKING:
    from api.http.answering.reading import Reading

router = APIRouter(route_class=PageRoute, include_in_schema=False)

_TYPES: Final = frozenset(OF.values())


@router.get("/evidence/{ident}")
def evidence(ident: str, request: Request, reads: Reads, language: Told) -> Response:
    """Show what a bundle about a subject holds, and where it is; 404 where nothing of the subject may be seen."""
    parameters_of(request, ("lang",))
    tag = Tag(ident)
    if not is_tag(ident) or type_of(tag) not in _TYPES:
        raise NotFound("the record has no such subject for you")
    reads.check_seen(tag)
    teller, address = Teller(reads, language), f"/v1/{NOUNS[type_of(tag)]}/{tag}/evidence"
    held, why_not = _held(reads, tag)
    in_part = held is not None and held["in_part"]
    claims = [(one, questions_in(language)[one]) for one in CLAIMABLE if type_of(tag) in QUESTIONS[one].about]
    values = {
        "tag": tag,
        "name": teller.name(tag),
        "sort": teller.sort(tag),
        "held": held,
        "withheld": "" if why_not is None else spoken(str(why_not), language),
        "hidden": isinstance(why_not, Withheld) and not isinstance(why_not, TooLarge),
        "address": f"{address}?part=yes" if in_part else address,
        "claims": [] if in_part else [(f"{address}?question={one}", asks) for one, asks in claims],
        "file": f"{tag.replace(':', '-')}.zip",
    }
    return page(request, "evidence.html", {**teller.of_every_page, **values})


def _held(reads: Reading, tag: Tag) -> tuple[dict[str, Any] | None, Exception | None]:
    """Return what a bundle holds, and what it withholds; or why there is none for this reader."""
    try:
        with reads.whole_log():
            data, size = bundle_of(tag, {}, reads, in_part=True)
    except (Withheld, NotFound) as error:
        return None, error
    manifest = parse_manifest(read_archive(data)["manifest.json"])
    return {
        "bytes": f"{len(data):,}",
        "sha256": hashlib.sha256(data).hexdigest(),
        "checkpoint": size,
        "entries": len(manifest.entries),
        "complete": [one for one in manifest.complete if type_of(one) != "key"],
        "in_part": manifest.is_in_part,
        "part": manifest.part,
        "withheld": [one.position for one in manifest.withheld],
        "of_keys": sum(type_of(one) == "key" for one in manifest.complete),
    }, None
