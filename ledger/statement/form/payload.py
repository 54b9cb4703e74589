"""The payload: what a statement says about itself, and the body that its kind defines.

    v, log, id, kind, occurred_at, signers[{key, alg, party, person, role, meaning}],
    capture{mode, device?, seq?, source?}, seen?{size, root}, reason?, acknowledges[{rule, reason}]?, corrects?,
    body{…}, _sd[…]?, _sd_alg?

The signers, their algorithms and what each means by signing stand inside the signed bytes. Read here are the
header's form and that the body is an object. Which kinds there are, what their bodies hold and who may sign them in
which role is the catalogue's; whether a signature verifies is for ``statement``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from ledger.errors import Malformed
from ledger.statement.form.header import CODE, PARTS, read_acknowledges, read_capture, read_seen, read_signers
from ledger.statement.form.members import (
    KIND,
    LOG,
    VERSION,
    check_version,
    read_body,
    read_digests,
    read_statement_id,
    read_time,
)
from ledger.statement.form.tags import tags_of
from ledger.statement.text import strict_json
from ledger.statement.text.shape import read_form, read_members, read_object

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from ledger.ids import StatementId, Tag
    from ledger.statement.form.header import Acknowledgement, Capture, Seen, Signer
    from ledger.statement.text.strict_json import JsonValue

_ROOT: Final = "$"
_REQUIRED: Final = ("v", "log", "id", "kind", "occurred_at", "signers", "capture", "body")
_OPTIONAL: Final = ("seen", "reason", "acknowledges", "corrects", "_sd", "_sd_alg")


class Payload(NamedTuple):
    """What a payload says; of the right form, and nothing more is known about it.

    occurred_at: the signers' claim, in UTC.
    corrects: the statement that this one puts right, or None.
    body: as the kind defines it, not checked here.
    sd: digests of the disclosures, as written and sorted.
    value: the whole parsed object.
    tags: the ids that stand anywhere in it.
    later: "" when this program knows all of its members; otherwise which it does not, for ``TooOld``.
    """

    v: int
    log: str
    id: StatementId
    kind: str
    occurred_at: datetime
    signers: tuple[Signer, ...]
    capture: Capture
    seen: Seen | None
    reason: str | None
    acknowledges: tuple[Acknowledgement, ...]
    corrects: StatementId | None
    body: Mapping[str, JsonValue]
    sd: tuple[str, ...]
    value: Mapping[str, JsonValue]
    tags: frozenset[Tag]
    later: str = ""

    @property
    def acknowledged(self) -> frozenset[str]:
        """Return the rules whose breach the signers acknowledge."""
        return frozenset(one.rule for one in self.acknowledges)


def read_payload(data: bytes) -> Payload:
    """Read a payload's header and keep its body as it is.

    Raises Malformed: STM-01 to STM-19 not strict JSON of this shape, STM-30 to STM-50 a member's own rule.
    """
    value = strict_json.parse(data)
    return _read(value, value, data)


def read_known(data: bytes) -> Payload:
    """Read a payload as far as this program knows it: optional members that it does not know are named in ``later``.

    Raises Malformed: as read_payload, but for these members.
    """
    try:
        return read_payload(data)
    except Malformed as error:
        if error.rule != "STM-17" or not error.newer:
            raise
        value = strict_json.parse(data)
        return _read(_known(value), value, data)._replace(later=error.newer)


def _read(known: JsonValue, value: JsonValue, written: bytes) -> Payload:
    """Read a payload from what is known of it. value: the whole of it, parsed from what is written."""
    if isinstance(known, dict) and "v" in known:  # first of all: what the other members are depends on it
        check_version(known["v"])
    said = read_members(known, _ROOT, _REQUIRED, _OPTIONAL, grows=True)
    return Payload(
        v=VERSION,
        log=read_form(said["log"], "$.log", LOG),
        id=read_statement_id(said["id"], "$.id"),
        kind=read_form(said["kind"], "$.kind", KIND),
        occurred_at=read_time(said["occurred_at"], "$.occurred_at"),
        signers=read_signers(said["signers"]),
        capture=read_capture(said["capture"]),
        seen=read_seen(said["seen"]) if "seen" in said else None,
        reason=read_form(said["reason"], "$.reason", CODE) if "reason" in said else None,
        acknowledges=read_acknowledges(said["acknowledges"]) if "acknowledges" in said else (),
        corrects=read_statement_id(said["corrects"], "$.corrects") if "corrects" in said else None,
        body=read_body(said["body"], written),
        sd=read_digests(said),
        value=read_object(value, _ROOT),
        tags=tags_of(value),
    )


def _known(value: JsonValue) -> JsonValue:
    """Return a payload without the members that this program does not know."""
    if not isinstance(value, dict):
        return value
    return {name: _known_part(name, one) for name, one in value.items() if name in _REQUIRED or name in _OPTIONAL}


def _known_part(name: str, value: JsonValue) -> JsonValue:
    if isinstance(value, list):
        return [_known_part(name, one) for one in value]
    if name not in PARTS or not isinstance(value, dict):
        return value
    return {member: one for member, one in value.items() if member in PARTS[name]}
