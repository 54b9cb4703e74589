"""``vialog serve``: the log's web server, and beside it the publisher, until stopped."""

from __future__ import annotations

import logging
import signal
import socket
import sys
from contextlib import closing
from typing import TYPE_CHECKING, Annotated, Final

import typer

from api.cli.log_keys import open_log_keys
from api.cli.output import say
from api.settings import read_settings
from api.wiring import make_publisher, open_ledger, open_publication

if TYPE_CHECKING:
    from types import FrameType

_PORT: Final = 8090
_PATIENCE: Final = 10
"""Seconds that requests have to end when the server is stopped."""


def serve(
    *,
    host: Annotated[str, typer.Option("--host", help="The address to listen at.")] = "127.0.0.1",
    port: Annotated[int, typer.Option("--port", min=0, max=65535, help="The port; 0 for any that is free.")] = _PORT,
) -> None:
    """Serve the log over HTTP and publish a checkpoint whenever something is new, until stopped.

    Offers the log's files under /log, POST /v1/statements, proofs and /healthz. Without encryption: put a TLS proxy in
    front of it before it listens at any other address than this machine's own.
    """
    # Loaded here: no other command needs a web server.
    import uvicorn  # noqa: PLC0415

    from api.http.app import create_app  # noqa: PLC0415
    from api.http.doors import Doors  # noqa: PLC0415
    from ledger.publisher.running import RunningPublisher  # noqa: PLC0415

    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    # uvicorn raises the signal again once it has stopped; without this the process would end there, with the database
    # server still in use.
    for stopping in (signal.SIGTERM, signal.SIGINT):
        signal.signal(stopping, _leave)
    settings = read_settings()
    with (
        open_ledger(settings) as ledger,
        open_publication(settings) as publication,
        _listening(host, port) as listening,
    ):
        keys = open_log_keys(settings, ledger.store.origin, publication)
        publisher = make_publisher(settings, ledger.store, publication, keys)
        running = RunningPublisher(publisher, ledger.store, publication, every=settings.checkpoint_every)
        with closing(running):
            app = create_app(Doors(ledger, publication, running, settings.log_files_token))
            say(f"The log {ledger.store.origin} is served at http://{host}:{listening.getsockname()[1]}")
            config = uvicorn.Config(
                app,
                log_config=None,
                log_level="warning",
                access_log=False,
                server_header=False,
                ws="none",
                timeout_graceful_shutdown=_PATIENCE,
            )
            uvicorn.Server(config).run(sockets=[listening])


def _listening(host: str, port: int) -> socket.socket:
    try:
        return socket.create_server((host, port))
    except (OSError, UnicodeError) as error:
        problem = error.strerror if isinstance(error, OSError) else "is not the name of a host"
        raise typer.BadParameter(f"cannot listen at {host}:{port}: {problem}") from None


def _leave(_: int, __: FrameType | None) -> None:
    sys.exit(0)
