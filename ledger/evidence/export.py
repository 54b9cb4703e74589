"""Write an evidence bundle about one subject. The same subject under the same checkpoint makes the same bytes.

Holds no key and brings no policy. What it writes it proves first: an entry that does not stand under the checkpoint, or
a tag of which the index knows other events, stops the export.
"""

from __future__ import annotations

import hashlib
from importlib import resources
from typing import TYPE_CHECKING

from ledger.errors import IntegrityFailed, NotFound
from ledger.evidence import bundle
from ledger.evidence.archive import write_archive
from ledger.evidence.gather import Chosen, Gathered, gather
from ledger.evidence.manifest import Listed, ListedDisclosure, Manifest, encode_manifest
from ledger.evidence.narrative import narrate
from ledger.evidence.proofs import encode_proofs
from ledger.evidence.schemas import schema_of
from ledger.statement.catalogue import KINDS
from ledger.statement.disclosure import digest_of, read_disclosure
from ledger.statement.entry import leaf_of
from ledger.tlog.index import check_complete, encode_index_proof
from ledger.tlog.pages import prove_names
from ledger.tlog.tree import check_inclusion, prove_inclusion

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from ledger.evidence.frame import Frame
    from ledger.ids import Tag
    from ledger.store.port import Store


def export_bundle(store: Store, frame: Frame, subject: Tag, disclose: Collection[str] = ()) -> bytes:
    """Return the bundle about a subject as of a published checkpoint.

    disclose: names of disclosures to include, where an event that bears the subject's tag has one.

    Raises NotFound: the log says nothing about the subject up to there, or discloses nothing under a name.
    IntegrityFailed: the store contradicts the checkpoint or the index. Malformed: EVD-01, EVD-20, too much for one
    bundle.
    """
    gathered = gather(store, subject, frame.checkpoint.size)
    chosen = [one for _, one in sorted(gathered.chosen.items())]
    disclosed = _disclosures(store, subject, chosen, disclose)
    manifest = Manifest(
        log=frame.checkpoint.origin,
        size=frame.checkpoint.size,
        subject=subject,
        entries=tuple(_listed(one) for one in chosen),
        complete=tuple(sorted(gathered.complete)),
        partial=tuple(sorted(gathered.partial)),
        disclosures=tuple(sorted(disclosed)),
    )
    files = {
        bundle.MANIFEST: encode_manifest(manifest),
        bundle.CHECKPOINT: frame.note,
        bundle.STATE: frame.entry,
        bundle.PROOFS: _proofs(frame, chosen),
        bundle.REPORT: narrate(manifest, chosen).encode(),
    }
    files |= {bundle.entry_name(one.recorded.position): one.recorded.entry for one in chosen}
    files |= _index_proofs(frame, gathered, manifest.complete)
    files |= {bundle.disclosure_name(one.digest): text.encode("ascii") for one, text in disclosed.items()}
    bundle.check_sizes((name, len(data)) for name, data in files.items())
    return write_archive(files | _texts({one.payload.kind for one in chosen}))


def _listed(one: Chosen) -> Listed:
    return Listed(one.recorded.position, hashlib.sha256(one.recorded.entry).hexdigest(), one.why)


def _proofs(frame: Frame, chosen: Sequence[Chosen]) -> bytes:
    size, root = frame.checkpoint.size, frame.checkpoint.root
    proven = {one.recorded.position: leaf_of(one.recorded.entry) for one in chosen} | {size: leaf_of(frame.entry)}
    proofs = {position: prove_inclusion(position - 1, size, frame.hashes) for position in proven}
    for position, leaf in proven.items():
        try:
            check_inclusion(leaf, position - 1, size, proofs[position], root)
        except IntegrityFailed as error:
            raise IntegrityFailed(f"position {position}: {error}") from error
    return encode_proofs(proofs)


def _index_proofs(frame: Frame, gathered: Gathered, tags: Sequence[Tag]) -> dict[str, bytes]:
    bearing: dict[Tag, list[tuple[int, bytes]]] = {tag: [] for tag in tags}
    for position, one in sorted(gathered.chosen.items()):
        for tag in one.entry.tags & bearing.keys():
            bearing[tag].append((position, leaf_of(one.recorded.entry)))
    root = frame.state.index_root
    proofs = prove_names(root, frame.pages, tags)
    for proof, tag in zip(proofs, tags, strict=True):
        check_complete(proof, tag, bearing[tag], root)
    return {bundle.index_name(number): encode_index_proof(proof) for number, proof in enumerate(proofs, start=1)}


def _disclosures(
    store: Store, subject: Tag, chosen: Sequence[Chosen], names: Collection[str]
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
