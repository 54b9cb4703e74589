"""A small import, signed for real, for tests of the ledger as a whole: who takes part, and what they state.

Everything is stated as made at one instant, and breaks no rule unless its test wants that.
"""

from __future__ import annotations

from contextlib import contextmanager
from datetime import date
from threading import Event
from typing import TYPE_CHECKING, Final

from ledger.domain.amends.corrections import StatementVoided
from ledger.domain.approval.approvals import ApprovalGranted, ApprovedLine, Direction
from ledger.domain.approval.balance import LineQuantity
from ledger.domain.bodies.vocabulary import Amount, Grade, Packaging, Role, WriteOff
from ledger.domain.border.consignments import ConsignmentAnnounced, Route
from ledger.domain.border.entry import ConsignmentDeclared, DeclaredLine
from ledger.domain.border.listing import ItemListed, ListedItem
from ledger.domain.border.release import ConsignmentReleased
from ledger.domain.custody.custody import CustodyHandedOver
from ledger.domain.custody.receipt import Condition, Documents, ItemReceived, ReceivedItem
from ledger.domain.registry.keys import KeyEnrolled, LogOpened
from ledger.domain.registry.parties import PartyRegistered, RoleGranted, SiteRegistered
from ledger.domain.work.use import ItemUsed
from ledger.errors import LedgerError, Malformed, NotTrusted, Refused
from ledger.ids import ApprovalId, ConsignmentId, ItemId, SiteId, key_tag
from ledger.meaning import Meaning
from ledger.reference.activities import Activity
from ledger.rulepacks.load import RulePacks, load_packs
from ledger.service import Ledger, Submission
from ledger.statement.authoring import Author, Circumstances, Made, make_statement
from ledger.statement.form.envelope import parse_envelope
from ledger.statement.statement import sign_statement
from ledger.statement.text.binary import encode_base64
from ledger.store.deciding.committer import Outcome
from tests.authors import OPERATOR, START, author
from tests.servers import ORIGIN

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from concurrent.futures import Future
    from datetime import datetime

    from ledger.clock import Clock
    from ledger.domain.bodies.vocabulary import Body
    from ledger.ids import StatementId
    from ledger.statement.text.strict_json import JsonValue
    from ledger.store.port import Store

PACKS: Final[RulePacks] = load_packs()

IMPORTER: Final = author("party:importer", Role.APPLICANT)
LABORATORY: Final = author("party:laboratory", Role.LABORATORY)
WITNESS: Final = author("party:laboratory", Role.LABORATORY, person="p-2", meaning=Meaning.WITNESSED)
CUSTOMS: Final = author("party:customs", Role.CUSTOMS)
CAST: Final = (IMPORTER, LABORATORY, WITNESS, CUSTOMS)

LAB: Final = SiteId("site:lab")
APPROVAL: Final = ApprovalId("approval:2026-7")
GOODS: Final = ConsignmentId("consignment:1")

_LONG: Final = 30.0  # seconds: a test that needs them has failed


class TestClock:
    """A clock that stands still until it is set, and that can keep whoever asks it waiting."""

    __test__ = False

    def __init__(self) -> None:
        """Stand at the instant at which everything is stated."""
        self.time = START
        self._open = Event()
        self._open.set()
        self._asked = Event()

    def now(self) -> datetime:
        """Return the time, as soon as nobody holds the clock."""
        self._asked.set()
        assert self._open.wait(_LONG)
        return self.time

    @contextmanager
    def held(self) -> Iterator[Event]:
        """Keep those who ask waiting until the block ends; yield what tells that somebody asks."""
        self._asked.clear()
        self._open.clear()
        try:
            yield self._asked
        finally:
            self._open.set()


def open_ledger(store: Store, clock: Clock | None = None) -> Ledger:
    """Return the ledger over a store, by the Chinese rules; it is for the caller to close."""
    return Ledger(store, PACKS, clock=clock or TestClock())


def state(
    body: Body,
    *authors: Author,
    log: str = ORIGIN,
    reason: str | None = None,
    acknowledges: Mapping[str, str] | None = None,
    corrects: StatementId | None = None,
    disclose: Mapping[str, JsonValue] | None = None,
    at: datetime = START,
) -> Made:
    """Return a signed statement; see ``Circumstances``."""
    when = Circumstances(
        occurred_at=at,
        reason=reason,
        acknowledges=acknowledges or {},
        corrects=corrects,
        disclose=disclose or {},
    )
    return make_statement(log, body, authors, when)


