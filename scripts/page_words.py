"""The words and tables that the verifier page carries: those of the program, as one object of JSON."""

from __future__ import annotations

from dataclasses import asdict
from datetime import timedelta
from itertools import product
from typing import TYPE_CHECKING, Any, Final

from ledger.breach import PARAMETERS, Breach, Value
from ledger.domain.border.consignments import Route
from ledger.domain.judging import Answer
from ledger.domain.rules import Task
from ledger.domain.vocabulary import Grade
from ledger.evidence.report.troubles import TROUBLE
from ledger.quantity import POWERS
from ledger.rulepacks.load import load_packs
from ledger.statement.rulebook import RULEBOOK
from ledger.words.given import CALLED_BY, GIVEN, RELABELLED
from ledger.words.sentences import table_of
from ledger.words.table import Language, words_in

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ledger.domain.judging import Rule
    from ledger.domain.rules import Agents, RulePack

_DECIDING: Final[Mapping[str, Sequence[str]]] = {"grade": list(Grade), "route": list(Route), "task": list(Task)}
"""What a breach gives that the clause which it rests on may depend on, where that comes from the rule pack."""


def page_words() -> dict[str, Any]:
    """Return what the page tells with: words of each language, who gives names, editions of rules, clauses."""
    packs = [edition.pack for edition in load_packs().editions]
    catalogues = [_agents(pack.agents) for pack in packs]
    kept = [one for at, one in enumerate(catalogues) if one not in catalogues[:at]]
    return {
        **{language: asdict(words_in(language)) for language in Language},
        "given": {kind: [asdict(one) for one in giving] for kind, giving in GIVEN.items()},
        "calledBy": CALLED_BY,
        "relabelled": RELABELLED,
        "trouble": TROUBLE,
        "powers": dict(POWERS),
        "parameters": PARAMETERS,
        "tables": {name: table_of(name) for name in PARAMETERS if table_of(name) != name},
        "agents": kept,
        "editions": {
            pack.name: {"zone": _zone(pack), "agents": kept.index(agents)}
            for pack, agents in zip(packs, catalogues, strict=True)
        },
        "clauses": {rule.id: _clause(rule, packs) for rule in RULEBOOK.values() if rule.answer is Answer.BREACH},
    }


def _agents(catalogue: Agents) -> dict[str, dict[str, str]]:
    return {code: {"en": one.name_en, "zh": one.name_zh} for code, one in catalogue.agents.items()}


def _zone(pack: RulePack) -> dict[str, object]:
    minutes = pack.working_days.offset.utcoffset(None) // timedelta(minutes=1)
    return {"minutes": minutes, "jurisdiction": pack.jurisdiction}


def _clause(rule: Rule, packs: Sequence[RulePack]) -> dict[str, Any]:
    """Return a rule's own clause, and of each edition those that come from its parameters, by what a breach gives."""
    own = rule.grounds(Breach(rule.id), None)
    by = [name for name in sorted(rule.parameters) if name in _DECIDING] if _depends(rule, packs) else []
    editions: dict[str, dict[str, tuple[str, bool]]] = {}
    for pack, given in product(packs if rule.basis else (), product(*(_DECIDING[name] for name in by))):
        parameters: tuple[tuple[str, Value], ...] = tuple(zip(by, given, strict=True))
        found = rule.grounds(Breach(rule.id, (), parameters), pack)
        if found != own:
            editions.setdefault(pack.name, {})["/".join(given)] = found
    return {"own": own, "by": by, "editions": editions}


def _depends(rule: Rule, packs: Sequence[RulePack]) -> bool:
    """Say whether the clause that a rule rests on depends on what a breach gives."""
    if rule.basis is None:
        return False
    try:
        for pack in packs:
            rule.basis(pack, {})
    except KeyError:
        return True
    return False
