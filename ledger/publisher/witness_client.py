"""The log's side of the witness protocol (C2SP tlog-witness): ask one witness to cosign a checkpoint, over HTTP.

    POST <url>/add-checkpoint
    "old " number newline *63(base64(hash) newline) newline checkpoint note

    200  signature lines: the cosignatures
    409  Content-Type text/x.tlog.size, body number newline: the size that the witness holds is another
    422  the proof does not lead from what the witness holds to the checkpoint

One exchange, cut off when its time is up. Believes nothing: a cosignature is verified before it is returned.
"""

from __future__ import annotations

import http.client
import socket
from contextlib import closing, suppress
from dataclasses import dataclass
from threading import Timer
from typing import TYPE_CHECKING, Final, TypeAlias
from urllib.parse import urlsplit

from ledger.errors import Malformed, NotTrusted
from ledger.tlog.cosignature import verifier_for
from ledger.tlog.note import NoteSignature, format_note, parse_signature_lines
from ledger.tlog.wire import read_number, write_base64

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ledger.tlog.note import Note
    from ledger.tlog.vkey import VerifierKey

SIZE_TYPE: Final = "text/x.tlog.size"
_MOST_ANSWER: Final = 65_536


@dataclass(frozen=True, slots=True)
class Cosigned:
    """The witness cosigned; its verified signature lines, at least one."""

    signatures: tuple[NoteSignature, ...]


@dataclass(frozen=True, slots=True)
class Holds:
    """The witness holds a checkpoint of another size than it was told."""

    size: int


@dataclass(frozen=True, slots=True)
class Contradicts:
    """The witness holds a checkpoint that the one it was sent does not extend."""

    problem: str


@dataclass(frozen=True, slots=True)
class Silent:
    """No answer that can be used: nobody there, too late, or not of the protocol."""

    problem: str


Answer: TypeAlias = Cosigned | Holds | Contradicts | Silent


@dataclass(frozen=True, slots=True)
class WitnessAddress:
    """Where a witness is and what it signs with; name: what the policy calls it."""

    name: str
    key: VerifierKey
    url: str


def ask(witness: WitnessAddress, old: int, proof: Sequence[bytes], note: Note, timeout: float) -> Answer:
    """Ask a witness to cosign.

    old: the size that it holds, 0 for none; proof: of consistency from there, empty from 0.
    note: the checkpoint, signed by the log.
    timeout: seconds for the whole exchange.
    """
    lines = "".join(f"{write_base64(one)}\n" for one in proof)
    body = f"old {old}\n{lines}\n".encode() + format_note(note)
    try:
        status, kind, answer = _post(witness.url, body, timeout)
    except (OSError, http.client.HTTPException, ValueError) as error:
        return Silent(f"does not answer: {type(error).__name__}: {error}")
    match status:
        case 200:
            return _cosigned(witness.key, note.text, answer)
        case 409 if kind == SIZE_TYPE:
            return _holds(old, answer)
        case 422:
            return Contradicts("says that the checkpoint does not extend the one it holds")
        case _:
            return Silent(f"answers {status}: {answer[:200].decode('utf-8', 'replace').strip()}")


def _post(url: str, body: bytes, timeout: float) -> tuple[int, str, bytes]:
    parts = urlsplit(url)
    kinds = {"http": http.client.HTTPConnection, "https": http.client.HTTPSConnection}
    if parts.scheme not in kinds or parts.hostname is None:
        raise ValueError(f"{url} is not an http address")
    connection = kinds[parts.scheme](parts.hostname, parts.port, timeout=timeout)
    # The connection's own timeout is for each packet: who sends one byte a second would never be late.
    cut = Timer(timeout, _shut, [connection])
    cut.daemon = True
    cut.start()
    try:
        with closing(connection):
            connection.request("POST", f"{parts.path.rstrip('/')}/add-checkpoint", body, {"Content-Type": "text/plain"})
            with connection.getresponse() as response:
                kind = response.headers.get_content_type()
                return response.status, kind, response.read(_MOST_ANSWER)
    finally:
        cut.cancel()


def _shut(connection: http.client.HTTPConnection) -> None:
    held: socket.socket | None = connection.sock
    if held is not None:
        with suppress(OSError):
            held.shutdown(socket.SHUT_RDWR)


def _cosigned(key: VerifierKey, text: str, answer: bytes) -> Answer:
    verifier = verifier_for(key)
    try:
        lines = [one for one in parse_signature_lines(answer) if (one.name, one.key_id) == (key.name, key.key_id)]
        for line in lines:
            verifier.verify(text, line.signature)
    except (Malformed, NotTrusted) as error:
        return Silent(f"answers with what is no cosignature: {error}")
    return Cosigned(tuple(lines)) if lines else Silent("answers without a cosignature of the policy's key")


def _holds(old: int, answer: bytes) -> Answer:
    try:
        size = read_number(answer.decode("ascii").removesuffix("\n"), rule="TLOG-03", member="size")
    except (Malformed, UnicodeDecodeError):
        return Silent("answers 409 without the size that it holds")
    if size == old:
        return Contradicts(f"holds another checkpoint of {size} entries")
    return Holds(size)