def under(statement: StatementId, made: Made, *authors: Author) -> Made:
    """Return what a statement says under the id of another, signed anew."""
    payload = parse_envelope(made.envelope).payload.replace(made.id.encode(), statement.encode())
    return Made(statement, sign_statement(payload, [one.signer for one in authors]), made.disclosures)


def handed_in(made: Made) -> Submission:
    """Return a statement as it is handed in."""
    return Submission(made.envelope, made.disclosures)


# Who takes part


def opening(who: Author = OPERATOR, log: str = ORIGIN) -> Made:
    """Return the opening of a log by its operator."""
    body = LogOpened(
        party=who.party,
        name="Operator",
        key=key_tag(who.signer.thumbprint),
        spki=encode_base64(who.signer.spki),
        alg=who.signer.alg,
        person=who.person,
    )
    return state(body, who, log=log)


def registration(who: Author) -> Made:
    """Return the registration of an author's party."""
    name = who.party.partition(":")[2]
    return state(PartyRegistered(party=who.party, name=name, country="CN", business="research"), OPERATOR)


def grant(who: Author) -> Made:
    """Return the grant of an author's role."""
    return state(RoleGranted(party=who.party, role=who.role), OPERATOR)


def enrolled(who: Author) -> KeyEnrolled:
    """Return the body of the enrolment of an author's key."""
    return KeyEnrolled(
        key=key_tag(who.signer.thumbprint),
        spki=encode_base64(who.signer.spki),
        alg=who.signer.alg,
        party=who.party,
        person=who.person,
    )


def enrolment(who: Author) -> Made:
    """Return the enrolment of an author's key by the operator and the key itself."""
    return state(enrolled(who), OPERATOR, who)


def founding(*cast: Author) -> list[Made]:
    """Return the opening of the log and the admission of some authors, by default of the whole cast."""
    cast = cast or CAST
    parties = {one.party: one for one in reversed(cast)}.values()
    return [opening(), *map(registration, parties), *map(grant, parties), *map(enrolment, cast)]


# What they import


def vials(value: str) -> Amount:
    """Return a number of vials."""
    return Amount(value=value, unit="vial")


def ml(value: str) -> Amount:
    """Return an amount in mL."""
    return Amount(value=value, unit="mL")


def laboratory(site: SiteId = LAB, who: Author = LABORATORY) -> Made:
    """Return the registration of a laboratory by the party that runs it."""
    return state(SiteRegistered(site=site, party=who.party, name="Laboratory", use="laboratory", level=2), who)


def approved(
    quantity: str = "100", numbers: Sequence[int] = (1,), write_off: WriteOff = WriteOff.BATCH
) -> ApprovalGranted:
    """Return the body of the approval of one line of vials, or some."""
    return ApprovalGranted(
        approval=APPROVAL,
        number="2026 7",
        direction=Direction.IMPORT,
        applicant=IMPORTER.party,
        issued_on=date(2026, 8, 15),
        valid_from=date(2026, 8, 15),
        valid_to=date(2027, 8, 14),
        grade=Grade.C1,
        write_off=write_off,
        follow_up=False,
        sites=(LAB,),
        purposes=("research",),
        lines=tuple(ApprovedLine(line=number, name_en="vials", quantity=vials(quantity)) for number in numbers),
    )


def approval(quantity: str = "100", numbers: Sequence[int] = (1,)) -> Made:
    """Return the approval of one line of vials, or some, which may be used for several consignments."""
    return state(approved(quantity, numbers), CUSTOMS)


def _quantities(quantity: str, numbers: Sequence[int]) -> tuple[LineQuantity, ...]:
    return tuple(LineQuantity(approval=APPROVAL, line=number, quantity=vials(quantity)) for number in numbers)


def announcement(goods: ConsignmentId = GOODS, quantity: str = "2", numbers: Sequence[int] = (1,)) -> Made:
    """Return the announcement of a consignment of vials, so many on each line."""
    body = ConsignmentAnnounced(
        consignment=goods,
        applicant=IMPORTER.party,
        consignee=LABORATORY.party,
        consignor_country="SE",
        destination=LAB,
        route=Route.IMPORT,
        lines=_quantities(quantity, numbers),
    )
    return state(body, IMPORTER)


def listing(*items: ItemId, goods: ConsignmentId = GOODS, line: int = 1) -> Made:
    """Return the list of a consignment's vials, 10 mL in each."""
    listed = tuple(ListedItem(item=item, label=item.partition(":")[2], quantity=ml("10")) for item in items)
    return state(ItemListed(consignment=goods, approval=APPROVAL, line=line, items=listed), IMPORTER)


