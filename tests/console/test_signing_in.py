"""Signing in to the console: with a key of the browser that a colleague enrols, and with a key file and its program."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

import pytest

from api.submissions import write_submission
from ledger.clock import SystemClock
from ledger.domain.bodies.vocabulary import Role
from ledger.domain.registry.keys import KeyEnrolled, KeyRevoked
from ledger.ids import key_tag, new_statement_id
from ledger.meaning import Meaning
from ledger.service import Submission
from ledger.statement.form.header import Capture, CaptureMode, Signer
from ledger.statement.form.writing import build_payload
from ledger.statement.signing.key_files import write_key
from ledger.statement.signing.keys import Algorithm
from ledger.statement.statement import sign_open
from tests.authors import OPERATOR, ORIGIN, START, admissions, author, made, opening
from tests.console.browsing import go
from tests.console.keyed import wait_until_saved, with_key
from tests.http.test_signing_in import signed_in
from tests.waiting import until

if TYPE_CHECKING:
    from pathlib import Path

    from tests.console.browsing import Console
    from tests.journeys.chromium import Tab

pytestmark = pytest.mark.browser

LAB: Final = author("party:lab-1", Role.LABORATORY)
PRESSED: Final = """new Promise((done) => {{
  const shown = () => !document.getElementById({then!r}).hidden && done(true);
  new MutationObserver(shown).observe(document.body, {{subtree: true, attributes: true}});
  document.getElementById({button!r}).click();
}})"""


def press(tab: Tab, button: str, then: str) -> None:
    """Press a button once the page is ready, and wait until something is shown."""
    assert tab.evaluate(until_shown("here"))
    assert tab.evaluate(PRESSED.format(button=button, then=then))


def begin(console: Console) -> None:
    for one in [opening(), *admissions(LAB)]:
        console.log.doors.ledger.record(one)


def test_a_key_of_the_browser_is_enrolled_by_a_colleague_and_signs_in(console: Console, tmp_path: Path) -> None:
    begin(console)
    tab = console.open("/sign-in?next=/%3Flang=en")
    press(tab, "make", "one")
    public = json.loads(downloaded(console, tab, tmp_path))
    enrolment = tmp_path / "enrolment.json"
    enrolment.write_bytes(left_open(public))
    tab.choose("#enrolment", enrolment)
    assert tab.evaluate(until_shown("enrol"))
    told = tab.evaluate("document.getElementById('enrol').innerText")
    assert all(one in told for one in (ORIGIN, "Laboratory (party:lab-1)", "t-07", "Laboratory (party:lab-1) · p-1"))
    tab.evaluate("document.getElementById('record').click()")
    assert tab.evaluate(until_shown("recorded", inside="span"))
    press(tab, "begin", "asked")
    asked = tab.evaluate("document.getElementById('asked').innerText")
    assert f"You sign in at {console.origin} to the log {ORIGIN}. This records nothing, and counts once." in asked
    go(tab, "document.getElementById('sign').click()")
    assert tab.evaluate("location.pathname") == "/worklist"
    assert tab.evaluate("fetch('/v1/sessions/current').then((one) => one.json()).then((one) => one.person)") == "t-07"
    assert tab.complaints() == []


def test_a_key_that_is_not_enrolled_is_told_so_and_nothing_happens(console: Console) -> None:
    begin(console)
    tab = console.open("/sign-in")
    press(tab, "make", "one")
    press(tab, "begin", "asked")
    press(tab, "sign", "failed")
    assert "is not enrolled, or revoked" in tab.evaluate("document.getElementById('why').textContent")
    assert tab.evaluate("document.activeElement.id") == "failed"


def test_what_does_not_enrol_this_key_is_not_signed(console: Console, tmp_path: Path) -> None:
    begin(console)
    tab = console.open("/sign-in")
    press(tab, "make", "one")
    foreign = tmp_path / "foreign.json"
    foreign.write_bytes(left_open({"thumbprint": OPERATOR.signer.thumbprint, "alg": "ed25519", "spki": "M" * 60}))
    tab.choose("#enrolment", foreign)
    assert tab.evaluate(until_shown("failed"))
    assert tab.evaluate("document.getElementById('why').textContent").startswith("This file does not enrol the key")
    assert tab.evaluate("document.getElementById('enrol').hidden")


def test_the_private_key_can_not_be_read_out_of_the_browser(console: Console) -> None:
    tab = console.open("/sign-in")
    press(tab, "make", "one")
    read = """import("/static/keys.js").then(async ({storedKey}) => {
      const {privateKey} = await storedKey();
      const out = (form) => crypto.subtle.exportKey(form, privateKey).then(() => "read", (error) => error.name);
      return [privateKey.extractable, await out("pkcs8"), await out("jwk")];
    })"""
    assert tab.evaluate(read) == [False, "InvalidAccessError", "InvalidAccessError"]


def test_what_the_program_signs_with_a_key_file_is_pasted_and_signs_in(console: Console, tmp_path: Path) -> None:
    begin(console)
    signing_in = replace(console.log.doors.signing_in, clock=SystemClock())
    console.log.app.state.doors = replace(console.log.doors, signing_in=signing_in)
    printed = run_sign_in(console, tmp_path)
    tab = console.open("/sign-in?next=/verify")
    go(tab, f"document.getElementById('signed').value = {printed!r}; document.forms[0].submit()")
    assert tab.evaluate("location.pathname") == "/verify"
    again = console.open("/sign-in")
    go(again, f"document.getElementById('signed').value = {printed!r}; document.forms[0].submit()")
    assert "SES-03" in again.evaluate("document.querySelector('.govuk-error-summary').innerText")
    assert again.evaluate("document.getElementById('signed').value") == printed


def run_sign_in(console: Console, tmp_path: Path) -> str:
    """Run the program as a person does, and return what it prints."""
    key, passphrase = tmp_path / "lab.pem", tmp_path / "passphrase"
    signer: Any = LAB.signer
    write_key(key, signer._private, "a passphrase of the tests")
    passphrase.write_text("a passphrase of the tests\n", encoding="utf-8")
    passphrase.chmod(0o600)
    done = subprocess.run(
        [sys.executable, "-m", "api.cli", "sign-in", "--key", str(key), "--url", console.origin, "--yes"],
        env={**os.environ, "VIALOG_PASSPHRASE_FILE": str(passphrase), "VIALOG_LANGUAGE": "en"},
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    assert f"You sign in at {console.origin} to the log {ORIGIN}." in done.stderr
    return done.stdout.strip()


def test_who_signs_out_reads_nothing_more_and_a_session_signs_nothing(console: Console) -> None:
    begin(console)
    cookie = console.sign_in(LAB.signer)
    headers = {"Cookie": cookie, "Origin": console.origin}
    unsigned = console.log.ask("POST", "/v1/statements", b"{}", headers=headers)
    assert unsigned.status == 400  # a cookie is no signature: a statement counts by what stands under it
    left = console.log.ask("POST", "/sign-out", headers=headers)
    assert (left.status, left.headers["location"]) == (303, "/sign-in")
    assert console.log.ask("POST", "/sign-out", headers=headers).status == 303
    assert console.log.ask("GET", "/v1/sessions/current", headers={"Cookie": cookie}).status == 401


def test_another_sites_page_can_sign_nobody_in_or_out(console: Console) -> None:
    begin(console)
    cookie = console.sign_in(LAB.signer)
    foreign = {"Cookie": cookie, "Origin": "https://evil.example.org"}
    assert console.log.ask("POST", "/sign-out", headers=foreign).status == 403
    assert console.log.ask("POST", "/sign-in", b"signed=x", headers=foreign).status == 403


@pytest.mark.parametrize("wanted", ["//evil.example.org", "https://evil.example.org", "/\\evil.example.org", "", "x"])
def test_a_sign_in_leads_nowhere_else(console: Console, wanted: str) -> None:
    page = console.log.get(f"/sign-in?next={wanted}").body.decode()
    assert 'name="next" value="/"' in page


def test_a_revoked_key_is_out_at_once(console: Console) -> None:
    begin(console)
    cookie = console.sign_in(LAB.signer)
    assert console.log.ask("GET", "/v1/sessions/current", headers={"Cookie": cookie}).status == 200
    console.log.doors.ledger.record(made(KeyRevoked(key=key_tag(LAB.signer.thumbprint), ground="lost"), OPERATOR))
    assert console.log.ask("POST", "/sign-out", headers={"Cookie": cookie}).headers["location"] == "/sign-in"


def test_a_lost_key_is_revoked_in_the_browser_by_a_colleague_and_is_out_at_once(console: Console) -> None:
    begin(console)
    with_key(console, LAB, "t-07")
    cookie = signed_in(console.log, LAB.signer)
    tab = console.open("/keys?lang=en")
    ident = key_tag(LAB.signer.thumbprint)
    go(tab, f"document.querySelector('a[href$=\"revoke-key?key={ident}\"]').click()")
    assert tab.evaluate("document.getElementById('key').value") == ident
    tab.evaluate("document.getElementById('ground').value = 'lost'")
    go(tab, "document.getElementById('say').requestSubmit()")
    assert "p-1" in tab.evaluate("document.getElementById('sentence').innerText")
    until(lambda: tab.evaluate("!document.getElementById('signing').hidden"))
    tab.evaluate("document.getElementById('sign').click()")
    until(lambda: tab.evaluate("!document.getElementById('recorded').hidden"))
    assert console.log.ask("GET", "/v1/sessions/current", headers={"Cookie": cookie}).status == 401
    tab = console.open("/keys?lang=en")
    assert tab.evaluate("document.querySelectorAll('main .govuk-tag--red').length") == 1
    assert tab.evaluate(f"document.querySelector('a[href$=\"revoke-key?key={ident}\"]') === null")
    assert tab.complaints() == []


def downloaded(console: Console, tab: Tab, folder: Path) -> str:
    """Save what is public of the key, as a person does, and return what is in the file."""
    console.browser.call("Browser.setDownloadBehavior", behavior="allow", downloadPath=str(folder), eventsEnabled=True)
    tab.evaluate("document.getElementById('public').click()")
    wait_until_saved(console, tab)
    (file,) = folder.glob("key-*.json")
    return file.read_text(encoding="utf-8")


def left_open(public: dict[str, str]) -> bytes:
    """Return an enrolment as a colleague leaves it for its second signer."""
    thumbprint, alg = public["thumbprint"], Algorithm(public["alg"])
    body = KeyEnrolled(key=key_tag(thumbprint), spki=public["spki"], alg=alg, party=LAB.party, person="t-07")
    holder = Signer(thumbprint, alg, LAB.party, "t-07", LAB.role, Meaning.ENROLLED)
    payload = build_payload(
        log=ORIGIN,
        id=new_statement_id(START),
        kind="key.enrolled/1",
        occurred_at=START,
        signers=[LAB.named(), holder],
        capture=Capture(CaptureMode.API, None, None),
        body={name: getattr(body, name) for name in body.__struct_fields__},
        reason=None,
        acknowledges=[],
        corrects=None,
        sd=[],
    )
    return write_submission(Submission(sign_open(payload, [LAB.signer]), ()), {"party:lab-1": "Laboratory"})


def until_shown(ident: str, inside: str = "") -> str:
    found = f"document.getElementById({ident!r}){f'.querySelector({inside!r})' if inside else ''}"
    return f"""new Promise((done) => {{
      const shown = () => !{found}.hidden && done(true);
      new MutationObserver(shown).observe(document.body, {{subtree: true, attributes: true}});
      shown();
    }})"""
