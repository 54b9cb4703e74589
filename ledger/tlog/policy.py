"""Policies: which logs and which quorum of witnesses a verifier believes (C2SP tlog-policy), and who replays them.

    log <vkey> [<url>]                      a log, under its origin; types 01 and 06
    witness <name> <vkey> [<url>]           a witness, and what this file calls it; types 04 and 06
    mirror <name> <vkey> [<url>]            a witness that cosigns only what it has replayed from the first entry
    group <name> all|any|<k> <member>...    witnessed when k of its members are
    quorum <name>|none                      exactly once
    replayed <name>                         at most once; a mirror, or a group of mirrors alone
    # anything                              a comment, like a blank line

``mirror`` and ``replayed`` are ours, beyond the specification: no signature tells what its holder checked, so the
policy does. A witness has seen that the log grows, and none of its entries; a mirror has computed the index anew.

Its lines are those of ``rule_lines``; at most 1,000,000 bytes. A name is defined above its use, and is a member of one
group at most. Stricter than the specification: a public key stands on one line only, over logs and witnesses together,
because a log's own signature is no witness; there are at most 256 keys, and groups stand inside each other at most 32
deep.

A checkpoint is believed when a log of the policy signed it under that log's origin and the quorum is met by
cosignatures that state a time. The *quorum time* is the earliest at which the quorum was met: a witness's time,
or the k-th smallest of a group's members. Among any k members the policy trusts one to be honest, so whatever
the checkpoint covers was recorded not after it. A policy comes from the verifier, never from what it verifies.

A checkpoint is *replayed* when what ``replayed`` names is met by mirrors, or, without that line, any one mirror has
cosigned. Without it a state entry's index is the operator's word alone.

>>> key = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
>>> policy = parse_policy(f"log {key}\\nquorum none\\n".encode())
>>> [log.key.name for log in policy.logs], policy.quorum
(['PeterNeumann'], None)
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from ledger.errors import Malformed, NotTrusted
from ledger.tlog.checkpoint import Checkpoint, decode_checkpoint
from ledger.tlog.cosignature import verifier_for
from ledger.tlog.note import OpenedNote, open_note
from ledger.tlog.rule_lines import read_rules
from ledger.tlog.vkey import SignatureType, VerifierKey, parse_vkey

if TYPE_CHECKING:
    from collections.abc import Mapping

MAX_POLICY: Final = 1_000_000
MOST_KEYS: Final = 256
MOST_NESTED: Final = 32
NO_QUORUM: Final = "none"

_THRESHOLD: Final = re.compile(r"[1-9][0-9]{0,5}\Z")
_LOG_TYPES: Final = (SignatureType.ED25519, SignatureType.ML_DSA_44_COSIGNATURE)
_WITNESS_TYPES: Final = (SignatureType.ED25519_COSIGNATURE, SignatureType.ML_DSA_44_COSIGNATURE)


@dataclass(frozen=True, slots=True)
class Party:
    """A log or a witness: its key, and where it is reached ("" when the policy does not say)."""

    key: VerifierKey
    url: str


@dataclass(frozen=True, slots=True)
class Group:
    """A group of witnesses and groups; witnessed when at least ``threshold`` of its members are."""

    threshold: int
    members: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Policy:
    """What a policy file says.

    witnesses: mirrors among them. quorum: the name of a witness or a group; None when none is asked for.
    mirrors: which of the witnesses replay what they cosign.
    replayed: the mirror or the group of mirrors that has to have replayed; None: any mirror.
    """

    logs: tuple[Party, ...]
    witnesses: Mapping[str, Party]
    groups: Mapping[str, Group]
    quorum: str | None
    mirrors: frozenset[str] = frozenset()
    replayed: str | None = None


@dataclass(frozen=True, slots=True)
class Witnessed:
    """A checkpoint that a policy accepts.

    logs: the policy's log keys that signed it under its origin; at least one.
    witnesses: the policy's name of each witness that cosigned it, with the earliest time it states (POSIX seconds).
    quorum_time: when the quorum was met, POSIX seconds; None when the policy asks for no quorum.
    replayed: the policy's names of the mirrors that cosigned it, sorted; empty unless as many as it asks for have.
    """

    checkpoint: Checkpoint
    logs: tuple[VerifierKey, ...]
    witnesses: Mapping[str, int]
    quorum_time: int | None
    replayed: tuple[str, ...]


def parse_policy(data: bytes) -> Policy:
    """Return the policy that a file writes.

    Raises Malformed: TLOG-07, with the number of the line that breaks a rule as its member.
    """
    reader = _Reader()
    for where, words in read_rules(data, rule="TLOG-07", most=MAX_POLICY):
        reader.read(where, words)
    return reader.policy()


class _Reader:
    """Reads a policy line by line; what it holds is what the lines above have defined."""

    def __init__(self) -> None:
        self._logs: list[Party] = []
        self._witnesses: dict[str, Party] = {}
        self._groups: dict[str, Group] = {}
        self._depths: dict[str, int] = {}
        self._mirrors: set[str] = set()
        self._quorums: list[str] = []
        self._replayed: list[str] = []
        self._grouped: set[str] = set()
        self._public: set[bytes] = set()
        self._ids: set[tuple[str, bytes]] = set()

    def read(self, where: str, words: list[str]) -> None:
        match words:
            case ["log", vkey, *url] if len(url) <= 1:
                self._logs.append(Party(self._key(where, vkey, _LOG_TYPES), "".join(url)))
            case ["witness" | "mirror" as role, name, vkey, *url] if len(url) <= 1:
                self._new(where, name)
                self._witnesses[name] = Party(self._key(where, vkey, _WITNESS_TYPES), "".join(url))
                if role == "mirror":
                    self._mirrors.add(name)
            case ["group", name, threshold, _, *_]:
                self._new(where, name)
                self._groups[name] = self._group(where, threshold, words[3:])
                self._depths[name] = self._depth(where, words[3:])
            case ["quorum", name]:
                self._quorum(where, name)
            case ["replayed", name]:
                self._set_replayed(where, name)
            case _:
                rules = "log, witness, mirror, group, quorum or replayed"
                raise Malformed("TLOG-07", where, f"not a {rules} with its words")

    def policy(self) -> Policy:
        if not self._quorums:
            raise Malformed("TLOG-07", "$", "no quorum line")
        quorum = None if self._quorums[0] == NO_QUORUM else self._quorums[0]
        replayed = self._replayed[0] if self._replayed else None
        return Policy(tuple(self._logs), self._witnesses, self._groups, quorum, frozenset(self._mirrors), replayed)

    def _key(self, where: str, vkey: str, types: tuple[SignatureType, ...]) -> VerifierKey:
        # Counted first: to admit a key takes milliseconds.
        if len(self._public) == MOST_KEYS:
            raise Malformed("TLOG-07", where, f"more than {MOST_KEYS} keys")
        try:
            key = parse_vkey(vkey)
        except Malformed as problem:
            raise Malformed("TLOG-07", where, problem.problem) from None
        if key.type not in types:
            raise Malformed("TLOG-07", where, "a key of this type does not sign in this role")
        # Two keys under one name and id could be told apart by no signature line.
        if key.public in self._public or (key.name, key.key_id) in self._ids:
            raise Malformed("TLOG-07", where, "the public key, or its name and id, stands on a line above")
        self._public.add(key.public)
        self._ids.add((key.name, key.key_id))
        return key

    def _new(self, where: str, name: str) -> None:
        if name == NO_QUORUM or name in self._witnesses or name in self._groups:
            raise Malformed("TLOG-07", where, f"the name {name} is taken")

    def _group(self, where: str, threshold: str, members: list[str]) -> Group:
        for member in members:
            if member not in self._witnesses and member not in self._groups:
                raise Malformed("TLOG-07", where, f"no line above defines {member}")
            if member in self._grouped:
                raise Malformed("TLOG-07", where, f"{member} is a member already")
            self._grouped.add(member)
        return Group(self._threshold(where, threshold, len(members)), tuple(members))

    def _depth(self, where: str, members: list[str]) -> int:
        """Return how deep groups stand inside a group, itself counted: whoever asks for its time goes down so far."""
        depth = 1 + max(self._depths.get(member, 0) for member in members)
        if depth > MOST_NESTED:
            raise Malformed("TLOG-07", where, f"groups stand inside each other more than {MOST_NESTED} deep")
        return depth

    def _threshold(self, where: str, text: str, members: int) -> int:
        if text in {"all", "any"}:
            return members if text == "all" else 1
        if _THRESHOLD.match(text) is None or int(text) > members:
            raise Malformed("TLOG-07", where, f"the threshold is not all, any or a number from 1 to {members}")
        return int(text)

    def _quorum(self, where: str, name: str) -> None:
        if self._quorums:
            raise Malformed("TLOG-07", where, "a second quorum line")
        if name != NO_QUORUM and name not in self._witnesses and name not in self._groups:
            raise Malformed("TLOG-07", where, f"no line above defines {name}")
        self._quorums.append(name)

    def _set_replayed(self, where: str, name: str) -> None:
        if self._replayed:
            raise Malformed("TLOG-07", where, "a second replayed line")
        if name not in self._witnesses and name not in self._groups:
            raise Malformed("TLOG-07", where, f"no line above defines {name}")
        if not self._replays(name):
            raise Malformed("TLOG-07", where, f"{name} is no mirror, or has a member that is none")
        self._replayed.append(name)

    def _replays(self, name: str) -> bool:
        group = self._groups.get(name)
        return name in self._mirrors if group is None else all(map(self._replays, group.members))


def evaluate(policy: Policy, note: bytes) -> Witnessed:
    """Return what a policy believes of a signed checkpoint.

    Raises Malformed: TLOG-01 not a note, TLOG-03 not a checkpoint. NotTrusted: TLOG-11 a known key's signature does
    not verify, TLOG-12 no known key has signed, TLOG-13 no log of the policy signed under the checkpoint's origin,
    TLOG-14 the quorum is not met.
    """
    keys = [party.key for party in (*policy.logs, *policy.witnesses.values())]
    opened = open_note(note, [verifier_for(key) for key in keys])
    checkpoint = decode_checkpoint(opened.text)
    signed = {one.key for one in opened.signed}
    logs = tuple(log.key for log in policy.logs if log.key in signed and log.key.name == checkpoint.origin)
    if not logs:
        raise NotTrusted("TLOG-13", f"no log of the policy has signed as {checkpoint.origin}")
    times = _witness_times(policy, opened)
    quorum_time = None if policy.quorum is None else _time_of(policy, policy.quorum, times)
    if policy.quorum is not None and quorum_time is None:
        by = ", ".join(times) or "none"
        raise NotTrusted(
            "TLOG-14",
            f"the quorum {policy.quorum} is not met; cosigned by: {by}; this tells of no change: ask for the same "
            "under a checkpoint that the quorum cosigned",
        )
    return Witnessed(checkpoint, logs, times, quorum_time, _replayed(policy, times))


def _witness_times(policy: Policy, opened: OpenedNote) -> dict[str, int]:
    times: dict[str, int] = {}
    for name, witness in policy.witnesses.items():
        stated = [one.time for one in opened.signed if one.key == witness.key and one.time is not None]
        if stated:
            times[name] = min(stated)
    return times


def _replayed(policy: Policy, times: Mapping[str, int]) -> tuple[str, ...]:
    """Return the mirrors that have replayed, when as many have as the policy asks for; else nobody."""
    mirrors = tuple(sorted(policy.mirrors & times.keys()))
    is_met = policy.replayed is None or _time_of(policy, policy.replayed, times) is not None
    return mirrors if is_met else ()


def _time_of(policy: Policy, name: str, times: Mapping[str, int]) -> int | None:
    group = policy.groups.get(name)
    if group is None:
        return times.get(name)
    reached = (_time_of(policy, member, times) for member in group.members)
    in_order = sorted(time for time in reached if time is not None)
    return in_order[group.threshold - 1] if len(in_order) >= group.threshold else None