def declaration(
    goods: ConsignmentId = GOODS,
    quantity: str = "2",
    corrects: StatementId | None = None,
    numbers: Sequence[int] = (1,),
) -> Made:
    """Return the customs declaration of a consignment, which reserves its vials on the approval."""
    body = ConsignmentDeclared(
        consignment=goods,
        declaration_number=goods.partition(":")[2],
        port_code="2301",
        declared_on=date(2026, 9, 1),
        lines=tuple(DeclaredLine(approval=APPROVAL, line=number, quantity=vials(quantity)) for number in numbers),
    )
    return state(body, IMPORTER, corrects=corrects, reason="misread" if corrects else None)


def release(*items: ItemId, goods: ConsignmentId = GOODS, quantity: str = "2", numbers: Sequence[int] = (1,)) -> Made:
    """Return the release of vials, which writes their number off, so many on each line."""
    body = ConsignmentReleased(
        consignment=goods,
        items=items,
        release_number=goods.partition(":")[2],
        lines=_quantities(quantity, numbers),
    )
    return state(body, CUSTOMS)


def hand_over(*items: ItemId) -> Made:
    """Return the hand-over of vials to the laboratory."""
    body = CustodyHandedOver(items=items, receiver=LABORATORY.party, count=len(items), packaging=Packaging.INTACT)
    return state(body, IMPORTER)


def receipt(*items: ItemId, goods: ConsignmentId = GOODS) -> Made:
    """Return the laboratory's receipt of vials."""
    lines = tuple(ReceivedItem(item=item, condition=Condition.INTACT) for item in items)
    body = ItemReceived(consignment=goods, laboratory=LAB, items=lines, documents=Documents.MATCH)
    return state(body, LABORATORY)


def used(item: ItemId, value: str, purpose: str = "research") -> ItemUsed:
    """Return the body of a use of so many mL of a vial."""
    return ItemUsed(
        item=item, laboratory=LAB, project="p", purpose=purpose, activity=Activity.UNCULTURED, quantity=ml(value)
    )


def use(item: ItemId, value: str, *, corrects: Made | None = None, at: datetime = START) -> Made:
    """Return a use of so many mL of a vial by the laboratory, or the correction of one, told in whatever order."""
    late = {"GEN-12": "late-entry"}
    if corrects is None:
        return state(used(item, value), LABORATORY, acknowledges=late, at=at)
    return state(used(item, value), LABORATORY, acknowledges=late, corrects=corrects.id, reason="misread", at=at)


def voiding(target: Made, *authors: Author) -> Made:
    """Return the voiding of a statement, by the laboratory unless others are named."""
    return state(StatementVoided(statement=target.id, ground="entered-twice"), *(authors or (LABORATORY,)))


def to_the_bench(*items: ItemId, quantity: str = "100") -> list[Made]:
    """Return everything from the opening of the log to vials that are received in the laboratory."""
    number = str(len(items))
    return [
        *founding(),
        laboratory(),
        approval(quantity),
        announcement(quantity=number),
        listing(*items),
        declaration(quantity=number),
        release(*items, quantity=number),
        hand_over(*items),
        receipt(*items),
    ]


def record_all(ledger: Ledger, statements: Iterable[Made]) -> None:
    """Record statements one after the other; none may fail."""
    for outcome in ledger.record_many(map(handed_in, statements)):
        if isinstance(outcome, Exception):
            raise outcome


def together(ledger: Ledger, clock: TestClock, *handed: Submission) -> list[Outcome | LedgerError]:
    """Hand statements in so that they are decided in one batch, and return each one's answer.

    clock: the ledger's.
    """
    with clock.held() as asked:
        first = ledger.submit(handed_in(opening()))
        assert asked.wait(_LONG)  # its batch is closed; what comes now queues behind it
        waiting = [ledger.submit(one) for one in handed]
        # The intake tells what is wrong with a statement only when it has passed on those before it.
        assert isinstance(ledger.submit(Submission(b"")).exception(_LONG), Malformed)
    assert isinstance(first.exception(_LONG), Refused)
    return [answer_of(one) for one in waiting]


def answer_of(waiting: Future[Outcome]) -> Outcome | LedgerError:
    """Wait for an answer and return it, errors that a caller can act on as values."""
    try:
        return waiting.result(_LONG)
    except LedgerError as error:
        return error


def told(answer: Outcome | LedgerError) -> str:
    """Return an answer in a word: the rule that refused, the kind of error, or what became of it."""
    match answer:
        case Refused() | Malformed() | NotTrusted():
            return answer.rule
        case LedgerError():
            return type(answer).__name__
        case Outcome(event=None):
            return "checked"
        case _:
            return "repeated" if answer.repeated else "recorded"
