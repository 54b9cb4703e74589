"""What verifying a bundle finds is told in Chinese part by part, with the words of the page."""

from __future__ import annotations

import re

import pytest

from api.language import finding
from ledger.evidence.checks.verdicts import Check, Claim, Report, Verdict, report_lines
from ledger.words.table import Language

ALONE = "is the operator's word alone: no mirror that replays the log vouches for it"


@pytest.mark.parametrize(
    ("english", "chinese"),
    [
        pytest.param(
            "its 3 events up to 8 are here and none is missing: replayed by m.example, n.example",
            "截至第8条的3个事件均在包内，没有遗漏：由m.example、n.example逐条复核",
            id="replayed",
        ),
        pytest.param(
            f"its 2 events that establish, limit or end it up to 8 are here; that none is missing {ALONE}",
            "截至第8条，其设立、限制或终止的2个事件均在包内；没有遗漏仅为运营方自称：没有逐条复核全部记录的镜像作证",
            id="nobody vouches",
        ),
        pytest.param(
            f"its 1 events up to 8 are here; that none is missing, no revocation either, {ALONE}",
            "截至第8条的1个事件均在包内；没有遗漏（包括撤销）仅为运营方自称：没有逐条复核全部记录的镜像作证",
            id="a key",
        ),
        pytest.param(
            "port.example/log at 9 entries, cosigned by w.example; replayed by no mirror",
            "port.example/log，共9条；联署：w.example；没有镜像逐条复核",
            id="cosigned",
        ),
        pytest.param(
            "port.example/log at 9 entries; the policy asks for no witness; replayed by m.example",
            "port.example/log，共9条；策略不要求见证方；逐条复核：m.example",
            id="no witness",
        ),
        pytest.param(
            "item.used/1 signed by party:a, party:b, whose keys nobody but the operator says were not revoked before"
            "; not known: party:b",
            "item.used/1，签署：party:a、party:b；其密钥此前未被撤销仅为运营方自称；未知：party:b",
            id="an event",
        ),
        pytest.param(
            "this reader is too old: the member $.body.x, which it does not know. What it knows holds: item.used/1 "
            "signed by party:a",
            "本程序版本过旧：成员$.body.x，本程序不识别。其所知的部分成立：item.used/1，签署：party:a",
            id="a later form",
        ),
        pytest.param(
            "not after 2026-11-21T08:30:00Z, by the clocks of those who cosigned; but the log says "
            "2026-11-21T09:30:00Z: one of the clocks is wrong",
            "按联署方的时钟不晚于2026-11-21T08:30:00Z；但日志称2026-11-21T09:30:00Z：其中一个时钟有误",
            id="clocks",
        ),
        pytest.param(
            "what else was done under a subject whose status alone is here: 3 of 5 events of approval:A, 1 of 2 events "
            "of approval:B; and so what is left on approval:A, approval:B",
            "只收入状态的对象，其余记录未收入：approval:A的5个事件中的3个、approval:B的2个事件中的1个；"
            "因此approval:A、approval:B的余量未经核对",
            id="left out",
        ),
        pytest.param(
            "whether more is recorded about item:a, item:b and 4 more",
            "是否还有关于item:a、item:b，另有4项的记录",
            id="others",
        ),
        pytest.param(
            "it agrees as far as is shown, all rows of it: 1; it is not bound to what is withheld: "
            "entries: 2 at position 13, 14; shown in part: approval:A, item:b",
            "就所示内容一致，共1行；未计入未出示的：条目2条（序号13、14）；仅部分出示：approval:A、item:b",
            id="in part",
        ),
        pytest.param(
            "withheld: entries: 14 at position 1, 2 and 12 more; shown in part: approval:A and 3 more",
            "未出示：条目14条（序号1、2，另有12项）；仅部分出示：approval:A，另有3项",
            id="much withheld",
        ),
        pytest.param(
            "what is recorded of the key ab is withheld in part, its revocation perhaps",
            "关于密钥ab的记录仅部分出示，可能缺少其撤销",
            id="a key in part",
        ),
        pytest.param(
            "EVD-07: position: it is the entry of position 4", "EVD-07：position：这是第4号的条目", id="a rule"
        ),
    ],
)
def test_a_finding_is_told_with_the_findings_in_it(english: str, chinese: str) -> None:
    assert finding(english, Language.CHINESE) == chinese
    assert finding(english, Language.ENGLISH) == english


def test_a_report_is_told_line_by_line() -> None:
    claims = (
        Claim("checkpoint", Verdict.KNOWN, "port.example/log at 9 entries; the policy asks for no witness"),
        Claim("event 4", Verdict.FAILED, "its SHA-256 is not the one that the manifest lists", Check.ENTRY),
        Claim("world", Verdict.NOT_CHECKED, "whether what was signed is true of the samples", beyond=True),
    )
    lines = list(report_lines(Report("item:a", claims), lambda text: finding(text, Language.CHINESE)))
    assert lines[:2] == ["对象：item:a", "已验证，签署人已知：检查点：port.example/log，共9条；策略不要求见证方"]
    assert lines[2].startswith("失败（条目）：事件 4：")
    assert re.search("[A-Za-z]", lines[2].replace("SHA", "")) is None
    assert lines[3:] == [
        "未检查：实物：所签内容是否符合样品的实际情况",
        "2项结论中，1项已验证且签署人已知",
        "证据包：失败",
    ]
