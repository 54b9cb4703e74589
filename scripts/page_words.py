"""The words and tables that the verifier page carries: those of the program, as one object of JSON."""

from __future__ import annotations

import re
import tomllib
from dataclasses import asdict, fields
from datetime import timedelta
from importlib.resources import files
from itertools import product
from typing import TYPE_CHECKING, Any, Final

from ledger.breach import PARAMETERS, Breach, Sort
from ledger.domain.law.rule import Answer
from ledger.domain.law.rules import Parameter, RulePack
from ledger.domain.work.checks import GONE
from ledger.evidence.answers.rows import ABOUT, QUESTIONS
from ledger.evidence.answers.table import duties, effects
from ledger.evidence.report.troubles import ENDS, TROUBLE
from ledger.rulepacks.load import load_packs
from ledger.statement.rulebook import RULEBOOK
from ledger.words.given import CALLED_BY, GIVEN, RELABELLED
from ledger.words.phrasebook import BARE, PLACE
from ledger.words.reader import OWN, SAID_TYPES
from ledger.words.sentences import table_of
from ledger.words.table import Language, duties_in, kinds_in, labels_in, phrases_in, questions_in, words_in
from projections.asked.table import QUESTIONS as ASKED

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ledger.domain.law.rule import Basis, Rule
    from ledger.domain.law.tables import Agents

_OTHER: Final = -1
"""Stands for every number that is in no rule pack."""
_NAMES: Final = [one.name for one in fields(RulePack)]


def page_words() -> dict[str, Any]:
    """Return what the page tells with: words of each language, who gives names, editions of rules, clauses."""
    packs = [edition.pack for edition in load_packs().editions]
    catalogues = [_agents(pack.agents) for pack in packs]
    kept = [one for at, one in enumerate(catalogues) if one not in catalogues[:at]]
    return {
        **{language: asdict(words_in(language)) for language in Language},
        "given": {kind: [asdict(one) for one in giving] for kind, giving in GIVEN.items()},
        "asked": {language: {name: questions_in(language)[name] for name in QUESTIONS} for language in Language},
        "kinds": {language: _kinds(language) for language in Language},
        "duties": {language: _duties(language) for language in Language},
        "columns": {language: _columns(language) for language in Language},
        "phrases": {Language.CHINESE: findings()},
        "bare": sorted(BARE),
        "calledBy": CALLED_BY,
        "relabelled": RELABELLED,
        "saidTypes": SAID_TYPES,
        "own": OWN,
        "gone": sorted(GONE),
        "trouble": TROUBLE,
        "ends": ENDS,
        "parameters": PARAMETERS,
        "tables": {name: table_of(name) for name in PARAMETERS if table_of(name) != name},
        "agents": kept,
        "editions": {
            pack.name: {"zone": _zone(pack), "agents": kept.index(agents)}
            for pack, agents in zip(packs, catalogues, strict=True)
        },
        "clauses": {rule.id: _clause(rule, packs) for rule in RULEBOOK.values() if rule.answer is Answer.BREACH},
    }


def _kinds(language: Language) -> dict[str, str]:
    """Return what the kinds are called that answers may tell."""
    return {kind: kinds_in(language)[kind].name for kind in effects()["item"]}


def _duties(language: Language) -> dict[str, str]:
    """Return what each duty asks that answers may tell."""
    return {one: duties_in(language)[one] for of in sorted(ABOUT["owed"]) for one in sorted(duties()[of])}


def _columns(language: Language) -> dict[str, str]:
    """Return what stands over the members of the rows of answers, and the words of ours in them."""
    members = {field.name for name in QUESTIONS for field in fields(ASKED[name].row)} | {"then", "now"}
    names = labels_in(language) if language is not Language.ENGLISH else {}
    told = {one: one.replace("_", " ") for one in sorted(members - {"why"})}
    return {one: names.get(english) or names.get(one, english) for one, english in told.items()}


def findings() -> dict[str, str]:
    """Return what verifying finds, by its English, in Chinese: of statements, proofs, answers, what joins them."""
    phrases = phrases_in(Language.CHINESE)
    joining = {one: told for one, told in phrases.items() if not re.search("[A-Za-z]", PLACE.sub("", one))}
    return _phrases("phrases-formats") | joining | _phrases("phrases-answers") | _phrases("phrases-page")


def _phrases(file: str) -> dict[str, str]:
    text = files("ledger.words").joinpath("zh", f"{file}.toml").read_text(encoding="utf-8")
    rows: dict[str, str] = tomllib.loads(text)["phrase"]
    return rows


def _agents(catalogue: Agents) -> dict[str, dict[str, str]]:
    return {code: {"en": one.name_en, "zh": one.name_zh} for code, one in catalogue.agents.items()}


def _zone(pack: RulePack) -> dict[str, object]:
    minutes = pack.working_days.offset.utcoffset(None) // timedelta(minutes=1)
    return {"minutes": minutes, "jurisdiction": pack.jurisdiction}


def _clause(rule: Rule, packs: Sequence[RulePack]) -> dict[str, Any]:
    """Return a rule's own clause, and of each edition those that come from its parameters, by what a breach gives.

    In the place of a number that stands in no rule pack there is "*".
    """
    own, by = rule.grounds(Breach(rule.id), None), _asked(rule, packs)
    editions: dict[str, dict[str, tuple[str, bool]]] = {}
    for pack in packs if rule.basis else ():
        for given in product(*(_values(name, packs) for name in by)):
            found = rule.grounds(Breach(rule.id, (), tuple(zip(by, given, strict=True))), pack)
            if found != own:
                key = "/".join("*" if one == _OTHER else str(one) for one in given)
                editions.setdefault(pack.name, {})[key] = found
    return {"own": own, "by": by, "editions": editions}


def _asked(rule: Rule, packs: Sequence[RulePack]) -> list[str]:
    """Return what of a breach the clause depends on: what is asked for, one after the other, in looking it up."""
    by: list[str] = []
    while rule.basis is not None:
        missing = {name for pack in packs for name in _missing(rule.basis, pack, by, packs)}
        if not missing:
            break
        by = sorted({*by, *missing})
    return by


def _missing(basis: Basis, pack: RulePack, by: Sequence[str], packs: Sequence[RulePack]) -> Iterator[str]:
    for given in product(*(_values(name, packs) for name in by)):
        try:
            basis(pack, dict(zip(by, given, strict=True)))
        except KeyError as error:
            yield str(error.args[0])
        except ValueError:
            continue


def _values(name: str, packs: Sequence[RulePack]) -> list[int | str]:
    """Return what a parameter of a breach may be that a clause depends on: a code, or a number of some rule pack."""
    if PARAMETERS[name] is Sort.INTEGER:
        numbers = {one.value for pack in packs for one in (getattr(pack, each) for each in _NAMES) if _is_number(one)}
        return [*sorted(numbers), _OTHER]
    return sorted(words_in(Language.ENGLISH).code[table_of(name)])


def _is_number(value: object) -> bool:
    return isinstance(value, Parameter) and isinstance(value.value, int) and not isinstance(value.value, bool)
