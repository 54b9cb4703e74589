"""Labels wherever an id goes: what is printed on a tube, a box or a paper finds its subject, and ids are told with it.

The log is opened and read only when somebody writes something else than an id.
"""

from __future__ import annotations

import re
from collections import defaultdict
from contextlib import ExitStack, contextmanager
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

from api.labels.codes import item_by
from api.language import label, reader_language
from api.logs.served import open_readable
from api.telling.ambiguous import Ambiguous
from api.telling.titles import case_title
from ledger.domain.states.subjects import Case
from ledger.errors import Malformed, NotFound
from ledger.ids import NAME_PATTERN, StatementId, Tag, is_statement_id, is_tag, type_of
from ledger.nearest import suggestion
from ledger.words.reader import BEFORE
from ledger.words.table import Language
from projections.finding import find
from projections.names import Names, called_by, names_given
from projections.source import Source

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator

    from api.settings import Settings
    from ledger.domain.judging import Signed
    from ledger.store.port import Readable
    from projections.finding import Candidate

RULES: Final = {
    "LBL-01": "What stands for an id, and is none, is printed on one thing alone of the type that is meant there.",
}

MOST_NEAR: Final = 100
"""Of so many texts that nothing bears it is told what bears nearly the same, which costs a look at all names."""

_SUBJECTS: Final = "item|approval|consignment|party|site|case|permit"
ID: Final = re.compile(rf"(?<![0-9A-Za-z_-])(?:{_SUBJECTS}):{NAME_PATTERN}(?![0-9A-Za-z_-])")
_WRITTEN: Final = re.compile(rf"(?:{_SUBJECTS}|key):")


