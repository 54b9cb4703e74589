"""Somebody who states acts in a browser of their own: says them in the form, reads what is told, and signs it there."""

from __future__ import annotations

import base64
import json
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from tests.console.browsing import Console, go
from tests.console.keyed import saved, until, with_key
from tests.journeys.chromium import chromium

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from ledger.statement.authoring import Author
    from tests.http.serving import Served
    from tests.journeys.chromium import Tab

ENDED = "!document.getElementById('recorded').hidden || !document.getElementById('failed').hidden"


@dataclass(frozen=True)
class Person:
    """Somebody with a key in a browser."""

    console: Console

    def form(self, address: str) -> Tab:
        """Open a page in English."""
        path, mark, place = address.partition("#")
        return self.console.open(f"{path}{'&' if '?' in path else '?'}lang=en{mark}{place}")

    def told(self, address: str, said: Mapping[str, str | Sequence[str]]) -> Tab:
        """Open the form of an act as a link leads to it, fill in what is still to be said, and have it told."""
        tab = self.form(address)
        for name, value in said.items():
            fill(tab, name, value)
        go(tab, "document.getElementById('say').requestSubmit()")
        return tab

    def states(
        self, address: str, said: Mapping[str, str | Sequence[str]], because: str | None = None
    ) -> dict[str, Any]:
        """State an act and return what is recorded. because: why each breach is acknowledged."""
        tab = self.told(address, said)
        if because is not None:
            go(
                tab,
                f"""document.querySelectorAll("main select").forEach((one) => {{ one.value = {because!r}; }});
              document.querySelector("main form").requestSubmit()""",
            )
        return self.signs(tab)

    def signs(self, tab: Tab) -> dict[str, Any]:
        """Sign what is told, and return the statement as it is recorded."""
        self.press(tab, ENDED)
        return self.recorded(tab)

    def leaves(self, tab: Tab, folder: Path) -> Path:
        """Sign what is told, and return the file that is left for who signs next."""
        self.press(tab, "!document.getElementById('open').hidden")
        return saved(self.console, tab, "#leave", folder)

    def press(self, tab: Tab, ended: str) -> None:
        shown = "['signing', 'cosigning'].some((one) => document.getElementById(one)?.hidden === false)"
        until(tab, f"{shown} || document.getElementById('refused') || !document.getElementById('failed')?.hidden")
        assert tab.evaluate(shown), tab.evaluate("document.querySelector('main').innerText")
        tab.evaluate("document.getElementById('sign').click()")
        until(tab, ended)

    def cosigns(self, left: Path) -> Tab:
        """Open a file that somebody left."""
        tab = self.form("/cosign")
        tab.choose("#file", left)
        return tab

    def recorded(self, tab: Tab) -> dict[str, Any]:
        assert tab.evaluate("document.getElementById('why').textContent") == ""
        position = int(tab.evaluate("document.getElementById('position').textContent"))
        (one,) = self.console.log.doors.ledger.store.read(position - 1, 1)
        envelope = json.loads(one.entry.partition(b"\n\n")[2] or one.entry)
        said: dict[str, Any] = json.loads(base64.b64decode(envelope["payload"]))
        return said


def fill(tab: Tab, name: str, value: str | Sequence[str]) -> None:
    """Put a value into a field of a form, or tick several boxes."""
    given = json.dumps(value)
    tab.evaluate(f"""{{ const form = document.querySelector("main form"), found = form.elements.namedItem({name!r});
      if (Array.isArray({given})) for (const one of [found].flatMap((it) => it.length ? [...it] : [it]))
        one.checked = {given}.includes(one.value);
      else if (found instanceof RadioNodeList && found[0].type !== "radio") found[0].value = {given};
      else found.value = {given}; }}""")


def link(tab: Tab, called: str) -> str:
    """Return where a link of a page leads, by its words."""
    found: str | None = tab.evaluate(
        f"""[...document.querySelectorAll("main a")].find((one) => one.innerText.trim() === {called!r})
      ?.getAttribute("href")"""
    )
    assert found is not None, tab.evaluate("document.querySelector('main').innerText")
    return found


def today(log: Served) -> str:
    """Return the day that it is in UTC where a log is served."""
    return log.doors.signing_in.clock.now().date().isoformat()


def address(path: str, **said: str) -> str:
    return f"{path}?{urlencode(said)}"


@contextmanager
def in_a_browser(log: Served, colleague: Author, person: str) -> Iterator[Person]:
    """Give somebody a browser of their own with a key that a colleague enrolled, signed in, for a with block."""
    with chromium() as browser:
        console = Console(log, browser)
        with_key(console, colleague, person)
        yield Person(console)
