"""What things are called: the labels, numbers, names and codes that statements give to subjects, and whom a text finds.

Which kinds give names, and which members of theirs, says the table of ``ledger.words.given``. Pure: works on events,
keeps nothing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

from ledger.domain.acts import place_of
from ledger.domain.bodies.printed import search_key
from ledger.domain.fold import VOIDED, effective
from ledger.ids import Tag, type_of
from ledger.words.given import CALLED_BY, GIVEN, LABEL, RELABELLED
from ledger.words.reader import BEFORE
from ledger.words.table import Language

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Sequence

    from ledger.domain.judging import Event, Signed

IDENTIFIER: Final = "id"

_MISREAD: Final = str.maketrans("oil", "011")
_NEAREST: Final = 3

_REPLACED: Final = frozenset({LABEL})
"""Sorts of which a subject bears the last alone; those before it are old."""

MADE_OF: Final[Mapping[str, Callable[[Any], tuple[Iterable[Any], Iterable[str]]]]] = {
    "item.listed/1": lambda body: (body.items, (body.consignment, body.approval)),
    "consignment.certified/1": lambda body: (body.items, (body.consignment,)),
    "item.collected/1": lambda body: (body.items, (body.laboratory,)),
    "stock.opened/1": lambda body: (body.items, (body.site,)),
    "item.aliquoted/1": lambda body: (body.children, (body.parent,)),
    "item.pooled/1": lambda body: ((body.output,), (one.item for one in body.inputs)),
    "item.derived/1": lambda body: (body.outputs, (one.item for one in body.inputs)),
    "item.propagated/1": lambda body: (body.outputs, (body.seed.item,)),
}
"""By kind, the items that a statement brings into being, and what they came in with or were made from."""

KINDS_READ: Final = frozenset(GIVEN) | {VOIDED}
"""The kinds without which it is not known what things are called."""

NAMING: Final[Mapping[str, frozenset[str]]] = {
    of: frozenset(kind for kind, given in GIVEN.items() if any(one.subject == of for one in given))
    for of in sorted({one.subject for given in GIVEN.values() for one in given})
}
"""By the type of a subject the kinds that name subjects of that type, or tell of their ids: a statement that lists a
thousand items bears the tag of their consignment too, and names none."""


@dataclass(frozen=True, slots=True)
class Naming:
    """One name of one subject.

    sort: what sort of name, a word for people. text: as it stands in the statement.
    old: the subject bears another one of the sort by now.
    """

    subject: Tag
    sort: str
    text: str
    old: bool = False


class Names:
    """All names that some events give."""

    def __init__(self, events: Iterable[Event[Any]]) -> None:
        """Read the names.

        events: at least all of ``KINDS_READ`` up to some position, oldest first. Corrections are taken in.
        """
        self._given: dict[Tag, list[Naming]] = defaultdict(list)
        self._texts: list[tuple[str, Tag]] = []
        self._made_of: dict[Tag, tuple[Tag, ...]] = {}
        for event in naming(events):
            self._take(event)

    @cached_property
    def _found(self) -> Mapping[str, dict[Tag, None]]:
        """Whom each text may mean; made when somebody looks for one: most ask what a subject is called."""
        found: dict[str, dict[Tag, None]] = defaultdict(dict)
        for text, tag in self._texts:
            found[search_key(text)][tag] = None
        return found

    def find(self, text: str, id_type: str | None = None, among: Collection[Tag] = ()) -> tuple[Naming, ...]:
        """Return whom a text may mean, one naming for each subject, those that bear it now before those that did.

        text: a label, number, name, code or the part of an id after its colon, compared by ``search_key``.
        id_type: only subjects of this type.
        among: consignments, approvals and sites; where some of several items came in with these, or were put on record
            by them, the others are not meant.
        """
        key = search_key(text)
        found = [
            next(one for one in self.of(subject) if search_key(one.text) == key)
            for subject in self._found.get(key, ())
            if id_type in {None, type_of(subject)}
        ]
        of_these = [one for one in found if not self.origins(one.subject).isdisjoint(among)]
        return tuple(sorted(of_these or found, key=lambda one: one.old))

    def near(self, text: str, id_type: str | None) -> tuple[str, ...]:
        """Return up to three names of subjects of a type that look like a text, the likest first."""
        keys = [key for key, found in self._found.items() if any(id_type in {None, type_of(one)} for one in found)]
        sought = search_key(text)
        return tuple(self.find(key, id_type)[0].text for key in likest(sought, keys))[:_NEAREST]

    def origins(self, subject: Tag) -> frozenset[Tag]:
        """Return what an item was made from and came in with, directly or through others."""
        pending, found = list(self._made_of.get(subject, ())), set[Tag]()
        for one in pending:
            if one not in found:
                found.add(one)
                pending.extend(self._made_of.get(one, ()))
        return frozenset(found)

    def of(self, subject: Tag) -> tuple[Naming, ...]:
        """Return the names of a subject, those that it bears first, the part of its id after the colon last of these.

        None of one that no statement brought into being.
        """
        if (given := self._given.get(subject)) is None:
            return ()
        newest = {one.sort: one.text for one in given}
        here = [one for one in given if one.sort not in _REPLACED or one.text == newest[one.sort]]
        before = [Naming(one.subject, one.sort, one.text, old=True) for one in given if one not in here]
        return (*dict.fromkeys(here), Naming(subject, IDENTIFIER, subject.partition(":")[2]), *before)

    def called(self, subject: Tag, language: Language = Language.ENGLISH) -> str | None:
        """Return what people call a subject in a language; None where no statement says."""
        return called_by({one.sort: one.text for one in self._given.get(subject, ())}, language)

    def given(self, subject: Tag, sort: str) -> str | None:
        """Return the last name of a sort that a subject got; None where it has none of it."""
        return next((one.text for one in reversed(self._given.get(subject, ())) if one.sort == sort), None)

    def before(self, asked: str) -> str | None:
        """Return which label an item bore before it got another one; None where it bore none.

        asked: ``before:item:T-1/HL-1``; the label is one that it bears or bore, or one that it is about to get.
        """
        subject, _, label = asked.removeprefix(BEFORE).partition("/")
        labels = [one.text for one in self._given.get(Tag(subject), ()) if one.sort == LABEL]
        at = labels.index(label) if label in labels else len(labels)
        return labels[at - 1] if at else None

    def _take(self, event: Event[Any]) -> None:
        if (making := MADE_OF.get(event.said.kind)) is not None:
            made, of = making(event.said.body)
            self._made_of |= dict.fromkeys((Tag(one.item) for one in made), tuple(map(Tag, of)))
        for subject, sort, text in names_given(event.said):
            tag = Tag(subject)
            self._texts.append((tag.partition(":")[2], tag))
            given = self._given[tag]
            if text is not None:
                self._texts.append((text, tag))
                given.append(Naming(tag, sort, text))


def naming(events: Iterable[Event[Any]]) -> list[Event[Any]]:
    """Return those of some events that give names, as they count, in the order in which they do. events: oldest first.

    What brings a subject into being comes before its later names, and these count in the order of the acts.
    """
    read = (event for event in events if event.said.kind in KINDS_READ)
    told = [event for event in effective(read) if event.said.kind in GIVEN]
    renaming = [event for event in told if event.said.kind == RELABELLED]
    return [event for event in told if event.said.kind != RELABELLED] + sorted(renaming, key=place_of)


def likest(sought: str, keys: Sequence[str]) -> tuple[str, ...]:
    """Return those of some names that look like a text, the likest first. All as ``search_key`` has them."""
    # A zero that was read as an O is nearer than another number.
    misread = [key for key in keys if key.translate(_MISREAD) == sought.translate(_MISREAD)]
    return tuple(dict.fromkeys((*misread, *get_close_matches(sought, keys, cutoff=0.8))))


def called_by(given: Mapping[str, str], language: Language) -> str | None:
    """Return the one of a subject's names that it is called by in a language. given: by their sorts; None: no such."""
    return next((given[sort] for sort in CALLED_BY[language] if sort in given), None)


def names_given(said: Signed[Any]) -> Iterator[tuple[str, str, str | None]]:
    """Yield the names that a statement gives: of whom, which sort of name, and the name; None where it is left out."""
    for giving in GIVEN.get(said.kind, ()):
        held = getattr(said.body, giving.rows) if giving.rows else said.body
        for row in held if isinstance(held, tuple) else (held,):
            for sort, member in giving.names or ((IDENTIFIER, ""),):
                yield getattr(row, giving.subject), sort, getattr(row, member) if member else None
