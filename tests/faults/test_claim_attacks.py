"""Attacks on claimed answers: each is caught, and what is wrong is named. Nothing that a bundle holds is raised."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cache
from typing import TYPE_CHECKING, Any, Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.evidence.bundle import bundle
from ledger.evidence.bundle.archive import read_archive, write_archive
from ledger.evidence.checks.trust import parse_trust
from ledger.evidence.export import export_bundle
from ledger.ids import Tag
from ledger.rulepacks.load import load_packs
from ledger.tlog.policy import parse_policy
from projections.claims.checking import Finding, check_answer
from projections.claims.claiming import claim
from tests.corpus.bundle_edits import Opened, edited, refiled
from tests.corpus.bundle_log import WITNESSES, Saying, SmallLog, policy
from tests.corpus.bundle_story import (
    APPROVAL,
    CHILD,
    FIRST,
    GOODS,
    LINEAGE,
    SCIENTIST,
    SECOND,
    begun,
    lost,
    told,
    trust,
    use,
)
from tests.corpus.claimed import asked, claimed, saying

if TYPE_CHECKING:
    from collections.abc import Callable

    from ledger.rulepacks.edition import Edition
    from projections.claims.checking import Checked, Wanted

PACKS: Final = load_packs()


@cache
def good(question: str = "descendants", subject: str = APPROVAL) -> bytes:
    story = told()
    return claimed(story.log.store, story.frame, question, subject)


@cache
def lost_good(*, earlier: int | None = None) -> bytes:
    """Return a bundle that claims the balance of goods of which one went missing and was then reported lost."""
    story = lost()
    return claimed(story.log.store, story.frame, "balance", APPROVAL, earlier=earlier)


def checked(data: bytes, wanted: Wanted | None = None) -> Checked:
    return check_answer(data, parse_policy(policy()), parse_trust(trust()), PACKS, wanted)


@pytest.mark.parametrize(
    ("question", "subject"),
    [
        ("ancestors", CHILD),
        ("balance", APPROVAL),
        ("owed", APPROVAL),
        ("descendants", APPROVAL),
        ("descendants", GOODS),
        ("descendants", FIRST),
        ("whereabouts", FIRST),
    ],
)
def test_an_answer_that_nobody_touched_agrees(question: str, subject: str) -> None:
    found = checked(good(question, subject))
    assert (found.finding, found.exit_code) == (Finding.AGREES, 0)
    assert found.follows is not None
    assert found.follows.claimed.rows


@dataclass(frozen=True)
class Attack:
    """An attack on the bundle of an answer: what is done to it, what is found, and words that name what is wrong.

    to: the question and the subject that the bundle answers.
    """

    name: str
    does: Callable[[bytes], bytes]
    finding: Finding
    names: str
    exit: int = 4
    to: tuple[str, str] = ("descendants", APPROVAL)

    @property
    def bundle(self) -> bytes:
        """Return the bundle that comes of it."""
        return self.does(good(*self.to))


def says(**members: object) -> Callable[[bytes], bytes]:
    return lambda data: saying(data, lambda value: value.update(members))


def rows(change: Callable[[list[Any]], object]) -> Callable[[bytes], bytes]:
    return lambda data: saying(data, lambda value: change(value["rows"]))


def editions(change: Callable[[list[str]], object]) -> Callable[[bytes], bytes]:
    return lambda data: saying(data, lambda value: change(value["editions"]))


def answer(written: bytes) -> Callable[[bytes], bytes]:
    return lambda data: refiled(data, {bundle.ANSWER: written})


def _twice(data: bytes) -> bytes:
    files = dict(read_archive(data))
    return write_archive(files | {"answer.jsoo": files[bundle.ANSWER]}).replace(b"answer.jsoo", b"answer.json")


def _thinned(data: bytes) -> bytes:
    """Return the bundle without the child: none of its events, and nothing claimed of it."""

    def thin(one: Opened) -> None:
        one.unclaim(Tag(CHILD))

    return edited(data, thin)


def _of_another(data: bytes) -> bytes:
    story = told()
    other = export_bundle(story.log.store, story.frame, Tag(SECOND))
    moved = refiled(good("whereabouts", SECOND), {bundle.ANSWER: read_archive(data)[bundle.ANSWER]})
    assert bundle.ANSWER not in read_archive(other)
    return moved


_CDC: Final = next(one.name for one in PACKS.packs if one.id.startswith("us-cdc/"))
_JUDGING: Final = PACKS.editions[[one.pack.id for one in PACKS.editions].index("cn-281/2026-08-01")]
_NEWEST: Final = next(one for one in PACKS.editions if one.pack.id == "cn-281/2026-12-01")
_BEFORE_THE_CHILD: Final = told().at["child used"] - 2
_MISSING, _DIFFERS = Finding.NOT_CHECKED, Finding.DIFFERS

ATTACKS: Final = (
    Attack(
        "a cell altered",
        rows(lambda held: held[1].update(status="lost")),
        _DIFFERS,
        'row 2: status is claimed as "lost"',
    ),
    Attack("a reason altered", rows(lambda held: held[1]["why"].update(position=3)), _DIFFERS, "row 2: why.position"),
    Attack("a list altered", rows(lambda held: held[0].update(roots=[])), _DIFFERS, "row 1: roots is claimed as []"),
    Attack("a member of a row added", rows(lambda held: held[0].update(note="fine")), _DIFFERS, "row 1: note"),
    Attack("a member of a row left out", rows(lambda held: held[0].pop("holder")), _DIFFERS, "row 1: holder"),
    Attack("a row left out", rows(lambda held: held.pop(1)), _DIFFERS, "row 2 is left out: event"),
    Attack("all rows left out", rows(lambda held: held.clear()), _DIFFERS, "row 1 is left out: event"),
    Attack("a row twice", rows(lambda held: held.append(held[-1])), _DIFFERS, "does not follow: event"),
    Attack("rows in another order", rows(lambda held: held.reverse()), _DIFFERS, "row 1 stands in another's place"),
    Attack("another question", says(question="balance"), _DIFFERS, "row 1: "),
    Attack("a question that nobody knows", says(question="weather"), _MISSING, "no question called weather", 5),
    Attack("a question about the whole log", says(question="nobodys"), _MISSING, "rests on the whole log", 5),
    Attack("a question of another subject", says(question="whereabouts"), _MISSING, "is not asked about approval", 5),
    Attack("another parameter", says(parameters={"lot": "L-9"}), _DIFFERS, "row 1 does not follow"),
    Attack("a parameter of no question", says(parameters={"weight": 9}), _MISSING, "parameters.weight", 5),
    Attack("a day that nobody asked for", says(parameters={"first": "2026-02-28"}), _MISSING, "parameters.first", 5),
    Attack("a lot that is a number", says(parameters={"lot": 9}), _MISSING, "parameters.lot: is not a text", 5),
    Attack("an instant before any calendar", says(now="0001-01-01T00:00:00.000000Z"), _DIFFERS, "EVD-23: $.now"),
    Attack("an instant behind any calendar", says(at="9999-12-31T23:59:59.999999Z"), _DIFFERS, "EVD-23: $.at"),
    Attack("another subject", says(subject="item:other"), _MISSING, "rests on all events of item:other", 5),
    Attack("a jurisdiction without rules", says(jurisdiction="ZZ"), _MISSING, "no rules of ZZ", 5),
    Attack("an earlier position", says(as_of=14), _DIFFERS, "row 1 does not follow"),
    Attack("a later position", says(as_of=22), _MISSING, "position 22, and the bundle proves the record up to 21", 5),
    Attack("another log", says(log="ledger.example/other"), _DIFFERS, "an answer of the log ledger.example/other"),
    Attack("another instant", says(at="2026-08-01T00:00:00.000000Z"), _DIFFERS, "does not follow"),
    Attack("another rule pack", editions(lambda held: held.append(_CDC)), _DIFFERS, f"with the edition {_CDC}"),
    Attack("the rule pack that judged left out", editions(lambda h: h.pop()), _DIFFERS, "it is claimed without it"),
    Attack("no rule pack at all", editions(lambda held: held.clear()), _DIFFERS, "it is claimed without it"),
    Attack(
        "a rule pack of other bytes",
        editions(lambda held: held.append(f"cn-281/2026-08-01 {'f' * 64}")),
        _MISSING,
        "fff, which is not here",
        5,
    ),
    Attack(
        "an event left out",
        lambda data: edited(data, lambda one: one.withhold(told().at["child used"])),
        _MISSING,
        "the bundle does not hold: tag",
    ),
    Attack(
        "a subject left out",
        _thinned,
        _MISSING,
        "rests on all events of item:child, and the bundle does not prove that",
        5,
    ),
    Attack("the bundle of another subject", _of_another, _MISSING, "rests on all events of approval:GX-1", 5),
    Attack("the answer twice", _twice, _MISSING, "the bundle does not hold: bundle: EVD-01"),
    Attack("the answer left out", answer(None), _MISSING, "EVD-03"),  # type: ignore[arg-type]
    Attack("an answer too large", answer(b" " * 10_000_001), _MISSING, "EVD-20"),
    Attack("an answer too deep", answer(b'{"format":"vialog-answer/1","rows":' + b"[" * 1_000_000), _DIFFERS, "EVD-23"),
    Attack("an answer that is not UTF-8", answer(b"\xff\xfe"), _DIFFERS, "EVD-23: $: not UTF-8"),
    Attack("an empty answer", answer(b""), _DIFFERS, "EVD-23"),
    *(
        Attack(name, does, _DIFFERS, names, to=("owed", APPROVAL))
        for name, does, names in (
            ("owed told as met", rows(lambda h: h[0].update(state="met")), 'row 1: state is claimed as "met"'),
            ("a date moved", rows(lambda h: h[0].update(due=None)), "row 1: due is claimed as null"),
            ("owed by somebody else", rows(lambda h: h[0].update(owed_by="party:lab")), "row 1: owed_by"),
            ("a duty of another name", rows(lambda h: h[0]["why"].update(rests="count-stock")), "row 1: why.rests"),
            ("another clause", rows(lambda h: h[0]["why"].update(clause="none")), "row 1: why.clause"),
            ("an obligation left out", rows(lambda h: h.clear()), "row 1 is left out: event 14"),
            ("an obligation made up", rows(lambda h: h.append(h[0])), "row 2 does not follow: event 14"),
            ("a later day for terms", says(now="2026-11-20T00:00:00.000000Z"), "row 1: overdue is claimed as false"),
        )
    ),
    Attack("an answer of a later form", says(format="vialog-answer/6"), _MISSING, "this reader is too old", 5),
    Attack("the form of a statement's answers", says(format="vialog-answer/4"), _DIFFERS, "EVD-23: $.format"),
    Attack("a later form than the question has", says(format="vialog-answer/2"), _DIFFERS, "EVD-23: $.format"),
    Attack(
        "a form that is no text", says(format=2, rows=[{"format": "vialog-answer/1"}]), _DIFFERS, "EVD-23: $.format"
    ),
    *(
        Attack(name, lambda _, does=does, form=form: does(lost_good(earlier=form)), _DIFFERS, names)  # type: ignore[misc]
        for name, form, names, does in (
            ("lost told as missing", None, "row 1: lost is", rows(lambda held: held[0].update(lost="0", missing="1"))),
            ("lost told as used", None, "row 1: lost is", rows(lambda held: held[0].update(lost="0", used="1"))),
            ("lost told as on hand", None, "row 1: lost is", rows(lambda held: held[0].update(lost="0", on_hand="2"))),
            (
                "what is in transit told as at rest",
                None,
                "row 1: in_transit is",
                rows(lambda held: held[0].update(in_transit="0")),
            ),
            (
                "what is in transit told as in use",
                None,
                "row 1: in_transit is",
                rows(lambda held: held[0].update(in_transit="0", in_use="1")),
            ),
            ("rows of the first form in the second", 1, "row 1: lost is", says(format="vialog-answer/2")),
            ("rows of the second form in the first", 2, "row 1: lost is", says(format="vialog-answer/1")),
            ("rows of the second form in the third", 2, "row 1: in_transit is", says(format="vialog-answer/3")),
            ("rows of the third form in the second", None, "row 1: in_transit is", says(format="vialog-answer/2")),
        )
    ),
)


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda one: one.name)
def test_an_attack_is_caught_by_name(attack: Attack) -> None:
    found = checked(attack.bundle)
    assert (found.finding, found.exit_code) == (attack.finding, attack.exit), found.words
    assert attack.names in found.words


def test_a_number_of_a_balance_is_named_with_its_row() -> None:
    data = saying(good("balance"), lambda value: value["rows"][0].update(used="9"))
    assert checked(data).words.startswith('row 1: used is claimed as "9", and "0.')


@pytest.mark.parametrize(("form", "missing", "gone"), [(1, "1", "0"), (2, "0", "1"), (3, "0", "1")])
def test_a_balance_agrees_by_the_form_that_it_is_of(form: int, missing: str, gone: str) -> None:
    data = lost_good(earlier=None if form == 3 else form)
    written = json.loads(read_archive(data)[bundle.ANSWER])
    assert written["format"] == f"vialog-answer/{form}"
    assert [(row["missing"], row["lost"], row["on_hand"]) for row in written["rows"]] == [(missing, gone, "1")]
    assert [row.get("in_transit") for row in written["rows"]] == ["1" if form == 3 else None]
    found = checked(data)
    assert (found.finding, found.exit_code) == (Finding.AGREES, 0), found.words


def test_a_verifier_who_names_a_balance_gets_it_by_the_form_that_is_claimed() -> None:
    found = checked(lost_good(earlier=1), lambda one, _: replace(one, earlier=None))
    assert (found.finding, found.exit_code) == (Finding.AGREES, 0), found.words
    found = checked(lost_good(earlier=1), lambda one, _: replace(one, subject=Tag(FIRST), question="whereabouts"))
    assert found.words == "it answers another question: its question is balance"
    assert found.follows is not None
    assert found.follows.claimed.rows[0]["status"] == "lost"


def test_an_edition_that_the_claimant_did_not_have_and_that_changes_nothing_is_no_difference() -> None:
    found = checked(saying(good("owed"), lambda value: value["editions"].pop(0)))
    assert (found.finding, found.exit_code) == (Finding.AGREES, 0), found.words


def test_a_forged_row_differs_whatever_editions_are_left_out() -> None:
    def forge(value: dict[str, Any]) -> None:
        value["editions"].pop(0)
        value["rows"].pop()

    found = checked(saying(good("owed"), forge))
    assert (found.finding, found.exit_code) == (Finding.DIFFERS, 4), found.words


@pytest.mark.parametrize(("member", "value", "words"), [("line", True, "true, and 1"), ("used", 0, '0, and "')])
def test_a_value_of_another_type_is_another_value(member: str, value: object, words: str) -> None:
    found = checked(saying(good("balance"), lambda said: said["rows"][0].update({member: value})))
    assert found.finding is Finding.DIFFERS
    assert found.words.startswith(f"row 1: {member} is claimed as {words}")


def test_another_instant_for_terms_differs_where_a_term_has_passed_since() -> None:
    data = saying(good("owed"), lambda value: value.update(now="2026-11-20T00:00:00.000000Z"))
    assert checked(data).words == "row 1: overdue is claimed as false, and true follows: event 14"


def test_dropping_any_entry_of_the_bundle_is_caught() -> None:
    for listed in Opened(good()).manifest.entries:
        found = checked(edited(good(), lambda one, at=listed.position: one.withhold(at)))  # type: ignore[misc]
        assert (found.finding, found.exit_code) == (Finding.NOT_CHECKED, 4), listed


def test_an_answer_to_another_question_than_is_asked_differs() -> None:
    found = checked(good(), lambda one, _: replace(one, question="balance"))
    assert found.finding is Finding.DIFFERS
    assert found.words == "it answers another question: its question is descendants"
    assert found.follows is not None
    assert found.follows.claimed.question == "balance"


def test_a_bundle_without_an_answer_answers_what_is_asked() -> None:
    story = told()
    plain = export_bundle(story.log.store, story.frame, Tag(FIRST))
    assert checked(plain).words == "the bundle claims no answer; name a question to have it computed"
    found = checked(plain, lambda one, _: replace(one, question="whereabouts", jurisdiction="CN"))
    assert (found.finding, found.exit_code) == (Finding.UNCLAIMED, 0)
    assert found.follows is not None
    assert found.follows.claimed.rows[0]["site"] is None


def test_without_a_mirror_an_answer_agrees_and_the_bundle_is_not_checked_in_full() -> None:
    story = told()
    frame = replace(story.frame, note=story.log.note(WITNESSES[:2]))
    found = checked(claimed(story.log.store, frame, "whereabouts", FIRST))
    assert (found.finding, found.exit_code, found.replayed) == (Finding.AGREES, 5, ())


def _used_as(saying_it: Saying) -> SmallLog:
    log, _ = begun()
    log.say(use(FIRST), SCIENTIST, saying=saying_it)
    return log


def test_an_event_of_a_kind_that_is_not_known_leaves_the_answer_unchecked() -> None:
    log, later = _used_as(Saying(tags=LINEAGE)), _used_as(Saying(tags=LINEAGE, kind="item.polished/1"))
    data = claimed(log.store, log.publish(), "whereabouts", FIRST)
    at = log.next - 2
    entries = {position: later.entry(position) for position in range(1, later.next)}
    found = checked(edited(data, lambda one: one.transplant(entries, later.publish())))
    assert (found.finding, found.exit_code) == (Finding.NOT_CHECKED, 5)
    assert found.words.startswith(
        f"it rests on event {at}, and cannot be computed: this reader is too old: the kind item.polished/1"
    )


@settings(deadline=None, max_examples=60)
@given(data=st.data())
def test_no_answer_with_another_value_anywhere_agrees(data: st.DataObject) -> None:
    def bend(value: dict[str, Any]) -> None:
        held: Any = value
        while isinstance(held, dict | list) and held:
            places = sorted(held) if isinstance(held, dict) else list(range(len(held)))
            place = data.draw(st.sampled_from(places))
            if not isinstance(held[place], dict | list) or not held[place]:
                held[place] = "bent" if held[place] != "bent" else "more"
                return
            held = held[place]

    assert checked(saying(good(), bend)).finding is not Finding.AGREES


@settings(deadline=None, max_examples=80)
@given(data=st.data())
def test_a_bent_answer_gets_a_finding_and_no_exception(data: st.DataObject) -> None:
    written = read_archive(good())[bundle.ANSWER]
    start = data.draw(st.integers(0, len(written)))
    piece = data.draw(st.binary(max_size=8) | st.sampled_from([b"9" * 30, b'"', b"{}", b"[" * 5_000, b"\xff", b"null"]))
    bent = written[:start] + piece + written[start + data.draw(st.integers(0, 8)) :]
    if bent != written:
        assert checked(refiled(good(), {bundle.ANSWER: bent})).finding is not Finding.AGREES


def _checked_with_one_more(later: Edition, question: str = "owed", subject: str = APPROVAL) -> Checked:
    """Check an honest answer, claimed by a program that has all editions but one, with that one."""
    story = told()
    size = story.frame.checkpoint.size
    without = replace(PACKS, editions=tuple(one for one in PACKS.editions if one.pack.id != later.pack.id))
    said = asked(question, subject, size, log=story.log.store.origin, now=datetime(2027, 6, 1, tzinfo=UTC))
    _, answered = claim(story.log.store, said, size, without)
    data = export_bundle(story.log.store, story.frame, Tag(subject), answered=answered)
    packs = replace(without, editions=(*without.editions, later))
    return check_answer(data, parse_policy(policy()), parse_trust(trust()), packs)


def test_an_honest_answer_is_not_accused_for_an_edition_that_only_the_verifier_has() -> None:
    assert _checked_with_one_more(_NEWEST).finding is Finding.AGREES


def _counting_every(months: int) -> Edition:
    """Return the newest edition with a term for counting stock that holds for what was open when it began, too."""
    own: Any = _NEWEST.pack.clock_tolerance_seconds
    term = replace(own, value=months, unit="months")
    reaches = replace(own, value=("stock_count_months",), unit="")
    return replace(_NEWEST, pack=replace(_NEWEST.pack, stock_count_months=term, reaches_open_duties=reaches))


def test_an_honest_answer_that_such_an_edition_changes_is_not_checked() -> None:
    found = _checked_with_one_more(_counting_every(6), subject=CHILD)
    assert (found.finding, found.exit_code) == (Finding.NOT_CHECKED, 5), found.words
    assert found.words == f"it is claimed without the edition {_NEWEST.pack.name}, and other rows follow with it"


def _checked_with_another_instead(own: Edition, theirs: Edition, subject: str = APPROVAL) -> Checked:
    """Check an honest answer by a program that has another edition of a day, and the claimant's in its folder."""
    story = told()
    size = story.frame.checkpoint.size
    rest = tuple(one for one in PACKS.editions if one.pack.id != own.pack.id)
    said = asked("owed", subject, size, log=story.log.store.origin, now=datetime(2027, 6, 1, tzinfo=UTC))
    _, answered = claim(story.log.store, said, size, replace(PACKS, editions=(*rest, theirs), kept=(own,)))
    data = export_bundle(story.log.store, story.frame, Tag(subject), answered=answered)
    packs = replace(PACKS, editions=(*rest, own), kept=(theirs,))
    return check_answer(data, parse_policy(policy()), parse_trust(trust()), packs)


