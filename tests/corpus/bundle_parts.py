"""Bundles in part: what they say of what they withhold, and what somebody who passes one on can call withheld."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from ledger.evidence.bundle import bundle
from ledger.evidence.bundle.archive import read_archive
from ledger.evidence.bundle.manifest import ListedWithheld
from ledger.evidence.export import Answered, export_bundle
from ledger.ids import Tag
from ledger.rulepacks.load import load_packs
from ledger.statement.entries.entry import leaf_of, parse_entry
from projections.claims.claiming import claim
from tests.corpus.bundle_edits import Opened, edited, refiled
from tests.corpus.bundle_story import (
    APPROVAL,
    CHILD,
    CUSTOMS,
    FIRST,
    GOODS,
    IMPORTER,
    OPERATOR,
    TECHNICIAN,
    key_of,
    told,
)
from tests.corpus.claimed import asked

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence

    from ledger.ids import StatementId
    from ledger.store.port import Recorded, Store
    from tests.corpus.bundles import Fault

IN_PART: Final = frozenset(map(Tag, (APPROVAL, GOODS, FIRST, OPERATOR.party, CUSTOMS.party, IMPORTER.party)))
"""What the laboratory does not see whole: what its vial came in under and was made of, and the others."""


class Unseen:
    """A log for somebody who may not read some entries, and does not see some subjects whole."""

    def __init__(self, store: Store, hidden: Collection[int], part: Collection[Tag]) -> None:
        """Hide the entries of some positions."""
        self._store, self._hidden, self._part = store, hidden, part
        self.origin: Final = store.origin

    def head(self) -> int:
        return self._store.head()

    def read(self, after: int = 0, limit: int | None = None) -> Iterator[Recorded]:
        return self._shown(self._store.read(after, limit))

    def about(self, tag: Tag, after: int = 0, kinds: Collection[str] = ()) -> Iterator[Recorded]:
        return self._shown(self._store.about(tag, after, kinds))

    def about_any(self, wanted: Mapping[Tag, Collection[str]], after: int = 0) -> Iterator[Recorded]:
        return self._shown(self._store.about_any(wanted, after))

    def find(self, statement: StatementId) -> Recorded | None:
        found = self._store.find(statement)
        return None if found is None else next(self._shown((found,)), None)

    def find_any(self, statements: Collection[StatementId]) -> Iterator[Recorded]:
        return self._shown(self._store.find_any(statements))

    def disclosures(self, _: StatementId) -> Sequence[str]:
        return ()

    def is_part(self, tag: Tag) -> bool:
        return tag in self._part

    def first(self, tag: Tag, kinds: Collection[str]) -> ListedWithheld | None:
        events = (
            one for one in self._store.about(tag, kinds=kinds) if not kinds or tag in parse_entry(one.entry).status
        )
        one = next(events, None)
        if one is None or one.position not in self._hidden:
            return None
        return ListedWithheld(one.position, leaf_of(one.entry).hex())

    def _shown(self, recorded: Iterable[Recorded]) -> Iterator[Recorded]:
        return (one for one in recorded if one.position not in self._hidden)


def in_part() -> bytes:
    """Return the bundle of the laboratory's vial: it may read neither the approval nor the announcement."""
    story = told()
    unseen = Unseen(story.log.store, hidden(), IN_PART)
    return export_bundle(unseen, story.frame, Tag(CHILD), sealed=unseen)


def answering(question: str) -> bytes:
    """Return the same, with the answer to a question about the vial that somebody claims who reads all of the log."""
    story = told()
    size = story.frame.checkpoint.size
    _, answered = claim(story.log.store, asked(question, CHILD, size), size, load_packs())
    unseen = Unseen(story.log.store, hidden(), IN_PART)
    return export_bundle(unseen, story.frame, Tag(CHILD), sealed=unseen, answered=Answered(answered.written))


def hidden() -> tuple[int, int]:
    """Return the positions of the approval and of the announcement."""
    at = told().at
    return at["approval"], at["announced"]


def called_withheld(subject: Tag, part: Collection[Tag], *positions: int) -> bytes:
    """Return the whole bundle of a subject, of which whoever passes it on calls entries withheld, and tags in part."""
    story = told()

    def edit(one: Opened) -> None:
        for position in positions:
            one.seal(position)
        for tag in part:
            one.take_part(tag)

    return edited(export_bundle(story.log.store, story.frame, subject), edit)


