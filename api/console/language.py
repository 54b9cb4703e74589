"""In which language a page is told: as its address says, else as this browser chose before, else as it asks for.

``?lang=zh`` in an address that is sent decides for whoever opens it, and is remembered in a cookie that says nothing
else. All words of the pages stand in the table that everything else is told by (``ledger.words``).
"""

from __future__ import annotations

from typing import Annotated, Final

from fastapi import Depends, Request, Response

from api.http.problems import reader_language
from ledger.words.table import Language

PARAMETER: Final = "lang"
COOKIE: Final = "vialog-language"
YEAR: Final = 31_536_000


def language_of(request: Request) -> Language:
    """Return the language of a page; an unknown one in the address or in the cookie is passed over."""
    for said in (request.query_params.get(PARAMETER), request.cookies.get(COOKIE)):
        if said in set(Language):
            return Language(said)
    return reader_language(request.scope)


def remember_language(request: Request, answer: Response) -> None:
    """Let a browser keep the language that an address says, wherever the answer leads."""
    if (said := request.query_params.get(PARAMETER)) in set(Language):
        secure = request.url.scheme == "https"
        answer.set_cookie(COOKIE, said, max_age=YEAR, path="/", secure=secure, httponly=True, samesite="lax")


async def _language(request: Request) -> Language:
    return language_of(request)


Told = Annotated[Language, Depends(_language)]
"""The language in which a page is told."""


def begun(text: str) -> str:
    """Return words of ours as a heading or a sentence begins; Chinese as it is."""
    return text[:1].upper() + text[1:]
