"""Clients of a service, in a process of their own: `python -m scripts.bench.clients PORT PATH`.

Each line of standard input starts a round: ``{"callers": 8, "work": [{"ids": ["…"], "body": "…"}, …]}``. Its answer is
how many requests were answered a second, and the median and 99th percentile of the seconds that one waited. Every
answer is checked: its status, that it is of what was handed in, and that no position was given twice.
"""

from __future__ import annotations

import http.client
import json
import sys
import threading
from dataclasses import asdict
from typing import Any, Final

from scripts.bench.callers import measure

_PATIENCE: Final = 60.0


class Clients:
    """Hand work in at a path, each thread on a connection that it keeps."""

    def __init__(self, port: int, path: str) -> None:
        """Ask a service at a port of this machine."""
        self.given: list[int] = []
        """The positions that were answered."""
        self._port = port
        self._path = path
        self._own = threading.local()

    def hand_in(self, one: dict[str, Any]) -> None:
        """Hand one in. Raises AssertionError: its answer is not what it must be. OSError, HTTPException: none came."""
        status, answered = self._asked(one["body"].encode())
        if status not in {200, 201}:
            raise AssertionError(f"answered {status}: {answered.decode()}")
        lines = [json.loads(line) for line in answered.splitlines()]
        if [line.get("statement") for line in lines] != one["ids"]:
            raise AssertionError(f"what was answered is not of what was handed in: {answered[:500].decode()}")
        self.given.extend(int(line["position"]) for line in lines)

    def _asked(self, body: bytes) -> tuple[int, bytes]:
        if (connection := getattr(self._own, "connection", None)) is None:
            connection = self._own.connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=_PATIENCE)
        connection.request("POST", self._path, body)
        with connection.getresponse() as answer:
            return answer.status, answer.read()


def main() -> None:
    """Answer rounds until standard input ends."""
    clients = Clients(int(sys.argv[1]), sys.argv[2])
    for line in sys.stdin:
        asked: dict[str, Any] = json.loads(line)
        measured = measure(asked["callers"], asked["work"], clients.hand_in)
        if len({*clients.given}) < len(clients.given):
            raise AssertionError("one position was given twice")
        print(json.dumps(asdict(measured)), flush=True)


if __name__ == "__main__":
    main()
