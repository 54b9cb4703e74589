"""The custodian's day, from a supplier's messy packing list to evidence for one vial, in at most 25 commands.

Three machines with homes and private keys of their own: the laboratory's, which has the log; that of a clinic, another
organisation; and that of the laboratory's witness, in another building. Between them go files, as by mail or stick.
Apart from the day are keys, organisations and sites that were there before it, the acts of importer and customs at the
border, and what a third one does who mirrors the log. Nobody writes a file by hand: lists of labels are scanners'.
"""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING, Final

import pytest

from tests.journeys.custodians_world import (
    AIRWAY_BILL,
    APPROVAL,
    BROKEN,
    DOOMED,
    LABELS,
    MISSING,
    SENT,
    admit,
    join,
    mirrored,
    of_kind,
    packing_list,
    pass_border,
    permit,
    site,
)
from tests.journeys.machines import Machine, carried, drafted, scanned, signed
from tests.servers import EMBEDDED

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from tests.journeys.bench import Ran
    from tests.servers import Servers

MOST: Final = 25


@pytest.fixture
def machines(servers: Servers, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Machine, Machine, Machine]]:
    """The laboratory's machine with a log, the clinic's and the witness's, before the day."""
    with servers.get(EMBEDDED).empty_database() as database:
        lab = Machine(tmp_path_factory.mktemp("laboratory"), database.admin)
        clinic, witness = (Machine(tmp_path_factory.mktemp(name)) for name in ("clinic", "witness"))
        lab.open()
        admit(lab, "海港实验室", "t-07", *of_kind("testing", "laboratory"))
        admit(lab, "海港实验室", "t-08")
        admit(lab, "海港进出口", "i-01", *of_kind("contract-research", "applicant"))
        admit(lab, "海港海关", "o-01", *of_kind("customs", "customs"))
        admit(lab, "海港海关", "o-02")
        lab.states("site.registered", *site("bench-2", "二号实验室", "海港实验室"))
        join(lab, clinic)
        permit(lab)
        lab.counted.clear()
        clinic.counted.clear()
        yield lab, clinic, witness


def items(labels: Iterable[str]) -> list[str]:
    """Return labels as options."""
    return [word for label in labels for word in ("--item", label)]


def enrol(lab: Machine, witness: Machine) -> None:
    """The laboratory enrols its witness, who makes a key in another building."""
    public = carried(witness.public("w-01"), lab)
    file = lab.place / "witness.open"
    key = ("--key", lab.place / "t-07.pem", "--out", file, "--yes")
    lab.does("admit", "海港实验室", "--public", public, "--person", "w-01", *key)
    signed(witness, file, "w-01")
    lab.does("statement", "submit", file)


def bring_in(lab: Machine) -> str:
    """Import the packing list as it came; return its SHA-256."""
    file = packing_list(lab.place)
    before = sha256(file.read_bytes()).hexdigest()
    said = ("consignment=" + AIRWAY_BILL, "approval=" + APPROVAL, "line=1")
    mapping = file.with_suffix(".toml")
    lab.does("import", file, "--propose", "--out", mapping, *(word for one in said for word in ("--set", one)))
    ran = lab.does("import", file, "--mapping", mapping, "--key", lab.place / "t-07.pem")
    assert "Imported 50 rows in 1 statement" in ran.stderr
    assert sha256(file.read_bytes()).hexdigest() == before
    return before


def receive(lab: Machine) -> None:
    """Receive what the scanner has seen: one is missing, one is broken, and the rest is put into the freezer."""
    found = {MISSING: "missing", BROKEN: "damaged"}
    list_ = scanned(lab, "received.csv", ("item", "condition"), [(one, found.get(one, "intact")) for one in LABELS])
    known = ("--acknowledge", "RCP-05=reported-to-customs", "--acknowledge", "RCP-06=reported-to-customs")
    goods = ("--consignment", AIRWAY_BILL, "--laboratory", "二号实验室", "--documents", "match")
    lab.states("receive", *goods, "--from", list_, *known)
    lab.states("label", "--item", LABELS[0], "--label", "HL-0001")
    there = [label for label in LABELS if label != MISSING]
    places = [(label, f"F2/R1/B{number // 10 + 1}/{number % 10 + 1}") for number, label in enumerate(there)]
    racks = scanned(lab, "places.csv", ("item", "place"), places)
    lab.states("store", "--site", "二号实验室", "--storage", "minus-80", "--from", racks)


def work(lab: Machine) -> None:
    """Divide one, pool two, use another, and put right what was misread."""
    here = ("--laboratory", "二号实验室")
    first, second = ("--child.label", "HC-0002-A"), ("--child.label", "HC-0002-B")
    each = ("--child.quantity", "200 uL")
    rest = ("--residual", "90 uL", "--loss", "10 uL", "--thawed", "true")
    lab.states("aliquot", "--parent", "HC-0002", *here, *first, *each, *second, *each, *rest)
    taken = [word for label in ("HC-0003", "HC-0004") for word in ("--input.item", label, "--input.quantity", "100 uL")]
    pool = ("--output.label", "POOL-1", "--output.quantity", "195 uL", "--loss", "5 uL")
    lab.states("pool", *here, *taken, *pool)
    what = ("--project", "p-7", "--purpose", "research", "--activity", "noninfectious")
    lab.states("use", "--item", "HC-0005", "--quantity", "50 uL", *here, *what)
    last = lab.done("log", "show", "--limit", 1, "--json").objects[0]["position"]
    lab.states("use", "--corrects", last, "--quantity", "150 uL", "--reason", "misread")


