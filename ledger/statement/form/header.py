"""The parts of a payload's header: who signs, how it came about, what was seen and what is acknowledged.

Each part is a frozen record and its reader. Who may sign what in which role is the catalogue's, not checked here.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import TYPE_CHECKING, Final, NamedTuple

from ledger.errors import Malformed
from ledger.ids import PartyId, Tag, is_tag, type_of
from ledger.meaning import Meaning
from ledger.statement.form.envelope import MOST_SIGNATURES
from ledger.statement.signing.keys import Algorithm
from ledger.statement.text.binary import decode_base64
from ledger.statement.text.shape import Form, read_array, read_choice, read_count, read_form, read_members, read_text

if TYPE_CHECKING:
    from ledger.statement.text.strict_json import JsonValue

PARTS: Final[Mapping[str, Sequence[str]]] = {
    "signers": ("key", "alg", "party", "person", "role", "meaning"),
    "capture": ("mode", "device", "seq", "source"),
    "seen": ("size", "root"),
    "acknowledges": ("rule", "reason"),
}
"""The members of a payload that hold objects, and the members that this program knows of these."""

_KEY: Final = Form("STM-35", re.compile("[0-9a-f]{64}"), "a whole thumbprint, 64 lower-case hex digits")
_PERSON: Final = Form("STM-38", re.compile("[a-z0-9][a-z0-9-]{0,31}"), "a pseudonymous code like t-07")
CODE: Final = Form(
    "STM-39", re.compile("(?=.{1,64}$)[a-z]+(?:-[a-z]+)*"), "a code of lower-case words and hyphens, like wrong-item"
)
_DEVICE: Final = Form("STM-43", re.compile("[0-9A-Za-z](?:[0-9A-Za-z-]{0,62}[0-9A-Za-z])?"), "the name of a device")
_SOURCE: Final = Form("STM-50", re.compile("[0-9a-f]{64}"), "a SHA-256, 64 lower-case hex digits")
_RULE: Final = Form("STM-46", re.compile("[A-Z]{1,8}-[0-9]{2,3}"), "a rule like CUS-07")


class CaptureMode(StrEnum):
    """How the statement came about: at the bench, from a file, by a program, by a device, or without a connection."""

    BENCH = "bench"
    IMPORT = "import"
    API = "api"
    DEVICE = "device"
    OFFLINE = "offline"


class Signer(NamedTuple):
    """One who signs.

    key: thumbprint of the public key, 64 lower-case hex digits.
    person: a pseudonymous code within the party, never a name.
    role: a code; the catalogue says which may sign what.
    """

    key: str
    alg: Algorithm
    party: PartyId
    person: str
    role: str
    meaning: Meaning


class Acknowledgement(NamedTuple):
    """The signers know that the statement breaks a rule, and why: a code; words go into a disclosure."""

    rule: str
    reason: str


class Capture(NamedTuple):
    """How the statement came about.

    device, seq: its place in a device's queue; a missing number shows a missing statement.
    source: the SHA-256 of the file that it was made from, 64 lower-case hex digits; the file itself is kept elsewhere.
    """

    mode: CaptureMode
    device: str | None = None
    seq: int | None = None
    source: str | None = None


class Seen(NamedTuple):
    """The newest checkpoint the signer knew: the number of its leaves and the 32 bytes of its root."""

    size: int
    root: bytes


def read_signers(value: JsonValue) -> tuple[Signer, ...]:
    """Read the signers at ``$.signers``. Raises Malformed: STM-16 to STM-18, STM-35 to STM-41."""
    said = read_array(value, "$.signers", least=1, most=MOST_SIGNATURES)
    signers = tuple(_signer(one, f"$.signers[{index}]") for index, one in enumerate(said))
    keys = [signer.key for signer in signers]
    for index, key in enumerate(keys):
        if key in keys[:index]:
            raise Malformed("STM-41", f"$.signers[{index}].key", "signs a second time")
    return signers


def _signer(value: JsonValue, member: str) -> Signer:
    said = read_members(value, member, PARTS["signers"], grows=True)
    return Signer(
        key=read_form(said["key"], f"{member}.key", _KEY),
        alg=read_choice(said["alg"], f"{member}.alg", "STM-36", Algorithm),
        party=_party(said["party"], f"{member}.party"),
        person=read_form(said["person"], f"{member}.person", _PERSON),
        role=read_form(said["role"], f"{member}.role", CODE),
        meaning=read_choice(said["meaning"], f"{member}.meaning", "STM-40", Meaning),
    )


def _party(value: JsonValue, member: str) -> PartyId:
    text = read_text(value, member)
    if not is_tag(text) or type_of(Tag(text)) != "party":
        raise Malformed("STM-37", member, "is not the id of a party")
    return PartyId(text)


def read_capture(value: JsonValue) -> Capture:
    """Read how the statement came about, at ``$.capture``. Raises Malformed: STM-16 to STM-18, STM-42 to 44, STM-50."""
    said = read_members(value, "$.capture", ("mode",), PARTS["capture"], grows=True)
    if "seq" in said and "device" not in said:
        raise Malformed("STM-43", "$.capture.seq", "counts the statements of a device that is not named")
    return Capture(
        mode=read_choice(said["mode"], "$.capture.mode", "STM-42", CaptureMode),
        device=read_form(said["device"], "$.capture.device", _DEVICE) if "device" in said else None,
        seq=read_count(said["seq"], "$.capture.seq") if "seq" in said else None,
        source=read_form(said["source"], "$.capture.source", _SOURCE) if "source" in said else None,
    )


def read_seen(value: JsonValue) -> Seen:
    """Read the checkpoint at ``$.seen``. Raises Malformed: STM-16 to STM-18, STM-44, STM-45."""
    said = read_members(value, "$.seen", PARTS["seen"], grows=True)
    size, text = read_count(said["size"], "$.seen.size"), read_text(said["root"], "$.seen.root")
    try:
        root = decode_base64(text)
    except ValueError:
        root = b""
    if len(root) != 32:
        raise Malformed("STM-45", "$.seen.root", "is not 32 bytes in canonical base64")
    return Seen(size, root)


def read_acknowledges(value: JsonValue) -> tuple[Acknowledgement, ...]:
    """Read what is known to be broken, at ``$.acknowledges``. Raises Malformed: STM-16 to STM-18, STM-39, STM-46."""
    said = read_array(value, "$.acknowledges", least=1, most=64)
    read = tuple(_acknowledgement(one, f"$.acknowledges[{index}]") for index, one in enumerate(said))
    rules = [one.rule for one in read]
    for index, rule in enumerate(rules):
        if rule in rules[:index]:
            raise Malformed("STM-46", f"$.acknowledges[{index}].rule", "is acknowledged twice")
    return read


def _acknowledgement(value: JsonValue, member: str) -> Acknowledgement:
    said = read_members(value, member, PARTS["acknowledges"], grows=True)
    return Acknowledgement(
        read_form(said["rule"], f"{member}.rule", _RULE), read_form(said["reason"], f"{member}.reason", CODE)
    )
