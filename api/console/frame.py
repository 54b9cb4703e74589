"""The frame that every page stands in, and what every answer of the console bears.

A page is a GET whose address can be sent; what is wrong with a request is told as a page too, in its language. Nothing
is inline and nothing comes from elsewhere: the policy of each answer says so, and a browser holds it to that.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, partial
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlencode

from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, RedirectResponse
from fastapi.routing import APIRoute
from jinja2 import ChoiceLoader, Environment, PackageLoader, PrefixLoader
from markupsafe import Markup, escape
from starlette.exceptions import HTTPException

from api.console.language import begun, language_of, remember_language
from api.console.static_files import address_of
from api.http.problems import OF_REQUESTS, PROBLEMS, problem_of
from api.language import label, spoken
from api.signer.address import ADDRESS
from ledger.errors import LedgerError
from ledger.words.table import (
    Language,
    duties_in,
    kinds_in,
    labels_in,
    questions_in,
    rules_in,
    words_in,
)

if TYPE_CHECKING:
    from collections.abc import Coroutine, Mapping

    from fastapi import Request, Response

POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; "
    "frame-ancestors 'none'; base-uri 'none'"
)
SIGNING_POLICY: Final = POLICY.replace("connect-src 'self'", f"connect-src 'self' {ADDRESS}")
"""Of pages on which a key signs that may be outside the browser: no request leaves the origin but to the helper."""
HEADERS: Final[Mapping[str, str]] = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": POLICY,
    # With no-referrer a browser says "null" of where a form was sent from, and that cannot be told from a stranger.
    "Referrer-Policy": "same-origin",
    "Vary": "Accept-Language, Cookie",
}
SIGN_IN: Final = "/sign-in"
_MACROS: Final = "govuk_frontend_jinja"
"""The package whose macros some pages use; each is compiled where it is used first."""


class PageRoute(APIRoute):
    """A route of the console: what goes wrong is told as a page, and who has not signed in is led to where one does."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Return what answers a request."""
        answer = super().get_route_handler()

        async def told(request: Request) -> Response:
            try:
                answered = await answer(request)
            except (HTTPException, LedgerError, RequestValidationError) as error:
                answered = _problem(request, error)
            remember_language(request, answered)
            return answered

        return told


def page(
    request: Request, template: str, values: Mapping[str, Any], status: int = HTTPStatus.OK, *, signs: bool = False
) -> Response:
    """Return a page. values: what its template names, besides what every page has. signs: whether a key signs on it."""
    language = language_of(request)
    made = environment().get_template(template).render(**_of_every(request, language), **values)
    headers = {**HEADERS, "Content-Language": language}
    return HTMLResponse(made, status, headers | {"Content-Security-Policy": SIGNING_POLICY} if signs else headers)


def led_to(address: str) -> Response:
    """Lead a browser on, after what it sent was taken: so that going back, or loading again, sends nothing twice."""
    return RedirectResponse(address, HTTPStatus.SEE_OTHER, HEADERS)


def safe_next(given: str | None) -> str:
    """Return where somebody wanted to go, if that is a page of this service; its first page otherwise."""
    inside = given is not None and given.startswith("/") and not given.startswith(("//", "/\\")) and given.isprintable()
    return given if inside and given is not None else "/"


def changed(request: Request, **parameters: str | None) -> str:
    """Return the address of this page with other parameters; None takes one away."""
    kept = [(name, value) for name, value in request.query_params.multi_items() if name not in parameters]
    query = urlencode([*kept, *((name, value) for name, value in parameters.items() if value is not None)])
    return f"{request.url.path}?{query}" if query else request.url.path


def pages_of(request: Request, number: int, each: int) -> list[tuple[int, str]]:
    """Return the pages of so many rows, each with its address. each: rows of one page."""
    return [(one, changed(request, page=str(one))) for one in range(1, -(-number // each) + 1)]


@cache
def environment() -> Environment:
    """Return the templates, made ready once; a text that a template puts in is never taken for markup."""
    govuk = PrefixLoader({_MACROS: PackageLoader(_MACROS)})
    made = Environment(
        loader=ChoiceLoader([PackageLoader("api.console"), govuk]),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    made.globals["static"] = address_of
    made.filters["coded"] = coded
    made.filters["begun"] = begun
    return made


def make_ready() -> None:
    """Compile the templates of all pages and read their words, for half a second of a processor.

    A service does so before it says that it listens: else whoever asks for a page first waits for it.
    """
    made = environment()
    for template in made.list_templates(filter_func=lambda name: not name.startswith(_MACROS)):
        made.get_template(template)
    for language in Language:
        for words in (words_in, rules_in, kinds_in, duties_in, questions_in):
            words(language)
    labels_in(Language.CHINESE)


def coded(text: str) -> Markup:
    """Return a text of ours in which what stands between backticks is what somebody types."""
    told, between = Markup(""), text.split("`")
    for number, part in enumerate(between):
        told += Markup("<code>{}</code>").format(part) if number % 2 and number < len(between) - 1 else escape(part)
    return told


def _of_every(request: Request, language: Language) -> dict[str, Any]:
    other = Language.ENGLISH if language is Language.CHINESE else Language.CHINESE
    here = request if request.method == "GET" else None
    return {
        "t": partial(label, language=language),
        "lang": {Language.CHINESE: "zh-CN"}.get(language, "en"),
        "other_language": None if here is None else changed(here, lang=other),
        "path": request.url.path,
    }


def _problem(request: Request, error: Exception) -> Response:
    language = language_of(request)
    if isinstance(error, HTTPException) and error.status_code == HTTPStatus.UNAUTHORIZED:
        if request.headers.get("Sec-Fetch-Site") == "cross-site" and request.method == "GET":
            # Another site led here, so the browser kept the session's cookie back: it sends it when this page asks.
            return page(request, "again.html", {"here": changed(request)})
        wanted = changed(request) if request.method == "GET" else None
        return led_to(f"{SIGN_IN}?{urlencode({'next': wanted})}" if wanted not in {None, "/"} else SIGN_IN)
    said = _said(error, language)
    return page(request, "problem.html", {"problem": said}, said["status"])


def _said(error: Exception, language: Language) -> dict[str, Any]:
    if isinstance(error, LedgerError):
        return {**problem_of(error, language), "status": PROBLEMS[type(error)].status}
    status = error.status_code if isinstance(error, HTTPException) else HTTPStatus.BAD_REQUEST
    known = OF_REQUESTS.get(status)
    title = HTTPStatus(status).phrase if known is None else label(known.title, language)
    detail = error.detail if isinstance(error, HTTPException) else ""
    ours = known is not None and status != HTTPStatus.NOT_FOUND and detail
    return {"title": title, "status": status, "detail": spoken(detail, language) if ours else ""}
