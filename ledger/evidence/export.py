"""Write an evidence bundle about one subject. The same subject under the same checkpoint makes the same bytes.

Holds no key and brings no policy. What it writes it proves first: an entry that does not stand under the checkpoint, or
a tag of which the index knows other events, stops the export.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import dataclass
from importlib import resources
from typing import TYPE_CHECKING, Final, Protocol

from ledger.errors import IntegrityFailed, NotFound
from ledger.evidence.bundle import bundle
from ledger.evidence.bundle.archive import write_archive
from ledger.evidence.bundle.manifest import Listed, ListedDisclosure, Manifest, Scope, encode_manifest
from ledger.evidence.bundle.proofs import encode_proofs
from ledger.evidence.checks.completeness import LeftOut
from ledger.evidence.gathering.gather import Chosen, Gathered, Wanted, gather
from ledger.evidence.gathering.schemas import schema_of
from ledger.evidence.report.narrative import Told, narrate
from ledger.evidence.report.told import Voice
from ledger.statement.catalogue import KINDS
from ledger.statement.entries.entry import index_names, leaf_of
from ledger.statement.form.disclosure import digest_of, read_disclosure
from ledger.tlog.index import check_complete, encode_index_proof, status_name
from ledger.tlog.note import parse_note
from ledger.tlog.pages import name_states, prove_names
from ledger.tlog.tree import check_inclusion, prove_inclusion

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from ledger.evidence.bundle.manifest import ListedWithheld
    from ledger.evidence.gathering.frame import Frame
    from ledger.evidence.gathering.gather import Sealed
    from ledger.ids import StatementId, Tag
    from ledger.store.port import Readable

    class Kept(Readable, Protocol):
        """A log that can be read, with what its statements disclose."""

        def disclosures(self, statement: StatementId) -> Sequence[str]:
            """Return the disclosures kept beside a statement; see ``Store``."""
            ...


@dataclass(frozen=True, slots=True)
class Answered:
    """A claimed answer to go into a bundle, in its form (``answer``), and what it rests on.

    whole: subjects all of whose events it needs; ruled: those whose status is enough.
    """

    written: bytes
    whole: frozenset[Tag] = frozenset()
    ruled: frozenset[Tag] = frozenset()


_NOTHING: Final = Answered(b"")


def export_bundle(
    store: Kept,
    frame: Frame,
    subject: Tag,
    disclose: Collection[str] = (),
    scope: Scope = Scope.NARROW,
    *,
    voice: Voice | None = None,
    answered: Answered | None = None,
    sealed: Sealed | None = None,
) -> bytes:
    """Return the bundle about a subject as of a published checkpoint.

    disclose: names of disclosures to include, where an event that bears the subject's tag has one.
    scope: whole for those alone who may see all that else came in under the subject's approvals and consignments.
    voice: with which names and in which local time the report is told; ids and UTC if left out.
    answered: an answer about the subject that is claimed, with what else it rests on; None: nothing is.
    sealed: what whoever it is made for may not read, and is withheld; None: they may read all that it needs.

    Raises NotFound: the log says nothing about the subject up to there, or discloses nothing under a name.
    IntegrityFailed: the store contradicts the checkpoint or the index. Malformed: EVD-01, EVD-20, too much for one
    bundle.
    """
    also = answered or _NOTHING
    wanted = Wanted(subject, frame.checkpoint.size, scope, frame.count, also.whole, also.ruled, sealed)
    gathered = gather(store, wanted)
    chosen = [one for _, one in sorted(gathered.chosen.items())]
    disclosed = _disclosures(store, subject, chosen, disclose)
    manifest = Manifest(
        log=frame.checkpoint.origin,
        size=frame.checkpoint.size,
        subject=subject,
        entries=tuple(_listed(one) for one in chosen),
        complete=tuple(sorted(gathered.complete)),
        status=tuple(sorted(gathered.status)),
        disclosures=tuple(sorted(disclosed)),
        answered=answered is not None,
        withheld=tuple(one for _, one in sorted(gathered.withheld.items())),
        part=tuple(sorted(gathered.part)),
    )
    files = {
        bundle.MANIFEST: encode_manifest(manifest),
        bundle.CHECKPOINT: frame.note,
        bundle.STATE: frame.entry,
        bundle.PROOFS: _proofs(frame, chosen, manifest.withheld),
        bundle.REPORT: narrate(manifest, chosen, _told(frame, gathered, manifest, voice or Voice())).encode(),
    }
    files |= {bundle.entry_name(one.recorded.position): one.recorded.entry for one in chosen}
    files |= _index_proofs(frame, gathered, manifest)
    files |= {bundle.disclosure_name(one.digest): text.encode("ascii") for one, text in disclosed.items()}
    files |= {} if answered is None else {bundle.ANSWER: answered.written}
    bundle.check_sizes((name, len(data)) for name, data in files.items())
    return write_archive(files | _texts({one.payload.kind for one in chosen}))


def _listed(one: Chosen) -> Listed:
    return Listed(one.recorded.position, hashlib.sha256(one.recorded.entry).hexdigest(), one.why)


def _proofs(frame: Frame, chosen: Sequence[Chosen], withheld: Sequence[ListedWithheld]) -> bytes:
    size, root = frame.checkpoint.size, frame.checkpoint.root
    proven = {one.recorded.position: leaf_of(one.recorded.entry) for one in chosen} | {size: leaf_of(frame.entry)}
    proven |= {one.position: bytes.fromhex(one.leaf) for one in withheld}
    proofs = {position: prove_inclusion(position - 1, size, frame.hashes) for position in proven}
    for position, leaf in proven.items():
        try:
            check_inclusion(leaf, position - 1, size, proofs[position], root)
        except IntegrityFailed as error:
            raise IntegrityFailed(f"position {position}: {error}") from error
    return encode_proofs(proofs)


def _told(frame: Frame, gathered: Gathered, manifest: Manifest, voice: Voice) -> Told:
    """Return what a report tells beside the entries: what is left out, and who signed the checkpoint too."""
    counts = name_states(frame.state.index_root, frame.pages, manifest.status)
    held = Counter(tag for one in gathered.chosen.values() for tag in one.entry.tags)
    left_out = {tag: LeftOut(counts[tag].count - held[tag], counts[tag].count) for tag in manifest.status}
    signed = dict.fromkeys(one.name for one in parse_note(frame.note).signatures)
    cosigners = [name for name in signed if name != manifest.log]
    return Told({tag: one for tag, one in left_out.items() if one.events}, cosigners, voice)


def _index_proofs(frame: Frame, gathered: Gathered, manifest: Manifest) -> dict[str, bytes]:
    """Return the proofs of the complete tags and of the status of others; of these also how many events they have."""
    root, status = frame.state.index_root, [status_name(tag) for tag in manifest.status]
    tags = [*manifest.complete, *manifest.status]
    of_tags, of_status = (prove_names(root, frame.pages, names) for names in (tags, status))
    counting = _counting(gathered)
    for proof in (*of_tags[: len(manifest.complete)], *of_status):
        check_complete(proof, proof.name, counting.get(proof.name, ()), root)
    named = {bundle.index_name(number): proof for number, proof in enumerate(of_tags, start=1)}
    named |= {bundle.status_proof_name(number): proof for number, proof in enumerate(of_status, start=1)}
    return {name: encode_index_proof(proof) for name, proof in named.items()}


def _counting(gathered: Gathered) -> Mapping[str, list[tuple[int, bytes]]]:
    """Return of each name of the index the entries that count under it, oldest first."""
    found: dict[str, list[tuple[int, bytes]]] = {}
    for position, one in sorted(gathered.chosen.items()):
        for name in index_names(one.entry):
            found.setdefault(name, []).append((position, leaf_of(one.recorded.entry)))
    return found


def _disclosures(
    store: Kept, subject: Tag, chosen: Sequence[Chosen], names: Collection[str]
) -> Mapping[ListedDisclosure, str]:
    found: dict[ListedDisclosure, str] = {}
    given = set[str]()
    for one in chosen if names else ():
        if subject not in one.entry.tags:
            continue
        for text in store.disclosures(one.recorded.statement):
            if digest_of(text) not in one.payload.sd:
                position = one.recorded.position
                raise IntegrityFailed(f"position {position}: a disclosure kept beside it is not one that it commits to")
            name = read_disclosure(text).name
            if name in names:
                given.add(name)
                found[ListedDisclosure(one.recorded.position, digest_of(text))] = text
    for name in sorted(set(names) - given):
        raise NotFound(f"no event of {subject} has a disclosure named {name}, or it was erased")
    return found


def _texts(kinds: Collection[str]) -> dict[str, bytes]:
    """Return what is for people: how to verify, the schemas of the kinds, the verifier for browsers if there is one."""
    here = resources.files("ledger.evidence")
    texts = {bundle.README: here.joinpath("bundle-readme.md").read_bytes()}
    verifier = here.joinpath(bundle.VERIFIER)
    if verifier.is_file():
        texts[bundle.VERIFIER] = verifier.read_bytes()
    return texts | {bundle.schema_name(kind): schema_of(KINDS[kind]).encode() for kind in kinds if kind in KINDS}
