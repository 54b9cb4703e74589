"""The table of rules names exactly the rules that the package applies."""

from __future__ import annotations

import re
from pathlib import Path

from ledger import edwards, files
from ledger.statement import rules

RAISED = re.compile(r'"((?:STM|KEY)-\d\d)"')


def test_every_rule_is_applied_and_every_applied_rule_is_in_the_table() -> None:
    sources = [Path(edwards.__file__), Path(files.__file__), *Path(rules.__file__).parent.rglob("*.py")]
    applied = {rule for path in sources if path.name != "rules.py" for rule in RAISED.findall(path.read_text())}
    assert applied == set(rules.RULES)
