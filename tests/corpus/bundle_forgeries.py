"""Bad bundles that were made from a good one: by whoever hands it on, without the operator's help."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from ledger.evidence.bundle import bundle
from ledger.evidence.bundle.archive import read_archive
from ledger.evidence.export import export_bundle
from ledger.ids import Tag
from ledger.statement.entries.entry import parse_entry
from ledger.statement.form.disclosure import digest_of
from ledger.tlog.index import status_name
from ledger.tlog.note import parse_note
from ledger.tlog.tree import HASH_SIZE
from tests.corpus.bundle_edits import Opened, edited, refiled, remanifested, swap
from tests.corpus.bundle_log import log_signer, policy
from tests.corpus.bundle_story import (
    APPROVAL,
    CHILD,
    FIRST,
    GOODS,
    LAB,
    NOTE,
    OTHER_NOTE,
    SCIENTIST,
    TECHNICIAN,
    Story,
    key_of,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.corpus.bundles import Fault

Edit = tuple[str, str, str, "Callable[[Opened], None]"]
"""An edit's name, the check and the subject of the first claim that fails by it, and the edit."""


def forgeries(story: Story, fault: type[Fault]) -> Iterator[Fault]:
    """Yield the bundles that are bent behind the operator's back."""
    good = export_bundle(story.log.store, story.frame, Tag(FIRST), ["note"])
    for name, data in {**_zips(good), **_strangers(good)}.items():
        yield fault(name, data, "form", "bundle")
    for name, data in _manifests(good).items():
        yield fault(name, data, "manifest", "bundle")
    for name, note in _notes(story).items():
        yield fault(name, refiled(good, {bundle.CHECKPOINT: note}), "checkpoint", "checkpoint")
    for name, check, about, edit in (*_entries(story), *_withheld(story), *_swapped(story)):
        yield fault(name, edited(good, edit), check, about)


def _zips(good: bytes) -> dict[str, bytes]:
    return {
        "not-a-zip": b"not a zip",
        "cut-off": good[:-1],
        "bytes-behind-the-zip": good + b"\n",
        "bytes-before-the-zip": b"#!/bin/sh\n" + good,
        "compressed-files": _zipped(good, zipfile.ZIP_DEFLATED),
        "another-day-in-the-zip": _zipped(good, zipfile.ZIP_STORED),
        "byte-of-an-entry-flipped": good.replace(b"rules cn-281", b"rules cn-282", 1),
    }


