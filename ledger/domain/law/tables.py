"""The tables that a rule pack carries, as rules read them: working days, agents, units, samples, codes. Protocols."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timezone
from typing import Protocol

from ledger.quantity import Quantity
from ledger.reference.activities import Activity, Material


class WorkingDays(Protocol):
    """A jurisdiction's calendar and its local time."""

    @property
    def name(self) -> str:
        """Return what the calendar is called, ``cn-2026``."""
        ...

    @property
    def offset(self) -> timezone:
        """Return how far local time is from UTC, the whole year."""
        ...

    @property
    def settled_until(self) -> date:
        """Return the last day of which it is known whether offices work."""
        ...

    def is_working_day(self, day: date) -> bool:
        """Say whether offices work on a day."""
        ...

    def is_settled(self, day: date) -> bool:
        """Say whether that is known; otherwise the calendar's answers about the day are estimates."""
        ...

    def add_working_days(self, start: date, n: int) -> date:
        """Return the n-th working day after a day, which itself does not count."""
        ...

    def working_days_between(self, after: date, until: date) -> int:
        """Return how many working days lie after a day, up to and with a later one; none if it is not later."""
        ...

    def local_date(self, instant: datetime) -> date:
        """Return the day that an aware instant falls on locally."""
        ...

    def end_of_day(self, day: date) -> datetime:
        """Return the last instant of a local day, in UTC."""
        ...


class ListedAgent(Protocol):
    """A row of the pathogen catalogue, as rules read it."""

    @property
    def code(self) -> str:
        """Return its stable code, ``virus-150a``."""
        ...

    @property
    def name_en(self) -> str:
        """Return its name in English."""
        ...

    @property
    def name_zh(self) -> str:
        """Return its name in Chinese."""
        ...

    @property
    def risk_class(self) -> int:
        """Return its class, 1 (the most dangerous) to 4."""
        ...

    @property
    def un_number(self) -> str:
        """Return the UN number of its cultures, without "UN"."""
        ...

    @property
    def high_pathogenic(self) -> bool:
        """Say whether it is of class 1 or 2 (Order 424 Art. 7)."""
        ...

    @property
    def conditional(self) -> bool:
        """Say whether the row's remark changes class, level or packing for some strains or animals."""
        ...

    def un_number_of(self, material: Material) -> str | None:
        """Return the UN number that material of a state travels under; None if the catalogue does not say."""
        ...


class Agents(Protocol):
    """The pathogen catalogue of a period."""

    @property
    def in_force(self) -> date | None:
        """Return its first day; None of the empty table, which stands where no catalogue is carried."""
        ...

    @property
    def agents(self) -> Mapping[str, ListedAgent]:
        """Return the rows by code, in the official order."""
        ...

    def find(self, agent_code: str) -> ListedAgent | None:
        """Return an agent's row; None if it is not listed."""
        ...

    def required_level(self, agent_code: str, activity: Activity, material: Material) -> int | None:
        """Return the biosafety level, 1 to 4, that the work requires; None if the catalogue does not say."""
        ...


class PermittedUnits(Protocol):
    """The units that quantities may be in."""

    def check(self, quantity: Quantity) -> None:
        """Raise Refused: UNI-01 the unit is not in the table, UNI-02 a countable unit's value is not whole."""
        ...


class PermittedSamples(Protocol):
    """The sample types and storage conditions that items may be of."""

    def check_type(self, code: str) -> None:
        """Raise Refused: SMP-01 the type is not in the table."""
        ...

    def check_condition(self, code: str) -> None:
        """Raise Refused: SMP-02 the storage condition is not in the table."""
        ...

    def is_warmer(self, code: str, than: str) -> bool:
        """Say whether one storage condition is warmer than another; of an unknown one it is not known."""
        ...


class ListedCodes(Protocol):
    """The lists of codes of a period."""

    def check(self, name: str, code: str, member: str) -> None:
        """Raise Refused COD-01: a member's code is not of the list of that name; of an unknown list any is."""
        ...
