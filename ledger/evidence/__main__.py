"""``python -m ledger.evidence FILE --policy POLICY``: verify a bundle with the standard library and cryptography alone.

The same as ``vialog evidence verify``, for a machine on which the rest of the ledger is not installed.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

from ledger.errors import Malformed
from ledger.evidence.files import verify_files, written

if TYPE_CHECKING:
    from collections.abc import Sequence

USAGE: Final = 2
"""The exit code when there is nothing to answer: a file cannot be read, or the policy or trust is not one."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Verify a bundle, print its report and return its exit code: 0, 3, 4 or 5; 2 when there is no answer."""
    parser = argparse.ArgumentParser(prog="python -m ledger.evidence", description="Verify an evidence bundle offline.")
    parser.add_argument("file", type=Path, help="the bundle, a zip")
    parser.add_argument("--policy", type=Path, required=True, help="your policy: which log and witnesses you believe")
    parser.add_argument("--trust", type=Path, help="your trust file: whose keys you know")
    parser.add_argument("--json", action="store_true", help="print one line of JSON")
    given = parser.parse_args(arguments)
    try:
        report = verify_files(given.file, given.policy, given.trust)
    except (OSError, Malformed) as error:
        sys.stderr.write(f"error: {error}\n")
        return USAGE
    sys.stdout.write(written(report, as_json=given.json) + "\n")
    return report.exit_code


if __name__ == "__main__":
    sys.exit(main())
