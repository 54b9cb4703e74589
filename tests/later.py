"""Statements and entries of a later program: well-formed, truly signed, and unknown to this one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from ledger.statement.entries.entry import Entry, encode_entry
from ledger.statement.form.envelope import PAYLOAD_TYPE, Envelope, Signature, encode_envelope, pae, parse_envelope
from ledger.statement.form.payload import read_payload
from ledger.statement.text import strict_json
from tests.authors import OPERATOR, made
from tests.faults.parties import registration

if TYPE_CHECKING:
    from collections.abc import Callable

    from ledger.statement.signing.signer import StatementSigner


def changed(envelope: bytes, change: Callable[[dict[str, Any]], object], *signers: StatementSigner) -> bytes:
    """Return a statement with another payload, signed for real; by the operator where nobody is named."""
    value = dict(read_payload(parse_envelope(envelope).payload).value)
    change(value)
    payload = strict_json.encode(value)
    message = pae(PAYLOAD_TYPE, payload)
    signatures = [Signature(one.thumbprint, one.sign(message)) for one in signers or (OPERATOR.signer,)]
    return encode_envelope(Envelope(payload, tuple(signatures)))


def later_statement(change: Callable[[dict[str, Any]], object], number: int = 90) -> bytes:
    """Return the registration of a party as a later program might state it."""
    return changed(made(registration(number), OPERATOR).envelope, change)


def _kind(name: str) -> Callable[[dict[str, Any]], object]:
    return lambda value: value.__setitem__("kind", name)


def _member(value: dict[str, Any]) -> None:
    value["colour"] = "blue"


def _signers_member(value: dict[str, Any]) -> None:
    value["signers"] = [{**one, "device": "d-1"} for one in value["signers"]]


def _bodys_member(value: dict[str, Any]) -> None:
    value["body"] = {**value["body"], "colour": "blue"}


def _role(value: dict[str, Any]) -> None:
    value["signers"] = [{**one, "role": "auditor"} for one in value["signers"]]


STATEMENTS: Final[dict[str, tuple[Callable[[dict[str, Any]], object], str]]] = {
    "a kind": (_kind("sample.frozen/1"), "none called sample.frozen"),
    "a version of a kind": (_kind("party.registered/2"), "it knows party.registered up to party.registered/1"),
    "a version of the payload": (lambda value: value.__setitem__("v", 2), "a payload of version 2; it knows up to 1"),
    "a member": (_member, r"the member \$.colour"),
    "a signer's member": (_signers_member, r"the member \$.signers\[0\].device"),
    "a body's member": (_bodys_member, r"the member \$.body.colour of party.registered/1"),
    "a role": (_role, "the role auditor"),
    "a key record": (_kind("key.rotated/1"), "key.rotated/1"),
    "a version of a key record": (_kind("key.revoked/2"), "key.revoked/2"),
}
"""By name a change of a payload, and what a reader's words name that does not know it."""


def _line(entry: Entry) -> bytes:
    header, _, data = encode_entry(entry).partition(b"\n\n")
    return header + b"\nobligations none\n\n" + data


def _version(entry: Entry) -> bytes:
    return encode_entry(entry).replace(b"vialog-entry/3\n", b"vialog-entry/4\n", 1)


ENTRIES: Final[dict[str, tuple[Callable[[Entry], bytes], str]]] = {
    "a header line": (_line, "the header line obligations; it knows vialog-entry/3 up to the line"),
    "a version of the entry": (_version, "the form vialog-entry/4; it knows up to vialog-entry/3"),
}
"""By name another way to write an entry, and what a reader's words name."""
