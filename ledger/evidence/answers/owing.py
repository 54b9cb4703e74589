"""What is owed in a matter, by the table of duties: what its acts open, pause, move, meet and let lapse."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from ledger.evidence.answers.acts import Beyond
from ledger.evidence.answers.folding import entries
from ledger.evidence.answers.table import duties, type_of
from ledger.evidence.answers.terms import Editions, Opened, day_of, deadline, end_of_day
from ledger.evidence.answers.why import instant_of, moment, written

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from ledger.evidence.answers.acts import Act
    from ledger.evidence.answers.asking import Asked
    from ledger.evidence.answers.folding import State

    Duty = Mapping[str, Any]
    When = Mapping[str, Any]
    Due = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Step:
    """An act of the subject, with that before and after it. rules: the edition that its first words came under."""

    act: Act
    before: State
    after: State
    rules: str


@dataclass(slots=True)
class Owed:
    """Something that is or was owed.

    due: the date as rows write it, and as an instant; None: none. until: as an instant. paused: since when the clock
    stands, None where it does not. met, lapsed: when that was, None where it was not.
    """

    id: str
    duty: Duty
    step: Step
    key: str = ""
    concerns: Sequence[str] = ()
    debtor: str | None = None
    creditor: str | None = None
    due: Due | None = None
    until: str | None = None
    pauses: list[tuple[str, str | None]] = field(default_factory=list)
    met: str | None = None
    lapsed: str | None = None

    @property
    def order(self) -> tuple[int, str, str]:
        """Return its place among others."""
        return self.step.act.position, self.id, self.key


def owed_of(asked: Asked) -> list[Owed]:
    """Return the obligations of a matter, in the order in which they were opened.

    Raises Beyond: an act is among those of the answer that may make owed what the table does not say.
    """
    of = type_of(asked.subject)
    rules = {act.position: act.rules for act in asked.counting.acts}
    steps = [Step(act, was, now, rules[act.position]) for act, was, now in asked.counting.steps(asked.subject)]
    for one in duties()["elsewhere"][of]:
        for step in steps if one.get("own") else ():
            _stop(one, _takes(one, step, None, asked))
        _stop(one, not one.get("own") and _is_among(asked, one["kinds"]))
    found = [owed for ident, duty in duties()[of].items() for owed in _Running(asked, ident, duty).all(steps)]
    return sorted(found, key=lambda one: one.order)


def _stop(one: Mapping[str, Any], is_so: object) -> None:
    if is_so:
        raise Beyond(f"owed {one['says']}")


def _is_among(asked: Asked, kinds: Iterable[str]) -> bool:
    return not {act.kind for act in asked.counting.effective}.isdisjoint(kinds)


def _was_of_more(asked: Asked) -> bool:
    """Say whether anything here was at some time made of, or came in under, what is not among the subjects here.

    What corrections took away counts no more now, and did when an earlier act was done.
    """
    states = (after for tag in asked.whole for _, _, after in asked.counting.steps(tag))
    return any(not asked.whole.issuperset(_came_of(state)) for state in states)


def _came_of(state: State) -> Iterator[str]:
    match type_of(state["id"]):
        case "item":
            yield from state["parents"]
            yield from (tag for tag in (state["consignment"], state["approval"]) if tag is not None)
        case "consignment":
            yield from state["approvals"]


class _Running:
    """The obligations of one duty on their way through the acts of a subject."""

    def __init__(self, asked: Asked, ident: str, duty: Duty) -> None:
        self._asked, self._id, self._duty = asked, ident, duty
        self._editions = Editions(asked.now, asked.without)

    def all(self, steps: Sequence[Step]) -> list[Owed]:
        """Return what the acts open. Raises Beyond: it is opened, and rests on more than the table says."""
        found: list[Owed] = []
        for step in steps:
            for one in found:
                if one.met is None and one.lapsed is None:
                    self._take(one, step)
            if self._is("opens", step, None) and self._is_law(step.rules):
                found += self._opened(step)
        if found and "unless" in self._duty:
            unless = self._duty["unless"]
            _stop(unless, _is_among(self._asked, unless["kinds"]) or _was_of_more(self._asked))
        for one in found:
            self._finish(one)
        return found

    def _is(self, part: str, step: Step, owed: Owed | None) -> bool:
        return any(_takes(when, step, owed, self._asked) for when in self._duty.get(part, ()))

    def _is_law(self, rules: str) -> bool:
        if "law" not in self._duty:
            return True
        edition = self._editions.named(rules)
        return edition is not None and edition["terms"].get(self._duty["law"], [False])[0] is True

    def _opened(self, step: Step) -> Iterator[Owed]:
        duty = self._duty
        one = Owed(self._id, duty, step)
        one.key = str(_value(duty["key"], step, one)) if "key" in duty else ""
        one.concerns = [str(_value(source, step, one)) for source in duty.get("concerns", ())]
        one.debtor = self._first("debtor", step, one)
        one.creditor = self._first("creditor", step, one)
        one.due = self._stated(step)
        one.until = self._end(duty["until"], step) if "until" in duty else None
        if one.until is not None or "until" not in duty:
            yield one

    def _first(self, part: str, step: Step, owed: Owed) -> str | None:
        return next((one for source in self._duty.get(part, ()) if (one := _value(source, step, owed))), None)

    def _stated(self, step: Step) -> Due | None:
        """Return the date that a statement says, or to which something holds by it; None: there is none."""
        if "due" in self._duty:
            text = _value(self._duty["due"], step, None)
            return None if text is None else (written(text, step.act), instant_of(text, step.act))
        end = self._end(self._duty["ends"], step) if "ends" in self._duty else None
        return None if end is None else (moment(end), end)

    def _end(self, source: str, step: Step) -> str | None:
        """Return the last instant of a day; None: there is none, or whose day it is is not known."""
        day, edition = _value(source, step, None), self._editions.named(step.rules)
        return None if day is None or edition is None else end_of_day(day_of(day, step.act), edition)

    def _take(self, one: Owed, step: Step) -> None:
        at = step.act.at
        if self._is("closes", step, one):
            one.met = at
        elif self._is("lapses", step, one):
            one.lapsed = at
        if one.pauses and one.pauses[-1][1] is None:
            if one.met or one.lapsed:
                one.pauses[-1] = one.pauses[-1][0], at
        elif self._is("pauses", step, one):
            one.pauses.append((at, None))
        if step.act.kind in self._duty.get("moves", ()):
            one.due = self._stated(step) or one.due

    def _finish(self, one: Owed) -> None:
        """Let the date be that of the term, where nobody stated one."""
        if "term" in self._duty and one.due is None:
            edition = edition_for(one, self._asked)
            if edition is not None and (term := edition["terms"].get(self._duty["term"])) is not None:
                end = deadline(one.step.act.at, (term[0], term[1]), edition)
                one.due = moment(end), end


def edition_for(one: Owed, asked: Asked) -> Mapping[str, Any] | None:
    """Return the edition that holds for an obligation: the opener's, or a later one that reaches it."""
    editions = Editions(asked.now, asked.without)
    if "term" not in one.duty:
        return editions.named(one.step.rules)
    return editions.holding(one.duty["term"], Opened(one.step.rules, one.step.act.at, one.met or one.lapsed))


