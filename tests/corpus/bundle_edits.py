"""How somebody who holds a good bundle can bend it: each edit keeps the rest consistent, so that one fault stands."""

from __future__ import annotations

import hashlib
import io
from dataclasses import replace
from typing import TYPE_CHECKING, Final
from zipfile import ZIP_DEFLATED, ZipFile

from ledger.evidence.bundle import bundle
from ledger.evidence.bundle.archive import read_archive, write_archive
from ledger.evidence.bundle.manifest import Listed, ListedWithheld, Manifest, encode_manifest, parse_manifest
from ledger.evidence.bundle.proofs import decode_proofs, encode_proofs
from ledger.statement.entries.entry import leaf_of
from ledger.tlog.index import encode_index_proof, status_name
from ledger.tlog.pages import prove_names
from ledger.tlog.tree import prove_inclusion

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

    from ledger.evidence.gathering.frame import Frame
    from ledger.ids import Tag

Files = dict[str, bytes]


class Opened:
    """A bundle, opened for editing."""

    def __init__(self, data: bytes) -> None:
        """Open a good bundle."""
        self.files: Final[Files] = dict(read_archive(data))
        self.manifest = parse_manifest(self.files[bundle.MANIFEST])
        self.proofs: Final = decode_proofs(self.files[bundle.PROOFS])

    def closed(self) -> bytes:
        """Return the bundle as edited, manifest and proofs written anew."""
        written = {bundle.MANIFEST: encode_manifest(self.manifest), bundle.PROOFS: encode_proofs(self.proofs)}
        return write_archive(self.files | written)

    def put(self, position: int, entry: bytes) -> None:
        """Put other bytes in an entry's place; the manifest says so."""
        self.files[bundle.entry_name(position)] = entry
        digest = hashlib.sha256(entry).hexdigest()
        self._list(*(one._replace(sha256=digest) if one.position == position else one for one in self.manifest.entries))

    def withhold(self, position: int) -> None:
        """Take an entry out, with its proof and its line in the manifest."""
        del self.files[bundle.entry_name(position)], self.proofs[position]
        self._list(*(one for one in self.manifest.entries if one.position != position))

    def seal(self, position: int) -> None:
        """Take an entry out, and call it withheld: its leaf and its proof stay."""
        leaf = leaf_of(self.files.pop(bundle.entry_name(position)))
        self._list(*(one for one in self.manifest.entries if one.position != position))
        withheld = sorted((*self.manifest.withheld, ListedWithheld(position, leaf.hex())))
        self.manifest = replace(self.manifest, withheld=tuple(withheld))

    def take_part(self, tag: Tag) -> None:
        """Claim nothing of a tag any more, and call it in part."""
        self.unclaim(tag)
        self.manifest = replace(self.manifest, part=tuple(sorted((*self.manifest.part, tag))))

    def unclaim(self, tag: Tag) -> None:
        """Claim nothing of a tag any more, and take its proofs out."""
        self.claim(
            [one for one in self.manifest.complete if one != tag], [one for one in self.manifest.status if one != tag]
        )

    def claim(self, complete: Collection[Tag], status: Collection[Tag]) -> None:
        """Claim something of these tags alone; the proofs that are there go with them."""
        proofs = {name: self.files.pop(file) for file, name in _proof_files(self.manifest).items()}
        self.manifest = replace(self.manifest, complete=tuple(sorted(complete)), status=tuple(sorted(status)))
        self.files.update({file: proofs[name] for file, name in _proof_files(self.manifest).items() if name in proofs})

    def index_of(self, name: str) -> str:
        """Return the name of the file that proves what the index knows under a name."""
        return next(file for file, one in _proof_files(self.manifest).items() if one == name)

    def transplant(self, entries: Mapping[int, bytes], frame: Frame) -> None:
        """Make it the bundle of another log, with the same tags at the same positions."""
        size = frame.checkpoint.size
        for position in self.proofs:
            self.proofs[position] = prove_inclusion(position - 1, size, frame.hashes)
        for one in self.manifest.entries:
            self.put(one.position, entries[one.position])
        for proof in prove_names(frame.state.index_root, frame.pages, _proof_files(self.manifest).values()):
            self.files[self.index_of(proof.name)] = encode_index_proof(proof)
        self.files.update({bundle.STATE: frame.entry, bundle.CHECKPOINT: frame.note})

    def _list(self, *entries: Listed) -> None:
        self.manifest = replace(self.manifest, entries=entries)


def _proof_files(manifest: Manifest) -> dict[str, str]:
    """Return under which name of the index each file of a manifest's index proofs is."""
    tags = enumerate([*manifest.complete, *manifest.status], start=1)
    status = enumerate(map(status_name, manifest.status), start=1)
    files = {bundle.index_name(number): str(tag) for number, tag in tags}
    return files | {bundle.status_proof_name(number): name for number, name in status}


def edited(data: bytes, edit: Callable[[Opened], None]) -> bytes:
    """Return a bundle after an edit."""
    opened = Opened(data)
    edit(opened)
    return opened.closed()


def refiled(data: bytes, files: Mapping[str, bytes | None]) -> bytes:
    """Return a bundle with some files put in as they are, or taken out for None."""
    kept = dict(read_archive(data)) | {name: content for name, content in files.items() if content is not None}
    return write_archive({name: content for name, content in kept.items() if files.get(name, b"") is not None})


def remanifested(data: bytes, change: Callable[[Manifest], Manifest]) -> bytes:
    """Return a bundle with another manifest."""
    manifest = parse_manifest(read_archive(data)[bundle.MANIFEST])
    return refiled(data, {bundle.MANIFEST: encode_manifest(change(manifest))})


def swap(data: bytes, old: bytes, new: bytes) -> bytes:
    """Return the data with its only piece that is old made new."""
    if data.count(old) != 1:
        raise ValueError(f"{old!r} stands {data.count(old)} times")
    return data.replace(old, new)


def packed_anew(bundle: bytes) -> bytes:
    """Return the same files in another zip, compressed, as who unpacks a bundle and packs it again gets it."""
    again = io.BytesIO()
    with ZipFile(io.BytesIO(bundle)) as before, ZipFile(again, "w", ZIP_DEFLATED) as after:
        for name in before.namelist():
            after.writestr(name, before.read(name))
    return again.getvalue()
