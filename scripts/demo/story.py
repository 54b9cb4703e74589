"""The story of the demo from the first act to the last."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from api.language import label
from ledger.domain.custody.receipt import Condition
from ledger.domain.states.supervision import Area
from scripts.demo import border, endings, laboratory, own, supervised, waiting
from scripts.demo.cast import FIRST, SECOND, THIRD, Cast, Vial
from scripts.demo.stage import Stage, open_log

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from ledger.ids import ItemId


@dataclass(slots=True)
class Story:
    """The acts, each a method; they are played in the order of ``acts``.

    take_manifest: imports the importer's manifest.
    tubes: what the splitting and pooling left, for the destruction. split: all tubes that the splitting made.
    """

    stage: Stage
    cast: Cast
    vials: Sequence[Vial]
    take_manifest: Callable[[], None]
    tubes: list[ItemId] = field(default_factory=list)
    split: list[ItemId] = field(default_factory=list)

    def acts(self) -> list[tuple[str, Callable[[], None]]]:
        """Return the acts, each with what it is called."""
        return [
            (label("The log opens; nine parties, eighteen keys"), self.opening),
            (label("Sites and approvals"), self.permissions),
            (label("Consignments announced, manifest imported"), self.announcements),
            (label("Plasma: flown in, held, sampled, released, received"), self.plasma_arrives),
            (label("Antibody and kits: flown in, released, received"), self.reagents_arrive),
            (label("Plasma used, once before consent; a misread volume corrected"), self.plasma_work),
            (label("Antibody and kits used and shared"), self.reagent_work),
            (label("A freezer that was full before; blood of the hospital"), self.own_material),
            (label("Aliquots and a pool"), self.splitting),
            (label("A recall that reaches tubes and a pool, and is lifted"), self.recall),
            (label("The plasma's approval is withdrawn"), self.withdrawal),
            (label("Destruction before a witness, waste certified"), self.disposal),
            (label("A stolen key; the project ends"), self.ending),
            (label("A strain assessed with two other products, approved in 2 working days"), self.application),
            (label("Its declaration is overdue, and made late"), self.overdue),
            (label("Officers visit: one finding objected to, one corrected and verified"), self.visit),
            (label("What waits: another application before its meeting, two findings to correct"), self.waiting),
        ]

    def opening(self) -> None:
        """Open the log and admit everybody."""
        open_log(self.stage, self.cast.operator, self.cast.admitted)

    def permissions(self) -> None:
        """Register the sites and grant the approvals."""
        border.sites(self.stage, self.cast)
        border.approvals(self.stage, self.cast)

    def announcements(self) -> None:
        """Announce the consignments and list their vials."""
        border.announce(self.stage, self.cast)
        self.take_manifest()

    def plasma_arrives(self) -> None:
        """Bring the plasma in; a second declaration of its single-use approval is refused."""
        plasma = self._of(FIRST)
        landed = border.carry(self.stage, self.cast, FIRST, plasma)
        border.clear(self.stage, self.cast, FIRST, plasma)
        self.stage.try_to_say(border.declaration(self.stage, FIRST), self.cast.broker.first)
        border.store_cold(self.stage, self.cast, plasma, landed)
        laboratory.hand_over(self.stage, self.cast, plasma)
        found = {"PL-007": Condition.DAMAGED, "PL-019": Condition.DAMAGED, "PL-031": Condition.MISSING}
        laboratory.receive(self.stage, self.cast, FIRST, plasma, found)
        laboratory.store(self.stage, self.cast, [vial for vial in plasma if vial.label != "PL-031"], "F1")
        laboratory.settle(self.stage, self.cast, FIRST, plasma, found)

    def reagents_arrive(self) -> None:
        """Bring antibody and kits in, each from a Monday on; the antibody gets too warm where it lands."""
        for consignment, freezer in ((SECOND, "F2"), (THIRD, "F3")):
            vials = self._of(consignment)
            self.stage.clock.day(3, 18)
            landed = border.carry(self.stage, self.cast, consignment, vials)
            if consignment == SECOND:
                landed = border.warm(self.stage, self.cast, vials, landed)
            border.clear(self.stage, self.cast, consignment, vials)
            border.store_cold(self.stage, self.cast, vials, landed)
            laboratory.hand_over(self.stage, self.cast, vials)
            laboratory.receive(self.stage, self.cast, consignment, vials, {})
            laboratory.store(self.stage, self.cast, vials, freezer)

    def plasma_work(self) -> None:
        """Use plasma: once too early, then with the customs' consent, once with a misread volume."""
        plasma = self._of(FIRST)
        laboratory.use_against(self.stage, self.cast, plasma[2], "0.2", because="urgent")
        laboratory.consent(self.stage, self.cast)
        laboratory.work(self.stage, self.cast, plasma[8:18] + plasma[32:], "0.2", "F1")
        laboratory.misread(self.stage, self.cast, plasma[9])

    def reagent_work(self) -> None:
        """Use antibody and kits, and share some with the second laboratory."""
        antibody, third = self._of(SECOND), self._of(THIRD)
        laboratory.decide_excursion(self.stage, self.cast, antibody)
        laboratory.work(self.stage, self.cast, antibody[:20], "0.25", "F2")
        self.stage.clock.day(1, 9)
        laboratory.work(self.stage, self.cast, antibody[:20], "0.10", "F4")
        laboratory.share(self.stage, self.cast, antibody[20:])
        self.stage.clock.day(1, 9)
        laboratory.work(self.stage, self.cast, third[25:], "1", "F3")
        laboratory.count(self.stage, self.cast, third[:25])
        self.stage.clock.day(1, 9)
        laboratory.work(self.stage, self.cast, third[:25], "0.25", "F5")

    def own_material(self) -> None:
        """Open the stock of the laboratory, and put on record what came over no border."""
        own.open_stock(self.stage, self.cast)
        own.collect(self.stage, self.cast)

    def splitting(self) -> None:
        """Split eight vials of plasma, and pool two tubes of each of the first three."""
        split = self._of(FIRST)[20:28]
        self.stage.clock.day(0, 13)
        laboratory.take_out(self.stage, self.cast, [vial.item for vial in split])
        made = [tube for vial in split for tube in laboratory.aliquot(self.stage, self.cast, vial, "0.58")]
        self.split += made
        self.tubes += [*made[6:], laboratory.pool(self.stage, self.cast, made[:6])]
        laboratory.put_away(self.stage, self.cast, [vial.item for vial in split], self.tubes)

    def recall(self) -> None:
        """Recall the first vial that was split: its tubes and the pool are held as well."""
        vial = self._of(FIRST)[20].item
        supervised.recall(self.stage, self.cast, vial, self.split[:3], self.tubes[-1])

    def withdrawal(self) -> None:
        """Withdraw the plasma's approval; somebody who was not told uses it once more."""
        endings.withdraw(self.stage, self.cast)
        laboratory.use_against(self.stage, self.cast, self._of(FIRST)[12], "0.1", because="not-informed")

    def disposal(self) -> None:
        """Destroy all plasma that there is, and have its waste certified."""
        items = [vial.item for vial in self._of(FIRST) if vial.label != "PL-031"]
        endings.destroy(self.stage, self.cast, [*items, *self.tubes])
        endings.clear_waste(self.stage, self.cast, [*items, *self.tubes])

    def ending(self) -> None:
        """Revoke a stolen key that is then tried, and end the project."""
        endings.lose_a_key(self.stage, self.cast)
        endings.end(self.stage, self.cast, self._of(THIRD)[:25])

    def application(self) -> None:
        """Apply for a strain, have it assessed in a meeting, and bring it in."""
        supervised.application(self.stage, self.cast)
        supervised.strains_arrive(self.stage, self.cast)

    def overdue(self) -> None:
        """Let the date of the declaration pass, and declare late."""
        supervised.declare_late(self.stage, self.cast)

    def visit(self) -> None:
        """Have officers visit the laboratory."""
        supervised.visit(self.stage, self.cast)

    def waiting(self) -> None:
        """Leave an application to a meeting, and two findings, of which one is overdue and one due soon."""
        waiting.raise_finding(self.stage, self.cast, 3, Area.DOCUMENTS, "Order 160 Art. 26", days=1)
        self.stage.clock.day(2, 9)
        waiting.apply_again(self.stage, self.cast)
        waiting.raise_finding(self.stage, self.cast, 4, Area.STORAGE, "269/2015 B1.9", days=4)

    def _of(self, consignment: str) -> list[Vial]:
        return [vial for vial in self.vials if vial.consignment == consignment]
