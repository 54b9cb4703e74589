"""The demo runs to its end in a folder of its own, and what it says is so."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

from ledger.evidence.bundle.archive import read_archive
from ledger.ids import key_tag, type_of
from ledger.statement.entries.entry import parse_entry
from ledger.statement.signing.signer import FileSigner
from tests.embedded_server import fresh_place


def consignments_in(file: Path) -> set[str]:
    """Return the consignments whose tags the entries of a bundle bear: of a vial's, its own alone."""
    files = read_archive(file.read_bytes())
    entries = [parse_entry(data) for name, data in files.items() if name.startswith("entries/")]
    return {tag for entry in entries for tag in entry.tags if type_of(tag) == "consignment"}


def test_the_demo_tells_its_story_and_leaves_a_log_that_verifies() -> None:
    with fresh_place() as place:
        environment = {**os.environ, "PYTHONPATH": str(Path.cwd()), "NO_COLOR": "1"}
        demo = subprocess.run(
            [sys.executable, "-m", "scripts.demo"],
            cwd=place,
            env=environment,
            capture_output=True,
            text=True,
            check=True,
        )
        assert "631 signed statements recorded, 2 refused." in demo.stdout
        closing = re.findall(r"\b(yes|no) *$", demo.stdout, re.MULTILINE)
        assert closing == ["no", "yes", "yes", "yes"], "one vial is missing, and no act says where it went"
        told = " ".join(demo.stdout.split())
        assert "verified offline: verified and known." in told
        for line in (
            "application was decided in 2 working days",
            "its meeting decided on 3 products",
            "reached 4 items that were made of it, the pool among them",
            "a declaration was due on 2026-11-07, overdue for 9 days, and made late",
            "overdue at the end: 1 of",
            "of 4 findings 1 was corrected and verified, and 1 dropped",
        ):
            assert line in told
        assert "; replayed by m1" in told
        (data,) = place.glob("demo-data/*/data")
        (consignment,) = consignments_in(data.parent / "vial.zip")
        assert consignment == "consignment:AWB-784-1001"
        verified = subprocess.run(
            [sys.executable, "-m", "api.cli", "log", "verify", "--json"],
            env={**environment, "VIALOG_DATA": str(data)},
            capture_output=True,
            text=True,
            check=True,
        )
        assert json.loads(verified.stdout)["verified"] is True
        assert "vialog sign-in --key keys/importer.pem" in demo.stdout
        shown = subprocess.run(
            [sys.executable, "-m", "api.cli", "log", "show", "--kind", "key.revoked/1", "--json"],
            env={**environment, "VIALOG_DATA": str(data)},
            capture_output=True,
            text=True,
            check=True,
        )
        revoked = {json.loads(line)["payload"]["body"]["key"] for line in shown.stdout.splitlines()}
        passphrase = (data.parent / "passphrase").read_text(encoding="utf-8").strip()
        signers = [FileSigner.load(path, passphrase) for path in (data.parent / "keys").iterdir()]
        assert (len(revoked), len(signers)) == (1, 10)
        assert revoked.isdisjoint(key_tag(one.thumbprint) for one in signers), "whoever is named there can sign in"
