"""Typefaces for the text of labels: one that comes along for Latin letters, and those of this machine for all others.

None is fetched from anywhere. Where no typeface has a letter, that is said, and nothing is printed without it.
"""

from __future__ import annotations

from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from ledger.errors import Unavailable

if TYPE_CHECKING:
    from collections.abc import Iterable

    from PIL.ImageFont import FreeTypeFont

_FOLDERS: Final = ("/usr/share/fonts", "/usr/local/share/fonts", "/Library/Fonts", "C:/Windows/Fonts")
_FIRST: Final = ("NotoSansCJK-Regular", "NotoSansSC", "NotoSans-Regular", "DejaVuSans", "msyh", "simhei")
"""Beginnings of the names of files that are tried before all others, in this order."""
_KINDS: Final = frozenset({".ttf", ".otf", ".ttc"})
_TRIED: Final = 20
"""Dots, at which a typeface is asked for a letter."""
_MISSING: Final = "\U0010ffff"
"""No letter: what a typeface draws for it, it draws for whatever it does not have."""


def typeface(letters: Iterable[str], size: int) -> FreeTypeFont:
    """Return a typeface that has some letters. size: in dots.

    Raises Unavailable: none on this machine has all of them.
    """
    wanted = frozenset(one for one in letters if not one.isspace())
    if all(one.isascii() for one in wanted):
        return _own(size)
    for path in _files():
        if all(_has(path, one) for one in wanted) and (found := _read(path, size)) is not None:
            return found
    lacking = sorted(one for one in wanted if not any(_has(path, one) for path in _files()))
    told = ", ".join(f"{one} (U+{ord(one):04X})" for one in lacking[:5]) or "all letters of one text"
    raise Unavailable(
        f"no typeface of this machine has {told}: install one that does, such as Debian's fonts-noto-cjk for Chinese"
    )


@lru_cache(maxsize=64)
def _own(size: int) -> FreeTypeFont:
    from PIL import ImageFont

    own = ImageFont.load_default(size)
    if not isinstance(own, ImageFont.FreeTypeFont):
        raise Unavailable("labels cannot be drawn: the library for pictures was made without FreeType")
    return own


@cache
def _files() -> tuple[Path, ...]:
    found = [path for one in _FOLDERS for path in sorted(Path(one).rglob("*")) if path.suffix.lower() in _KINDS]

    def rank(path: Path) -> int:
        return next((at for at, name in enumerate(_FIRST) if path.name.startswith(name)), len(_FIRST))

    return tuple(sorted(found, key=rank))


@lru_cache(maxsize=64)
def _read(path: Path, size: int) -> FreeTypeFont | None:
    from PIL import ImageFont

    try:
        # The first face of Noto's collection of three languages is Japanese, the third simplified Chinese.
        return ImageFont.truetype(str(path), size, index=2 if path.name.startswith("NotoSansCJK") else 0)
    except OSError:
        return None  # it is no typeface, or one of another kind: the next one may do


@lru_cache(maxsize=20_000)
def _has(path: Path, letter: str) -> bool:
    """Say whether a typeface draws a letter, and not what it draws for those that it does not have."""
    if (font := _read(path, _TRIED)) is None:
        return False
    drawn = font.getmask(letter)
    return drawn.getbbox() is not None and bytes(drawn) != bytes(font.getmask(_MISSING))
