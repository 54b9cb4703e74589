"""The web application of one log: its routes and how it answers errors. Opened and closed by whoever serves it."""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from anyio.to_thread import current_default_thread_limiter
from fastapi import FastAPI, Request, Response

from api.http import log_files, statements
from api.http.doors import THREADS
from api.http.health import Health
from api.http.problems import answer_problems
from api.submissions import MOST_BYTES

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from api.http.doors import Doors


def create_app(doors: Doors) -> FastAPI:
    """Return the application for a log."""
    app = FastAPI(
        title="Vialog",
        summary="A signed, witnessed ledger of biological samples that cross borders.",
        version="1",
        lifespan=_lifespan,
        docs_url=None,  # its page loads scripts from elsewhere
        redoc_url=None,
        redirect_slashes=False,  # a redirect names the host that the request named, whoever that is
    )
    app.state.doors = doors
    app.state.largest_body = MOST_BYTES
    app.state.health = Health(doors)
    answer_problems(app)
    app.include_router(log_files.router)
    app.include_router(statements.router)
    app.get("/healthz", operation_id="read_health", tags=["operations"])(_health)
    app.head("/healthz", include_in_schema=False)(_health)
    return app


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
    return await health.answer()
