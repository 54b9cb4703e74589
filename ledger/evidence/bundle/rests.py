"""What a bundle's subject rests on, so that nothing of it is left out without a word: part of step 11 of ``verify``.

    an item that is complete       its parents, which are complete too; the consignment and the approval of its listing
    a consignment that is listed   the approvals that the entries of its status name
    an item that is complete, an approval or permit that is complete or listed
                                   the permits that its entries name, of a listed one those of its status
    the subject                    the sites of the entries that bear it
    whoever signs an entry         the signer's party

But for parents, the status of each is enough. Corrections and voidings are not looked at: what was ever said to be a
parent or an approval is asked for, and more than enough hides nothing. The bodies of the five kinds by which items come
into being are read for this, whatever their form; of a kind that is not known here nothing follows.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from ledger.ids import Tag, is_tag, type_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Set

    from ledger.evidence.bundle.manifest import Manifest
    from ledger.statement.entries.entry import Entry
    from ledger.statement.form.payload import Payload
    from ledger.statement.text.strict_json import JsonValue

RULES: Final = {
    "EVD-22": "What a bundle's subject rests on is listed in the manifest, a parent of an item as complete.",
}


class Shown(NamedTuple):
    """An entry of a bundle, and its statement where that can be read."""

    entry: Entry
    payload: Payload | None


_MADE: Final[Mapping[str, tuple[str, str]]] = {
    "item.aliquoted/1": ("children", "parent"),
    "item.derived/1": ("outputs", "inputs"),
    "item.pooled/1": ("output", "inputs"),
    "item.propagated/1": ("outputs", "seed"),
}
"""By kind the members of a body that name what is made, and of what."""
_LISTED: Final = "item.listed/1"
_PERMITTED: Final = frozenset({"item", "approval", "permit"})
"""The types of subject that rest on permits."""


def origins(payload: Payload, item: Tag) -> frozenset[Tag]:
    """Return what a statement says an item comes from: parents, or consignment and approval; nothing of another one."""
    body = payload.body
    if payload.kind == _LISTED:
        return _ids(body.get("consignment"), body.get("approval")) if item in _items(body.get("items")) else frozenset()
    made, of = _MADE.get(payload.kind, ("", ""))
    parents = _items(body.get(of))
    return parents if item in _items(body.get(made)) and item not in parents else frozenset()


def rests_on(one: Shown, subject: Tag, complete: Set[Tag], status: Set[Tag]) -> Iterator[Tag]:
    """Yield the tags of which a bundle has to claim something because it holds an entry.

    complete, status: the tags of which it claims something already, in the manifest's sense.
    """
    entry, payload = one
    if subject in entry.tags:
        yield from (tag for tag in entry.tags if type_of(tag) == "site")
    if any(type_of(tag) == "consignment" for tag in entry.status & (complete | status)):
        yield from (tag for tag in entry.tags if type_of(tag) == "approval")
    if any(type_of(tag) in _PERMITTED for tag in entry.tags & complete | entry.status & status):
        yield from (tag for tag in entry.tags if type_of(tag) == "permit")
    if payload is not None:
        yield from (Tag(signer.party) for signer in payload.signers)
        for item in entry.tags & complete:
            yield from origins(payload, item)


def counted(
    complete: Iterable[Tag], status: Iterable[Tag], part: Iterable[Tag]
) -> tuple[frozenset[Tag], frozenset[Tag]]:
    """Return the tags whose entries rest on something as those of complete ones do, and as those of status do."""
    items = frozenset(tag for tag in part if type_of(tag) == "item")
    return items.union(complete), frozenset(part).difference(items).union(status)


def missing(manifest: Manifest, shown: Iterable[Shown]) -> list[Tag]:
    """Return what a bundle's subject rests on and the manifest does not list, or does not list as complete: an item.

    What is said to be here in part is listed, and what its entries rest on is asked for as well.
    """
    complete, status = counted(manifest.complete, manifest.status, manifest.part)
    asked = {tag for one in shown for tag in rests_on(one, manifest.subject, complete, status)}
    return sorted(tag for tag in asked - complete if tag not in status or type_of(tag) == "item")


def _items(value: JsonValue) -> frozenset[Tag]:
    """Return the ids of items in a member of a body: an id, an object with one, or a list of such."""
    listed = value if isinstance(value, list) else [value]
    return _ids(*(one.get("item") if isinstance(one, dict) else one for one in listed))


def _ids(*values: JsonValue) -> frozenset[Tag]:
    return frozenset(Tag(one) for one in values if isinstance(one, str) and is_tag(one))
