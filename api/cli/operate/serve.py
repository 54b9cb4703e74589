"""``vialog serve``: the log's web server, and beside it the publisher and the runner of the views, until stopped."""

from __future__ import annotations

import errno
import logging
import os
import signal
import socket
import sys
from contextlib import ExitStack, closing
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from api.cli.operate.log_keys import open_with_passphrase
from api.cli.output import Json, print_object, say
from api.logs.guarding import LOG_KEYS_FOLDER
from api.logs.wiring import (
    check_here,
    delivered,
    kept_up,
    look_at_views,
    noted,
    open_doors,
    open_guarded,
    open_hooks,
    open_notices,
    open_waiting,
)
from api.settings import read_settings

if TYPE_CHECKING:
    import ssl
    from types import FrameType

    from api.http.connections import Limits
    from api.rows.operate import Listening, Serving
    from api.settings import Settings

_PORT: Final = 8090
_RECEIVED: Final = 32_768


def serve(
    *,
    host: Annotated[str, typer.Option("--host", help="The address to listen at.")] = "127.0.0.1",
    port: Annotated[int, typer.Option("--port", min=0, max=65535, help="The port; 0 for any that is free.")] = _PORT,
    tls_cert: Annotated[Path | None, typer.Option("--tls-cert", help="Encrypt: the certificate, PEM.")] = None,
    tls_key: Annotated[Path | None, typer.Option("--tls-key", help="Its private key, PEM.")] = None,
    read_only: Annotated[
        bool, typer.Option("--read-only", help="Only read, from a standby: record and publish nothing.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Serve the log over HTTP and publish a checkpoint whenever something is new, until stopped.

    Offers the log's files under /log, POST /v1/statements, proofs and /healthz, and keeps the views up with the log.
    Without --tls-cert and --tls-key nothing is encrypted: give both, or put a TLS proxy in front, before it listens at
    any other address than this machine's own.
    With --read-only it serves what VIALOG_DATABASE_URL names, a standby of PostgreSQL, to readers alone. Signing in and
    the access log need VIALOG_PRIMARY_DATABASE_URL: without it data of others are not told.
    With --json, one object says the log and the address, as soon as it listens.
    """
    # Loaded here: no other command needs it.
    from api.console.frame import make_ready
    from api.hooks.events import Events
    from api.hooks.signing import HookKey
    from api.http.app import create_app
    from api.http.bounds.views import GLANCE, LOOKING, PATIENCE, Views
    from api.http.doors import Doors
    from api.http.encrypted import read_certificate
    from api.http.server import run_until_stopped
    from api.logs.following import Follower
    from api.logs.publishing import PublisherProcess
    from api.telling.reading import voice_of
    from api.waiting.drafts import KeptDrafts
    from api.waiting.leaving import OpenStatements

    settings = read_settings()
    check_here(settings)
    prepare_to_serve()
    if (tls_cert is None) is not (tls_key is None):
        raise typer.BadParameter("--tls-cert and --tls-key belong together: give both, or none")
    tls = None if tls_cert is None or tls_key is None else read_certificate(tls_cert, tls_key)
    if read_only:
        _serve_standby(settings, host, port, tls, as_json=as_json)
        return
    with open_guarded(settings) as opened, kept_up(settings), listen(host, port) as listening, ExitStack() as running:
        ledger, publication = opened.ledger, opened.publication
        keys, passphrase = open_with_passphrase(settings, ledger.store.origin, publication)
        publishing = running.enter_context(
            closing(PublisherProcess(publication, opened.guard, passphrase, every=settings.checkpoint_every))
        )
        where = address(host, listening, encrypted=tls is not None)
        origin = settings.web_origin or where["url"]
        signing_in, accesses = running.enter_context(open_doors(settings, ledger.store, origin))
        hooks = running.enter_context(open_hooks(settings, HookKey.open(settings.data / LOG_KEYS_FOLDER, passphrase)))
        waiting = running.enter_context(open_waiting(settings))
        notices = running.enter_context(open_notices(settings))
        running.enter_context(noted(settings, notices, ledger, signing_in.clock, PATIENCE))
        events = Events(ledger.store, notices, ledger.packs, ledger.jurisdiction)
        doors = Doors(
            ledger,
            publication,
            publishing,
            keys.keys,
            settings.log_files_token,
            data=settings.data,
            voice=voice_of(settings, ledger.packs),
            views=running.enter_context(look_at_views(settings, GLANCE)),
            look_up=Views(running.enter_context(look_at_views(settings, PATIENCE)) for _ in range(LOOKING)),
            follower=running.enter_context(closing(Follower())) if settings.views else None,
            signing_in=signing_in,
            accesses=accesses,
            log_keys=keys,
            open_statements=OpenStatements(waiting, ledger.store.origin),
            kept_drafts=KeptDrafts(waiting),
            notices=notices,
            hooks=hooks,
            deliverer=running.enter_context(delivered(settings, hooks, signing_in, events, accesses)),
        )
        make_ready()
        _say_where(ledger.store.origin, where, as_json=as_json)
        run_until_stopped(create_app(doors), listening, limits_of(settings), publishing.let_go, tls)


def _serve_standby(settings: Settings, host: str, port: int, tls: ssl.SSLContext | None, *, as_json: bool) -> None:
    """Serve a log that is only read, until stopped."""
    # Loaded here: no other command needs it.
    from api.console.frame import make_ready
    from api.http.app import create_app
    from api.http.server import run_until_stopped
    from api.logs.standby import open_standby

    with listen(host, port) as listening:
        where = address(host, listening, encrypted=tls is not None)
        with open_standby(settings, settings.web_origin or where["url"]) as (doors, publishing):
            make_ready()
            _say_where(doors.ledger.store.origin, where, as_json=as_json)
            run_until_stopped(create_app(doors), listening, limits_of(settings), publishing.let_go, tls)


def _say_where(log: str, where: Listening, *, as_json: bool) -> None:
    if as_json:
        serving: Serving = {"log": log, **where}
        print_object(serving)
    else:
        say(f"The log {log} is served at {where['url']}")


def prepare_to_serve() -> None:
    """Log to stderr from here on, and end in order, with exit code 0, when a signal says to stop."""
    # Loaded here: no other command needs it.
    from api.http.bounds.log_lines import JsonLines, PlainLines

    lines = logging.StreamHandler()
    lines.setFormatter(JsonLines() if read_settings().log_lines == "json" else PlainLines())
    logging.basicConfig(level=logging.INFO, handlers=[lines])
    # uvicorn raises the signal again once it has stopped; without this the process would end there, with the database
    # server still in use.
    for stopping in (signal.SIGTERM, signal.SIGINT):
        signal.signal(stopping, _leave)
    for other in (signal.SIGHUP, signal.SIGQUIT):
        if signal.getsignal(other) is not signal.SIG_IGN:  # nohup
            signal.signal(other, lambda *_: signal.raise_signal(signal.SIGTERM))


def listen(host: str, port: int) -> socket.socket:
    """Return a socket that listens. port: 0 for any that is free. Raises OSError, which names the address."""
    try:
        made = socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET)
    except (OSError, UnicodeError) as error:
        # The resolver's numbers are below zero; the words that come with the others name the address once more.
        number = (error.errno or 0) if isinstance(error, OSError) else 0
        problem = os.strerror(number) if number > 0 else "there is no such host"
        raise OSError(errno.EADDRNOTAVAIL, f"cannot listen there: {problem}", _at(host, port)) from None
    # What the kernel keeps of each connection, and so what is read at a time: without it thousands that send as fast as
    # they can are given megabytes each, and a turn of the event loop reads so much that nobody else is heard for long.
    made.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _RECEIVED)
    # Made anew from its number, it knows that it is TCP. asyncio sets TCP_NODELAY on no other socket, and without it
    # each answer on a kept connection waits 40 ms for the client's acknowledgement of the one before.
    return socket.socket(fileno=made.detach())


def address(host: str, listening: socket.socket, *, encrypted: bool = False) -> Listening:
    """Return where a server can be reached, for JSON: url, host as it was given, and port."""
    port: int = listening.getsockname()[1]
    return {"url": f"http{'s' * encrypted}://{_at(host, port)}", "host": host, "port": port}


def limits_of(settings: Settings) -> Limits:
    """Return what the settings allow those who ask; as many connections as this process can have."""
    # Loaded here: no other command needs a web server.
    from api.http.connections import Limits, allow_descriptors

    connections = allow_descriptors(settings.connections)
    return Limits(
        connections,
        settings.request_within,
        settings.body_bytes,
        max(1, connections // 2),
        per_minute=settings.requests_per_minute,
        proxies=settings.proxies,
    )


def _at(host: str, port: int) -> str:
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def _leave(_: int, __: FrameType | None) -> None:
    sys.exit(0)
