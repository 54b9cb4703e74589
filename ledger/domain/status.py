"""The status of a subject: the few events that establish, limit or end it, however much is done under it.

Part of the format (docs/formats.md, section 10): an entry's header names the tags whose status it counts for, and the
index counts it under their status too. So it can be proven that no suspension, hold, order or withdrawal is missing
without handing out what else was done under the subject. Items, cases and keys have no status of their own: of them
everything is shown.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, Final

from ledger.domain.states.border import Approval, Consignment
from ledger.domain.states.party import Party
from ledger.domain.states.permit import Permit
from ledger.domain.states.site import Site
from ledger.domain.states.subjects import Subject
from ledger.ids import Tag

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ledger.domain.judging import Event, Signed

STATUS: Final[Mapping[type[Subject], frozenset[str]]] = {
    Approval: frozenset(
        {
            "approval.granted/1", "approval.amended/1", "approval.site-added/1", "approval.conversion-stated/1",
            "approval.allotted/1",
            "approval.suspended/1", "approval.resumed/1", "approval.withdrawn/1", "permit.recorded/1",
            "permit.linked/1",
            "recall.ordered/1", "recall.lifted/1", "legal-hold.placed/1", "legal-hold.lifted/1",
        }
    ),
    Consignment: frozenset(
        {
            "consignment.announced/1", "consignment.certified/1", "consignment.arrived/1", "consignment.declared/1",
            "consignment.inspected/1", "consignment.held/1", "consignment.hold-lifted/1", "consignment.released/1",
            "return.ordered/1", "return.executed/1", "destruction.ordered/1", "destruction.executed/1",
            "destination.declared/1", "use.consented/1",
            "recall.ordered/1", "recall.lifted/1", "legal-hold.placed/1", "legal-hold.lifted/1",
        }
    ),
    Party: frozenset(
        {
            "log.opened/1", "party.registered/1", "role.granted/1", "role.withdrawn/1", "authority.assigned/1",
            "unit.registered/1", "product.filed/1", "unit.assessed/1", "credit.rated/1",
        }
    ),
    Permit: frozenset(
        {
            "permit.recorded/1", "permit.linked/1", "permit.changed/1", "permit.suspended/1", "permit.resumed/1",
            "permit.ended/1",
        }
    ),
    Site: frozenset({"site.registered/1", "site.changed/1"}),
}  # fmt: skip
"""The kinds that establish, limit or end a subject of a type. Each names it in the member of its type: ``body.site``;
those of permits name the approvals that stand on one in a list, ``body.approvals``.

What is set aside on an approval and written off is not among them: that is its balance, which rests on all that came in
under it. Nor is what a consignment holds, is labelled and received as: that stands with each item.
"""

_MEMBERS: Final[Mapping[type[Subject], str]] = {
    Approval: "approval",
    Consignment: "consignment",
    Party: "party",
    Permit: "permit",
    Site: "site",
}
_LISTING: Final = frozenset({"permit.recorded/1", "permit.linked/1"})


def _member(subject: type[Subject], kind: str) -> str:
    return "approvals" if subject is Approval and kind in _LISTING else _MEMBERS[subject]


RULED: Final[Mapping[str, tuple[str, ...]]] = {
    kind: tuple(_member(subject, kind) for subject, kinds in STATUS.items() if kind in kinds)
    for kind in frozenset[str]().union(*STATUS.values())
}
"""By kind the members of its body that name whose status it counts for."""


def ruled(kind: str, body: Mapping[str, object]) -> frozenset[Tag]:
    """Return the tags whose status a statement counts for by itself, from its body as JSON, of whatever form."""
    return _named(kind, body.get)


def _named(kind: str, member: Callable[[str], object]) -> frozenset[Tag]:
    values = (member(name) for name in RULED.get(kind, ()))
    listed = (one for value in values for one in (value if isinstance(value, list | tuple) else (value,)))
    return frozenset(Tag(one) for one in listed if isinstance(one, str))


def status_of(said: Signed[Any], target: Event[Any] | None) -> frozenset[Tag]:
    """Return the tags whose status a statement counts for.

    target: what it corrects or voids, as that counts now; None of another statement. It counts wherever that did, or
        taking a withdrawal back could be kept from who asks for the status.
    """
    own = _named(said.kind, partial(getattr, said.body))
    return own if target is None else own | target.status
