"""Catalogues of words: what may stand in a statement and what it means, in both languages, to be searched in either.

What only one of them rests on is loaded when that one is read.
"""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING, Any

from ledger.reference.codes import load_codes
from ledger.words.table import Language, answers_in_english, kinds_in, rules_in, words_in

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import datetime

    from api.settings import Settings

Row = dict[str, Any]
"""A row: its names in ``en`` and ``zh``, and what belongs to it."""


def kinds() -> Iterator[Row]:
    """Yield all kinds of statements, with who may state them."""
    from ledger.statement.catalogue import KINDS

    english, chinese = (kinds_in(language) for language in Language)
    for kind, one in sorted(KINDS.items()):
        said = {"kind": kind, "en": english[kind].name, "zh": chinese[kind].name}
        says = {"says_en": english[kind].says, "says_zh": chinese[kind].says}
        yield said | says | {"roles": sorted(one.roles), "recorders": sorted(one.recorders), "persons": one.persons}


def roles() -> Iterator[Row]:
    """Yield the roles that parties speak in, and what a signature can mean."""
    return (one for one in codes() if one["table"] in {"role", "meaning"})


def codes() -> Iterator[Row]:
    """Yield all codes that have words, by their tables; behind those of an open list how one's own is written."""
    english, chinese = (words_in(language).code for language in Language)
    own = load_codes().own
    for table in sorted(english):
        for code, word in english[table].items():
            yield {"table": table, "code": code, "en": word, "zh": chinese[table][code]}
        if table in own:
            yield {"table": table, "code": own[table].code, "en": own[table].name_en, "zh": own[table].name_zh}


def units() -> Iterator[Row]:
    """Yield the units that quantities may be in."""
    english, chinese = (words_in(language).unit for language in Language)
    for code, word in english.items():
        yield {"code": code, "en": word.partition("/")[0], "zh": chinese[code]}


def rules() -> Iterator[Row]:
    """Yield all rules: what breaking one leads to, what it says, and the clause that it rests on, as it is cited."""
    from ledger.statement.rulebook import RULEBOOK

    english, chinese, answers = rules_in(Language.ENGLISH), rules_in(Language.CHINESE), answers_in_english()
    for rule, sentence in english.items():
        clause = RULEBOOK[rule].clause if rule in RULEBOOK else ""
        verified = rule not in RULEBOOK or RULEBOOK[rule].confidence == "V"
        said = {"rule": rule, "answer": answers[rule], "en": sentence, "zh": chinese[rule]}
        yield said | {"clause": clause, "verified": verified}


def agents(settings: Settings, now: datetime) -> Iterator[Row]:
    """Yield the pathogens of the catalogue that the edition in force carries.

    Raises Refused: RUL-01 no edition is in force.
    """
    from ledger.rulepacks.load import load_packs

    for agent in load_packs(settings.rules).at_instant(settings.jurisdiction, now).agents.agents.values():
        said = {"agent": agent.code, "en": agent.name_en, "zh": agent.name_zh, "risk_class": agent.risk_class}
        yield said | {"un_number": agent.un_number}


def found(rows: Iterable[Row], search: str) -> Iterator[Row]:
    """Yield the rows in which a text stands, in either language or in a code, whatever its width and case."""
    key = _key(search)
    return (row for row in rows if any(key in _key(text) for text in _texts(row)))


def _texts(row: Mapping[str, Any]) -> Iterator[str]:
    return (one for one in row.values() if isinstance(one, str))


def _key(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).casefold().replace("-", " ").split())
