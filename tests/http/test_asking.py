"""Asking over HTTP: each reader is answered by what they may read, and what they may not is as if it were not there."""

from __future__ import annotations

import csv
import json
from base64 import b64decode
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pytest
from openpyxl import load_workbook

from api.access.principal import Principal, Scope
from api.http import answering
from api.http.answering.subjects import LISTS
from api.http.bounds.whole_logs import Why
from ledger.domain.bodies.vocabulary import Amount, Reference, Role
from ledger.domain.registry.parties import SiteRegistered
from ledger.domain.work.collection import Basis, ItemCollected, NewItem
from ledger.ids import ItemId, KeyId, SiteId, key_tag
from ledger.statement.entries.state_entry import STATE_KIND
from ledger.tlog.proof import check_proof, decode_proof
from ledger.tlog.tree import leaf_hash
from projections.asked.table import QUESTIONS
from tests.authors import admissions, author, made, opening
from tests.http.serving import Answer, Served, by_views_alone, served
from tests.http.test_signing_in import signed_in
from tests.http.test_statements import policy
from tests.servers import EMBEDDED

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ledger.service import Submission
    from tests.servers import Servers

OWN: Final = author("party:lab-1", Role.LABORATORY)
FOREIGN: Final = author("party:lab-2", Role.LABORATORY)
EXCEL: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LABEL: Final = "=HYPERLINK(1)"
"""A label as nobody should open it in a spreadsheet."""


def collected(lab: str, *items: tuple[str, str]) -> ItemCollected:
    """Return that a laboratory collected items. items: of each its id and its label."""
    return ItemCollected(
        laboratory=SiteId(f"site:{lab}"),
        country="CN",
        collected_by="Gulou Hospital",
        basis=Basis.ETHICS_APPROVAL,
        document=Reference(document="EC 2026/31", issued_by="Ethics Committee", digest="0" * 64),
        items=tuple(
            NewItem(item=ItemId(item), label=label, quantity=Amount(value="10", unit="mL"), type="serum")
            for item, label in items
        ),
    )


def stated(lab: str, item: str, label: str) -> list[Submission]:
    who = OWN if lab == "lab-1" else FOREIGN
    site = SiteId(f"site:{lab}")
    return [
        made(SiteRegistered(site=site, party=who.party, name=lab, use="laboratory", level=2), who),
        made(collected(lab, (item, label), (f"{item}-b", f"{label}b")), who),
    ]


