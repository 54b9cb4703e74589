"""Pictures of every page of the console, with the demo's story behind it: in both languages, at three widths, on paper.

python -m scripts.console_pictures FOLDER

For people to look at after a change of a page: no test sees what is crowded or cut.
"""

from __future__ import annotations

import sys
import tempfile
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from tests.console.browsing import WIDTHS
from tests.console.played import OPEN_PAGES, played
from tests.journeys.chromium import chromium
from tests.servers import EMBEDDED, Servers

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.console.browsing import Console


def take(folder: Path) -> None:
    """Write PNG files into a folder, called by page, language and width, and a PDF of each page as it is printed."""
    folder.mkdir(parents=True, exist_ok=True)
    with (
        chromium() as browser,
        closing(Servers()) as servers,
        tempfile.TemporaryDirectory() as place,
        played(servers.get(EMBEDDED), Path(place), browser) as story,
    ):
        _take(story.console, OPEN_PAGES, folder)
        story.console.sign_in(story.cast.first_lab.first.signer)
        _take(story.console, story.pages, folder)
        story.console.sign_in(story.cast.destination.first.signer)
        _take(story.console, story.official_pages, folder)
        story.console.sign_in(story.cast.assessor.first.signer)
        _take(story.console, story.assessing_pages, folder)


def _take(console: Console, pages: Mapping[str, str], folder: Path) -> None:
    for name, path in pages.items():
        for language in ("en", "zh"):
            tab = console.open(f"{path}{'&' if '?' in path else '?'}lang={language}")
            for width in WIDTHS:
                tab.resize(width, 800)
                (folder / f"{name}-{language}-{width}.png").write_bytes(tab.picture())
            (folder / f"{name}-{language}.pdf").write_bytes(tab.printed())
            tab.call("Page.close")


if __name__ == "__main__":
    take(Path(sys.argv[1]))
