"""Evidence on the command line: what one hands out, another verifies by a policy and a trust of their own."""

from __future__ import annotations

import json
import resource
import signal
import stat
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from api.logs.wiring import make_publisher, open_guard, open_publication, open_store
from api.settings import Settings
from ledger.evidence.bundle.archive import MAX_ARCHIVE
from ledger.evidence.checks.trust import MAX_TRUST
from ledger.files import write_new
from ledger.publisher.log_keys import LogKeys
from ledger.tlog.checkpoint import Checkpoint
from ledger.tlog.policy import MAX_POLICY
from ledger.tlog.vkey import format_vkey
from tests.grown import signed
from tests.journeys.bench import LOG

if TYPE_CHECKING:
    from tests.journeys.bench import Bench
    from tests.journeys.conftest import Port


@pytest.fixture(scope="module")
def policy(port: Port, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Publish the log of the port, and return the policy of somebody who believes it without witnesses."""
    bench, _ = port
    keys, folder = LogKeys.generate(LOG), tmp_path_factory.mktemp("verifier")
    settings = Settings(data=folder, database_url=bench.environ["VIALOG_DATABASE_URL"])
    with open_store(settings) as store, open_publication(settings) as publication:
        make_publisher(store, publication, keys, open_guard(settings, store, publication)).publish_once()
    path = folder / "policy.txt"
    path.write_text("".join(f"log {format_vkey(key)}\n" for key in keys.keys) + "quorum none\n", encoding="utf-8")
    return path


def exported(bench: Bench, *about: object) -> Path:
    """Export a bundle and return its file."""
    file = next(file for number in count() if not (file := bench.place / f"evidence-{number}.zip").exists())
    bench.done("evidence", "export", *about, "--output", file)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600  # it holds entries in clear, and disclosures
    return file


def test_what_is_exported_verifies_and_its_signers_are_known_by_a_trust_file(port: Port, policy: Path) -> None:
    bench, who = port
    file = exported(bench, "--consignment", "consignment:C1")
    (root,) = bench.done("log", "show", "--after", 0, "--limit", 1, "--json").objects
    trust = bench.place / "trust.txt"
    trust.write_text(f"root {root['payload']['signers'][0]['key']}\n", encoding="utf-8")
    ran = bench.run("evidence", "verify", file, "--policy", policy, "--trust", trust, "--json")
    (report,) = ran.objects
    assert (report["subject"], report["verdict"], ran.code) == ("consignment:C1", "not checked", 5)
    others = {claim["verdict"] for claim in report["claims"] if claim["about"].startswith("event ")}
    assert others == {"verified and known"}
    assert who.party in json.dumps(report)


def test_a_narrow_bundle_holds_the_status_of_an_approval_and_a_whole_one_all_of_it(port: Port, policy: Path) -> None:
    bench, _ = port
    about: dict[str, set[str]] = {}
    for scope in ("narrow", "whole"):
        file = exported(bench, "--consignment", "consignment:C1", "--scope", scope)
        (report,) = bench.run("evidence", "verify", file, "--policy", policy, "--json").objects
        about[scope] = {claim["about"] for claim in report["claims"]}
    assert "status approval:A1" in about["narrow"]
    assert "tag approval:A1" in about["whole"]
    assert (
        exported(bench, "--consignment", "consignment:C1").read_bytes()
        == exported(bench, "--consignment", "consignment:C1", "--scope", "narrow").read_bytes()
    )
    ran = bench.run("evidence", "export", "--consignment", "consignment:C1", "--scope", "all", "-o", "x.zip")
    assert ran.code == 2


def test_without_a_trust_file_the_signers_are_unknown(port: Port, policy: Path) -> None:
    bench, who = port
    ran = bench.run("evidence", "verify", exported(bench, "--party", who.party), "--policy", policy)
    assert ran.code == 3
    assert ran.stdout.endswith("the bundle: intact but signer unknown\n")


def test_a_report_is_as_wide_as_the_terminal(port: Port, policy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bench, who = port
    verify = ("evidence", "verify", exported(bench, "--party", who.party), "--policy", policy)
    whole = bench.run(*verify).stdout
    monkeypatch.setitem(bench.environ, "COLUMNS", "60")
    told = bench.run(*verify).stdout
    assert max(map(len, whole.splitlines())) > 80
    assert [line for line in told.splitlines() if len(line) > 60 and " " in line] == []
    assert told.split() == whole.split()


def test_a_bent_bundle_fails(port: Port, policy: Path) -> None:
    bench, _ = port
    file = exported(bench, "--approval", "approval:A1")
    file.write_bytes(file.read_bytes()[:-1])
    ran = bench.run("evidence", "verify", file, "--policy", policy)
    assert ran.code == 4
    assert "failed (form): bundle" in ran.stdout


def test_a_policy_that_is_none_is_a_wrong_use(port: Port, policy: Path) -> None:
    bench, _ = port
    file = exported(bench, "--approval", "approval:A1")
    assert bench.run("evidence", "verify", file, "--policy", file).code == 2


def test_what_a_mirror_has_replayed_is_complete_and_else_nothing_is_said_to_be(
    port: Port, policy: Path, tmp_path: Path
) -> None:
    bench, who = port
    (root,) = bench.done("log", "show", "--after", 0, "--limit", 1, "--json").objects
    trust, files, cosigned = tmp_path / "trust.txt", tmp_path / "files", tmp_path / "cosigned"
    trust.write_text(f"root {root['payload']['signers'][0]['key']}\n", encoding="utf-8")
    bench.done("log", "files", files)
    key = bench.place / "mirror.pem"
    vkey = bench.done("witness", "key", "new", key, "--name", "mirror.example/m1").stdout.strip()
    bench.done(
        *("mirror", files, "--copy", tmp_path / "copy", "--policy", policy, "--key", key, "--checkpoint", cosigned)
    )
    mirrored = tmp_path / "mirrored.txt"
    mirrored.write_text(policy.read_text("utf-8").replace("quorum none", f"mirror m1 {vkey}\nquorum m1"), "utf-8")
    verify = ("evidence", "verify", exported(bench, "--party", who.party, "--checkpoint", cosigned), "--trust", trust)
    ran = bench.done(*verify, "--policy", mirrored, "--json")
    assert "and none is missing: replayed by m1" in ran.stdout
    ran = bench.run(*verify, "--policy", policy)
    assert (ran.code, "that none is missing is the operator's word alone" in ran.stdout) == (5, True)
    assert "none is missing: replayed" not in ran.stdout


def test_a_checkpoint_of_another_log_is_not_put_into_a_bundle(port: Port, policy: Path, tmp_path: Path) -> None:
    bench, who = port
    foreign = tmp_path / "foreign"
    foreign.write_bytes(signed(Checkpoint(LOG, 3, bytes(32))))
    ran = bench.run("evidence", "export", "--party", who.party, "--checkpoint", foreign, "-o", tmp_path / "x.zip")
    assert ran.code in {8, 10}
    assert not (tmp_path / "x.zip").exists()


@pytest.mark.parametrize("size", [None, 3])
def test_that_a_checkpoint_is_of_another_log_is_said_and_nothing_is_wrong_with_this_one(
    port: Port, tmp_path: Path, size: int | None
) -> None:
    bench, who = port
    (newest,) = bench.done("log", "show", "--limit", 1, "--json").objects
    foreign, out = tmp_path / "foreign", tmp_path / "x.zip"
    foreign.write_bytes(signed(Checkpoint("other.example/log1", size or newest["position"], bytes(32))))
    for words in (
        ("evidence", "export", "-o", out, "--party", who.party),
        ("ask", "judged-by", "--evidence", out, "--approval", "approval:A1"),
    ):
        ran = bench.run(*words, "--checkpoint", foreign)
        assert (ran.code, "is of the log other.example/log1, and this is" in " ".join(ran.stderr.split())) == (2, True)
        assert not out.exists()


@pytest.mark.parametrize(
    ("large", "size", "code", "rule"),
    [
        ("bundle", MAX_ARCHIVE + 1, 4, "EVD-01"),
        ("policy", MAX_POLICY + 1, 2, "TLOG-07"),
        ("trust", MAX_TRUST + 1, 2, "EVD-06"),
        ("bundle", None, 4, "EVD-01"),
        ("policy", None, 2, "TLOG-07"),
        ("trust", None, 2, "EVD-06"),
    ],
)
def test_a_file_larger_than_its_format_or_without_an_end_is_refused(
    port: Port, policy: Path, tmp_path: Path, large: str, size: int | None, code: int, rule: str
) -> None:
    bench, who = port
    files = {"bundle": exported(bench, "--party", who.party), "policy": policy, "trust": tmp_path / "trust"}
    files["trust"].touch()
    files[large] = Path("/dev/zero") if size is None else tmp_path / "large"
    if size is not None:
        with files[large].open("wb") as sparse:
            sparse.truncate(size)
    ran = bench.run("evidence", "verify", files["bundle"], "--policy", files["policy"], "--trust", files["trust"])
    assert ran.code == code
    said = ran.stdout + ran.stderr
    assert rule in said
    assert "larger than" in said


def test_policy_and_trust_as_windows_writes_them_are_read(port: Port, policy: Path, tmp_path: Path) -> None:
    bench, who = port
    written = policy.read_text(encoding="utf-8").replace("\n", "\r\n")
    (tmp_path / "policy").write_bytes(written.encode("utf-8-sig"))
    (tmp_path / "trust").write_bytes(b"\xef\xbb\xbf# ours\r\n")
    given = exported(bench, "--party", who.party), "--policy", tmp_path / "policy", "--trust", tmp_path / "trust"
    assert bench.run("evidence", "verify", *given).code == 3
    (tmp_path / "policy").write_bytes(written.encode("utf-16"))
    ran = bench.run("evidence", "verify", *given)
    assert (ran.code, ran.stderr) == (2, f"error: TLOG-07: {tmp_path / 'policy'}: is UTF-16: save it as UTF-8\n")


def test_what_is_wrong_in_a_policy_or_a_trust_file_is_told_with_file_and_line(
    port: Port, policy: Path, tmp_path: Path
) -> None:
    bench, who = port
    bundle = exported(bench, "--party", who.party)
    (tmp_path / "trust").write_text("# ours\nroof 12\n", encoding="utf-8")
    ran = bench.run("evidence", "verify", bundle, "--policy", policy, "--trust", tmp_path / "trust")
    assert (ran.code, f"EVD-06: {tmp_path / 'trust'} line 2: " in ran.stderr) == (2, True)
    (tmp_path / "policy").write_text("quorum none\nlogs x\n", encoding="utf-8")
    ran = bench.run("evidence", "verify", bundle, "--policy", tmp_path / "policy")
    assert (ran.code, f"TLOG-07: {tmp_path / 'policy'} line 2: " in ran.stderr) == (2, True)


def test_the_same_checkpoint_makes_the_same_bytes(port: Port, policy: Path) -> None:
    bench, _ = port
    newest = exported(bench, "--approval", "approval:A1").read_bytes()
    (shown,) = bench.done("log", "show", "--limit", 1, "--json").objects
    assert exported(bench, "--approval", "approval:A1", "--as-of", shown["position"]).read_bytes() == newest


def test_a_file_that_is_there_is_left_as_it_is(port: Port, policy: Path) -> None:
    bench, who = port
    file = bench.place / "kept.zip"
    file.write_bytes(b"somebody's")
    ran = bench.run("evidence", "export", "--party", who.party, "--output", file)
    assert (ran.code, ran.stdout) == (2, "")
    assert ran.stderr == f"error: {file}: there is a file of this name already; it is not overwritten\n"
    assert file.read_bytes() == b"somebody's"


def test_half_a_bundle_is_not_left_behind(tmp_path: Path) -> None:
    file = tmp_path / "bundle.zip"
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    before = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1_000, hard))
    try:
        with pytest.raises(OSError, match="File too large"):
            write_new(file, bytes(2_000))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        signal.signal(signal.SIGXFSZ, before)
    assert not file.exists()


def test_a_policy_that_is_none_is_said_as_json_with_the_code_of_the_exit(port: Port, policy: Path) -> None:
    bench, who = port
    file = exported(bench, "--party", who.party)
    ran = bench.run("evidence", "verify", file, "--policy", file, "--json")
    error = json.loads(ran.stderr)["error"]
    assert (ran.code, ran.stdout, error["answer"], error["code"]) == (2, "", "Malformed", 2)


def test_a_checkpoint_that_was_never_published_proves_nothing(port: Port, policy: Path) -> None:
    bench, _ = port
    ran = bench.run("evidence", "export", "--approval", "approval:A1", "--as-of", 2, "--output", bench.place / "x.zip")
    assert ran.code == 8
    assert "no checkpoint of 2 entries" in ran.stderr


@pytest.mark.parametrize(
    ("about", "code"),
    [
        pytest.param(["--item", "approval:A1"], 3, id="an id of another type"),
        pytest.param(["--item", "item:never"], 8, id="a subject that the log does not know"),
        pytest.param([], 2, id="no subject"),
        pytest.param(["--item", "item:a", "--case", "case:b"], 2, id="two subjects"),
    ],
)
def test_an_export_is_about_one_known_subject(port: Port, policy: Path, about: list[str], code: int) -> None:
    bench, _ = port
    assert bench.run("evidence", "export", *about, "--output", bench.place / "x.zip").code == code


def test_whoever_reads_chinese_is_told_the_verdicts_in_it_and_programs_are_not(
    port: Port, policy: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench, who = port
    verify = ("evidence", "verify", exported(bench, "--party", who.party), "--policy", policy)
    (report,) = bench.run(*verify, "--json").objects
    monkeypatch.setitem(bench.environ, "VIALOG_LANGUAGE", "zh")
    told = bench.run(*verify).stdout.splitlines()
    assert told[0] == f"对象：{who.party}"
    assert told[1].startswith(f"已验证，签署人已知：检查点：{LOG}，共")
    assert "未检查：实物：所签内容是否符合样品的实际情况" in told
    assert any(line.startswith("完整，签署人未知：事件 ") for line in told)
    assert told[-1] == "证据包：完整，签署人未知"
    english = ("not checked", "signed by", "are here", "operator's", "replayed", "whether", "after position")
    assert [line for line in told if any(words in line for words in english)] == []
    assert bench.run(*verify, "--json").objects == [report]
