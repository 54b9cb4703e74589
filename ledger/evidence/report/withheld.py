"""What a report says of what its bundle withholds: at its beginning, where nothing was found, and at its end."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ledger.evidence.report.told import escaped

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ledger.evidence.bundle.manifest import Manifest

_FIRST: Final = """- **Shown in part, and so not complete: something is withheld; see the end of this page**<br>\
**仅部分出示，并不完整：另有内容未出示，见本页末尾**"""
_SHOWN: Final = (
    ("authentic and complete", "真实、完整"),
    ("authentic and, but for what is withheld, complete", "真实，且除未出示的内容外完整"),
)
_NONE: Final = ("None. / 无。", "None in what is shown; something is withheld. / 所示内容中无；另有内容未出示。")
_NO_BREACH: Final = (
    "None is recorded. / 未记录违规。",
    "None is recorded in what is shown; something is withheld. / 所示内容中未记录违规；另有内容未出示。",
)
_SUBJECTS: Final = """Whoever made this bundle for somebody who may not read all, or whoever passed it on, withheld
something. Of these subjects some records may be here; whether more is recorded about them, a suspension, a withdrawal
or a hold too, nothing here tells. Why it was withheld no verifier can know: ask somebody who may read it all.

证据包的制作者（为无权阅读全部记录者制作）或转交者扣留了部分内容。关于以下对象，包内可能有部分记录；是否另有记录（包括
暂停、撤销或不予放行），由此无从得知。扣留的原因无法核验：请向可以查阅全部记录者核实。
"""
_ENTRIES: Final = """Entries of which only position and hash are here: {count} ({positions}). That they stand in the log
is proven; what they say, and about what, is not told.

仅出示位置和散列的条目：{count}条（第{positions}号）。其存在于日志中已获证明；其内容及所涉对象未出示。
"""


def first(manifest: Manifest) -> Iterator[str]:
    """Yield what whoever reads nothing else must have seen; nothing where nothing is withheld."""
    if manifest.is_in_part:
        yield from (_FIRST, "")


def shown(manifest: Manifest) -> tuple[str, str]:
    """Return what verifying shows the record to be, in each language."""
    return _SHOWN[manifest.is_in_part]


def nothing_wrong(manifest: Manifest) -> str:
    """Return what stands where nothing went wrong by what is here."""
    return _NONE[manifest.is_in_part]


def nothing_broken(manifest: Manifest) -> str:
    """Return what stands where no rule was broken by what is here."""
    return _NO_BREACH[manifest.is_in_part]


def withheld(manifest: Manifest) -> Iterator[str]:
    """Yield of which subjects a part is shown, and where entries stand of which nothing is told."""
    if not manifest.is_in_part:
        return
    positions = [str(one.position) for one in manifest.withheld]
    yield from ("## What is withheld / 未出示的记录", "", _SUBJECTS)
    yield from (*(f"- {escaped(tag)}" for tag in manifest.part), "")
    if positions:
        yield _ENTRIES.format(count=len(positions), positions=", ".join(positions))