def _zipped(good: bytes, method: int) -> bytes:
    """Return the same files as another program zips them."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", method) as archive:
        for name, content in read_archive(good).items():
            archive.writestr(zipfile.ZipInfo(name, (2026, 9, 1, 0, 0, 0)), content, method)
    return target.getvalue()


def _strangers(good: bytes) -> dict[str, bytes]:
    return {
        "bundle-brings-its-own-policy": refiled(good, {"policy": policy()}),
        "bundle-brings-its-own-key": refiled(good, {"keys/log.vkey": b"ledger.example+00000000+AAAA\n"}),
        "bundle-brings-its-own-trust": refiled(good, {"trust.txt": f"root {'0' * 64}\n".encode()}),
        "file-outside-the-folder": refiled(good, {"../entries/1.entry": b""}),
        "position-with-a-leading-zero": refiled(good, {"entries/01.entry": b""}),
        "without-a-checkpoint": refiled(good, {bundle.CHECKPOINT: None}),
        "without-a-state-entry": refiled(good, {bundle.STATE: None}),
    }


def _manifests(good: bytes) -> dict[str, bytes]:
    manifest = read_archive(good)[bundle.MANIFEST]
    proofs = read_archive(good)[bundle.PROOFS]
    return {
        "manifest-with-white-space": refiled(good, {bundle.MANIFEST: manifest + b"\n"}),
        "manifest-with-a-member-twice": refiled(good, {bundle.MANIFEST: swap(manifest, b'"size"', b'"size":1,"size"')}),
        "manifest-with-a-number-in-another-spelling": refiled(
            good, {bundle.MANIFEST: manifest.replace(b'"position":1,', b'"position":1.0,', 1)}
        ),
        "manifest-that-nests-without-end": refiled(good, {bundle.MANIFEST: b"[" * 100_000}),
        "manifest-in-another-order": _reordered(good, manifest),
        "entry-not-listed": remanifested(good, lambda one: replace(one, entries=one.entries[:-1])),
        "entry-listed-and-not-there": refiled(good, {bundle.entry_name(1): None}),
        "index-proof-missing": refiled(good, {bundle.index_name(1): None}),
        "disclosure-not-listed": remanifested(good, lambda one: replace(one, disclosures=())),
        "inclusion-proof-missing": refiled(
            good, {bundle.PROOFS: proofs.replace(proofs.rstrip(b"\n").rpartition(b"\n")[2] + b"\n", b"")}
        ),
        "proof-hash-never-used": refiled(good, {bundle.PROOFS: _with_another_hash(proofs)}),
    }


def _with_another_hash(proofs: bytes) -> bytes:
    header, counted, *lines = proofs.split(b"\n")
    count = int(counted.removeprefix(b"hashes "))
    lines.insert(count, b"A" * 43 + b"=")
    return b"\n".join((header, b"hashes %d" % (count + 1), *lines))


def _reordered(good: bytes, manifest: bytes) -> bytes:
    head, log, rest = manifest.split(b",", 2)
    return refiled(good, {bundle.MANIFEST: b"{" + log + b"," + head[1:] + b"," + rest})


def _notes(story: Story) -> dict[str, bytes]:
    log, note = story.log, story.frame.note
    lines = parse_note(note).text
    return {
        "checkpoint-of-another-size": story.early.note,
        "checkpoint-without-a-quorum": log.note(["w1"]),
        "checkpoint-with-one-witness-twice": log.note(["w1", "w1"]),
        "checkpoint-signed-by-another-log-key": log.note(["w1", "w2"], signer="another log"),
        "checkpoint-edited": note.replace(lines.encode(), lines.replace("\n21\n", "\n22\n").encode()),
        "split-view-without-witnesses": log.note([], root=bytes(HASH_SIZE)),
        "checkpoint-is-no-note": f"{log_signer().key.name}\n21\n".encode(),
    }


def _entries(story: Story) -> Iterator[Edit]:
    used, child = story.at["used"], story.at["aliquoted"]

    def edit_entry(one: Opened) -> None:
        one.put(used, swap(one.files[bundle.entry_name(used)], b":01.000000Z", b":02.000000Z"))

    def edit_unlisted(one: Opened) -> None:
        one.files[bundle.entry_name(used)] += b" "

    def neighbours_proof(one: Opened) -> None:
        one.proofs[used] = one.proofs[child]

    def neighbours_bytes(one: Opened) -> None:
        one.put(used, one.files[bundle.entry_name(child)])

    def hash_flipped(one: Opened) -> None:
        one.proofs[used] = (bytes(HASH_SIZE), *one.proofs[used][1:])

    def leaf_for_node(one: Opened) -> None:
        # Two leaves as if they were the data of one: what stands above them proves it, were it not for the prefix.
        left, right = (story.frame.hashes(0, at) for at in (used - 1 & ~1, used - 1 | 1))
        one.put(used, b"\x01" + left + right)
        one.proofs[used] = one.proofs[used][1:]

    about = f"event {used}"
    yield "entry-edited", "inclusion", about, edit_entry
    yield "entry-edited-beside-the-manifest", "entry", about, edit_unlisted
    yield "proof-of-another-entry", "inclusion", about, neighbours_proof
    yield "entry-of-another-position", "entry", about, neighbours_bytes
    yield "hash-of-a-proof-flipped", "inclusion", about, hash_flipped
    yield "leaf-taken-for-a-node", "entry", about, leaf_for_node


def _withheld(story: Story) -> Iterator[Edit]:
    def unclaimed(*tags: Tag) -> Callable[[Opened], None]:
        """Return what claims nothing of some tags and withholds what is here for them alone."""

        def unclaim(one: Opened) -> None:
            for tag in tags:
                one.unclaim(tag)
            for listed in one.manifest.entries:
                entry = parse_entry(one.files[bundle.entry_name(listed.position)])
                if not entry.tags & set(one.manifest.complete) and not entry.status & set(one.manifest.status):
                    one.withhold(listed.position)

        return unclaim

    def key_unclaimed(key: Tag, one: Opened) -> None:
        party = Tag(TECHNICIAN.party)  # claimed to be whole, so that the enrolment is still one of its events
        complete = [tag for tag in one.manifest.complete if tag != key]
        one.claim([*complete, party], [tag for tag in one.manifest.status if tag != party])

    def whole(one: Opened) -> None:
        status = [tag for tag in one.manifest.status if tag != Tag(APPROVAL)]
        one.claim([*one.manifest.complete, Tag(APPROVAL)], status)

    enrolled = story.at["enrolled party:laboratory p-2"]
    key, subject = key_of(TECHNICIAN), f"tag {FIRST}"
    yield "last-event-of-the-subject-withheld", "completeness", subject, lambda one: one.withhold(story.at["aliquoted"])
    yield "first-event-of-the-subject-withheld", "completeness", subject, lambda one: one.withhold(story.at["listed"])
    yield "revocation-withheld", "completeness", f"tag {key}", lambda one: one.withhold(story.at["revoked"])
    yield "history-of-a-signing-key-not-claimed", "key", f"event {enrolled}", partial(key_unclaimed, key)
    yield "enrolment-withheld", "key", f"event {story.at['used']}", lambda one: one.withhold(enrolled)
    yield "opening-withheld", "key", "event 2", lambda one: one.withhold(1)
    yield "subject-not-claimed", "completeness", subject, unclaimed(Tag(FIRST))
    for tag in (APPROVAL, GOODS, SCIENTIST.party, LAB):
        word = tag.partition(":")[0]
        yield f"status-of-the-{word}-not-claimed", "completeness", status_name(tag), unclaimed(Tag(tag))
    granted = story.at["approval"]
    yield "status-withheld", "completeness", status_name(APPROVAL), lambda one: one.withhold(granted)
    yield "claimed-to-be-whole", "completeness", f"tag {APPROVAL}", whole


def _swapped(story: Story) -> Iterator[Edit]:
    def older_state(one: Opened) -> None:
        one.files[bundle.STATE] = story.early.entry

    def edited_disclosure(one: Opened) -> None:
        one.files[bundle.disclosure_name(one.manifest.disclosures[0].digest)] = OTHER_NOTE.encode()

    def foreign_disclosure(one: Opened) -> None:
        del one.files[bundle.disclosure_name(one.manifest.disclosures[0].digest)]
        listed = one.manifest.disclosures[0]._replace(digest=digest_of(OTHER_NOTE))
        one.files[bundle.disclosure_name(listed.digest)] = OTHER_NOTE.encode()
        one.manifest = replace(one.manifest, disclosures=(listed,))

    def foreign_proof(one: Opened) -> None:
        one.files[one.index_of(Tag(FIRST))] = one.files[one.index_of(Tag(APPROVAL))]

    def another_count(one: Opened) -> None:
        name = one.index_of(Tag(FIRST))
        one.files[name] = swap(one.files[name], b"\npresent 3 ", b"\npresent 2 ")

    def another_subject(one: Opened) -> None:
        one.manifest = replace(one.manifest, subject=Tag(CHILD))

    def foreign_status(one: Opened) -> None:
        one.files[one.index_of(status_name(APPROVAL))] = one.files[one.index_of(status_name(GOODS))]

    def tag_for_status(one: Opened) -> None:
        one.files[one.index_of(status_name(APPROVAL))] = one.files[one.index_of(APPROVAL)]

    def edited_status(one: Opened) -> None:
        line = b"\nstatus approval:GX-1\n"
        one.put(granted, swap(one.files[bundle.entry_name(granted)], line, b"\nstatus\n"))

    subject, status, granted = f"tag {FIRST}", status_name(APPROVAL), story.at["approval"]
    yield "state-entry-of-an-older-checkpoint", "state", "state", older_state
    yield "another-subject-than-the-bundle-is-about", "completeness", f"tag {CHILD}", another_subject
    yield "index-proof-of-another-tag", "completeness", subject, foreign_proof
    yield "index-proof-of-another-status", "completeness", status, foreign_status
    yield "index-proof-of-the-tag-for-its-status", "completeness", status, tag_for_status
    yield "status-edited", "inclusion", f"event {granted}", edited_status
    yield "index-proof-with-another-count", "completeness", subject, another_count
    yield "disclosure-edited", "disclosure", f"disclosure {digest_of(NOTE)}", edited_disclosure
    yield "disclosure-of-no-event", "disclosure", f"disclosure {digest_of(OTHER_NOTE)}", foreign_disclosure
