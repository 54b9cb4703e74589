"""What a rule is: one sentence of the regulation or of the ledger, its clause, and what a breach of it leads to."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any, TypeAlias

from ledger.breach import Breach, Given, Value, make_breach
from ledger.domain.law.rules import Confidence, Parameter, RulePack
from ledger.errors import Refused

if TYPE_CHECKING:
    from collections.abc import Iterable


class Answer(StrEnum):
    """What a broken rule leads to."""

    REFUSAL = "refusal"
    BREACH = "breach"
    REMARK = "remark"
    """Told to who asks; nobody is asked to acknowledge it, and it stands in no entry."""


Basis: TypeAlias = Callable[[RulePack, Mapping[str, Value]], Parameter[Any] | None]
"""Finds the parameter of a rule pack that a breach rests on, by what the breach gives."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule, as ``docs/rules.md`` lists it.

    id: prefix of its module and two digits, ``USE-03``.
    says: the rule as one sentence in the user's words.
    answer: refused, recorded as a breach, or only remarked.
    clause: the regulation's clause; "" for a rule of the ledger itself.
    confidence: how the clause was read; rules of the ledger itself are V.
    parameters: what a breach of it gives, names of ``ledger.breach.PARAMETERS``.
    basis: of a rule whose number comes from the rule pack: its parameter, which then has clause and confidence.
    """

    id: str
    says: str
    answer: Answer
    clause: str = ""
    confidence: Confidence = Confidence.V
    parameters: tuple[str, ...] = ()
    basis: Basis | None = None

    def refuse(self, problem: str) -> Refused:
        """Make the refusal to raise; problem names the subject and what contradicts it."""
        return Refused(self.id, problem)

    def breach(self, subjects: Iterable[str], **given: Given) -> Breach:
        """Make the breach to report.

        subjects: what it concerns among what the statement is about; none of the statement as a whole.
        given: the rule's parameters, all of them.
        """
        if given.keys() != set(self.parameters):
            raise TypeError(f"a breach of {self.id} gives {', '.join(self.parameters) or 'nothing'}")
        return make_breach(self.id, subjects, given)

    def grounds(self, breach: Breach, pack: RulePack | None) -> tuple[str, bool]:
        """Return the clause that a breach of the rule rests on, and whether it was read in the legal text.

        pack: the one that it was judged by; None: not at hand, and then the rule's own clause is told.
        """
        found = self.parameter(breach.given, pack)
        return (self.clause, self.confidence is Confidence.V) if found is None else (found.clause, found.verified)

    def parameter(self, given: Mapping[str, Value], pack: RulePack | None) -> Parameter[Any] | None:
        """Return the parameter of a pack that a breach of the rule rests on; None: on none, or it cannot be told which.

        given: what the breach gives.
        """
        try:
            return None if self.basis is None or pack is None else self.basis(pack, given)
        except (KeyError, ValueError):  # a log that somebody else wrote may give anything
            return None
