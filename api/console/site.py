"""The console's pages as one router: each a GET whose address can be sent, each act a POST."""

from __future__ import annotations

from typing import Final

from fastapi import APIRouter

from api.console import static_files
from api.console.acts import bench, cosigning, importing
from api.console.acts import pages as acts
from api.console.overseeing import agenda, cases, figuring, files, finding, recalling, visit
from api.console.pages import (
    accesses,
    asking,
    entries,
    evidence,
    home,
    inbox,
    keys,
    labels,
    lineage,
    overview,
    positions,
    searching,
    signing_in,
    subjects,
    verifying,
    worklist,
)

router: Final = APIRouter()
for one in (
    *(home, signing_in, searching, overview, worklist, inbox, asking, accesses, keys, evidence, labels, lineage),
    *(entries, positions, subjects, cases, visit, files, recalling, agenda, figuring, finding),
    *(acts, bench, cosigning, importing, verifying, static_files),
):
    router.include_router(one.router)
for one in (bench, cosigning, importing):
    router.include_router(one.pages)
