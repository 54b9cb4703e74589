"""A headless Chromium, driven over the DevTools protocol through two pipes: no driver, no socket, no port.

The protocol is JSON, each message followed by a zero byte; the browser reads from descriptor 3 and writes to 4.
"""

from __future__ import annotations

import base64
import fcntl
import json
import os
import select
import shutil
import signal
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

NAMES: Final = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
MISSING: Final = "no Chromium is installed: install the package chromium, or set CHROMIUM to the path of one"
PATIENCE: Final = 60.0
"""Seconds that the browser may take for one answer."""

_FLAGS: Final = (
    "--headless",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--remote-debugging-pipe",
)
_PAPER: Final = {"paperWidth": 8.27, "paperHeight": 11.69, "printBackground": True, "preferCSSPageSize": True}
"""A4, in inches, as browsers print it."""
_FAR: Final = 10  # descriptors below it are where the browser expects the pipes

Message = dict[str, Any]
"""A message of the protocol; what it holds depends on its method."""


def find_chromium() -> str:
    """Return the path of a Chromium. Raises FileNotFoundError: there is none."""
    named = os.environ.get("CHROMIUM")
    found = named or next((path for path in map(shutil.which, NAMES) if path), None)
    if found is None:
        raise FileNotFoundError(MISSING)
    return found


class Browser:
    """A running browser."""

    def __init__(self, to: int, source: int) -> None:
        """Speak to a browser over the two open descriptors."""
        self._to, self._from = to, source
        self._unread = b""
        self._last = 0
        self.heard: list[Message] = []

    def call(self, method: str, session: str | None = None, **parameters: object) -> Message:
        """Return the browser's answer to a call. Raises RuntimeError: it answers with an error, or not in time."""
        self._last += 1
        message: Message = {"id": self._last, "method": method, "params": parameters}
        if session is not None:
            message["sessionId"] = session
        os.write(self._to, json.dumps(message).encode() + b"\0")
        while True:
            answer = self._read(method)
            if answer.get("id") == self._last:
                break
            self.heard.append(answer)
        if "error" in answer:
            raise RuntimeError(f"{method}: {answer['error']}")
        result: Message = answer["result"]
        return result

    def open(self, url: str, prepare: Callable[[Tab], None] | None = None) -> Tab:
        """Open a page and return it once it is loaded. prepare: what is done to the tab before it goes there."""
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Log", "DOM"):
            self.call(f"{domain}.enable", session)
        tab = Tab(self, session)
        if prepare is not None:
            prepare(tab)
        tab.go(url)
        return tab

    def _read(self, method: str) -> Message:
        until = time.monotonic() + PATIENCE
        while b"\0" not in self._unread:
            ready, _, _ = select.select([self._from], [], [], max(0.0, until - time.monotonic()))
            more = os.read(self._from, 1 << 20) if ready else b""
            if not more:
                raise RuntimeError(f"the browser does not answer {method}")
            self._unread += more
        line, _, self._unread = self._unread.partition(b"\0")
        message: Message = json.loads(line)
        return message


