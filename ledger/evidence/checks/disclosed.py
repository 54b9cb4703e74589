"""The disclosures of a bundle: step 12 of ``verify``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger.errors import IntegrityFailed, Malformed
from ledger.evidence.bundle import bundle
from ledger.evidence.checks.verdicts import Check, CheckFailed, Claim, NotChecked, Verdict, asking
from ledger.statement.form.disclosure import digest_of, read_disclosure

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ledger.evidence.checks.events import Taken
    from ledger.evidence.checks.opening import Opened


def disclosures(opened: Opened, taken: Taken) -> Iterator[Claim]:
    """Yield a claim for each disclosure that the manifest lists, with the verdict of its event."""
    disclosed = set[tuple[int, str]]()
    for listed in opened.manifest.disclosures:
        about = f"disclosure {listed.digest}"
        try:
            with asking(Check.DISCLOSURE):
                name = _disclosed(opened, taken, listed.position, listed.digest)
                _check_once(disclosed, listed.position, name, listed.digest)
        except CheckFailed as failed:
            yield Claim(about, Verdict.FAILED, failed.words, failed.check)
        except NotChecked as hindered:
            yield Claim(about, Verdict.NOT_CHECKED, hindered.words)
        else:
            yield Claim(about, taken.events[listed.position].verdict, f"{name} of event {listed.position}")


def _disclosed(opened: Opened, taken: Taken, position: int, digest: str) -> str:
    """Return the name that a disclosure says. Raises NotChecked: its event cannot be read here."""
    name = bundle.disclosure_name(digest)
    event = taken.events.get(position)
    if position in taken.left:
        raise NotChecked(f"its event {position} cannot be read here")
    if event is None:
        raise IntegrityFailed(f"its event {position} is not in the bundle, or failed")
    try:
        text = opened.files[name].decode("ascii")
    except UnicodeDecodeError:
        raise Malformed("STM-60", name, "is not ASCII") from None
    if digest_of(text) != digest or digest not in event.payload.sd:
        raise IntegrityFailed(f"its digest does not stand in the payload of event {position}")
    return read_disclosure(text, member=name).name


def _check_once(disclosed: set[tuple[int, str]], position: int, name: str, digest: str) -> None:
    if (position, name) in disclosed:
        problem = f"discloses {name} of event {position}, which is disclosed already"
        raise Malformed("STM-64", bundle.disclosure_name(digest), problem)
    disclosed.add((position, name))
