"""A ledger with forty received vials, and signed uses of them: what recording and covering is measured on."""

from __future__ import annotations

from contextlib import closing, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from ledger.domain.bodies.vocabulary import Amount
from ledger.domain.border.listing import ItemListed, ListedItem
from ledger.domain.work.use import ItemUsed
from ledger.reference.activities import Activity
from ledger.rulepacks.load import load_packs
from ledger.service import Ledger, Submission
from ledger.statement.authoring import KIND_OF, Circumstances, make_statement
from ledger.statement.entries.entry import parse_entry
from ledger.store.database.migrate import migrate, name_log
from ledger.store.database.postgres import PostgresStore
from ledger.store.port import Record
from ledger.store.server.embedded import Role
from scripts.demo import border, laboratory
from scripts.demo.cast import LAB, SECOND, Cast, Vial, make_cast, make_vials
from scripts.demo.stage import Stage, StoryClock, open_log

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ledger.ids import Tag
    from ledger.statement.authoring import Made
    from ledger.store.server.embedded import Running

ORIGIN: Final = "bench.vialog/log"
_BATCH: Final = 2_000


@dataclass(frozen=True, slots=True)
class Bench:
    """A laboratory with vials, ready to use them."""

    ledger: Ledger
    clock: StoryClock
    cast: Cast
    vials: list[Vial]

    def uses(self, count: int) -> list[Submission]:
        """Return some signed uses of 0.001 mL, over all vials in turn, not yet handed in.

        All are of one instant: callers hand them in at the same time, and none is to be told out of order.
        """
        when = self._now
        made = [self._use(self.vials[number % len(self.vials)], when) for number in range(count)]
        return [Submission(one.envelope, one.disclosures) for one in made]

    def put(self, count: int) -> None:
        """Put some signed uses into the store unjudged, which is faster: each as another of its vial was judged.

        They are of a millionth of a millilitre, so that no vial is ever empty.
        """
        given = [self._judged(vial) for vial in self.vials]
        for first in range(0, count, _BATCH):
            made = self._made(range(first, min(count, first + _BATCH)), given)
            with self.ledger.store.locked() as log:
                log.append(made, self.clock.now())

    def unjudged(self, count: int) -> list[Record]:
        """Return some signed uses as ``put`` puts them, all of one instant."""
        return self._made(range(count), [self._judged(vial) for vial in self.vials])

    def _made(self, numbers: range, given: Sequence[tuple[str, frozenset[Tag]]]) -> list[Record]:
        when = self._now
        return [self._unjudged(number, when, given) for number in numbers]

    def _unjudged(self, number: int, when: Circumstances, given: Sequence[tuple[str, frozenset[Tag]]]) -> Record:
        place = number % len(self.vials)
        said, (rules, tags) = self._use(self.vials[place], when, "0.000001"), given[place]
        return Record(said.id, KIND_OF[ItemUsed], tags, rules, said.envelope)

    def _judged(self, vial: Vial) -> tuple[str, frozenset[Tag]]:
        """Record a use, and return the edition that judged it and the tags that it was given."""
        said = self._use(vial, self._now, "0.000001")
        self.ledger.record(Submission(said.envelope, said.disclosures))
        found = self.ledger.store.find(said.id)
        assert found is not None
        entry = parse_entry(found.entry)
        return entry.rules, entry.tags

    @property
    def _now(self) -> Circumstances:
        return Circumstances(occurred_at=self.clock.now())

    def _use(self, vial: Vial, when: Circumstances, value: str = "0.001") -> Made:
        body = ItemUsed(
            item=vial.item,
            laboratory=LAB,
            project="bench",
            purpose="research",
            activity=Activity.UNCULTURED,
            quantity=Amount(value=value, unit="mL"),
        )
        return make_statement(self.ledger.store.origin, body, [self.cast.first_lab.first], when)


@contextmanager
def received(running: Running) -> Iterator[Bench]:
    """Yield a log of a server in which a laboratory has received forty vials."""
    migrate(running.conninfo(Role.OWNER))
    name_log(running.conninfo(Role.OWNER), ORIGIN)
    clock, cast = StoryClock(), make_cast()
    vials = [vial for vial in make_vials() if vial.consignment == SECOND]
    with closing(Ledger(PostgresStore(running.conninfo()), load_packs(), clock=clock)) as ledger:
        _receive(Stage(ledger, clock), cast, vials)
        yield Bench(ledger, clock, cast, vials)


def _receive(stage: Stage, cast: Cast, vials: list[Vial]) -> None:
    open_log(stage, cast.operator, cast.admitted)
    border.sites(stage, cast)
    border.approvals(stage, cast)
    border.announce(stage, cast)
    listed = tuple(
        ListedItem(item=vial.item, label=vial.label, quantity=Amount(value=vial.value, unit=vial.unit))
        for vial in vials
    )
    body = ItemListed(consignment=SECOND, approval=vials[0].approval, line=vials[0].line, items=listed)
    stage.say(body, cast.importer.first)
    border.carry(stage, cast, SECOND, vials)
    border.clear(stage, cast, SECOND, vials)
    laboratory.hand_over(stage, cast, vials)
    laboratory.receive(stage, cast, SECOND, vials, {})
