"""Take GOV.UK Frontend's style sheet in: without its typeface and its crest, which are the British government's alone.

python -m scripts.vendor_frontend FOLDER    the unpacked npm package govuk-frontend

What was taken, from what, and what came of it stands in ``api/console/static/vendored.toml``; a test holds the file to
it. The macros that write the classes are a package of their own, pinned to the version that fits.
"""

from __future__ import annotations

import hashlib
import json
import re
import sys
from pathlib import Path
from typing import Final

STATIC: Final = Path("api/console/static")
TAKEN: Final = "govuk-frontend.css"
MANIFEST: Final = STATIC / "vendored.toml"
_SHEET: Final = "dist/govuk/govuk-frontend.min.css"
_FACE: Final = re.compile(r"(?:/\*![^*]*\*/)?@font-face\{[^{}]*\}")
_CREST: Final = re.compile(r"[^{}]*\{[^{}]*govuk-crest\.svg[^{}]*\}")
_MAP: Final = re.compile(r"\n?/\*# sourceMappingURL=[^*]*\*/\n?")
_FAMILY: Final = "GDS Transport,arial,sans-serif"
_OURS: Final = "var(--console-font)"


def stripped(sheet: str) -> str:
    """Return the style sheet without faces, crest and map, with our own font in the place of theirs."""
    for unwanted in (_FACE, _CREST, _MAP):
        sheet = unwanted.sub("", sheet)
    return sheet.replace(_FAMILY, _OURS).strip() + "\n"


def main(folder: Path) -> None:
    """Write the style sheet and the manifest."""
    package = json.loads((folder / "package.json").read_text(encoding="utf-8"))
    sheet = (folder / _SHEET).read_bytes()
    taken = stripped(sheet.decode()).encode()
    (STATIC / TAKEN).write_bytes(taken)
    lines = {
        "file": TAKEN,
        "package": package["name"],
        "version": package["version"],
        "license": package["license"],
        "license_file": "govuk-frontend.license.txt",
        "taken_from": _SHEET,
        "taken_sha256": hashlib.sha256(sheet).hexdigest(),
        "sha256": hashlib.sha256(taken).hexdigest(),
        "changes": "no @font-face, no crest, no source map; our own font family",
    }
    said = "".join(f"{name} = {json.dumps(value)}\n" for name, value in lines.items())
    MANIFEST.write_text(f"# What is not ours in this folder, made by scripts/vendor_frontend.py.\n[[vendored]]\n{said}")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
