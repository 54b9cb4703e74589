"""Whose key is a file signs in and states an act in the console: ``vialog sign`` tells it at a terminal and asks."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from http import HTTPStatus
from typing import TYPE_CHECKING, Final

import pytest

from api.console.frame import POLICY, SIGNING_POLICY
from api.console.static_files import content_of
from api.signer.address import ADDRESS
from ledger.clock import SystemClock
from ledger.statement.signing.signer import FileSigner
from tests import waiting
from tests.authors import ORIGIN
from tests.console.acting import ENDED, Person, address
from tests.console.browsing import Console, at_own_address, came
from tests.console.keyed import until
from tests.journeys.bench import PASSPHRASE, Bench, Who
from tests.journeys.helper import Terminal, alone, helper
from tests.printed import check_printed
from tests.servers import EMBEDDED

if TYPE_CHECKING:
    from collections.abc import Iterator
    from contextlib import AbstractContextManager

    from tests.http.serving import Served
    from tests.journeys.chromium import Browser, Tab
    from tests.servers import Servers

pytestmark = pytest.mark.browser

WHY: Final = "document.getElementById('why').textContent"


@dataclass(frozen=True)
class Scene:
    """A log, a person whose key is a file, and that of a colleague, which was lost."""

    console: Console
    bench: Bench
    who: Who
    thumbprint: str
    lost: str

    def helper(self, *more: object, site: str | None = None) -> AbstractContextManager[Terminal]:
        """Run the helper with this person's key."""
        given = ("--key", self.who.key, "--for", site or self.console.origin, "--log", ORIGIN, *more)
        return helper(*given, environ=self.bench.environ)

    @property
    def act(self) -> str:
        """Return where it is told that the colleague's key is revoked."""
        return address("/acts/revoke-key", key=f"key:{self.lost}", ground="lost", tell="1")

    def statements(self) -> list[str]:
        """Return the kinds of all that is recorded."""
        return [one.kind for one in self.console.log.doors.ledger.store.read() if one.kind != "log.state/1"]


@pytest.fixture(scope="module")
def log(servers: Servers, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Served, Bench, Who, Who]]:
    place = tmp_path_factory.mktemp("helper")
    with at_own_address(servers.get(EMBEDDED), place, SystemClock()) as log:
        bench = Bench(place, log.database.admin, ORIGIN)
        bench.environ["VIALOG_DATA"] = str(place)
        bench.open()
        who = bench.admit("party:importer", "applicant")
        other = replace(who, key=place / "other.pem", person="p-2")
        made = bench.done("keys", "new", other.key, "--json").objects[0]
        enrolled = {name: made[name] for name in ("key", "spki", "alg")} | {"party": who.party, "person": "p-2"}
        bench.state("key.enrolled/1", enrolled, who, other)
        yield log, bench, who, other


@pytest.fixture
def scene(log: tuple[Served, Bench, Who, Who], browser: Browser) -> Scene:
    served, bench, who, other = log
    console = Console(served, browser)
    console.forget()
    tab = console.open("/sign-in")
    tab.evaluate("import('/static/keys.js').then((keys) => Promise.all([keys.leaveOutside(), keys.forgetKey()]))")
    mine, lost = (str(bench.done("keys", "show", one.key, "--json").objects[0]["thumbprint"]) for one in (who, other))
    return Scene(console, bench, who, mine, lost)


def chosen(scene: Scene, language: str = "en") -> Tab:
    """Choose the key of the helper where one signs in, and press what begins it."""
    tab = scene.console.open(f"/sign-in?lang={language}&next=/keys")
    look(tab)
    assert tab.evaluate("document.querySelector('#offers code').textContent").replace(" ", "") == scene.thumbprint
    tab.evaluate("document.querySelector('#offers button').click()")
    until(tab, "!document.getElementById('one').hidden")
    tab.evaluate("document.getElementById('begin').click()")
    until(tab, "!document.getElementById('asked').hidden")
    return tab


def look(tab: Tab) -> None:
    """Have the page look which keys are open in the helper, and wait for what comes of it."""
    until(tab, "!document.getElementById('here').hidden")
    tab.evaluate("document.getElementById('program').open = true; document.getElementById('look').click()")
    until(tab, "document.querySelector('#offers li') || !document.getElementById('failed').hidden")


