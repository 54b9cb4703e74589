"""The report for people in a bundle: what happened, event by event. Nothing vouches for it; the entries do.

It begins with what a person asks first, told in words (``facts``, ``told``), and then lists what these rest on. Made
from the entries alone, so the same bundle has the same report. What it prints from them is ids, codes and times, all of
strict forms, and texts in which every mark of Markdown is escaped, so that nothing in a statement can look like a part
of the page. Of breaches it tells those that concern the subject or what the subject rests on.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from ledger.clock import format_time
from ledger.evidence.bundle.manifest import Why
from ledger.evidence.report import withheld
from ledger.evidence.report.told import Teller, Voice, escaped
from ledger.ids import type_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from ledger.evidence.bundle.manifest import Manifest
    from ledger.evidence.checks.completeness import LeftOut
    from ledger.evidence.gathering.gather import Chosen
    from ledger.ids import Tag

_TITLE: Final = "# What happened to {subject}"
_NAMED: Final = ("", "English", "中文", "no. / 编号")
_HEAD: Final = """Log `{log}`, as of {size} entries. This page says what the entries beside it say, and is no evidence
itself: verify the bundle, as README.md tells, before relying on it. *Occurred* is the signers' claim, *recorded* the
ledger's time. That no event is missing here is the operator's word, unless a mirror whom you believe has cosigned the
checkpoint. What verifies is that the record is {shown[0]}, not that the goods are in order.

本页复述所附条目的内容，本身不是证据；请先按 README.md 验证。除非您信任的镜像联署了检查点，“没有遗漏”仅为运营方自称。
“occurred”为签署人所称时间，“recorded”为账本记录时间。核验表明的是记录{shown[1]}，而非货物没有问题。

Times are local: {home[0]}. Where an act was recorded later than it happened, both times are named. The exact times, in
UTC, stand in the table *Statements*. A number of items is what that one record is about, never a part of an item.

时间为当地时间：{home[1]}。行为发生后才记录的，两个时间均注明。精确时间（UTC）见“陈述”一表。样品份数为该条记录所涉的全部
样品，而非某一样品的一部分。
"""


@dataclass(frozen=True, slots=True)
class Told:
    """What a report tells beside the entries, and how.

    left_out: of subjects whose status alone is here, what else bears them. cosigners: the names, beside the log's own,
    under which the checkpoint is signed; whose they are the verifier's policy knows.
    """

    left_out: Mapping[Tag, LeftOut]
    cosigners: Sequence[str] = ()
    voice: Voice = field(default_factory=Voice)


_WHO: Final = frozenset({Why.PARTY, Why.SITE, Why.KEY})
"""Why entries are here that say who others are, and what they may do."""

_LEFT_OUT: Final = """Of these subjects all that establishes, limits or ends them is here. What else was done under them
is left out, and so the balance of an approval is not checked by this bundle.

以下对象仅收入设立、限制或终止它的全部记录；其余记录未收入，因此审批单的余量未经核对。
"""


_COSIGNED: Final = """- **{name}** signed the checkpoint of {size} records beside the log; what it vouches for, and \
whether the signature is its own, verifying tells by your policy<br>在日志之外签署了{size}条记录的检查点；它证明什么、\
签名是否属实，核验时依您的策略文件得知
"""

_JUDGED: Final = """Who says so: a program, from what was stated. {by[0]} judged each act as it was recorded, under \
{rules[0]}. Nobody examined the goods in order to judge.