def revocation_withheld() -> bytes:
    """Return the bundle of the vial, in which the revocation of a key that signed something of it is withheld."""
    return called_withheld(Tag(CHILD), [key_of(TECHNICIAN)], told().at["revoked"])


def enrolment_withheld() -> bytes:
    """Return the same with the enrolment of that key withheld."""
    at = told().at[f"enrolled {TECHNICIAN.party} {TECHNICIAN.person}"]
    return called_withheld(Tag(CHILD), [key_of(TECHNICIAN)], at)


def opening_withheld() -> bytes:
    """Return the same with the opening of the log withheld, on which all keys rest."""
    return called_withheld(Tag(CHILD), [key_of(OPERATOR), Tag(OPERATOR.party)], told().at["opened"])


def attacks(fault: type[Fault]) -> Iterator[Fault]:
    """Yield each bundle in part that fails."""
    approval, announced = hidden()
    entry_of = told().log.entry
    good, used, withheld = in_part(), told().at["child used"], "withheld"

    def forged(change: Callable[[dict[str, Any]], None]) -> bytes:
        """Return the bundle with another manifest, written as manifests are."""
        value = json.loads(read_archive(good)[bundle.MANIFEST])
        change(value)
        return refiled(good, {bundle.MANIFEST: json.dumps(value, separators=(",", ":")).encode()})

    def listing(*listed: ListedWithheld) -> Callable[[dict[str, Any]], None]:
        return lambda value: value.update(withheld=[one._asdict() for one in listed])

    right = [ListedWithheld(one, leaf_of(entry_of(one)).hex()) for one in (approval, announced)]
    wrong = right[0]._replace(leaf=right[1].leaf)
    yield fault(
        "withheld-with-the-leaf-of-another", forged(listing(wrong, right[1])), "inclusion", f"withheld {approval}"
    )
    other = right[1]._replace(leaf="00" * 32)
    yield fault(
        "withheld-with-a-leaf-of-nothing", forged(listing(right[0], other)), "inclusion", f"withheld {announced}"
    )
    present = ListedWithheld(used, leaf_of(entry_of(used)).hex())
    yield fault("withheld-and-there", forged(listing(*right, present)), "manifest", "bundle")
    yield fault("withheld-twice", forged(listing(right[0], *right)), "manifest", "bundle")
    yield fault("withheld-out-of-order", forged(listing(*right[::-1])), "manifest", "bundle")
    beyond = ListedWithheld(told().frame.checkpoint.size, leaf_of(told().frame.entry).hex())
    yield fault("withheld-behind-the-events", forged(listing(*right, beyond)), "manifest", "bundle")
    yield fault(
        "withheld-without-a-proof", forged(listing(*right, right[1]._replace(position=beyond.position - 1))), *_FORM
    )
    yield fault("withheld-and-not-listed", forged(listing(right[0])), *_FORM)
    yield fault(
        "withheld-with-a-kind", forged(lambda value: value[withheld][0].update(kind="approval.granted/1")), *_FORM
    )
    yield fault("in-part-and-complete", forged(lambda value: value["part"].insert(0, value["complete"][0])), *_FORM)
    yield fault("in-part-of-the-older-format", forged(lambda value: value.update(format="vialog-evidence/2")), *_FORM)
    yield fault("in-part-and-nothing-withheld", forged(lambda value: value.update(withheld=[], part=[])), *_FORM)
    yield fault("in-part-and-answered-by-a-number", forged(lambda value: value.update(answered=1)), *_FORM)
    yield fault("in-part-and-what-it-rests-on-unsaid", forged(lambda value: value["part"].remove(GOODS)), *_UNSAID)
    last = called_withheld(Tag(CHILD), [], used)
    yield fault("last-event-of-the-subject-called-withheld", last, "completeness", f"tag {CHILD}")
    subject = called_withheld(Tag(CHILD), [Tag(CHILD)], used)
    yield fault("subject-called-in-part", subject, "completeness", f"tag {CHILD}")
    revoked = called_withheld(Tag(CHILD), [], told().at["revoked"])
    yield fault("revocation-called-withheld-of-a-complete-key", revoked, "completeness", f"tag {key_of(TECHNICIAN)}")


_FORM: Final = ("manifest", "bundle")
_UNSAID: Final = ("completeness", f"status {GOODS}")
