"""The frame of every page: its policy, its two languages, what it loads, and what is told where a page cannot be."""

from __future__ import annotations

import hashlib
import re
import tomllib
from typing import TYPE_CHECKING, Final

import pytest

from api.console.frame import POLICY, SIGNING_POLICY
from ledger.words.table import Language, labels_in
from scripts.vendor_frontend import MANIFEST, STATIC
from tests.console.told import in_code, in_templates
from tests.journeys.page import PAGE

if TYPE_CHECKING:
    from tests.http.serving import Served

HTML: Final = "text/html; charset=utf-8"


def test_every_text_of_the_console_has_its_chinese() -> None:
    assert {*in_templates(), *in_code()} - labels_in(Language.CHINESE).keys() == set(), "add it to console.toml"


def test_what_is_not_ours_is_what_the_manifest_says() -> None:
    (vendored,) = tomllib.loads(MANIFEST.read_text(encoding="utf-8"))["vendored"]
    sheet = (STATIC / vendored["file"]).read_bytes()
    assert hashlib.sha256(sheet).hexdigest() == vendored["sha256"]
    assert not re.search(rb"@font-face|url\(|crest|GDS", sheet)
    assert f'--govuk-frontend-version:"{vendored["version"]}"'.encode() in sheet
    assert "Crown Copyright" in (STATIC / vendored["license_file"]).read_text(encoding="utf-8")


@pytest.mark.parametrize("path", ["/", "/sign-in", "/no-such-page"])
def test_no_page_has_anything_inline_or_from_elsewhere(idle: Served, path: str) -> None:
    answer = idle.get(path)
    page = answer.body.decode()
    if path != "/no-such-page":
        assert answer.headers["content-type"] == HTML
        assert answer.headers["content-security-policy"] == (SIGNING_POLICY if path == "/sign-in" else POLICY)
        assert answer.headers["referrer-policy"] == "same-origin"
        assert not re.search(r"<style|<script(?![^>]*src=)|\sstyle=|\son[a-z]+=|javascript:", page)
        assert set(re.findall(r'(?:src|href|action)="(https?:[^"]*)"', page)) <= {"https://log.example.org/sign-in"}


def test_the_language_is_that_of_the_address_then_of_the_cookie_then_of_the_browser(idle: Served) -> None:
    chinese = {"Accept-Language": "zh-CN,zh;q=0.9"}
    assert '<html lang="en"' in idle.get("/").body.decode()
    assert '<html lang="zh-CN"' in idle.ask("GET", "/", headers=chinese).body.decode()
    switched = idle.ask("GET", "/?lang=en", headers=chinese)
    assert '<html lang="en"' in switched.body.decode()
    cookie = switched.headers["set-cookie"].partition(";")[0]
    assert cookie == "vialog-language=en"
    assert '<html lang="en"' in idle.ask("GET", "/", headers=chinese | {"Cookie": cookie}).body.decode()
    assert '<html lang="zh-CN"' in idle.ask("GET", "/?lang=nn", headers=chinese).body.decode()


@pytest.mark.parametrize("path", ["/worklist?lang=zh", "/items/item:nobodys?lang=zh", "/sign-in?lang=zh&next=/"])
def test_the_language_of_an_address_is_remembered_wherever_it_leads(idle: Served, path: str) -> None:
    answer = idle.get(path)
    assert answer.headers["set-cookie"].partition(";")[0] == "vialog-language=zh"
    led = answer.headers.get("location", "/")
    cookie = {"Cookie": "vialog-language=zh"}
    assert '<html lang="zh-CN"' in idle.ask("GET", led, headers=cookie).body.decode()


def test_a_page_leads_to_itself_in_the_other_language(idle: Served) -> None:
    assert 'href="/sign-in?next=%2Fverify&amp;lang=zh"' in idle.get("/sign-in?next=/verify").body.decode()
    assert 'href="/sign-in?next=%2Fverify&amp;lang=en"' in idle.get("/sign-in?next=/verify&lang=zh").body.decode()


def test_the_verifiers_page_is_the_very_one_of_every_bundle_under_its_own_policy(idle: Served) -> None:
    answer = idle.get("/verify")
    assert answer.body == PAGE.read_bytes()
    policy = answer.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; base-uri 'none'; form-action 'none'; require-trusted-types-for")
    assert policy.count("'sha256-") == 4
    assert "unsafe" not in policy
    assert policy.endswith("; frame-ancestors 'none'")


def test_a_file_is_kept_as_long_as_its_address_bears_its_digest(idle: Served) -> None:
    (address,) = re.findall(r'href="(/static/console.css\?[0-9a-f]{16})"', idle.get("/").body.decode())
    assert idle.get(address).headers["cache-control"].endswith("immutable")
    assert idle.get("/static/console.css").headers["cache-control"] == "no-cache"
    assert idle.get("/static/vendored.toml").status == 404
    assert idle.get("/static/..%2fframe.py").status == 404
