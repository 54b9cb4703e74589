"""Whoever reads Chinese is told everything in it: helps, what is wrong with a command, refusals, tables, the doctor."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.journeys.bench import Bench
    from tests.journeys.conftest import Port


@pytest.fixture
def chinese(port: Port, monkeypatch: pytest.MonkeyPatch) -> Bench:
    bench, _ = port
    monkeypatch.setitem(bench.environ, "VIALOG_LANGUAGE", "zh")
    return bench


def test_a_help_is_in_the_readers_language(chinese: Bench) -> None:
    told = chinese.done("item", "show", "--help").stdout
    assert told.startswith("用法：")
    assert "显示一个样品：状态、来源关系、何人何处保管，以及关于它的每项陈述及其违规。" in "".join(told.split())
    assert "选项：" in told
    assert "显示此说明并结束。" in told
    assert "查看并验证日志。" in chinese.done("--help").stdout


def test_what_is_wrong_with_a_command_is_said_in_the_readers_language(chinese: Bench) -> None:
    assert "错误：没有命令“itms”。" in chinese.run("list", "itms").stderr
    assert "的值无效：应为整数" in chinese.run("list", "items", "--limit", "x").stderr
    assert (
        "错误：--key的值无效：请指定用于签署的密钥文件" in chinese.run("record", "use", "--item", "A", "--yes").stderr
    )


def test_a_refusal_an_error_and_a_draft_are_told_with_what_was_put_into_them(chinese: Bench, port: Port) -> None:
    _, who = port
    unknown = chinese.run("item", "show", "nobody")
    assert unknown.stderr == "错误：ITEM：日志中没有名为“nobody”的样品；编号写作item:…\n"
    site = ("--site", "site:lab", "--party", who.party, "--name", "Lab", "--use", "laboratory", "--level")
    signing = ("--key", who.key, "--role", "laboratory", "--yes")
    again = chinese.run("record", "site.registered", *site, 2, *signing)
    assert (again.code, "错误：REG-04：Lab（site:lab）已登记\n  规则：一处场所只登记一次。" in again.stderr) == (
        5,
        True,
    )
    wrong = chinese.run("record", "site.registered", *site, 9, *signing)
    assert wrong.stderr == "错误：DRF-05：site.registered/1：所述不合要求：\n  --level：9应为1至4的整数\n"
    lacking = chinese.run("record", "use", "--item", "item:A", *signing)
    assert "  缺少--laboratory：场所编号，如“site:lab-2”" in lacking.stderr


def test_tables_and_findings_are_headed_in_the_readers_language(chinese: Bench) -> None:
    listed = chinese.done("list", "approvals")
    assert all(name in listed.stdout for name in ("号码", "状态", "方向", "有效期起"))
    assert listed.stderr == "共1项，显示1项。\n由日志归算，截至第8号。\n"
    assert "质检总局令第160号第三十条" in chinese.done("words", "rules", "GAT-07").stdout
    assert "样品的数量平衡" in chinese.done("approval", "show", "A-1").stdout
    assert "正常  服务器: PostgreSQL" in chinese.run("doctor").stdout


def test_what_programs_read_stays_as_it_is(chinese: Bench) -> None:
    ran = chinese.run("item", "show", "nobody", "--json")
    error = json.loads(ran.stderr)["error"]
    assert error["problem"].startswith('ITEM: the log knows no item called "nobody"')
