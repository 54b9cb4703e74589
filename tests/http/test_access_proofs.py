"""The proof of an entry of the access log: what it shows, to whom, and who could lie with one and is seen."""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING, Any, Final

import pytest

from api.accesses.checking import digest_of_entries
from api.accesses.digests import digests_of
from api.accesses.entry import hash_of
from api.accesses.proving import check_access
from ledger.domain.registry.accesses import AccessDigested
from ledger.errors import LedgerError, Malformed, NotTrusted
from ledger.publisher.proofs import prove_recorded
from ledger.tlog.policy import Policy
from tests.authors import OPERATOR, made
from tests.http.test_access_log import AUDITOR, Watched, watching
from tests.http.test_asking import FOREIGN
from tests.http.test_asking import OWN as LAB
from tests.http.test_statements import policy
from tests.servers import EMBEDDED

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.servers import Servers

Proof = dict[str, Any]

_PER_DAY: Final = (5, 3)
"""How many reads there are on each of two days; the first digest covers those of the first."""


@pytest.fixture(scope="module")
def watched(servers: Servers, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Watched]:
    """A served log whose auditor has read data of the laboratory on two days, each with its digest, and once since."""
    with watching(servers.get(EMBEDDED), tmp_path_factory.mktemp("proven")) as watched:
        for reads in _PER_DAY:
            for _ in range(reads):
                assert watched.ask("/v1/items/item:own").status == 200
            digest(watched)
        assert watched.ask("/v1/items/item:own").status == 200
        yield watched


def digest(watched: Watched) -> None:
    """State the digest of what was read since the last one, and wait for its checkpoint."""
    doors = watched.log.doors
    covered = max((one.last for one in digests_of(doors.ledger.store)), default=0)
    entries, root = digest_of_entries(doors.accesses.entries(covered))
    stated = doors.ledger.record(made(AccessDigested(first=covered + 1, entries=entries, root=root), OPERATOR))
    assert stated.event is not None
    assert doors.publisher.wait_for(stated.event.position, 20) is not None


def asked(watched: Watched, number: int, party: str = LAB.party) -> bytes:
    answer = watched.ask(f"/v1/accesses/{number}/proof", party)
    assert answer.status == 200, answer.body
    return answer.body


@pytest.mark.parametrize("number", range(1, sum(_PER_DAY) + 1))
@pytest.mark.rule("ACP-01", "ACP-02", "ACP-03")
def test_each_entry_that_a_digest_covers_is_proven_to_the_party_whose_data_was_read(
    watched: Watched, number: int
) -> None:
    proven = check_access(asked(watched, number), policy())
    assert (proven.said["number"], proven.said["party"], proven.said["route"]) == (number, AUDITOR.party, "read_item")
    assert [(one["party"], one["subjects"]) for one in proven.parts] == [(LAB.party, ["item:own"])]
    assert proven.first <= number <= proven.last
    assert proven.party == OPERATOR.party
    assert proven.position <= proven.witnessed.checkpoint.size


def test_who_read_it_has_the_proof_too_and_nobody_else_does(watched: Watched) -> None:
    assert check_access(asked(watched, 2, AUDITOR.party), policy()).others == 0
    assert watched.ask("/v1/accesses/2/proof", FOREIGN.party).status == 404


@pytest.mark.parametrize("number", ["0", "9999", str(sum(_PER_DAY) + 1), "x", "9" * 40])
def test_what_is_not_there_or_under_no_digest_yet_is_not_found(watched: Watched, number: str) -> None:
    assert watched.ask(f"/v1/accesses/{number}/proof", LAB.party).status == 404


def test_a_proof_that_was_given_out_holds_when_the_entry_is_gone_and_the_service_proves_none_of_its_day(
    watched: Watched,
) -> None:
    kept = asked(watched, 2)
    columns = "number, asked, reader, parties, entry, parts, leaf"
    watched.run("alter table vialog_doors.access disable trigger append_only")
    watched.run("alter table vialog_doors.access_end disable trigger append_only")
    watched.run(f"create table held as select {columns} from vialog_doors.access where number = 2")
    watched.run("create table held_end as select * from vialog_doors.access_end where number = 2")
    try:
        watched.run("delete from vialog_doors.access_end where number = 2")
        watched.run("delete from vialog_doors.access where number = 2")
        assert watched.ask("/v1/accesses/2/proof", LAB.party).status == 404
        assert watched.ask("/v1/accesses/1/proof", LAB.party).status == 500
        assert watched.ask("/v1/accesses/7/proof", LAB.party).status == 200
        assert check_access(kept, policy()).said["number"] == 2
    finally:
        watched.run(f"insert into vialog_doors.access ({columns}) select {columns} from held")
        watched.run("insert into vialog_doors.access_end select * from held_end")
        watched.run("drop table held, held_end")
        for table in ("access", "access_end"):
            watched.run(f"alter table vialog_doors.{table} enable always trigger append_only")
    assert asked(watched, 2) == kept


def _coded(data: bytes) -> str:
    return base64.b64encode(data).decode()


def _entry(proof: Proof, change: Callable[[dict[str, Any]], object]) -> None:
    said = json.loads(base64.b64decode(proof["entry"]))
    change(said)
    proof["entry"] = _coded(json.dumps(said, separators=(",", ":")).encode())


def _part(proof: Proof) -> dict[str, Any]:
    part: dict[str, Any] = json.loads(base64.b64decode(proof["parts"][0]))
    return part


def _says_less(proof: Proof, _: Proof, __: Watched) -> None:
    proof["parts"] = [_coded(json.dumps(_part(proof) | {"statements": 0}, separators=(",", ":")).encode())]


