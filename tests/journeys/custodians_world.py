"""The world of the custodian's day as it is before it: who is on the log, an approval, a consignment, a packing list.

And what others do in it: importer and customs at the border, and a third one who mirrors the log.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, Final

from tests.journeys.machines import Machine, carried, drafted, scanned, signed

if TYPE_CHECKING:
    from pathlib import Path

AIRWAY_BILL: Final = "784-1234 5675"
APPROVAL: Final = "GX 2026 0117"
LABELS: Final = [f"HC-{number:04d}" for number in range(1, 51)]
MISSING, BROKEN = "HC-0033", "HC-0034"
SENT: Final = LABELS[10:15]
DOOMED: Final = ["HC-0017", "HC-0018", BROKEN]


def packing_list(place: Path) -> Path:
    """Write the supplier's list: titles, a band above the header, subtotals, a total, a note, in GB18030."""
    lines = ["海港生物样本库发货清单,,,,,,", "发货日期：2026-03-01,,,,共5盒,,", ",,,,,,"]
    lines += ["序号,样本信息,,,,采集,备注", ",管号,样本类型,体积(μL),批号,采集日期,"]
    for number, label in enumerate(LABELS, 1):
        box = (number - 1) // 10 + 1
        lines.append(f"{number},{label},血清,500,B{box},2026/2/{box},{'溶血' if label in DOOMED else ''}")
        if number % 10 == 0:
            lines.append("小 计,,,5000,,,")
    lines += ["合计,,,25000,,,", "备注：-80℃保存,,,,,,"]
    file = place / "packing.csv"
    file.write_bytes("\r\n".join(lines).encode("gb18030"))
    return file


def admit(lab: Machine, name: str, person: str, *options: str) -> None:
    """Admit an organisation, or one more person of it, by a key that is made on the machine with the log."""
    lab.public(person)
    enrolled = ("--public", lab.place / f"{person}.pem", "--person", person)
    lab.done("admit", name, *options, *enrolled, "--key", lab.operator.key, "--yes")


def of_kind(what: str, role: str) -> tuple[str, ...]:
    """Return what is said of a new organisation."""
    return ("--country", "CN", "--business", what, "--role", role)


def site(ident: str, name: str, party: str) -> tuple[str, ...]:
    """Return what is said of a laboratory of level 2."""
    return ("--site", ident, "--name", name, "--party", party, "--use", "laboratory", "--level", "2")


def join(lab: Machine, clinic: Machine) -> None:
    """Admit the clinic, whose key never leaves its machine, and have it register its laboratory."""
    public = carried(clinic.public("c-01"), lab)
    joining = lab.place / "clinic.open"
    new = of_kind("research", "laboratory")
    said = ("--public", public, "--person", "c-01", "--key", lab.operator.key, "--out", joining, "--yes")
    lab.done("admit", "青山医院", *new, *said)
    signed(clinic, joining, "c-01")
    draft = lab.place / "site.json"
    where = site("ward-5", "五号实验室", "青山医院")
    lab.done("statement", "submit", joining)
    lab.done("record", "site.registered", *where, "--with", "c-01@青山医院", "--out", draft)
    lab.done("statement", "submit", drafted(clinic, draft, "c-01"))


def permit(lab: Machine) -> None:
    """Grant the approval, and announce the consignment under it: acts of customs and of the importer."""
    today = date.today()  # noqa: DTZ011  a day that has begun everywhere is not later than that of the jurisdiction
    lab.states(
        "approval.granted", "--number", APPROVAL, "--direction", "import", "--applicant", "海港进出口",
        "--issued-on", today, "--valid-from", today, "--valid-to", today + timedelta(days=300), "--grade", "C1",
        "--write-off", "batch", "--follow-up", "true", "--site", "二号实验室", "--site", "五号实验室",
        "--purpose", "research", "--line", 1, "--name-en", "Human serum", "--name-zh", "人血清",
        "--line.quantity", "25 mL", key="o-01",
    )  # fmt: skip
    lab.states(
        "consignment.announced", "--applicant", "海港进出口", "--consignee", "海港实验室", "--consignor-country", "DE",
        "--destination", "二号实验室", "--route", "import", "--transport-document", AIRWAY_BILL,
        "--approval", APPROVAL, "--line", 1, "--quantity", "25 mL", key="i-01",
    )  # fmt: skip


def pass_border(lab: Machine) -> None:
    """Declare, inspect, release and consent: acts of customs and of the importer."""
    goods = ("--consignment", AIRWAY_BILL)
    line = ("--approval", APPROVAL, "--line", 1, "--quantity", "25 mL")
    today = date.today()  # noqa: DTZ011
    listed = scanned(lab, "released.csv", ("item",), [(label,) for label in LABELS])
    lab.states(
        "consignment.declared", *goods, "--declaration-number", "2301 2026 0077", "--port-code", "2301",
        "--declared-on", today, *line, "--hs-code", "300290", key="i-01",
    )  # fmt: skip
    inspected = ("--result", "passed", "--packaging", "intact", "--key", lab.place / "o-02.pem")
    lab.states(
        "consignment.inspected", *goods, *inspected, "--meaning", "performed", "--meaning", "witnessed", key="o-01"
    )
    lab.states("consignment.released", *goods, "--release-number", "RL 0077", "--from", listed, *line, key="o-01")
    lab.states("destination.declared", *goods, "--receipt-number", "DD 3306", "--declared-on", today)
    lab.states("use.consented", *goods, "--scope", "research", key="o-01")


def mirrored(lab: Machine, mirror: Path) -> tuple[Path, Path, Path]:
    """Let a third one replay the log and cosign it; return the checkpoint, and the policy and trust that name both."""
    lab.done("log", "files", mirror / "log")
    lab.done("witness", "key", "new", mirror / "mirror.pem", "--name", "mirror.example/m1")
    vkey = lab.done("witness", "vkey", mirror / "mirror.pem").stdout.strip()
    logs = "".join(f"log {line}\n" for line in lab.done("log", "vkey").stdout.splitlines())
    files = (mirror / "checkpoint", mirror / "policy", mirror / "trust")
    files[1].write_text(f"{logs}quorum none\n", encoding="utf-8")
    own = ("--copy", mirror / "copy", "--policy", files[1], "--key", mirror / "mirror.pem", "--checkpoint", files[0])
    lab.done("mirror", mirror / "log", *own)
    files[1].write_text(f"{logs}mirror m1 {vkey}\nquorum m1\n", encoding="utf-8")
    root: Any = lab.done("log", "show", "--limit", 1, "--after", 0, "--json").objects[0]
    files[2].write_text(f"root {root['payload']['body']['key'].removeprefix('key:')}\n", encoding="utf-8")
    return files
