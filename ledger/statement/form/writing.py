"""Writing a payload: from what is meant to the bytes that are signed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger.clock import format_time
from ledger.statement.form.members import SD_ALGORITHM, VERSION
from ledger.statement.form.payload import read_payload
from ledger.statement.text import strict_json
from ledger.statement.text.binary import encode_base64

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from ledger.ids import StatementId
    from ledger.statement.form.header import Acknowledgement, Capture, Seen, Signer
    from ledger.statement.text.strict_json import JsonValue


def build_payload(
    *,
    log: str,
    id: StatementId,  # noqa: A002  the member's own name
    kind: str,
    occurred_at: datetime,
    signers: Sequence[Signer],
    capture: Capture,
    body: Mapping[str, JsonValue],
    seen: Seen | None = None,
    reason: str | None = None,
    acknowledges: Sequence[Acknowledgement] = (),
    corrects: StatementId | None = None,
    sd: Sequence[str] = (),
) -> bytes:
    """Write a payload, ready to sign. Members that say nothing are left out; digests are sorted.

    occurred_at: aware.

    Raises Malformed: whatever read_payload would refuse.
    """
    value: dict[str, JsonValue] = {"v": VERSION, "log": log, "id": id, "kind": kind}
    value["occurred_at"] = format_time(occurred_at)
    value["signers"] = [_written(one) for one in signers]
    value["capture"] = _given(
        {"mode": capture.mode, "device": capture.device, "seq": capture.seq, "source": capture.source}
    )
    if seen is not None:
        value["seen"] = {"size": seen.size, "root": encode_base64(seen.root)}
    value |= _given({"reason": reason})
    if acknowledges:
        value["acknowledges"] = [{"rule": one.rule, "reason": one.reason} for one in acknowledges]
    value |= _given({"corrects": corrects}) | {"body": dict(body)}
    if sd:
        value |= {"_sd": [*sorted(sd)], "_sd_alg": SD_ALGORITHM}
    data = strict_json.encode(value)
    read_payload(data)
    return data


def _written(signer: Signer) -> dict[str, JsonValue]:
    return {
        "key": signer.key,
        "alg": signer.alg,
        "party": signer.party,
        "person": signer.person,
        "role": signer.role,
        "meaning": signer.meaning,
    }


def _given(members: dict[str, JsonValue]) -> dict[str, JsonValue]:
    return {name: value for name, value in members.items() if value is not None}