def hand_over(lab: Machine, clinic: Machine) -> Path:
    """Send five to the clinic, which signs the hand-over and its receipt at home; return the receipt it signed."""
    five, sent, got = items(SENT), lab.place / "hand-over.open", lab.place / "received.json"
    to = ("--from-site", "二号实验室", "--to-site", "五号实验室", "--receiver", "青山医院", "--ground", "same-approval")
    lab.states("transfer.sent", "--case", "to-clinic", *five, *to)
    counted = ("--count", len(SENT), "--packaging", "intact", "--site", "二号实验室")
    lab.states("hand-over", *five, "--receiver", "青山医院", *counted, "--with", "c-01@青山医院", "--out", sent)
    signed(clinic, sent, "c-01")
    lab.does("statement", "submit", sent)
    where = ("--case", "to-clinic", "--site", "五号实验室")
    lab.does("record", "transfer.received", *where, *five, "--with", "c-01@青山医院", "--out", got)
    return drafted(clinic, got, "c-01")


def destroy(lab: Machine, witness: Machine) -> Path:
    """Have three destroyed before the witness, who signs in the other building; return what both signed."""
    three, case, file = items(DOOMED), ("--case", "haemolysed"), lab.place / "destroyed.open"
    lab.states("disposal.requested", *case, *three, "--ground", "damaged", "--method", "autoclave")
    lab.states("disposal.approved", *case, *three, "--meaning", "approved", key="t-08")
    how = ("--method", "autoclave", "--equipment", "autoclave-2", "--cycle", "C-0412", "--indicator", "passed")
    evidence = ("--evidence", sha256(b"the printout of the autoclave").hexdigest())
    absent = ("--with", "w-01@海港实验室", "--out", file)
    lab.states("dispose", *case, *three, "--laboratory", "二号实验室", *how, *evidence, *absent)
    signed(witness, file, "w-01")
    return file


def prove(lab: Machine, clinic: Machine, mirror: Path) -> Ran:
    """Hand the clinic evidence for one vial, under a checkpoint that a third one's mirror cosigned; verify it there."""
    checkpoint, policy, trust = mirrored(lab, mirror)
    pack = lab.place / "HC-0011.zip"
    lab.does("evidence", "export", "--item", SENT[0], "--checkpoint", checkpoint, "--output", pack)
    here = [carried(one, clinic) for one in (pack, policy, trust)]
    return clinic.does("evidence", "verify", here[0], "--policy", here[1], "--trust", here[2], "--json")


def test_a_custodians_day_takes_at_most_25_commands_and_no_file_written_by_hand(
    machines: tuple[Machine, Machine, Machine], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lab, clinic, witness = machines
    monkeypatch.chdir(lab.place)
    enrol(lab, witness)
    digest = bring_in(lab)
    typed = len(lab.counted)
    pass_border(lab)
    del lab.counted[typed:]
    receive(lab)
    work(lab)
    received = hand_over(lab, clinic)
    destroyed = destroy(lab, witness)
    lab.does("statement", "submit", received, destroyed, "--wait-proof")
    verified = prove(lab, clinic, tmp_path)
    assert len(lab.counted) + len(clinic.counted) + len(witness.counted) <= MOST
    check_stock(lab)
    check_record(lab, digest)
    assert {one["verdict"] for one in verified.objects} == {"verified and known"}
    assert {file.name for file in clinic.place.glob("*.pem")} == {"c-01.pem"}
    assert {file.name for file in witness.place.glob("*.pem")} == {"w-01.pem"}


def check_stock(lab: Machine) -> None:
    """Look at what the record has of every tube at the end of the day."""
    listed = {one["label"]: one for one in lab.done("list", "items", "--limit", 0, "--json").objects}
    assert len(listed) == 50 + 3
    assert {label: listed[label]["status"] for label in (MISSING, *DOOMED)} == {
        MISSING: "missing",
        **dict.fromkeys(DOOMED, "disposed"),
    }
    assert {listed[label]["site"] for label in SENT} == {"site:ward-5"}
    left = {label: listed[label]["quantity"] for label in ("HC-0002", "HC-0003", "HC-0005", "HC-0002-A", "POOL-1")}
    assert left == {
        "HC-0002": "90 uL",
        "HC-0003": "400 uL",
        "HC-0005": "350 uL",
        "HC-0002-A": "200 uL",
        "POOL-1": "195 uL",
    }
    assert listed["HL-0001"]["place"] == "F2/R1/B1/1"


def check_record(lab: Machine, digest: str) -> None:
    """Look at what was signed: the file as it came, both signatures, and the breaches that were acknowledged."""
    entries = lab.done("log", "show", "--after", 0, "--limit", 200, "--json").objects
    said = {one["kind"]: one for one in entries if "payload" in one}
    assert said["item.listed/1"]["payload"]["capture"] == {"mode": "import", "source": digest}
    for kind in ("custody.handed-over/1", "item.destroyed/1"):
        assert [one["person"] for one in said[kind]["payload"]["signers"]] == [
            "t-07",
            "c-01" if "custody" in kind else "w-01",
        ]
    breaches = {breach["rule"] for one in entries for breach in one.get("breaches", ())}
    assert breaches == {"RCP-05", "RCP-06"}
    assert lab.done("log", "verify", "--json").objects[0]["differences"] == 0
