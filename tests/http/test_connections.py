"""What the door does with connections, whoever holds the other end."""

from __future__ import annotations

import socket
from contextlib import closing

from api.cli.serve import listen


def test_answers_are_not_held_back_for_an_acknowledgement() -> None:
    with listen("127.0.0.1", 0) as listening, closing(socket.create_connection(listening.getsockname())):
        accepted, _ = listening.accept()
        with accepted:
            # What asyncio asks a socket before it sets TCP_NODELAY.
            assert accepted.proto == socket.IPPROTO_TCP
