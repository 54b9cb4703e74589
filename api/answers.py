"""What the ledger answers, as the members of a JSON object: the same at every door."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING, Any

from api.language import reader_language
from api.logs.recording import settled_of
from api.settings import read_settings
from api.telling.moments import zone_of
from ledger.clock import format_time
from ledger.domain.law.rules import Confidence
from ledger.rulepacks.load import RulePacks, load_packs
from ledger.statement.rulebook import grounds_of
from ledger.words.reader import Reader
from ledger.words.sentences import breach_sentence, breach_told, breach_words
from ledger.words.table import Language, duties_in, words_in

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from api.logs.recording import Settled
    from api.rows import answers as rows
    from api.rows import record
    from ledger.breach import Breach
    from ledger.domain.judging import Event
    from ledger.domain.law.rules import RulePack
    from ledger.ids import Tag
    from ledger.store.deciding.committer import Outcome
    from ledger.words.template import JsonValue
    from projections.foreseen import Foreseen
    from projections.obligations import ObligationRow


def breach_objects(breaches: Iterable[Breach], rules: str, language: Language = Language.ENGLISH) -> list[rows.Breach]:
    """Return breaches, each as the members of a JSON object.

    rules: the edition that they were judged by, as an entry names it. language: of the sentence.
    """
    told = [*breaches]
    pack = _pack(rules) if told else None  # most statements break no rule, and finding the edition takes a while
    return [_breach_object(one, pack, language) for one in told]


def told_about(tag: Tag, event: Event[Any]) -> list[rows.ReasonedBreach]:
    """Return the breaches of a recorded statement that concern one of its subjects, each with its signers' reason."""
    told = breach_objects((one for one in event.breaches if one.concerns(tag)), event.rules)
    reasons = event.said.acknowledged or {}
    return [{**one, "reason": reasons.get(one["rule"])} for one in told]


def breach_lines(
    breaches: Iterable[Breach], rules: str, reader: Reader | None = None, body: JsonValue = None
) -> list[str]:
    """Return breaches for people: rule, what is wrong, subjects, clause, and a mark where nobody read the legal text.

    rules: as for breach_objects. reader: whom they are told; None: whoever reads English, ids and UTC. body: of the
    statement, as for breach_told.
    """
    pack = _pack(rules)
    return [_line(one, pack, reader, body) for one in breaches]


def reader_here(rules: str, told: Callable[[str], str] = str) -> Reader:
    """Return whoever runs the command, as the reader of what was judged: times as that edition has.

    told: puts what an id is called before it; left out: ids as they are.
    """

    def named(ident: str) -> str | None:
        words = told(ident)
        return None if words == ident else words

    return replace(reader_of(rules, reader_language()), names=named)


def reader_of(rules: str, language: Language) -> Reader:
    """Return a reader of a language of what was judged by an edition: ids as they are, times as that edition has."""
    return Reader(language, zone_of(_pack(rules)))


def _line(breach: Breach, pack: RulePack | None, reader: Reader | None, body: JsonValue) -> str:
    language = Language.ENGLISH if reader is None else reader.language
    told = breach_words(breach) if reader is None else breach_told(breach, reader, body)
    between = words_in(language).form["rule"]
    return f"{breach.rule}{between}{told}{_grounds(breach, pack, language)}"


def _breach_object(breach: Breach, pack: RulePack | None, language: Language) -> rows.Breach:
    clause, verified = grounds_of(breach, pack)
    return {
        "rule": breach.rule,
        "subjects": list(breach.subjects),
        "parameters": breach.given,
        "problem": breach_sentence(breach, language),
        "clause": clause,
        "verified": verified,
    }


def _grounds(breach: Breach, pack: RulePack | None, language: Language) -> str:
    clause, verified = grounds_of(breach, pack)
    mark = "" if verified else words_in(language).form["unverified"]
    cited = words_in(language).clause.get(clause, clause)
    told = words_in(language).form["part"].join(one for one in (cited, mark) if one)
    return f" [{told}]" if told else ""


def _pack(rules: str) -> RulePack | None:
    """Return the edition that an entry names; None if it is not here."""
    return _packs(read_settings().rules).by_name(rules)


@cache
def _packs(further: Path | None) -> RulePacks:
    return load_packs(further)


def rules_object(name: str) -> rows.JudgedBy:
    """Return what an entry was judged by as members of a JSON object: the pack's id, and its edition's digest.

    name: as the entry's header has it; "none" has no edition.
    """
    return {"rules": rules_of(name), "edition": name.partition(" ")[2] or None}


def rules_of(name: str) -> str:
    """Return what people are told that an entry was judged by: the pack's id alone, ``cn-281/2026-08-01``."""
    return name.partition(" ")[0]


def outcome_object(outcome: Outcome, language: Language = Language.ENGLISH) -> rows.Recorded:
    """Return the answer to a statement that stands in the record as the members of a JSON object.

    language: of the breaches' sentences.
    """
    settled = settled_of(outcome)
    if settled is None:
        raise TypeError("a statement that was recorded has an event")
    return settled_object(settled, language)


def settled_object(settled: Settled, language: Language = Language.ENGLISH) -> rows.Recorded:
    """Return the same of a statement that stands in the record, wherever it was handed in."""
    return {
        "status": "repeated" if settled.repeated else "recorded",
        "statement": settled.statement,
        "kind": settled.kind,
        "position": settled.position,
        "recorded": format_time(settled.recorded),
        **rules_object(settled.rules),
        "breaches": breach_objects(settled.breaches, settled.rules, language),
    }


def recordable_object(outcome: Outcome, language: Language = Language.ENGLISH) -> record.Recordable:
    """Return what would become of a statement that were handed in now as the members of a JSON object."""
    return {
        "recordable": True,
        "repeated": outcome.repeated,
        **rules_object(outcome.rules),
        "breaches": breach_objects(outcome.breaches, outcome.rules, language),
    }


def checked_object(outcome: Outcome, foreseen: Foreseen, language: Language = Language.ENGLISH) -> record.Checked:
    """Return the same with what the statement would do to what is owed."""
    return {
        **recordable_object(outcome, language),
        "opens": [_duty_object(one, language) for one in foreseen.opens],
        "ends": [_duty_object(one, language) for one in foreseen.ends],
    }


def _duty_object(row: ObligationRow, language: Language) -> record.Duty:
    return {
        "duty": row.duty,
        "says": duties_in(language)[row.duty],
        "subject": row.subject,
        "concerns": list(row.concerns),
        "owed_by": row.owed_by,
        "debtor": row.debtor,
        "owed_to": row.owed_to,
        "creditor": row.creditor,
        "state": row.state,
        "due": None if row.due is None else format_time(row.due),
        "estimate": row.estimate,
        "until": None if row.until is None else format_time(row.until),
        "late": row.late,
        "opened_at": format_time(row.opened_at),
        "edition": row.edition,
        "clause": row.clause,
        "confidence": row.confidence,
        "verified": row.confidence == Confidence.V,
    }
