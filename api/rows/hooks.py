"""What is told of hooks over HTTP."""

from __future__ import annotations

from typing import Literal, TypedDict


class HookRow(TypedDict):
    """A hook of a party.

    events: what it hears of. person: who registered it; token: by which token, whose end is its own; null: having
    signed in. looked: the position up to which the log was looked at for it. waiting, failed: deliveries. failures: in
    a row, up to now. ended: since when it hears nothing any more; why: its key is revoked, its token has ended, or it
    answered that it is gone (410).
    """

    name: str
    url: str
    label: str
    events: list[Literal["statement", "due-soon", "overdue", "digest"]]
    person: str
    token: str | None
    made: str
    looked: int
    waiting: int
    failed: int
    failures: int
    ended: str | None
    why: Literal["key", "token", "gone"] | None


class HooksOfParty(TypedDict):
    """The hooks of a party, oldest first."""

    hooks: list[HookRow]


class DeliveryRow(TypedDict):
    """What became of a statement by its position, of a notice by its number, or of a digest by its day's ordinal.

    state: waiting until due; delivered; failed: given up; withheld: by the time of delivery the party might not read
    it. tried: the last time; status: that the hook answered then; problem: why it did not answer.
    """

    position: int
    state: Literal["waiting", "delivered", "failed", "withheld"]
    attempts: int
    due: str | None
    tried: str | None
    status: int | None
    problem: str | None


class Deliveries(TypedDict):
    """A page of a hook's deliveries, the newest position first. more: whether further ones follow."""

    more: bool
    rows: list[DeliveryRow]


class DeliveredAgain(TypedDict):
    """How many deliveries wait to be made once more."""

    again: int


class HookRemoved(TypedDict):
    """A hook that hears nothing any more. removed: its name."""

    removed: str


class HookKeys(TypedDict):
    """The public halves of the keys by which deliveries are signed, the newest first: ``whpk_`` and base64.

    Two while one takes over from the other: then each delivery bears a signature of each (Standard Webhooks).
    """

    keys: list[str]
