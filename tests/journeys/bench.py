"""A bench for the journeys: a directory with key files, and the command ``vialog`` over a log of its own."""

from __future__ import annotations

import json
import shutil
import signal
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from typer.testing import CliRunner

from api.cli.main import app
from ledger.store.server.undisturbed import STOPPING
from tests.printed import check_printed

if TYPE_CHECKING:
    from collections.abc import Iterator

PASSPHRASE: Final = "correct horse battery staple"
LOG: Final = "port.example/log1"


@dataclass(frozen=True, slots=True)
class Ran:
    """What a command did."""

    code: int
    stdout: str
    stderr: str

    @property
    def objects(self) -> list[Any]:
        """Return the JSON objects on stdout, one a line."""
        return [json.loads(line) for line in self.stdout.splitlines() if line.strip()]


@dataclass(frozen=True, slots=True)
class Who:
    """Somebody who can sign: a key file and what it is enrolled for."""

    key: Path
    party: str
    person: str
    role: str

    @property
    def signer(self) -> dict[str, str]:
        """Return the signer as a draft names it."""
        return {"party": self.party, "person": self.person, "role": self.role, "meaning": "performed"}


@contextmanager
def as_it_was() -> Iterator[None]:
    """Let signals do afterwards what they did before: a service, whose process ends with it, does not see to that."""
    before = {one: signal.getsignal(one) for one in STOPPING}
    try:
        yield
    finally:
        for one, handler in before.items():
            if signal.getsignal(one) is not handler:
                signal.signal(one, handler)


class Bench:
    """A place to run commands."""

    def __init__(self, place: Path, database: str, log: str = LOG) -> None:
        """Use a database through its URL; the passphrase comes from a file. log: its name."""
        self.place, self.log = place, log
        passphrase = place / "passphrase"
        passphrase.touch(mode=0o600)
        passphrase.write_text(f"{PASSPHRASE}\n", encoding="utf-8")
        self.environ: dict[str, str | None] = {
            "VIALOG_DATABASE_URL": database,
            "VIALOG_LOG_ORIGIN": log,
            "VIALOG_PASSPHRASE_FILE": str(passphrase),
            "NO_COLOR": "1",
            "VIALOG_LANGUAGE": "en",  # whatever the locale of whoever runs the tests
            "COLUMNS": None,  # whatever runs the tests may set it
        }
        self.operator = Who(place / "root.pem", "party:operator", "root", "operator")
        self._drafts = 0

    def copied(self, place: Path, database: str) -> Bench:
        """Return a bench in another place with copies of this one's files, over a copy of its log in a database."""
        shutil.copytree(self.place, place, dirs_exist_ok=True)
        copied = Bench(place, database, self.log)
        copied._drafts = self._drafts
        return copied

    def run(self, *arguments: object, stdin: str | bytes = "") -> Ran:
        """Run ``vialog`` with some arguments; a bug is raised. What it prints as JSON is as its schema says."""
        words = [str(one) for one in arguments]
        with as_it_was():
            result = CliRunner().invoke(app, words, input=stdin, env=self.environ)
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        check_printed(words, result.stdout, result.stderr)
        return Ran(result.exit_code, result.stdout, result.stderr)

    def done(self, *arguments: object, stdin: str | bytes = "") -> Ran:
        """Run a command that has to succeed."""
        ran = self.run(*arguments, stdin=stdin)
        assert ran.code == 0, ran.stdout + ran.stderr
        return ran

    def record(self, *arguments: object, by: Who, role: str = "") -> Ran:
        """Have somebody state an act by ``vialog record``. role: what as, where more than one is possible."""
        roles = ["--role", role] if role else []
        return self.run("record", *arguments, *roles, "--key", by.key, "--yes")

    def open(self) -> None:
        """Open the log."""
        self.done("init", "--operator", self.operator.party, "--name", "Operator", "--key", self.operator.key)

    def admit(self, party: str, *roles: str) -> Who:
        """Register a party with its roles and enrol a key of its person p-1."""
        name = party.partition(":")[2]
        who = Who(self.place / f"{name}.pem", party, "p-1", roles[0])
        made = self.done("keys", "new", who.key, "--json").objects[0]
        registered = {"party": party, "name": name, "country": "CN", "business": "research"}
        self.state("party.registered/1", registered, self.operator)
        for role in roles:
            self.state("role.granted/1", {"party": party, "role": role}, self.operator)
        key = {"key": made["key"], "spki": made["spki"], "alg": made["alg"], "party": party, "person": who.person}
        self.state("key.enrolled/1", key, self.operator, who)
        return who

    def signed(self, kind: str, body: dict[str, Any], *signers: Who, **more: object) -> Path:
        """Write a draft, sign it, and return the signed file."""
        self._drafts += 1
        draft = {"log": self.log, "kind": kind, "signers": [one.signer for one in signers], "body": body, **more}
        file = self.place / f"{self._drafts}.json"
        file.write_text(json.dumps(draft, separators=(",", ":")), encoding="utf-8")
        keys = [part for one in signers for part in ("--key", one.key)]
        self.done("statement", "sign", file, *keys, "--out", file.with_suffix(".signed"))
        return file.with_suffix(".signed")

    def state(self, kind: str, body: dict[str, Any], *signers: Who, **more: object) -> Any:  # noqa: ANN401  JSON
        """Record a statement and return the answer."""
        return self.done("statement", "submit", self.signed(kind, body, *signers, **more), "--json").objects[0]

    def insist(self, kind: str, body: dict[str, Any], *signers: Who) -> Any:  # noqa: ANN401  JSON
        """Record a statement in spite of its breaches: acknowledge all that the first answer lists."""
        signed = self.signed(kind, body, *signers)
        answer = self.run("statement", "submit", signed, "--json").objects[0]
        rules = sorted({breach["rule"] for breach in answer["breaches"]})
        if answer["status"] == "recorded":
            return answer
        assert rules, answer
        return self.state(
            kind, body, *signers, acknowledges=[{"rule": rule, "reason": "x-test-bench"} for rule in rules]
        )

    def announce(self, who: Who, consignment: str = "consignment:C1") -> None:
        """Let an applicant that is a laboratory too have an approval and announce a consignment under it."""
        self.state(
            "site.registered/1",
            {"site": "site:lab", "party": who.party, "name": "Lab", "use": "laboratory", "level": 2},
            who,
        )
        vials = {"value": "5000", "unit": "vial"}
        self.state(
            "approval.granted/1",
            {
                "approval": "approval:A1",
                "number": "A-1",
                "direction": "import",
                "applicant": who.party,
                "issued_on": "2026-08-01",
                "valid_from": "2026-08-01",
                "valid_to": "2099-12-31",
                "write_off": "batch",
                "follow_up": True,
                "lines": [{"line": 1, "name_en": "Serum", "quantity": vials}],
                "sites": ["site:lab"],
                "reference": {"document": "A-1", "issued_by": "Customs", "digest": "0" * 64},
            },
            who,
            acknowledges=[{"rule": rule, "reason": "as-printed"} for rule in ("APR-10", "APR-13")],
        )
        self.state(
            "consignment.announced/1",
            {
                "consignment": consignment,
                "applicant": who.party,
                "consignee": who.party,
                "consignor_country": "DE",
                "destination": "site:lab",
                "route": "import",
                "lines": [{"approval": "approval:A1", "line": 1, "quantity": vials}],
            },
            who,
        )
