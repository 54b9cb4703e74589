"""What the service answers over HTTP besides what commands print."""

from __future__ import annotations

from typing import Any, Literal, NotRequired, TypedDict

from api.rows.answers import Breach, JudgedBy, Recorded
from api.rows.questions import AnswerEnd
from api.rows.record import Recordable
from api.rows.subjects import Custody, HistoryEvent


class Problem(TypedDict):
    """Why a request was not done (RFC 9457).

    type: the same in every language, ``urn:vialog:problem:…``. title, detail: in the language of the request.
    rule: a rule of docs/rules.md. member: where in the statement. breaches: what its signers did not acknowledge.
    rules, edition: by which these were judged.
    receipt: of a refusal, where it was asked for: a DSSE envelope, docs/formats.md section 28.
    """

    type: str
    title: str
    status: int
    detail: NotRequired[str]
    rule: NotRequired[str]
    member: NotRequired[str]
    breaches: NotRequired[list[Breach]]
    rules: NotRequired[str]
    edition: NotRequired[str | None]
    receipt: NotRequired[dict[str, Any]]


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
    wrong with those that do not cosign. views: how the views stand; left out where the service keeps none. only_reads:
    that it serves a copy of the log, and records nothing; left out where it records.
    """

    status: Literal["ok"]
    log: str
    size: int
    checkpoint: int
    witnesses: dict[str, str]
    views: NotRequired[dict[str, Any]]
    only_reads: NotRequired[Literal[True]]


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


class KeySignature(TypedDict):
    """A signature. keyid: the thumbprint of its key; sig: base64."""

    keyid: str
    sig: str


class OpenKey(TypedDict):
    """What is public of a key that a signing helper holds. spki: base64."""

    thumbprint: str
    alg: str
    spki: str


class SignerReady(TypedDict):
    """A signing helper that listens. url: where; site: the web origin whose pages may ask; log: whose statements."""

    url: str
    site: str
    log: str
    keys: list[OpenKey]


class SignedChallenge(TypedDict):
    """A challenge that is signed: the envelope that opens a session, docs/formats.md."""

    payload: str
    payloadType: str
    signatures: list[KeySignature]


class SignedIn(TypedDict):
    """Who has signed in. expires: when the session ends at the latest; left out of a token."""

    party: str
    person: str
    key: str
    scopes: list[str]
    expires: NotRequired[str]


class SessionEnded(TypedDict):
    """What became of the session that was kept of a service. ended: whether there was one."""

    service: str
    ended: bool


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


class QuestionRow(TypedDict):
    """A question that can be asked. asks: in the language of the request. at: whether as it was at an earlier time."""

    number: int
    name: str
    asks: str
    parameters: list[str]
    at: bool


class Questions(TypedDict):
    """All questions, in the order of their numbers."""

    questions: list[QuestionRow]


class SeenBy(TypedDict):
    """Who is told: an answer is made of the statements of a log that this party may read, and of no others."""

    log: str
    seen_by: str


class Answered(SeenBy):
    """An answer: its rows, with the members of `vialog ask … --json`, and what it rests on, as the last line there."""

    rests_on: AnswerEnd
    rows: list[dict[str, Any]]


class Listed(SeenBy):
    """A page of a list, its rows with the members of `vialog list … --json`. more: whether some are behind these.

    total: how many there are in all; null: there are so many that they were not counted.
    """

    as_known_at: int
    total: int | None
    more: bool
    rows: list[dict[str, Any]]


class SubjectShown(SeenBy):
    """One subject as known at a position, by what may be read of it.

    as_of: what happened later does not count; null: all does. now: its row in the list of its type; of an item instead
    what `vialog item show --json` tells: item, sample, ancestors, children, custody. earlier: how many statements of
    the history come before those that are told, of a subject that is no item.
    """

    as_known_at: int
    as_of: str | None
    history: list[HistoryEvent]
    earlier: NotRequired[int]
    id: NotRequired[str]
    now: NotRequired[dict[str, Any]]
    item: NotRequired[dict[str, Any]]
    sample: NotRequired[dict[str, Any]]
    ancestors: NotRequired[list[str]]
    children: NotRequired[list[str]]
    custody: NotRequired[list[Custody]]


class EntryShown(SeenBy, JudgedBy):
    """A statement's entry. entry: its bytes, base64; leaf: their hash, hexadecimal. told: what it says, in words.

    proof: the .tlog-proof under the newest checkpoint; null: none covers it yet.
    """

    position: int
    recorded: str
    statement: str
    kind: str
    told: str
    tags: list[str]
    breaches: list[Breach]
    leaf: str
    entry: str
    proof: str | None


class EntryRow(TypedDict):
    """A statement's entry in a list of them: its bytes, base64, and their hash, hexadecimal."""

    position: int
    recorded: str
    statement: str
    kind: str
    leaf: str
    entry: str


class Entries(SeenBy):
    """A page of the entries that this party may read, oldest first. more: whether some may be behind these."""

    as_known_at: int
    more: bool
    rows: list[EntryRow]
