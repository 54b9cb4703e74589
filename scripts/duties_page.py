"""The page of all obligations: each row of the table of duties, with its terms in the newest edition of each series."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Final

from ledger.domain.law.rules import Confidence
from ledger.rulepacks.load import load_packs
from ledger.statement.duties import DUTIES
from ledger.words.table import Language, words_in

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ledger.domain.duties.duty import Duty, When
    from ledger.domain.law.rules import RulePack

_REGULATION: Final = Path(__file__).parent / "regulation.toml"
_ASKED: Final = (
    ("event", "Events, and where each stands", "kinds"),
    ("invariant", "What must always be true", "kinds"),
    ("parameter", "Numbers of the law, and what asks for them", "parameters"),
)
_HEAD: Final = """# Obligations

Made from the code by `make docs`; do not edit. A rule says what is wrong now ([rules.md](rules.md)); an obligation says
what is due later. Each row is a duty: what opens an obligation, how long there is, what stops its clock, and what ends
it. *Closed by*: nothing but a statement of these kinds meets it; the expiry or the withdrawal of an approval never
does. *Lapses with*: kinds that end it unmet where nothing is owed any more. Whether one is overdue is asked at an
instant and never stored: `vialog list obligations --at TIME`. An obligation keeps the edition of the rule pack that it
was opened under, unless a later one names the term in `reaches_open_duties`. Days are local days, and the date is their
end; working days are those of the calendar that the edition carries, and a date behind the last decreed day is an
estimate. A pause is left out of the term by the days that the term counts. Times in hours run on every day.

| newest edition | zone | calendar | decreed until |
| --- | --- | --- | --- |
"""


def duties_page() -> str:
    """Return the page in Markdown."""
    duties = (part for duty in DUTIES.values() for part in _told(duty))
    return "".join((_HEAD, *map(_edition, _newest()), "\n", *duties, *_regulation())).rstrip("\n") + "\n"


def _regulation() -> Iterator[str]:
    """Yield the table of what such a register is asked to hold, from ``scripts/regulation.toml``."""
    table = tomllib.loads(_REGULATION.read_text(encoding="utf-8"))
    for section, title, named in _ASKED:
        yield f"## {title}\n\n| what | {named} | rules | obligations | why not |\n| --- | --- | --- | --- | --- |\n"
        for name, row in table[section].items():
            words = ", ".join(f"`{one}`" for one in row.get(named, ()))
            rules, duties = (", ".join(row.get(one, ())) for one in ("rules", "duties"))
            yield f"| {name} | {words} | {rules} | {duties} | {row.get('why', '')} |\n"
        yield "\n"


def duty_words() -> str:
    """Return the English sentences of the duties, as a table of words."""
    lines = (f"{duty.id} = {json.dumps(duty.says, ensure_ascii=False)}\n" for duty in DUTIES.values())
    return "".join(("# Made from the table of duties in the code by `make docs`; do not edit.\n\n[duty]\n", *lines))


def _newest() -> list[RulePack]:
    """Return the newest edition of each series, in the order of their names."""
    return sorted({pack.id.partition("/")[0]: pack for pack in load_packs().packs}.values(), key=lambda pack: pack.id)


def _edition(pack: RulePack) -> str:
    days = pack.working_days
    return f"| `{pack.id}` | {days.offset} | {days.name} | {days.settled_until} |\n"


def _told(duty: Duty) -> Iterator[str]:
    who = words_in(Language.ENGLISH).code["who"]
    yield f"## {duty.id}\n\n{duty.says}\n\n"
    yield f"- Owed by {who[duty.owed_by]} to {who[duty.owed_to]}.\n"
    yield f"- Opened by {_kinds(duty.opens)}, in the chain of {_a(duty.about.__name__)}{_spans(duty)}.\n"
    if duty.hears is not None:
        yield f"- Takes in besides {_kinds(duty.hears.kinds)} about {duty.hears.whose}.\n"
    yield f"- Term: {_term(duty)}\n"
    if duty.pauses.kinds:
        yield f"- Paused by {_kinds(duty.pauses.kinds)}{_resumed(duty)}.\n"
    yield f"- Closed by {_kinds(duty.closes.kinds)}.\n" if duty.closes.kinds else "- Closed by what the opener tells.\n"
    if duty.lapses.kinds:
        yield f"- Lapses with {_lapses(duty.lapses)}.\n"
    yield f"- Missed: {f'a breach of {duty.missed}' if duty.missed else 'a finding'}.\n"
    if duty.law is not None:
        owed = [
            f"{pack.id} ({_basis(one.clause, one.confidence)})"
            for pack in _newest()
            if (one := duty.law.of(pack)) and one.value
        ]
        yield f"- Owed where `{duty.law.name}` says so: {'; '.join(owed)}.\n"
    if duty.clause:
        yield f"- Clause: {duty.clause} ({duty.confidence.text}).\n"
    yield "\n"


def _term(duty: Duty) -> str:
    if duty.term is None:
        moved = f"; {_kinds(duty.moves)} moves it" if duty.moves else ""
        return f"the date that the record states{moved}." if duty.stated else "none is known."
    found = ((pack, duty.term.of(pack)) for pack in _newest())
    told = [
        f"{one.value} {one.unit} in {pack.id} ({_basis(one.clause, one.confidence)})"
        for pack, one in found
        if one is not None
    ]
    return f"`{duty.term.name}`, {'; '.join(told) or 'in no edition'}."


def _basis(clause: str, confidence: Confidence) -> str:
    return f"{clause}, {confidence.text}" if clause else "the ledger's own"


def _resumed(duty: Duty) -> str:
    stays = ", and its date stays" if duty.keeps_date else ""
    return f"; goes on with {_kinds(duty.resumes.kinds)}{stays}" if duty.resumes.kinds else ""


def _lapses(when: When) -> str:
    few = 4
    return _kinds(when.kinds) if len(when.kinds) <= few else "any act after which it no longer holds"


def _spans(duty: Duty) -> str:
    return f"; looks at {' and '.join(_a(one) for one in duty.spans)}" if duty.spans else ""


def _a(name: str) -> str:
    low = name.lower()
    return f"{'an' if low[0] in 'aeio' else 'a'} {low}"


def _kinds(kinds: Iterable[str]) -> str:
    names = sorted(kinds)
    few = 8
    told = ", ".join(f"`{name}`" for name in names[:few])
    return told if len(names) <= few else f"{told} and {len(names) - few} more"
