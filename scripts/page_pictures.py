"""Pictures of the verifier page with an evidence bundle: in both languages, on a phone, on a screen and on paper.

python -m scripts.page_pictures FOLDER BUNDLE POLICY [TRUST]

For people to look at after a change of the page: no test sees what is crowded or cut.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

from scripts.seal_page import PAGE
from tests.journeys.chromium import chromium, verify_on_page

if TYPE_CHECKING:
    from collections.abc import Sequence

_WIDTHS: Final = (360, 1100)
_LANGUAGE: Final = "page.language = {!r}; show();"


def take(folder: Path, bundle: Path, policy: Path, trust: Path | None) -> None:
    """Write PNG and PDF files into a folder, each called by its language and its width."""
    folder.mkdir(parents=True, exist_ok=True)
    with chromium() as browser:
        tab = browser.open(PAGE.resolve().as_uri())
        verify_on_page(tab, bundle, policy, trust)
        for language in ("en", "zh"):
            tab.evaluate(_LANGUAGE.format(language))
            for width in _WIDTHS:
                tab.resize(width, 800)
                (folder / f"{language}-{width}.png").write_bytes(tab.picture())
            (folder / f"{language}.pdf").write_bytes(tab.printed())


def main(given: Sequence[str]) -> None:
    """Take the pictures of the files that are named."""
    folder, bundle, policy, *trust = (Path(one).resolve() for one in given)
    take(folder, bundle, policy, trust[0] if trust else None)


if __name__ == "__main__":
    main(sys.argv[1:])
