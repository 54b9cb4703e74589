"""The web application of one log: its routes and how it answers errors. Opened and closed by whoever serves it."""

from __future__ import annotations

from contextlib import asynccontextmanager
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from anyio.to_thread import current_default_thread_limiter
from fastapi import FastAPI, Request, Response
from fastapi.openapi.utils import get_openapi
from fastapi.responses import JSONResponse

from api.console.acts import importing
from api.console.site import router as console
from api.drafts.examples import examples, shown
from api.http import hooks, log_files, signing_in
from api.http.answering import accesses, entries, evidence, feed, labels, questions, recorded, subjects
from api.http.answering.due import digest, inbox, worklist
from api.http.bounds.followers import Followers
from api.http.bounds.methods import Headed
from api.http.bounds.standby import OnlyReads, Standby
from api.http.described import JSON, Responses, answers, components, problems
from api.http.doors import THREADS, doors_of
from api.http.health import Health
from api.http.metrics import FIGURES, Metrics, standing_of
from api.http.problems import MEDIA_TYPE, READ_ONLY, answer_problems
from api.http.recording import batches, drafts, statements, waiting
from api.http.recording.straight import Application
from api.http.server import ALWAYS
from api.rows import http
from api.submissions import MOST_BYTES
from ledger.errors import Unavailable

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping

    from api.http.doors import Doors


_TAGS: Final = [
    {"name": "statements", "description": "Record what happened."},
    {"name": "signing in", "description": "Prove who asks: by a key, or by a token that a person made."},
    {"name": "asking", "description": "Ask, by what whoever has signed in may read."},
    {"name": "what waits", "description": "Leave statements for those who sign them too, and drafts for later."},
    {"name": "hooks", "description": "Be told of what is recorded, wherever a party wants it."},
    {"name": "log files", "description": "The log as files, C2SP tlog-tiles."},
    {"name": "operations", "description": "Whether it works, and this document."},
]


_ONLY_READS: Final = answers(f"{READ_ONLY.name}: {READ_ONLY.title}", http.Problem, media=MEDIA_TYPE)


def create_app(doors: Doors) -> FastAPI:
    """Return the application for a log."""
    app = _routed()
    app.state.doors = doors
    app.state.largest_body = MOST_BYTES
    app.state.larger_bodies = {batches.PATH: batches.MOST_BYTES, importing.PATH: importing.MOST_BYTES}
    app.state.health = Health(doors)
    app.state.metrics = Metrics()
    app.state.followers = Followers(doors.grown, doors.signing_in.still_in)
    app.add_middleware(Headed)
    if doors.standby is not None:
        app.add_middleware(OnlyReads, standby=doors.standby)
    answer_problems(app)
    return app


def document(drafts: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """Return the OpenAPI document of the service, the same of every log.

    drafts: its examples of drafts; those that it comes with if left out.
    """
    app = _routed()
    made: dict[str, Any] = get_openapi(
        title=app.title, version=app.version, summary=app.summary, routes=app.routes, tags=_TAGS
    )
    made["components"]["schemas"] |= components()
    drafted = made["paths"]["/v1/drafts"]["post"]["requestBody"]["content"][JSON]
    drafted["examples"] = examples() if drafts is None else shown(drafts)
    for path in made["paths"].values():
        for operation in path.values():
            # FastAPI describes its own answer to what cannot be read; ours is 400, and described.
            if "HTTPValidationError" in str(operation["responses"].get("422")):
                del operation["responses"]["422"]
    for path, operations in made["paths"].items():
        anywhere = problems(431) if path in ALWAYS else problems(429, 431, Unavailable)
        for method, operation in operations.items():
            elsewhere = {} if Standby().takes(method.upper(), path) else {"405": _ONLY_READS}
            told = {str(one): answer for one, answer in anywhere.items()}
            operation["responses"] = told | elsewhere | operation["responses"]
    for name in ("HTTPValidationError", "ValidationError"):
        made["components"]["schemas"].pop(name, None)
    return made


def _routed() -> FastAPI:
    app = Application(
        title="Vialog",
        summary="A signed, witnessed ledger of biological samples that cross borders.",
        version="1",
        lifespan=_lifespan,
        openapi_url=None,
        docs_url=None,  # its page loads scripts from elsewhere
        redoc_url=None,
        redirect_slashes=False,  # a redirect names the host that the request named, whoever that is
    )
    for one in (
        statements,
        batches,
        drafts,
        questions,
        subjects,
        worklist,
        evidence,
        labels,
        entries,
        recorded,
        feed,
        inbox,
        digest,
        accesses,
        hooks,
        waiting,
        log_files,
        signing_in,
    ):
        app.include_router(one.router)
    app.include_router(console)
    health: Responses = {
        200: answers("It records and publishes.", http.Health),
        503: answers("Something does not work.", http.Unhealthy, media=MEDIA_TYPE),
    }
    for path, operation in (("/healthz", "read_health"), ("/readyz", "read_readiness")):
        app.get(path, operation_id=operation, tags=["operations"], responses=health)(_health)
    alive: Responses = {200: answers("The process answers, whatever its database does.", http.Alive)}
    app.get("/livez", operation_id="read_liveness", tags=["operations"], responses=alive)(_alive)
    figures: Responses = {200: answers("Figures for Prometheus.", media=FIGURES)}
    app.get("/metrics", operation_id="read_metrics", tags=["operations"], responses=figures)(_figures)
    app.get("/openapi.json", operation_id="read_openapi", tags=["operations"])(_document)
    return app


async def _alive() -> Response:
    """Say that the process answers: who restarts it needs no more, and a database that is away is no reason to."""
    return JSONResponse({"status": "ok"}, headers={"Cache-Control": "no-store"})


async def _figures(request: Request) -> Response:
    """Return how requests are answered, and how the log, its checkpoint, its witnesses and its views stand."""
    health: Health = request.app.state.health
    metrics: Metrics = request.app.state.metrics
    doors = doors_of(request)
    standing = standing_of(await health.found(), health.late, doors.ledger.waiting)
    delivered = {} if doors.deliverer is None else doors.deliverer.outcomes
    return metrics.answer(standing, doors.ledger.work, delivered, doors.whole_logs.counted)


async def _document() -> Response:
    """Return this document."""
    return Response(_described(), media_type="application/json")


@cache
def _described() -> bytes:
    return bytes(JSONResponse(document()).body)


@asynccontextmanager
async def _lifespan(_: FastAPI) -> AsyncIterator[None]:
    current_default_thread_limiter().total_tokens = THREADS
    yield


async def _health(request: Request) -> Response:
    """Say whether the log records and publishes, how many entries it has, and how many the newest checkpoint covers.

    ``witnesses`` says by name what is wrong with those that do not cosign, or have forgotten what they cosigned;
    ``views`` how the views stand, and how many events they lack. Neither keeps anything from being recorded.
    """
    health: Health = request.app.state.health
    return await health.answer(request.scope)