由谁判断：程序，依据陈述的内容。{by[1]}在登记每一行为时依{rules[1]}判断；作出判断时未查验货物。"""
_ITS_LOG: Final = ("The log of {}", "{}的日志")
_ANY_LOG: Final = ("The log", "日志")

_BROKEN: Final = ("no. / 编号", "rule / 规则", "breach / 违规", "clause / 条款", "acknowledged because / 确认理由")


def narrate(manifest: Manifest, chosen: Iterable[Chosen], told: Told) -> str:
    """Return the report in Markdown.

    chosen: the bundle's entries, oldest first.
    """
    events = list(chosen)
    teller = Teller(told.voice, events, manifest.subject, manifest.part)
    facts = list(teller.facts())
    wrong = list(teller.troubles())
    breaches = [row for one in events for row in _breaches(one, manifest, teller)]
    lines = [
        _TITLE.format(subject=teller.subject()),
        "",
        *withheld.first(manifest),
        *_state(teller, len(breaches)),
        _HEAD.format(log=manifest.log, size=manifest.size, home=teller.home(), shown=withheld.shown(manifest)),
        *(("## By its own events / 概况", "", *_table(_NAMED, facts), "") if facts else ()),
        "## What went wrong / 出现的问题",
        "",
        *(wrong or (withheld.nothing_wrong(manifest),)),
        "",
        "## Was a rule broken? / 是否违反规则",
        "",
        *(_table(_BROKEN, breaches) if breaches else (withheld.nothing_broken(manifest),)),
        "",
        _JUDGED.format(by=_by(teller), rules=teller.editions()),
        "",
        "## What happened / 经过",
        "",
        *teller.sentences(one for one in events if one.why not in _WHO),
        "",
        "## Who is who / 各方",
        "",
        *_table(_NAMED, teller.people()),
        "",
        *(_COSIGNED.format(name=escaped(name), size=manifest.size) for name in told.cosigners),
        *teller.sentences(one for one in events if one.why in _WHO),
        "",
        "## Statements / 陈述",
        "",
        *_table(("position", "recorded", "occurred", "statement", "signed by", "here as"), map(_row, events)),
        "",
        *_left(told),
        *withheld.withheld(manifest),
    ]
    return "\n".join(lines)


def _state(teller: Teller, breaches: int) -> Iterator[str]:
    """Yield what whoever reads nothing else must have seen."""
    lines = list(teller.state())
    if breaches:
        plural = "breach of a rule is" if breaches == 1 else "breaches of rules are"
        lines.append(f"- **{breaches} {plural} recorded**<br>**记录了{breaches}项违规**")
    if lines:
        yield from (*lines, "")


def _by(teller: Teller) -> tuple[str, ...]:
    """Return whose log judged the acts, in each language."""
    return tuple(
        its.format(by) if by else log for its, log, by in zip(_ITS_LOG, _ANY_LOG, teller.operator(), strict=True)
    )


def _left(told: Told) -> Iterator[str]:
    """Yield what is left out of the bundle."""
    yield "## What is left out / 未收入的记录"
    yield ""
    if not told.left_out:
        yield "Nothing of the subjects above. / 无。"
    else:
        yield _LEFT_OUT
        rows = ((tag, str(one.of - one.events), str(one.of)) for tag, one in sorted(told.left_out.items()))
        yield from _table(("subject", "events here", "events in all"), rows)
    yield ""


def _row(one: Chosen) -> tuple[str, ...]:
    payload = one.payload
    changed = f", corrects {payload.corrects}" if payload.corrects else ""
    return (
        str(one.recorded.position),
        format_time(one.recorded.recorded),
        format_time(payload.occurred_at),
        f"{payload.kind} {payload.id}{changed}",
        ", ".join(f"{signer.party} {signer.person} as {signer.role} ({signer.meaning})" for signer in payload.signers),
        one.why,
    )


def _breaches(one: Chosen, manifest: Manifest, teller: Teller) -> Iterator[tuple[str, ...]]:
    told = frozenset(tag for tag in manifest.listed if type_of(tag) not in {"party", "site"})
    for breach in one.entry.breaches:
        if any(breach.concerns(tag) for tag in one.entry.tags & told):
            position = one.recorded.position
            yield f"[{position}](#no-{position})", breach.rule, *teller.breach(breach, one)


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> Iterator[str]:
    for row in (head, tuple("---" for _ in head), *rows):
        yield f"| {' | '.join(row)} |"