def test_a_key_file_signs_in_and_signs_an_act_and_what_is_declined_is_not_signed(scene: Scene) -> None:
    before = scene.statements()
    with scene.helper() as terminal:
        terminal.until("Ctrl-C ends it.")
        tab = chosen(scene)
        terminal.type("y\n")  # before there is a question, it answers none
        tab.evaluate("globalThis.left = 1; document.getElementById('sign').click()")
        told = terminal.until("Sign it?")
        assert f"You sign in at {scene.console.origin} to the log {ORIGIN}. This records nothing" in told
        assert scene.thumbprint in told
        assert tab.evaluate("!document.getElementById('outside-asks').hidden")
        terminal.type("y\n")
        waiting.until(lambda: came(tab))
        assert tab.evaluate("location.pathname") == "/keys"

        person = Person(scene.console)
        tab = person.form(scene.act)
        until(tab, "!document.getElementById('signing').hidden")
        tab.evaluate("document.getElementById('sign').click()")
        told = terminal.until("Sign it?")
        assert f"key:{scene.lost}" in told
        assert "p-1 of party:importer" in told
        terminal.type("n\n")
        until(tab, ENDED)
        assert tab.evaluate(WHY) == "Nothing was signed: it was declined in the terminal."
        assert scene.statements() == before

        tab.evaluate("document.getElementById('sign').click()")
        terminal.until("Sign it?")
        terminal.type("y\n")
        until(tab, "!document.getElementById('recorded').hidden")
        said = person.recorded(tab)
        assert (said["kind"], said["body"]["key"]) == ("key.revoked/1", f"key:{scene.lost}")
        assert said["signers"][0]["key"] == scene.thumbprint
        assert scene.statements() == [*before, "key.revoked/1"]

        terminal.type("\x03")
        terminal.until("Ended: nothing is signed any more.")
        assert terminal.process.wait(60) == 0


@pytest.mark.parametrize(
    ("language", "absent", "declined"),
    [
        pytest.param("en", "vialog sign does not answer", "it was declined in the terminal", id="English"),
        pytest.param("zh", "vialog sign 没有应答", "已在终端拒绝", id="Chinese"),
    ],
)
def test_a_page_says_why_nothing_was_signed(scene: Scene, language: str, absent: str, declined: str) -> None:
    tab = scene.console.open(f"/sign-in?lang={language}")
    with alone():
        look(tab)
    assert absent in tab.evaluate(WHY)
    with scene.helper() as terminal:
        terminal.until("Ctrl-C ends it.")
        tab = chosen(scene, language)
        tab.evaluate("document.getElementById('sign').click()")
        terminal.until("Sign it?")
        terminal.type("n\n")
        until(tab, "!document.getElementById('failed').hidden")
        assert declined in tab.evaluate(WHY)
    with scene.helper(site="https://another.example") as terminal:
        terminal.until("Ctrl-C ends it.")
        look(tab)
        until(tab, "!document.getElementById('failed').hidden")
        assert absent in tab.evaluate(WHY)


def test_the_passphrase_is_asked_for_at_the_terminal_and_the_keys_are_told_as_data(scene: Scene) -> None:
    environ = {**scene.bench.environ, "VIALOG_PASSPHRASE_FILE": None}
    given = ("--key", scene.who.key, "--for", scene.console.origin, "--log", ORIGIN, "--json")
    with helper(*given, environ=environ) as terminal:
        terminal.until(f"Passphrase of {scene.who.key}: ")  # what is typed before the blank is dropped
        terminal.type(f"{PASSPHRASE}\n")
        assert terminal.process.stdout is not None
        line = terminal.process.stdout.readline()
        check_printed(["sign", *map(str, given)], line, "")
        said = json.loads(line)
        assert (said["url"], said["site"], said["log"]) == (ADDRESS, scene.console.origin, ORIGIN)
        assert [one["thumbprint"] for one in said["keys"]] == [scene.thumbprint]


def test_it_does_not_begin_where_nobody_can_be_asked_or_for_what_is_no_web_origin(scene: Scene) -> None:
    key = ("--key", scene.who.key, "--log", ORIGIN)
    ran = scene.bench.run("sign", *key, "--for", scene.console.origin)
    assert (ran.code, "nobody can be asked here" in ran.stderr) == (2, True)
    ran = scene.bench.run("sign", *key, "--for", "https://console.example/sign-in")
    assert (ran.code, "is not a web origin such as" in ran.stderr) == (2, True)


def test_the_policy_names_the_helper_on_pages_that_sign_and_nothing_else_besides(scene: Scene) -> None:
    """Issue 13: no request leaves the origin but to the signing helper, the one exception in connect-src."""
    assert SIGNING_POLICY.split("; ") == [
        f"connect-src 'self' {ADDRESS}" if one == "connect-src 'self'" else one for one in POLICY.split("; ")
    ]
    assert f'const ADDRESS = "{ADDRESS}";'.encode() in content_of("outside.js")
    cookie = {"Cookie": scene.console.sign_in(FileSigner.load(scene.who.key, PASSPHRASE))}
    for path in ("/sign-in", "/cosign", "/manifest", scene.act):
        answer = scene.console.log.ask("GET", path, headers=cookie)
        assert (answer.status, answer.headers["content-security-policy"]) == (HTTPStatus.OK, SIGNING_POLICY), path
    for path in ("/", "/worklist", "/acts", "/bench", "/keys"):
        answer = scene.console.log.ask("GET", path, headers=cookie)
        assert answer.headers["content-security-policy"] == POLICY, path
