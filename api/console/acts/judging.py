"""What is told before somebody signs: in words what it says, and what the record and the rules say of it.

Judging a draft tells what the record says. So only whom the draft names as its signer is told, by the key with which
they signed in; with a signature of that key ``/v1/statements/check`` would tell them the same.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from api.language import label, problem_words
from ledger.errors import LedgerError, NeedsAcknowledgement
from ledger.statement.reading import read_statement
from ledger.statement.rulebook import grounds_of
from ledger.words.reader import code_word, name_of
from ledger.words.sentences import breach_told
from ledger.words.table import rules_in, words_in
from ledger.words.telling import sentence

if TYPE_CHECKING:
    from collections.abc import Sequence

    from api.console.telling import Teller
    from ledger.breach import Breach
    from ledger.statement.form.header import Signer
    from ledger.statement.form.payload import Payload
    from ledger.words.reader import Reader


@dataclass(frozen=True, slots=True)
class Broken:
    """A breach that recording would commit. says: the rule. reason: why it is acknowledged; "": it is not yet."""

    rule: str
    says: str
    problem: str
    clause: str
    verified: bool
    reason: str


@dataclass(frozen=True, slots=True)
class Told:
    """What is told of a draft. refused: why it cannot be recorded; "" where it can be, once all is acknowledged.

    names: what the ids that it names are called.
    """

    sentence: str
    signers: tuple[str, ...]
    names: tuple[tuple[str, str], ...]
    breaches: tuple[Broken, ...]
    refused: str

    @property
    def open(self) -> bool:
        """Say whether something is still to be acknowledged."""
        return any(not one.reason for one in self.breaches)


def told_of(teller: Teller, payload: Payload, written: bytes) -> Told:
    """Tell a draft and judge it. written: the bytes of the payload, which the reader's own key will sign."""
    teller.labels.learn(read_statement(payload))
    reader = teller.reader_at(payload.occurred_at)
    breaches: Sequence[Breach] = ()
    rules = refused = ""
    try:
        outcome = teller.reads.doors.ledger.judge(written)
        breaches, rules = outcome.breaches, outcome.rules
    except NeedsAcknowledgement as error:
        breaches, rules = error.breaches, error.rules
    except LedgerError as error:
        refused = teller.labels.told(problem_words(error, teller.language))
    reasons = {one.rule: one.reason for one in payload.acknowledges}
    return Told(
        sentence(payload, reader),
        tuple(_signer(one, reader) for one in payload.signers),
        tuple(sorted(teller.labels.of_all(payload.tags).items())),
        tuple(_broken(teller, one, rules, reader, reasons.get(one.rule, "")) for one in breaches),
        refused,
    )


def _signer(signer: Signer, reader: Reader) -> str:
    meaning, role = code_word("meaning", signer.meaning, reader), code_word("role", signer.role, reader)
    told = label("{meaning}: {person} of {party}, as {role}", reader.language)
    return told.format(meaning=meaning, person=signer.person, party=name_of(signer.party, reader), role=role)


def _broken(teller: Teller, breach: Breach, rules: str, reader: Reader, reason: str) -> Broken:
    clause, verified = grounds_of(breach, teller.reads.packs.by_name(rules))
    return Broken(
        breach.rule,
        rules_in(teller.language).get(breach.rule, ""),
        breach_told(breach, reader),
        words_in(teller.language).clause.get(clause, clause),
        verified,
        code_word("reason", reason, reader) if reason else "",
    )