def kinds_in(whens: Iterable[When]) -> Iterator[str]:
    """Yield the kinds of which some acts are."""
    for when in whens:
        linked = duties()["links"][when["links"]] if "links" in when else ()
        yield from (one for one in (*when.get("kinds", ()), *linked) if one not in when.get("except", ()))


def _takes(when: When, step: Step, owed: Owed | None, asked: Asked) -> bool:
    """Say whether an act is one that a part of the table means."""
    if step.act.kind not in kinds_in((when,)):
        return False

    def value(source: str) -> Any:  # noqa: ANN401  whatever a body holds
        return _value(source, step, owed)

    return (
        ("names" not in when or _names(when["names"], step, asked.subject))
        and all(value(source) == wanted for source, wanted in when.get("if", {}).items())
        and all(value(source) != wanted for source, wanted in when.get("not", {}).items())
        and all(value(source) in wanted for source, wanted in when.get("among", {}).items())
        and all(value(source) not in wanted for source, wanted in when.get("outside", {}).items())
        and all(_meets(value(source), value(other)) for source, other in when.get("same", {}).items())
        and not any(_meets(value(source), value(other)) for source, other in when.get("other", {}).items())
        and all(value(source) is not None for source in when.get("has", ()))
        and all(value(source) is None for source in when.get("lacks", ()))
        and ("changes" not in when or any(step.before[name] != step.after[name] for name in when["changes"]))
        and ("any" not in when or _any(when["any"], step, owed, asked))
    )


def _names(member: str, step: Step, subject: str) -> bool:
    """Say whether a member names the subject: itself, in a list, or in rows."""
    named = entries(step.act.body.get(member))
    return any(one == subject or (isinstance(one, dict) and one.get("item") == subject) for one in named)


def _any(asks: Mapping[str, str], step: Step, owed: Owed | None, asked: Asked) -> bool:
    """Say whether of some subjects one had a field, as the record was right after the act."""
    place = step.act.at, step.act.position + 1
    return any(asked.counting.at(tag, place)[asks["field"]] is not None for tag in _value(asks["of"], step, owed))


def _meets(one: object, other: object) -> bool:
    return one in other if isinstance(other, list) else one == other


def _value(source: str, step: Step, owed: Owed | None) -> Any:  # noqa: ANN401  whatever a body holds
    where, _, name = source.partition(".")
    match where:
        case "body":
            return step.act.body.get(name)
        case "before":
            return step.before[name]
        case "after":
            return step.after[name]
        case "owed":
            return getattr(owed, name)
        case _:
            return step.act.party