class Labels:
    """Finds ids by what is printed.

    notes: what people are to be told about what was found, such as that a label is an old one; in order.
    """

    def __init__(
        self,
        store: Callable[[], Readable],
        log: object = None,
        language: Language | None = None,
        source: Source | None = None,
    ) -> None:
        """Look things up in a store, which is asked for when it is needed first.

        log: the name of the log that is meant; None: the one that is here, whatever its name. language: in which things
        are called; that of the environment if left out. source: where answers come from, if that store is read by it.
        """
        self._open, self._log, self._source = store, log, source
        self._language = reader_language() if language is None else language
        self._called: dict[tuple[Tag, Language], str | None] = {}
        self._titles: dict[Tag, str | None] = {}
        self._unknown = 0
        self.notes: list[str] = []

    @cached_property
    def store(self) -> Readable:
        """Return the log that is meant. Raises NotFound: it is another one that is here; as whoever opens it."""
        store = self._open()
        if self._log not in {None, store.origin}:
            raise NotFound(f"the log here is {store.origin}, and this is for {self._log}")
        return store

    @cached_property
    def source(self) -> Source:
        """Return where answers come from. Raises as ``store``."""
        return self._source or Source(self.store)

    def id_of(self, text: str, id_type: str | None, member: str, among: Collection[Tag] = ()) -> Tag:
        """Return the id that a text stands for: itself, that of what it is printed on, or that of a label's code.

        id_type: what is meant there; None: a subject of any type. member: where it is written, for errors.
        among: consignments and approvals that what is meant came in with, where there are several.

        Raises Ambiguous: LBL-01 several things bear it. NotFound: none does, or there is no log here. Malformed: STM-37
        it is an id of another type.

        Costs nothing for an id; the first label costs a pass over the log (``Source.names``).
        """
        text = item_by(text) or text
        if is_written_as_id(text):
            if not is_tag(text) or id_type not in {None, type_of(Tag(text))}:
                raise Malformed("STM-37", member, f"{text} is not the id of {_a(id_type)}")
            return Tag(text)
        found = self._find(text, id_type, among)
        here = [one for one in found if not one.old] or found
        if len(here) > 1:
            raise Ambiguous(member, text, here)
        if not here:
            near = self._near(text, id_type)
            raise NotFound(f'{member}: the log knows no {id_type or "subject"} called "{text}"{near}')
        (one,) = here
        if one.old:
            self.notes.append(f'"{text}" is an old label of {one.id}, which bears "{one.called}" now')
        return one.id

    def find_in_manifest(self, id_type: str, text: str, among: Collection[Tag]) -> str:
        """Return the id that a cell stands for; as ``id_of``, but raises ValueError, in words, whatever is wrong."""
        try:
            return self.id_of(text, id_type, "", among)
        except NotFound as error:
            raise ValueError(str(error).removeprefix(": ")) from None
        except Malformed as error:
            raise ValueError(error.problem) from None

    def told(self, value: object) -> str:
        """Return a value for people, a name before each id: ``HC-0033 (item:T-0117)``; None as ""."""
        return ID.sub(lambda found: self.named(Tag(found.group())), "" if value is None else str(value))

    def named(self, tag: Tag) -> str:
        """Return a subject for people, by its name and its id; by its id alone where it has no other name.

        A case that nobody named is called by its matter and whom it is about.
        """
        called = self.called(tag) or self._title(tag)
        return tag if called is None else label("{name} ({id})").format(name=called, id=tag)

    def _title(self, tag: Tag) -> str | None:
        """Return what a case is about; None where it is not on record, or is none. Costs its own events, once."""
        if type_of(tag) == "case" and tag not in self._titles:
            self._titles[tag] = None
            if isinstance(one := self.source.subject(tag), Case) and one.known:
                self._titles[tag] = case_title(one, self._plain, self._language)
        return self._titles.get(tag)

    def _plain(self, tag: Tag) -> str:
        return self.called(tag) or tag

    def called(self, tag: Tag, language: Language | None = None) -> str | None:
        """Return what a subject is called; None where nothing says. Costs its own events, once.

        language: that of the environment if left out.
        """
        asked = tag, language or self._language
        if asked not in self._called:
            names = Names(self.source.about(tag))
            self._called |= {(tag, one): names.called(tag, one) for one in Language}
        return self._called[asked]

    def name(self, ident: str, language: Language | None = None) -> str | None:
        """Return what is asked of names in sentences: what an id is called, of a statement its position."""
        if ident.startswith(BEFORE):
            return Names(self.source.about(Tag(ident.removeprefix(BEFORE).partition("/")[0]))).before(ident)
        if is_statement_id(ident):
            position = self.source.position_of(StatementId(ident))
            return None if position is None else str(position)
        return self.called(Tag(ident), language) if is_tag(ident) else None

    @property
    def asked_for(self) -> frozenset[Tag]:
        """Return the subjects whose names somebody was told so far, or would have been if they had any."""
        return frozenset(tag for tag, _ in self._called)

    def finding(self, tag: Tag) -> str:
        """Return what finds a subject and nothing else: its name, or its id. Costs a pass over the log, once."""
        names = self.source.names
        called = names.called(tag, self._language)
        found = [] if called is None else names.find(called, type_of(tag))
        alone = [one.subject for one in found if not one.old] == [tag]
        return called if alone and called is not None else tag

    def fetch(self, tags: Collection[Tag]) -> None:
        """Read in one go what some subjects are called that will be asked for."""
        if lacking := [tag for tag in tags if (tag, self._language) not in self._called]:
            self.source.fetch(lacking)

    def of_all(self, tags: Collection[str]) -> dict[str, str]:
        """Return what those of some subjects are called that have a name, for a reader who has no log."""
        self.fetch([Tag(tag) for tag in tags])
        found = {tag: self.called(Tag(tag)) for tag in sorted(tags)}
        return {tag: name for tag, name in found.items() if name is not None}

    def learn(self, said: Signed[Any]) -> None:
        """Learn what a statement that is not recorded yet calls the subjects that it begins."""
        given: dict[Tag, dict[str, str]] = defaultdict(dict)
        for subject, sort, text in names_given(said):
            given[Tag(subject)] |= {} if text is None else {sort: text}
        self.fetch(given)
        for tag in (tag for tag in given if self.called(tag) is None):
            self._called |= {(tag, one): called_by(given[tag], one) for one in Language}

    def _find(self, text: str, id_type: str | None, among: Collection[Tag]) -> tuple[Candidate, ...]:
        try:
            return find(self.source, text, id_type, among, self._language)
        except NotFound as error:
            problem = f'"{text}" is not the id of {_a(id_type)}, and here is no log to look it up in'
            raise NotFound(f"{problem}: {error}") from None

    def _near(self, text: str, id_type: str | None) -> str:
        self._unknown += 1
        near = self.source.named(text, id_type).near(text, id_type) if self._unknown <= MOST_NEAR else ()
        meant = f"; {suggestion(near, near)}" if near else ""
        return f"{meant}; an id is written {id_type or 'item'}:…"


@contextmanager
def open_labels(settings: Settings, log: object = None) -> Iterator[Labels]:
    """Give labels of the log that the settings lead to, for a with block; it is opened when it is needed first.

    log: as for ``Labels``.
    """
    with ExitStack() as stack:
        yield Labels(lambda: stack.enter_context(open_readable(settings)), log)


def is_written_as_id(text: str) -> bool:
    """Say whether a text begins as ids do, so that nobody looks for a label that reads so."""
    return _WRITTEN.match(text) is not None


def _a(id_type: str | None) -> str:
    if id_type is None:
        return "a subject"
    return f"{'an' if id_type[0] in 'ai' else 'a'} {id_type}"
