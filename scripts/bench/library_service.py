"""The yardstick of `service`: the library's recorder behind the same web server: `… library_service CONNINFO`.

It stores what it is handed in, under a condition as a decision on one subject has it, and verifies and judges nothing.
Says its port once it listens.
"""

from __future__ import annotations

import sys
from contextlib import closing
from typing import Final

from eventsourcing.dcb.api import DCBAppendCondition, DCBEvent, DCBQuery, DCBQueryItem
from eventsourcing.dcb.postgres_tt import PostgresDCBRecorderTT
from fastapi import FastAPI
from fastapi.responses import JSONResponse

from api.cli.operate.serve import listen, prepare_to_serve
from api.http.connections import Limits
from api.http.recording.statements import Body
from api.http.server import run_until_stopped
from scripts.bench.places import library_datastore

PATH: Final = "/append"
NAME: Final = 32
"""With so many characters begins what is handed in: its name."""

_CONNECTIONS: Final = 64


def create_app(recorder: PostgresDCBRecorderTT) -> FastAPI:
    """Return the application: one route."""
    app = FastAPI(openapi_url=None)
    app.state.largest_body, app.state.larger_bodies, app.state.metrics = 1_000_000, {}, None
    app.state.followers = None

    @app.post(PATH)
    def append(data: Body) -> JSONResponse:
        name = data[:NAME].decode()
        tag = f"item:{name}"
        unknown = DCBAppendCondition(DCBQuery([DCBQueryItem(tags=[tag])]))
        position = recorder.append([DCBEvent(type="item.used/1", data=data, tags=[tag])], unknown)
        return JSONResponse({"statement": name, "position": position}, 201)

    return app


def main() -> None:
    """Serve until a signal says to stop."""
    prepare_to_serve()
    with closing(library_datastore(sys.argv[1], _CONNECTIONS)) as datastore, listen("127.0.0.1", 0) as listening:
        recorder = PostgresDCBRecorderTT(datastore)
        recorder.create_table()
        print(listening.getsockname()[1], flush=True)
        run_until_stopped(create_app(recorder), listening, Limits())


if __name__ == "__main__":
    main()
