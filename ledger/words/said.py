"""What can be told: a statement as it was read, whoever read it, and what the templates of its sentence may name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from ledger.words.template import JsonValue


class Signer(Protocol):
    """One who signs."""

    @property
    def party(self) -> str:
        """Return the party that the signer speaks for."""
        ...

    @property
    def meaning(self) -> str:
        """Return what the signer declares by signing, as a code."""
        ...


class Said(Protocol):
    """A statement as it was read: of a payload, and of whatever else has these members."""

    @property
    def kind(self) -> str:
        """Return its kind."""
        ...

    @property
    def occurred_at(self) -> datetime:
        """Return when it happened, as its signers say."""
        ...

    @property
    def signers(self) -> Sequence[Signer]:
        """Return who signs, in order; at least one."""
        ...

    @property
    def body(self) -> Mapping[str, JsonValue]:
        """Return its body as the members of a JSON object."""
        ...

    @property
    def corrects(self) -> str | None:
        """Return the statement that it takes the place of."""
        ...

    @property
    def reason(self) -> str | None:
        """Return why, as a code."""
        ...


def values_of(said: Said) -> dict[str, JsonValue]:
    """Return what templates name: the members of the body, who says it, and who else signs."""
    body = dict(said.body)
    by = said.signers[0].party
    reference = body.get("reference")
    authority = reference.get("issued_by") if isinstance(reference, Mapping) else None
    signers: list[JsonValue] = [{"party": one.party, "meaning": str(one.meaning)} for one in said.signers]
    return body | {
        "by": by,
        "authority": authority or by,
        "signers": signers,
        "kind": said.kind,
        "corrects": said.corrects,
        "reason": said.reason,
    }