def _says_less_and_names_it(proof: Proof, other: Proof, watched: Watched) -> None:
    _says_less(proof, other, watched)
    _entry(proof, lambda said: said.update(parts=[hash_of(base64.b64decode(proof["parts"][0]))]))


def _by_another(proof: Proof, _: Proof, __: Watched) -> None:
    _entry(proof, lambda said: said.update(party="party:nobody"))


def _another_number(proof: Proof, _: Proof, __: Watched) -> None:
    _entry(proof, lambda said: said.update(number=said["number"] + 1))


def _another_day(proof: Proof, other: Proof, _: Watched) -> None:
    proof.update(digest=other["digest"], proof=other["proof"])


def _another_day_and_path(proof: Proof, other: Proof, _: Watched) -> None:
    proof.update(digest=other["digest"], proof=other["proof"], path=other["path"])


def _proof_of_another_day(proof: Proof, other: Proof, _: Watched) -> None:
    proof["proof"] = other["proof"]


def _another_entrys_path(proof: Proof, other: Proof, _: Watched) -> None:
    proof["path"] = other["path"]


def _no_path(proof: Proof, _: Proof, __: Watched) -> None:
    proof["path"] = []


def _foreign_part(proof: Proof, other: Proof, _: Watched) -> None:
    proof["parts"] = [*proof["parts"], *other["parts"]]


def _part_twice(proof: Proof, _: Proof, __: Watched) -> None:
    proof["parts"] *= 2


def _no_digest(proof: Proof, _: Proof, watched: Watched) -> None:
    """Name a statement of the log that is no digest: the one that opened it."""
    doors = watched.log.doors
    other = next(iter(doors.ledger.store.read(0, 1)))
    found = prove_recorded(doors.publication, other, doors.keys)
    assert found is not None
    proof.update(digest=_coded(other.entry), proof=_coded(found))


def _changed_digest(proof: Proof, _: Proof, __: Watched) -> None:
    digest = base64.b64decode(proof["digest"])
    proof["digest"] = _coded(digest.replace(b"position ", b"position 1", 1))


def _more(proof: Proof, _: Proof, __: Watched) -> None:
    proof["note"] = "believe me"


def _later(proof: Proof, _: Proof, __: Watched) -> None:
    proof["v"] = 2


def _not_base64(proof: Proof, _: Proof, __: Watched) -> None:
    proof["entry"] = "=" + proof["entry"]


def _no_entry(proof: Proof, _: Proof, __: Watched) -> None:
    proof["entry"] = _coded(b"[]")


ATTACKS: Final[dict[str, tuple[Callable[[Proof, Proof, Watched], None], type[LedgerError], str]]] = {
    "the part says that less was read": (_says_less, NotTrusted, "ACP-02"),
    "the part says that less was read, and the entry names it": (_says_less_and_names_it, NotTrusted, "ACP-02"),
    "the entry says that somebody else read": (_by_another, NotTrusted, "ACP-02"),
    "the entry has another number": (_another_number, NotTrusted, "ACP-02"),
    "the entry is moved under the digest of another day": (_another_day, NotTrusted, "ACP-02"),
    "the entry is moved under the digest of another day, with a path there": (
        _another_day_and_path,
        NotTrusted,
        "ACP-02",
    ),
    "the digest has the proof of another one": (_proof_of_another_day, NotTrusted, "ACP-03"),
    "the path is another entry's": (_another_entrys_path, NotTrusted, "ACP-02"),
    "there is no path": (_no_path, NotTrusted, "ACP-02"),
    "a part of another entry is shown too": (_foreign_part, NotTrusted, "ACP-02"),
    "a part is shown twice": (_part_twice, Malformed, "ACP-01"),
    "what is named is no digest": (_no_digest, NotTrusted, "ACP-03"),
    "the digest says that it stands elsewhere": (_changed_digest, NotTrusted, "ACP-03"),
    "there is something more in it": (_more, Malformed, "STM-17"),
    "it is of a later form": (_later, Malformed, "ACP-01"),
    "a member is no canonical base64": (_not_base64, Malformed, "ACP-01"),
    "the entry is none": (_no_entry, Malformed, "ACP-01"),
}


@pytest.mark.parametrize("name", ATTACKS)
@pytest.mark.rule("ACP-01", "ACP-02", "ACP-03")
def test_whoever_changes_a_proof_is_seen(watched: Watched, name: str) -> None:
    change, error, rule = ATTACKS[name]
    proof, other = json.loads(asked(watched, 2)), json.loads(asked(watched, 7))
    change(proof, other, watched)
    with pytest.raises(error, match=rule):
        check_access(json.dumps(proof, separators=(",", ":")).encode(), policy())


def test_the_digest_of_another_log_is_not_believed(watched: Watched) -> None:
    with pytest.raises(NotTrusted, match="TLOG-"):
        check_access(asked(watched, 2), Policy((), {}, {}, None))


def test_a_proof_without_the_parts_shows_the_entry_alone(watched: Watched) -> None:
    proof = json.loads(asked(watched, 2)) | {"parts": []}
    proven = check_access(json.dumps(proof, separators=(",", ":")).encode(), policy())
    assert (proven.parts, proven.others) == ((), 1)


@pytest.mark.parametrize("cut", [0, 1, 100, -1])
def test_a_proof_that_is_cut_off_is_malformed(watched: Watched, cut: int) -> None:
    with pytest.raises(Malformed):
        check_access(asked(watched, 2)[:cut], policy())