@pytest.fixture(scope="module")
def asked(servers: Servers, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A log with two laboratories that know nothing of each other's items, and nobody's views."""
    with served(servers.get(EMBEDDED), tmp_path_factory.mktemp("asked")) as log:
        given = [opening(), *admissions(OWN, FOREIGN)]
        for one in (*given, *stated("lab-1", "item:own", LABEL), *stated("lab-2", "item:foreign", "F-1")):
            position = log.doors.ledger.record(one).event
            assert position is not None
            log.doors.publisher.wait_for(position.position, 20)
        LOGS[log.port] = log
        yield log


@cache
def cookie(port: int) -> str:
    """Return the cookie of the first laboratory's person, who signs in once."""
    return signed_in(LOGS[port])


LOGS: Final[dict[int, Served]] = {}


def ask(log: Served, path: str, **headers: str) -> Answer:
    given = {"Cookie": cookie(log.port)} | {name.replace("_", "-"): one for name, one in headers.items()}
    return log.ask("GET", path, headers=given)


def said(answer: Answer) -> dict[str, Any]:
    assert answer.status == 200, answer.body
    found: dict[str, Any] = json.loads(answer.body)
    return found


def test_an_item_is_told_whole_to_who_has_it(asked: Served) -> None:
    found = said(ask(asked, "/v1/items/item:own"))
    assert (found["log"], found["seen_by"]) == (asked.doors.ledger.store.origin, OWN.party)
    assert (found["item"]["label"], found["item"]["custodian"]) == (LABEL, OWN.party)
    assert [one["kind"] for one in found["history"]] == ["item.collected/1"]
    assert [one["party"] for one in found["custody"]] == [OWN.party]


@pytest.mark.parametrize(
    "path",
    [
        "/v1/items/item:foreign",
        "/v1/questions/whereabouts?item=item:foreign",
        "/v1/questions/custody-chain?item=item:foreign",
        "/v1/questions/descendants?item=item:foreign",
    ],
)
def test_what_may_not_be_seen_is_answered_as_what_is_not_there(asked: Served, path: str) -> None:
    hidden, absent = ask(asked, path), ask(asked, path.replace("foreign", "nothing"))
    assert (hidden.status, absent.status) == (404, 404)
    assert hidden.body.replace(b"foreign", b"nothing") == absent.body


def test_an_entry_is_told_with_its_proof_and_only_to_who_may_read_it(asked: Served) -> None:
    position = said(ask(asked, "/v1/items/item:own"))["history"][0]["position"]
    found = said(ask(asked, f"/v1/entries/{position}"))
    entry = b64decode(found["entry"])
    assert found["leaf"] == leaf_hash(entry).hex()
    check_proof(decode_proof(found["proof"].encode()), leaf_hash(entry), policy())
    assert said(ask(asked, f"/v1/statements/{found['statement']}")) == found
    assert "Gulou Hospital" in found["told"]
    head = asked.doors.ledger.store.head()
    shown = {one: ask(asked, f"/v1/entries/{one}").status for one in range(head + 3)}
    for recorded in asked.doors.ledger.store.read():
        foreign = recorded.kind == "item.collected/1" and recorded.position != position
        hidden = foreign or recorded.kind == STATE_KIND
        assert shown[recorded.position] == (404 if hidden else 200), recorded.kind
        by_id = ask(asked, f"/v1/statements/{recorded.statement}")
        assert by_id.status == shown[recorded.position]
    assert (shown[0], shown[head + 1], shown[head + 2]) == (404, 404, 404)


def test_lists_have_what_may_be_seen_page_by_page(asked: Served) -> None:
    first = ask(asked, "/v1/items?limit=1")
    page = said(first)
    assert ([one["id"] for one in page["rows"]], page["total"], page["more"]) == (["item:own"], 2, True)
    link = first.headers["link"]
    assert link == '</v1/items?limit=1&after=item%3Aown>; rel="next"'
    second = ask(asked, link.partition("<")[2].partition(">")[0])
    assert ([one["id"] for one in said(second)["rows"]], "link" in second.headers) == (["item:own-b"], False)
    parties = [one["id"] for one in said(ask(asked, "/v1/parties"))["rows"]]
    assert {OWN.party, FOREIGN.party} <= set(parties)
    assert ask(asked, "/v1/items?after=item:foreign").body == ask(asked, "/v1/items?after=item:nothing").body.replace(
        b"nothing", b"foreign"
    )


@pytest.mark.parametrize("noun", LISTS)
def test_no_list_and_no_question_tells_of_what_may_not_be_seen(asked: Served, noun: str) -> None:
    assert b"item:foreign" not in ask(asked, f"/v1/{noun}").body
    assert b"item:foreign" not in ask(asked, f"/v1/{noun}?q=F-1").body


def test_keys_are_of_the_register_and_each_says_whose_it_is(asked: Served) -> None:
    own = key_tag(OWN.signer.thumbprint)
    rows = said(ask(asked, f"/v1/keys?party={OWN.party}"))["rows"]
    assert rows == [{"id": own, "party": OWN.party, "person": "p-1", "alg": "ed25519", "revoked": False}]
    assert said(ask(asked, f"/v1/keys/{own}"))["now"] == rows[0]
    assert said(ask(asked, "/v1/keys?status=revoked"))["rows"] == []
    assert said(ask(asked, "/v1/keys?status=enrolled"))["total"] == 3


def test_where_things_stand_is_told_site_by_site_of_what_may_be_seen(asked: Served) -> None:
    rows = said(ask(asked, "/v1/storage"))["rows"]
    assert [(one["site"], one["id"]) for one in rows] == [("site:lab-1", "item:own"), ("site:lab-1", "item:own-b")]
    assert said(ask(asked, "/v1/storage?site=site:lab-2"))["rows"] == []
    table = ask(asked, "/v1/storage", Accept="text/csv", Accept_Language="zh").body.decode().splitlines()
    assert table[0].startswith('"场所","库位"')
    assert ask(asked, "/v1/storage/item:own").status == 404


NARROWED: Final = {
    "item": "item:own",
    "approval": "approval:none",
    "consignment": "consignment:none",
    "party": OWN.party,
    "first": "2026-08-01",
    "last": "2026-12-31",
}


@pytest.mark.parametrize("name", QUESTIONS)
def test_every_question_is_answered_by_what_may_be_seen(asked: Served, name: str) -> None:
    question = QUESTIONS[name]
    about = [one.option for one in question.parameters if one.of is not None][:1]
    needed = [one.option for one in question.parameters if one.of is None and one.needed]
    position = said(ask(asked, "/v1/items/item:own"))["history"][0]["position"]
    given = NARROWED | {"statement": str(position)}
    query = "&".join(f"{one}={given[one]}" for one in (*about, *needed))
    answer = ask(asked, f"/v1/questions/{name}?{query}")
    assert answer.status == (404 if set(about) & {"approval", "consignment"} else 200), answer.body
    assert b"item:foreign" not in answer.body
    if answer.status == 200:
        found = said(answer)
        assert found["rests_on"]["question"] == name
        assert found["rests_on"]["rows"] == len(found["rows"])


def test_an_answer_comes_as_a_table_too_and_nothing_in_it_is_a_formula(asked: Served) -> None:
    csv_answer = ask(asked, "/v1/items", Accept="text/csv", Accept_Language="zh")
    head, *rows = list(csv.reader(csv_answer.body.decode().splitlines()))
    assert head[:3] == ["编号", "标签", "状态"]
    assert rows[0][:2] == ["item:own", f"'{LABEL}"]
    listed = load_workbook(BytesIO(ask(asked, "/v1/items", Accept=EXCEL, Accept_Language="zh").body))
    cells = [*listed["answer"].values]
    assert (cells[0][:3], cells[1][:2]) == (("编号", "标签", "状态"), ("item:own", LABEL))
    assert listed["answer"]["B2"].data_type == "s"
    assert OWN.party in [row[1] for row in listed["about"].values]
    path = "/v1/questions/whereabouts?item=item:own"
    table = [*csv.DictReader(ask(asked, path, Accept="text/csv;q=0.9, */*;q=0.1").body.decode().splitlines())]
    assert len(table) == 1
    answer = ask(asked, path, Accept=EXCEL)
    assert answer.headers["content-type"] == EXCEL
    book = load_workbook(BytesIO(answer.body))
    assert book.sheetnames == ["answer", "about"]
    assert ask(asked, path, Accept="image/png").status == 406


def test_who_has_an_answer_is_told_so(asked: Served) -> None:
    for path in ("/v1/items/item:own", "/v1/items", "/v1/questions/whereabouts?item=item:own", "/v1/entries/1"):
        first = ask(asked, path)
        assert first.headers["cache-control"] == "private, no-cache"
        again = ask(asked, path, If_None_Match=f'"other", {first.headers["etag"]}')
        assert (again.status, again.body) == (304, b""), path
        assert ask(asked, path, If_None_Match='"other"').status == 200
        table = ask(asked, path, If_None_Match=first.headers["etag"], Accept="text/csv")
        assert table.status in {200, 406}


def test_an_answer_is_as_new_as_it_is_asked_to_be(asked: Served) -> None:
    head = asked.doors.ledger.store.head()
    answer = ask(asked, "/v1/items/item:own", Vialog_Min_Position=str(head))
    assert int(answer.headers["vialog-position"]) >= head


def test_a_subject_can_be_asked_as_it_was_known(asked: Served) -> None:
    position = said(ask(asked, "/v1/items/item:own"))["history"][0]["position"]
    assert ask(asked, f"/v1/items/item:own?at={position - 1}").status == 404
    assert said(ask(asked, f"/v1/items/item:own?at={position}"))["as_known_at"] == position
    assert ask(asked, "/v1/items/item:own?at=2020-01-01").status == 404
    question = f"/v1/questions/whereabouts?item=item:own&as_of={position}"
    assert said(ask(asked, question))["rests_on"]["as_known_at"] == position


@pytest.mark.parametrize(
    ("path", "status"),
    [
        pytest.param("/v1/items?limit=0", 400, id="no row"),
        pytest.param("/v1/items?limit=1001", 400, id="too many rows"),
        pytest.param("/v1/items?limit=" + "9" * 400, 400, id="a long number"),
        pytest.param("/v1/items?limit=1&limit=2", 400, id="a parameter twice"),
        pytest.param("/v1/items?colour=red", 400, id="no such parameter"),
        pytest.param("/v1/items?site=tea", 400, id="no id"),
        pytest.param("/v1/items?after=%00", 400, id="no id behind which to begin"),
        pytest.param("/v1/items?q=" + "a" * 201, 400, id="a long text"),
        pytest.param("/v1/worklist?status=tea", 400, id="no way to stand"),
        pytest.param("/v1/worklist?duty=tea", 400, id="no such duty"),
        pytest.param("/v1/worklist?item=party:lab-1", 400, id="an id of another type of subject"),
        pytest.param("/v1/worklist?after=tea", 400, id="no obligation"),
        pytest.param("/v1/worklist?after=7/tea/item:x/", 404, id="no such obligation"),
        pytest.param("/v1/worklist?at=tea", 400, id="no time of a worklist"),
        pytest.param("/v1/items/party:lab-1", 404, id="an id of another type"),
        pytest.param("/v1/items/%00", 404, id="no id at all"),
        pytest.param("/v1/items/item:own?at=tea", 400, id="no time"),
        pytest.param("/v1/items/item:own?at=99999999999999999999", 404, id="no such position"),
        pytest.param("/v1/items/item:own?colour=red", 400, id="no such parameter of one"),
        pytest.param("/v1/items/item:own?at=1&at=1", 400, id="a parameter of one twice"),
        pytest.param("/v1/entries/-1", 404, id="below the first"),
        pytest.param("/v1/entries/" + "9" * 300, 404, id="far beyond the last"),
        pytest.param("/v1/entries/%D9%A1", 404, id="digits of another script"),
        pytest.param("/v1/questions/nothing", 404, id="no such question"),
        pytest.param("/v1/questions/whereabouts", 400, id="a subject is left out"),
        pytest.param("/v1/questions/whereabouts?item=AB-1", 400, id="a label, not an id"),
        pytest.param("/v1/questions/whereabouts?item=item:own&hours=2", 400, id="what the question does not take"),
        pytest.param("/v1/questions/whereabouts?item=item:own&at=tea", 400, id="no time of a question"),
        pytest.param("/v1/questions/whereabouts?item=item:own&as_of=0", 404, id="no position of a question"),
        pytest.param("/v1/questions/whereabouts?item=item:own&item=item:own", 400, id="a subject twice"),
        pytest.param("/v1/questions/whereabouts?item=site:lab-1", 400, id="another type of subject"),
    ],
)
def test_bad_input_is_a_problem(asked: Served, path: str, status: int) -> None:
    answer = ask(asked, path, Accept_Language="zh")
    assert answer.status == status, answer.body
    assert answer.headers["content-type"] == "application/problem+json"


def test_so_many_read_the_whole_log_and_no_more(asked: Served) -> None:
    with by_views_alone(asked.doors):
        answer = ask(asked, "/v1/items")
        assert (answer.status, answer.headers["retry-after"]) == (503, "5")
        assert ask(asked, "/v1/items/item:own").status == 200
    assert ask(asked, "/v1/items").status == 200
    times = asked.doors.whole_logs.counted[Why.NO_VIEWS]
    assert times > 0
    told = asked.get("/metrics").body.decode()
    assert f'vialog_whole_log_readings_total{{why="no-views"}} {times:.1f}' in told


@pytest.mark.parametrize("path", ["/v1/items", "/v1/items/item:own", "/v1/entries/1", "/v1/questions/whereabouts"])
def test_a_stranger_and_a_token_that_only_records_read_nothing(asked: Served, path: str) -> None:
    assert asked.get(path).status == 401
    record = asked.doors.signing_in.record()
    who = Principal(OWN.party, OWN.person, KeyId(key_tag(OWN.signer.thumbprint)), "session-1")
    secret, _ = asked.doors.signing_in.make_token(who, "machine", frozenset({Scope.RECORD}), 1)
    assert record.position > 0
    assert asked.get(path, token=secret).status == 403
    reading, _ = asked.doors.signing_in.make_token(who, "machine", frozenset({Scope.READ}), 1)
    assert asked.get(path, token=reading).status == (400 if path.endswith("whereabouts") else 200)


def test_the_questions_are_listed_for_all(asked: Served) -> None:
    listed = said(asked.get("/v1/questions"))["questions"]
    assert [one["name"] for one in listed] == list(QUESTIONS)


def test_no_answer_is_made_of_anything_but_a_reading() -> None:
    room = Path(answering.__file__).parent
    files = {str(path.relative_to(room)): path.read_text(encoding="utf-8") for path in room.rglob("*.py")}
    assert [name for name, text in files.items() if "doors" in text and "import" in text] == ["reading.py"]


def test_a_page_of_the_largest_limit_names_as_many_subjects_as_its_rows_do(log: Served) -> None:
    """More than a statement may: a thousand items, with the consignments and approvals of each, are more ids."""
    for one in (opening(), *admissions(OWN), stated("lab-1", "item:own", "A-1")[0]):
        log.doors.ledger.record(one)
    for first in range(0, 1_200, 200):
        log.doors.ledger.record(
            made(collected("lab-1", *((f"item:{n}", f"{n}") for n in range(first, first + 200))), OWN)
        )
    answer = log.ask("GET", "/v1/items?limit=1000", headers={"Cookie": signed_in(log)})
    assert (len(said(answer)["rows"]), said(answer)["total"]) == (1_000, 1_200)
    owed = log.ask("GET", "/v1/worklist?limit=1000", headers={"Cookie": signed_in(log)})
    assert len(said(owed)["rows"]) == 1_000
    table = log.ask("GET", "/v1/storage?limit=1000", headers={"Cookie": signed_in(log), "Accept": "text/csv"})
    assert table.status == 200, table.body


@pytest.mark.parametrize("form", ["text/csv", EXCEL])
def test_what_an_answer_calls_things_is_in_the_language_of_who_asks(log: Served, form: str) -> None:
    """Not in that of the service, nor of its machine."""
    site = SiteRegistered(
        site=SiteId("site:lab-1"), party=OWN.party, name="First", name_zh="一号实验室", use="laboratory", level=2
    )
    for one in (opening(), *admissions(OWN), made(site, OWN), made(collected("lab-1", ("item:own", "A-1")), OWN)):
        event = log.doors.ledger.record(one).event
    assert event is not None
    names: dict[str, bool] = {}
    for language in ("en", "zh"):
        headers = {"Cookie": signed_in(log), "Accept": form, "Accept-Language": language}
        answer = log.ask("GET", "/v1/questions/whereabouts?item=item:own", headers=headers)
        rows = answer.body.decode() if form != EXCEL else load_workbook(BytesIO(answer.body)).worksheets[0].values
        names[language] = "一号实验室" in (rows if isinstance(rows, str) else str([*rows]))
    assert names == {"en": False, "zh": True}
    headers = {"Cookie": signed_in(log), "Accept-Language": "zh"}
    assert "一号实验室" in said(log.ask("GET", f"/v1/entries/{event.position}", headers=headers))["told"]
