"""What stands on every answer, whoever gives it; and the lines of the log that name a request."""

from __future__ import annotations

import json
import logging

import pytest

from api.http.bounds.log_lines import JsonLines, PlainLines
from api.http.bounds.marks import LARGEST_HEAD, SECURITY, request_id
from tests.http.serving import Served


@pytest.mark.parametrize("path", ["/healthz", "/log/checkpoint", "/nowhere", "/openapi.json", "/metrics"])
def test_every_answer_bears_the_marks(idle: Served, path: str) -> None:
    answer = idle.get(path)
    assert {name: answer.headers.get(name.lower()) for name in SECURITY} == dict(SECURITY)
    assert len(answer.headers["x-request-id"]) == 32


def test_a_request_keeps_the_id_that_it_comes_with(idle: Served) -> None:
    assert idle.ask("GET", "/nowhere", headers={"X-Request-Id": "lims-4711"}).headers["x-request-id"] == "lims-4711"


@pytest.mark.parametrize("ident", ["", "a" * 65, "x y", "<script>", "日".encode().decode("latin-1")])
def test_an_id_that_could_be_anything_is_not_kept(idle: Served, ident: str) -> None:
    given = idle.ask("GET", "/nowhere", headers={"X-Request-Id": ident}).headers["x-request-id"]
    assert given != ident
    assert len(given) == 32


@pytest.mark.parametrize("path", ["/nowhere?" + "a" * LARGEST_HEAD, "/livez?" + "a" * LARGEST_HEAD])
def test_the_head_of_a_request_is_within_a_size(idle: Served, path: str) -> None:
    answer = idle.ask("GET", path, headers={"Accept-Language": "zh"})
    assert (answer.status, json.loads(answer.body)["title"]) == (431, "请求的地址和请求头过大")
    assert idle.ask("GET", "/livez", headers={"X-Much": "a" * LARGEST_HEAD}).status == 431
    assert idle.ask("GET", "/livez", headers={"X-Much": "a" * (LARGEST_HEAD // 2)}).status == 200


def test_a_line_of_the_log_names_its_request() -> None:
    record = logging.LogRecord("vialog.http", logging.WARNING, "", 0, "unavailable: %s", ("the disk",), None)
    held = request_id.set("lims-4711")
    try:
        assert PlainLines().format(record).endswith("WARNING vialog.http: unavailable: the disk (request lims-4711)")
        said = json.loads(JsonLines().format(record))
    finally:
        request_id.reset(held)
    assert said.pop("time").endswith("+00:00")
    assert said == {
        "level": "WARNING",
        "logger": "vialog.http",
        "message": "unavailable: the disk",
        "request": "lims-4711",
    }
    assert PlainLines().format(record).endswith("unavailable: the disk")
    assert "request" not in json.loads(JsonLines().format(record))