class Tab:
    """A page in the browser."""

    def __init__(self, browser: Browser, session: str) -> None:
        """Speak to one page of a browser."""
        self._browser, self._session = browser, session

    def call(self, method: str, **parameters: object) -> Message:
        """Return the browser's answer to a call about this page."""
        return self._browser.call(method, self._session, **parameters)

    def go(self, url: str) -> None:
        """Go to another page, and return once it is loaded."""
        self.call("Page.navigate", url=url)
        self.evaluate("new Promise((done) => document.readyState === 'complete' ? done() : (onload = done))")

    def evaluate(self, expression: str) -> Any:  # noqa: ANN401  whatever JSON the page answers
        """Return the value of an expression in the page, waited for. Raises RuntimeError: it throws."""
        answer = self.call("Runtime.evaluate", expression=expression, awaitPromise=True, returnByValue=True)
        if "exceptionDetails" in answer:
            raise RuntimeError(json.dumps(answer["exceptionDetails"]))
        return answer["result"].get("value")

    def choose(self, selector: str, file: Path) -> None:
        """Choose a file in a file field, as a person would."""
        document = self.call("DOM.getDocument")["root"]["nodeId"]
        node = self.call("DOM.querySelector", nodeId=document, selector=selector)["nodeId"]
        self.call("DOM.setFileInputFiles", files=[str(file)], nodeId=node)

    def resize(self, width: int, height: int) -> None:
        """Give the page another size, in CSS pixels."""
        size = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False}
        self.call("Emulation.setDeviceMetricsOverride", **size)

    def picture(self) -> bytes:
        """Return a PNG of the whole page, without a bar to scroll it, which would hide its margin."""
        self.call("Emulation.setScrollbarsHidden", hidden=True)
        self.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
        size = self.evaluate("({width: innerWidth, height: document.documentElement.scrollHeight})")
        clip = {"x": 0, "y": 0, "scale": 1, **size}
        shot = self.call("Page.captureScreenshot", captureBeyondViewport=True, clip=clip)
        return base64.b64decode(shot["data"])

    def printed(self) -> bytes:
        """Return a PDF of the page as it is printed: on A4, and across where its styles say so."""
        return base64.b64decode(self.call("Page.printToPDF", **_PAPER)["data"])

    def complaints(self) -> list[str]:
        """Return what the browser has complained about: errors in scripts, what the page's policy forbids."""
        bad = {"Runtime.exceptionThrown", "Log.entryAdded", "Runtime.consoleAPICalled"}
        return [json.dumps(one["params"]) for one in self._browser.heard if one.get("method") in bad]


@contextmanager
def chromium(kept: Path | None = None) -> Iterator[Browser]:
    """Yield a browser; it is killed at the end.

    kept: the folder of its profile, which stays; a fresh one, which is gone at the end, if left out.

    Raises FileNotFoundError: no Chromium is installed.
    """
    path = find_chromium()
    with tempfile.TemporaryDirectory(prefix="vialog-chromium-", ignore_cleanup_errors=True) as fresh:
        profile = fresh if kept is None else str(kept)
        theirs_in, ours_out = map(_far, os.pipe())
        ours_in, theirs_out = map(_far, os.pipe())
        flags = [*_FLAGS, f"--user-data-dir={profile}", *(["--no-sandbox"] if os.geteuid() == 0 else [])]
        process = os.posix_spawn(
            path,
            [path, *flags, "about:blank"],
            {**os.environ, "HOME": profile},
            file_actions=[
                (os.POSIX_SPAWN_DUP2, theirs_in, 3),
                (os.POSIX_SPAWN_DUP2, theirs_out, 4),
                (os.POSIX_SPAWN_OPEN, 2, os.devnull, os.O_WRONLY, 0),
            ],
            setsid=True,
        )
        os.close(theirs_in)
        os.close(theirs_out)
        try:
            yield Browser(ours_out, ours_in)
        finally:
            # The browser is the first of its own session, and all its processes are of its group.
            os.killpg(process, signal.SIGKILL)
            os.waitpid(process, 0)
            os.close(ours_out)
            os.close(ours_in)


def _far(descriptor: int) -> int:
    moved = fcntl.fcntl(descriptor, fcntl.F_DUPFD_CLOEXEC, _FAR)
    os.close(descriptor)
    return moved


VERIFY: Final = """new Promise((done) => {
  const button = document.getElementById("verify");
  const start = performance.now();
  new MutationObserver(() => button.disabled || done(performance.now() - start)).observe(button, {attributes: true});
  button.click();
})"""


def verify_on_page(tab: Tab, bundle: Path, policy: Path, trust: Path | None = None) -> float:
    """Choose the files on an open verifier page, verify, and return the seconds until the answer stood there."""
    for selector, file in (("#bundle", bundle), ("#policy", policy), ("#trust", trust)):
        if file is not None:
            tab.choose(selector, file)
    milliseconds: float = tab.evaluate(VERIFY)
    return milliseconds / 1000


def seconds_on_page(page: Path, bundle: Path, policy: Path, trust: Path | None = None) -> float:
    """Return how many seconds a fresh browser takes to verify a bundle and show the answer. For measuring."""
    with chromium() as browser:
        return verify_on_page(browser.open(page.as_uri()), bundle, policy, trust)
