"""What the service answers over HTTP besides what commands print."""

from __future__ import annotations

from typing import Any, Literal, NotRequired, TypedDict

from api.rows.answers import Breach, Recorded
from api.rows.record import Recordable


class Problem(TypedDict):
    """Why a request was not done (RFC 9457).

    type: the same in every language, ``urn:vialog:problem:…``. title, detail: in the language of the request.
    rule: a rule of docs/rules.md. member: where in the statement. breaches: what its signers did not acknowledge.
    """

    type: str
    title: str
    status: int
    detail: NotRequired[str]
    rule: NotRequired[str]
    member: NotRequired[str]
    breaches: NotRequired[list[Breach]]


class FailedProblem(TypedDict):
    """What became of a line of a batch that is not recorded. line: from 1."""

    line: int
    status: Literal["error"]
    problem: Problem


class RecordedInBatch(Recorded):
    """What became of a line of a batch that stands in the record. proof: its .tlog-proof, where it is waited for."""

    line: int
    proof: NotRequired[str]


class CheckedInBatch(Recordable):
    """What would become of a line of a batch of which nothing was recorded."""

    line: int
    status: Literal["recordable"]


class Health(TypedDict):
    """How a service is.

    size: entries of the log; checkpoint: how many of them the newest checkpoint covers; witnesses: by name, what is
    wrong with those that do not cosign. views: how the views stand; left out where the service keeps none.
    """

    status: Literal["ok"]
    log: str
    size: int
    checkpoint: int
    witnesses: dict[str, str]
    views: NotRequired[dict[str, Any]]


class Alive(TypedDict):
    """That a process answers."""

    status: Literal["ok"]


class Unhealthy(Problem):
    """What is wrong with a service, and what could be seen of it."""

    log: str
    witnesses: dict[str, str]
    size: NotRequired[int]
    checkpoint: NotRequired[int]
    views: NotRequired[dict[str, Any]]


class Challenged(TypedDict):
    """What is to be signed to sign in.

    payload: base64, as docs/formats.md tells it; it is signed as an envelope of this payload type.
    """

    payload: str
    payloadType: str
    expires: str


class SignedIn(TypedDict):
    """Who has signed in. expires: when the session ends at the latest; left out of a token."""

    party: str
    person: str
    key: str
    scopes: list[str]
    expires: NotRequired[str]


class TokenRow(TypedDict):
    """A token, as its person sees it. used: when it was last used, to the minute; null: never."""

    name: str
    label: str
    key: str
    scopes: list[str]
    made: str
    expires: str
    used: str | None


class TokenMade(TokenRow):
    """A token that was just made. token: its secret, which is never shown again."""

    token: str


class Tokens(TypedDict):
    """The tokens of a person, oldest first."""

    tokens: list[TokenRow]


class TokenWithdrawn(TypedDict):
    """A token that opens nothing any more. withdrawn: its name."""

    withdrawn: str
