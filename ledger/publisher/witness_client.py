"""The log's side of the witness protocol (C2SP tlog-witness): ask one witness to cosign a checkpoint, over HTTP.

    POST <url>/add-checkpoint
    "old " number newline *63(base64(hash) newline) newline checkpoint note

    200  signature lines: the cosignatures
    409  Content-Type text/x.tlog.size, body number newline: the size that the witness holds is another
    422  the proof does not lead from what the witness holds to the checkpoint

    GET <url>/<hex SHA-256 of the origin>/checkpoint

    200  the checkpoint that the witness cosigned last, signed by the log

One exchange, cut off when its time is up. Believes nothing: a signature is verified before it is returned, and what
comes without one, a size or a refusal, is called a claim.
"""

from __future__ import annotations

import hashlib
import http.client
import socket
from contextlib import closing, suppress
from dataclasses import dataclass
from threading import Timer
from typing import TYPE_CHECKING, Final, TypeAlias
from urllib.parse import urlsplit

from ledger.errors import Malformed, NotTrusted
from ledger.tlog.checkpoint import Checkpoint, decode_checkpoint
from ledger.tlog.cosignature import verifier_for
from ledger.tlog.note import NoteSignature, format_note, open_note, parse_signature_lines
from ledger.tlog.wire import read_number, write_base64

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ledger.tlog.note import Note
    from ledger.tlog.vkey import VerifierKey

SIZE_TYPE: Final = "text/x.tlog.size"
_MOST_ANSWER: Final = 65_536
_FAULTS: Final = (OSError, http.client.HTTPException, ValueError)


@dataclass(frozen=True, slots=True)
class Cosigned:
    """The witness cosigned.

    signatures: its verified lines, at least one. time: the latest that they state, POSIX seconds.
    """

    signatures: tuple[NoteSignature, ...]
    time: int


@dataclass(frozen=True, slots=True)
class Holds:
    """The witness claims to hold a checkpoint of another size than it was told."""

    size: int


@dataclass(frozen=True, slots=True)
class Refuses:
    """The witness claims to hold a checkpoint that the one it was sent does not extend.

    size: of that checkpoint, where it says one; None otherwise.
    """

    problem: str
    size: int | None = None


@dataclass(frozen=True, slots=True)
class Silent:
    """No answer that can be used: nobody there, too late, or not of the protocol."""

    problem: str


Answer: TypeAlias = Cosigned | Holds | Refuses | Silent


@dataclass(frozen=True, slots=True)
class WitnessAddress:
    """Where a witness is and what it signs with; name: what the policy calls it."""

    name: str
    key: VerifierKey
    url: str


@dataclass(frozen=True, slots=True)
class Evidence:
    """A checkpoint that somebody else keeps, and that this log's own key has signed.

    holder: who, in words. note: its bytes.
    """

    holder: str
    checkpoint: Checkpoint
    note: bytes


def ask(witness: WitnessAddress, old: int, proof: Sequence[bytes], note: Note, timeout: float) -> Answer:
    """Ask a witness to cosign.

    old: the size that it holds, 0 for none; proof: of consistency from there, empty from 0.
    note: the checkpoint, signed by the log.
    timeout: seconds for the whole exchange.
    """
    lines = "".join(f"{write_base64(one)}\n" for one in proof)
    body = f"old {old}\n{lines}\n".encode() + format_note(note)
    try:
        status, kind, answer = _exchange(witness.url, "POST", "add-checkpoint", body, timeout)
    except _FAULTS as error:
        return Silent(f"does not answer: {type(error).__name__}: {error}")
    match status:
        case 200:
            return _cosigned(witness.key, note.text, answer)
        case 409:
            return _holds(old, kind, answer)
        case 422:
            return Refuses("says, unsigned, that the checkpoint does not extend the one it holds")
        case _:
            return Silent(f"answers {status}: {answer[:200].decode('utf-8', 'replace').strip()}")


def fetch_held(witness: WitnessAddress, keys: Sequence[VerifierKey], timeout: float) -> Evidence | None:
    """Return the checkpoint that a witness cosigned last of a log; None where it shows none that the log has signed.

    keys: the log's own, at least one. timeout: seconds.
    """
    origin = keys[0].name
    path = f"{hashlib.sha256(origin.encode()).hexdigest()}/checkpoint"
    try:
        status, _, answer = _exchange(witness.url, "GET", path, None, timeout)
        if status != http.client.OK:
            return None
        checkpoint = decode_checkpoint(open_note(answer, [verifier_for(key) for key in keys]).text)
    except (*_FAULTS, Malformed, NotTrusted):
        return None
    return Evidence(f"the witness {witness.name}", checkpoint, answer) if checkpoint.origin == origin else None


def _exchange(url: str, method: str, path: str, body: bytes | None, timeout: float) -> tuple[int, str, bytes]:
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
            headers = {} if body is None else {"Content-Type": "text/plain"}
            connection.request(method, f"{parts.path.rstrip('/')}/{path}", body, headers)
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
        times = [verifier.verify(text, line.signature) or 0 for line in lines]
    except (Malformed, NotTrusted) as error:
        return Silent(f"answers with what is no cosignature: {error}")
    if not lines:
        return Silent("answers without a cosignature of the policy's key")
    return Cosigned(tuple(lines), max(times))


def _holds(old: int, kind: str, answer: bytes) -> Answer:
    if kind != SIZE_TYPE:
        return Refuses("says, unsigned, that it holds another checkpoint")
    try:
        size = read_number(answer.decode("ascii").removesuffix("\n"), rule="TLOG-03", member="size")
    except (Malformed, UnicodeDecodeError):
        return Silent("answers 409 without the size that it holds")
    if size == old:
        return Refuses(f"answers 409 with the size that it was asked from, {size}: no answer that can be used")
    return Holds(size)
