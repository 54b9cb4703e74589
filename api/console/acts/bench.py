"""The bench: one page with one scan field, that also works where there is no network, and what it knows by heart.

The page holds no data of the record and is the same for everybody, so that a browser may keep it. What it knows of
items, places and parties it asks for with the session of whoever works there, and keeps until it asks again.
"""

from __future__ import annotations

import hashlib
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Final

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse

from api.console.acts.places import places_of
from api.console.frame import HEADERS, PageRoute, page
from api.console.language import PARAMETER, Told
from api.console.static_files import content_of
from api.drafts.acts.authors import roles_in
from api.drafts.acts.kinds import ACTS
from api.http.answering.parameters import parameters_of
from api.http.answering.reading import Reads
from api.labels.codes import code_of
from ledger.clock import format_time
from ledger.domain.bodies.printed import search_key
from ledger.domain.fold import VOIDED
from ledger.domain.states.border import Consignment
from ledger.domain.states.subjects import Item, ItemStatus
from ledger.ids import PartyId, Tag
from ledger.statement.catalogue import KINDS
from ledger.words.table import Language, words_in

if TYPE_CHECKING:
    from collections.abc import Mapping

    from api.http.answering.reading import Reading

router = APIRouter(include_in_schema=False)
pages = APIRouter(route_class=PageRoute, include_in_schema=False)

AT_BENCH: Final = ("receive", "store", "move", "check-out", "return", "use", "hand-over", "accept")
"""The acts that are scanned; all others that one person states have a page of their own."""
MOST_ITEMS: Final = 20_000
"""So many items a bench knows by heart; what is not among them it cannot tell from what is not on record."""

SHELL: Final = ("/bench", "/bench?lang=en", "/bench?lang=zh")
FILES: Final = (
    *("keys.js", "console.css", "govuk-frontend.css", "icon.svg"),
    *(f"acts/{name}.js" for name in ("bench", "gathered", "keeping", "known", "making", "offline", "panel")),
    *(f"acts/{name}.js" for name in ("queue", "rows", "scanning", "statement", "sticky", "telling")),
)
"""What the page loads, by its address under ``/static``."""


@pages.get("/bench")
def bench(request: Request, language: Told) -> Response:
    """Show the bench; what it knows is asked for by its script, with the session."""
    parameters_of(request, (PARAMETER,))
    words = words_in(language).code
    values = {
        "acts": AT_BENCH,
        "version": version(),
        "conditions": list(words["condition"].items()),
        "packaging": list(words["packaging"].items()),
        "documents": list(words["documents"].items()),
        "purposes": list(words["purpose"].items()),
        "activities": list(words["work"].items()),
        "reasons": list(words["reason"].items()),
        "grounds": list(words["voiding-ground"].items()),
    }
    return page(request, "acts/bench.html", values)


@router.get("/bench/version")
def bench_version() -> Response:
    """Say which bench this service has, and what belongs to it, for a browser that keeps it."""
    said = {"version": version(), "shell": SHELL, "files": [f"/static/{name}" for name in FILES]}
    return JSONResponse(said, headers={"Cache-Control": "no-store"})


@router.get("/bench-worker.js")
def worker() -> Response:
    """Return the script with which a browser opens the bench where there is no network."""
    headers = {**HEADERS, "Cache-Control": "no-cache", "Service-Worker-Allowed": "/bench"}
    return Response(content_of("acts/worker.js"), media_type="text/javascript; charset=utf-8", headers=headers)


@router.get("/bench/known")
def known(request: Request, reads: Reads, language: Told) -> Response:
    """Say what a bench has to know by heart: who works there, as what, where, and with which items."""
    parameters_of(request, (PARAMETER,))
    with reads.whole_log():
        called = reads.source.names.called(Tag(reads.who.party), language)
        said = {
            **_who(reads),
            "called": called or reads.who.party,
            "places": places_of(reads, language),
            **_goods(reads, language),
        }
    return JSONResponse(said, headers={"Cache-Control": "no-store"})


@cache
def version() -> str:
    """Return the digest of all that belongs to the bench: where one byte of it differs, it is another one."""
    found = hashlib.sha256()
    for name in (*FILES, "acts/worker.js"):
        found.update(content_of(name))
    for template in ("frame.html", "acts/bench.html"):
        found.update(files("api.console").joinpath("templates", template).read_bytes())
    return found.hexdigest()[:16]


def _who(reads: Reading) -> Mapping[str, Any]:
    who, thumbprint = reads.who, reads.who.key.removeprefix("key:")
    world = reads.record.world
    kinds = {**{act: ACTS[act] for act in AT_BENCH}, "void": VOIDED}
    party = world.party(who.party)
    return {
        "log": reads.store.origin,
        "now": format_time(world.now),
        "position": reads.position,
        "party": who.party,
        "person": who.person,
        "key": thumbprint,
        "alg": world.key(who.key).alg,
        "acts": {act: {"kind": kind, "roles": roles_in(party, KINDS[kind])} for act, kind in kinds.items()},
    }


def _goods(reads: Reading, language: Language) -> Mapping[str, Any]:
    names = reads.source.names
    own = reads.who.party
    parties = [(str(one.id), names.called(Tag(one.id), language) or one.id) for one in reads.source.subjects("party")]  # type: ignore[attr-defined]
    consignments = [one for one in reads.source.subjects("consignment") if isinstance(one, Consignment)]
    coming = {one.id: one for one in consignments if _is_coming(one)}
    items = [one for one in reads.source.subjects("item") if isinstance(one, Item)]
    near = [one for one in items if _is_near(one, own) or one.consignment in coming]
    return {
        "parties": [(ident, name) for ident, name in parties if ident != own],
        "consignments": [
            {
                "id": one.id,
                "keys": _keys(reads, Tag(one.id)),
                "name": names.called(Tag(one.id), language) or one.id,
                "items": sorted(item for item in one.released_items if item not in one.received_items),
            }
            for one in coming.values()
        ],
        "items": [
            {
                "id": one.id,
                "keys": [*_keys(reads, Tag(one.id)), search_key(code_of(one.id))],
                "name": names.called(Tag(one.id), language) or one.id,
                "site": one.site,
                "place": one.place,
                "out": one.checked_out is not None,
            }
            for one in near[:MOST_ITEMS]
        ],
        "more": max(0, len(near) - MOST_ITEMS),
    }


def _is_coming(consignment: Consignment) -> bool:
    return any(item not in consignment.received_items for item in consignment.released_items)


def _is_near(item: Item, party: PartyId) -> bool:
    """Say whether a party has an item, or is being handed it, and something can be done with it."""
    handed = item.handover is not None and item.handover.receiver == party
    return item.status not in {ItemStatus.DISPOSED} and (item.custodian == party or handed)


def _keys(reads: Reading, tag: Tag) -> list[str]:
    """Return what finds a subject when it is scanned: all that it bears now, and its id."""
    return [*{search_key(one.text): None for one in reads.source.names.of(tag) if not one.old}, str(tag)]