def _named_otherwise(edition: Edition) -> Edition:
    return replace(edition, pack=replace(edition.pack, digest="d" * 64))


@pytest.mark.parametrize("own", [_NEWEST, _JUDGING], ids=["judged nothing of it", "judged it"])
def test_an_honest_answer_is_not_accused_for_an_edition_that_the_verifier_has_another_one_instead_of(
    own: Edition,
) -> None:
    found = _checked_with_another_instead(own, _named_otherwise(own))
    assert (found.finding, found.exit_code) == (Finding.AGREES, 0), found.words


def test_an_honest_answer_to_which_the_one_instead_makes_a_difference_is_not_checked() -> None:
    theirs = _named_otherwise(_counting_every(6))
    found = _checked_with_another_instead(_NEWEST, theirs, subject=CHILD)
    assert (found.finding, found.exit_code) == (Finding.NOT_CHECKED, 5), found.words
    assert (
        found.words
        == f"it is claimed with the edition {theirs.pack.name}, and other rows follow by those that judge here"
    )


def test_an_edition_that_is_kept_here_excuses_no_row_and_none_that_had_not_begun_is_named() -> None:
    kept = _named_otherwise(_NEWEST)
    packs, early = replace(PACKS, kept=(kept,)), good("owed")
    named = saying(early, lambda value: value["editions"].append(kept.pack.name))
    found = check_answer(named, parse_policy(policy()), parse_trust(trust()), packs)
    assert (found.finding, found.exit_code) == (Finding.DIFFERS, 4), "it begins later than is asked"

    def forge(value: dict[str, Any]) -> None:
        value |= {"now": "2027-06-01T00:00:00.000000Z", "editions": sorted([*value["editions"], kept.pack.name])}
        value["rows"].pop()

    found = check_answer(saying(early, forge), parse_policy(policy()), parse_trust(trust()), packs)
    assert (found.finding, found.exit_code) == (Finding.DIFFERS, 4), found.words


def test_who_names_the_question_is_told_that_another_was_answered_though_not_all_is_proven_of_theirs() -> None:
    """Up to an early position fewer subjects belong to it, and a bundle for that holds no more."""
    story = told()
    data = claimed(story.log.store, story.frame, "descendants", APPROVAL, as_of=_BEFORE_THE_CHILD)
    assert checked(data).finding is Finding.AGREES
    found = checked(data, lambda one, size: replace(one, as_of=size))
    assert (found.finding, found.exit_code) == (Finding.DIFFERS, 4)
    assert found.words == f"it answers another question: its as_of is {_BEFORE_THE_CHILD}"
    assert found.follows is None
