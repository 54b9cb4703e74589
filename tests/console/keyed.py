"""A person whose key is in the browser: made there, enrolled by a colleague, and signed in with."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from ledger.domain.registry.keys import KeyEnrolled
from ledger.ids import key_tag, new_statement_id
from ledger.meaning import Meaning
from ledger.statement.form.header import Capture, CaptureMode, Signer
from ledger.statement.form.writing import build_payload
from ledger.statement.signing.keys import Algorithm
from ledger.statement.statement import sign_open
from tests import waiting

if TYPE_CHECKING:
    from pathlib import Path

    from ledger.statement.authoring import Author
    from tests.console.browsing import Console
    from tests.journeys.chromium import Tab

_KEYS: Final = """const keys = await import("/static/keys.js");
  const post = (path, body) => fetch(path, {method: "POST", headers: {"Content-Type": "application/json"}, body});"""
MADE: Final = f"(async () => {{ {_KEYS} const {{privateKey, ...key}} = await keys.makeKey(); return key; }})()"
ENROLLED: Final = f"""(async (envelope) => {{ {_KEYS}
  const key = await keys.storedKey();
  const signed = await keys.signature(key, envelope.payloadType, keys.fromBase64(envelope.payload));
  const whole = {{...envelope, signatures: [...envelope.signatures, signed]}};
  return (await post("/v1/statements", JSON.stringify({{envelope: whole, disclosures: []}}))).status;
}})"""
SIGNED_IN: Final = f"""(async () => {{ {_KEYS}
  const key = await keys.storedKey();
  const asked = await (await post("/v1/challenges", JSON.stringify({{key: key.thumbprint}}))).json();
  const signed = await keys.signature(key, asked.payloadType, keys.fromBase64(asked.payload));
  const {{payload, payloadType}} = asked;
  return (await post("/v1/sessions", JSON.stringify({{payload, payloadType, signatures: [signed]}}))).status;
}})()"""


def with_key(console: Console, colleague: Author, person: str) -> str:
    """Make a key in the browser, have a colleague enrol it for a person, sign in; return its thumbprint."""
    tab = console.open("/sign-in")
    public: dict[str, Any] = tab.evaluate(MADE)
    clock = console.log.doors.signing_in.clock
    alg = Algorithm(public["alg"])
    body = KeyEnrolled(
        key=key_tag(public["thumbprint"]), spki=public["spki"], alg=alg, party=colleague.party, person=person
    )
    holder = Signer(public["thumbprint"], alg, colleague.party, person, colleague.role, Meaning.ENROLLED)
    now = clock.now()
    payload = build_payload(
        log=console.log.doors.ledger.store.origin,
        id=new_statement_id(now),
        kind="key.enrolled/1",
        occurred_at=now,
        signers=[colleague.named(), holder],
        capture=Capture(CaptureMode.API, None, None),
        body={name: getattr(body, name) for name in body.__struct_fields__},
    )
    envelope = json.loads(sign_open(payload, [colleague.signer]))
    assert tab.evaluate(f"{ENROLLED}({json.dumps(envelope)})") == 201
    assert tab.evaluate(SIGNED_IN) == 201
    tab.call("Page.close")
    return str(public["thumbprint"])


def saved(console: Console, tab: Tab, selector: str, folder: Path) -> Path:
    """Save what a link offers, as a person does, and return the file."""
    console.browser.call("Browser.setDownloadBehavior", behavior="allow", downloadPath=str(folder), eventsEnabled=True)
    console.browser.heard.clear()
    tab.evaluate(f"document.querySelector({selector!r}).click()")
    wait_until_saved(console, tab)
    return folder / str(tab.evaluate(f"document.querySelector({selector!r}).download"))


def wait_until_saved(console: Console, tab: Tab) -> None:
    """Wait until the browser has told that what it saves is there; it is heard when it is asked anything."""

    def heard() -> bool:
        tab.evaluate("new Promise((done) => requestAnimationFrame(done))")
        return any(one.get("params", {}).get("state") == "completed" for one in console.browser.heard)

    waiting.until(heard)


def until(tab: Tab, condition: str) -> None:
    """Wait until something is true in a page, be it behind another one, where no frame is drawn."""
    check = f"""new Promise((done) => {{
      const look = () => (({condition}) ? done(true) : setTimeout(look, 20)); look(); }})"""
    assert tab.evaluate(check)
