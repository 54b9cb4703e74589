"""The catalogue of pathogens transmissible among humans: which agent needs which laboratory, and how it travels.

Source: National Health Commission notice 国卫科教发〔2023〕24号, in force from 18 August 2023. ``agents.csv`` holds its
509 rows in the official order, taken from a public transcription; the gazette's text prevails. Of agents and work that
the catalogue leaves out a unit's biosafety committee decides; here the answer is None.
"""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from ledger.reference.activities import Activity, Material

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date

# From the most to the least dangerous: the levels of a row never rise along it, so the material's state can raise what
# an activity requires and never lower it.
_BY_DANGER: Final = (Activity.CULTURE, Activity.UNCULTURED, Activity.INACTIVATED, Activity.NONINFECTIOUS)
_UN_3373: Final = "3373"


@dataclass(frozen=True, slots=True)
class Agent:
    """One row of the catalogue.

    code: table and number, ``virus-150a``, ``bacterium-166``, ``prion-2``, ``fungus-16``.
    risk_class: 1 to 4; 1 is the most dangerous.
    levels: biosafety level by activity, 1 to 4; an activity that the catalogue leaves blank is absent.
    packing: "A" or "B" (ICAO Doc 9284).
    un_number: without "UN"; of packing A it is the culture's number, see ``un_number_of``.
    cultures_only: packing A holds for cultures only; other specimens travel as B.
    conditional: the remark changes class, level or packing for some strains or animals; who applies a level says so.
    remark: English, with the Chinese in square brackets; "" for none.
    """

    code: str
    name_en: str
    name_zh: str
    taxonomy: str
    risk_class: int
    levels: Mapping[Activity, int]
    packing: str
    un_number: str
    cultures_only: bool
    conditional: bool
    remark: str

    @property
    def high_pathogenic(self) -> bool:
        """Say whether it is of class 1 or 2 (Order 424 Art. 7)."""
        return self.risk_class <= 2

    def level(self, activity: Activity, material: Material) -> int | None:
        """Return the biosafety level that work on material of a state requires; None if the catalogue does not say.

        Material more dangerous than the activity supposes decides: tests on a live culture are work with culture, and
        material whose inactivation is not verified is not yet non-infectious. Of animals the catalogue means infecting
        them, so it says nothing about giving them inactivated material.
        """
        column = _column(activity, material)
        return None if column is None else self.levels.get(column)

    def un_number_of(self, material: Material) -> str | None:
        """Return the UN number that material of a state travels under; None if the catalogue does not say."""
        if material in {Material.INACTIVATED, Material.NONINFECTIOUS}:
            return None
        return _UN_3373 if self.cultures_only and material is Material.UNCULTURED else self.un_number


@dataclass(frozen=True, slots=True)
class AgentCatalogue:
    """A dated table of agents.

    in_force: its first day; None of the empty table, which stands where no catalogue is carried.
    agents: the rows by code, in the official order.
    """

    title: str
    source: str
    in_force: date | None
    agents: Mapping[str, Agent]

    def find(self, agent_code: str) -> Agent | None:
        """Return an agent's row; None if the code is not in the table."""
        return self.agents.get(agent_code)

    def required_level(self, agent_code: str, activity: Activity, material: Material) -> int | None:
        """Return the biosafety level, 1 to 4, that the work requires; None if the agent or the activity is not listed.

        It is the row's level: for a conditional agent some strains need another one, see ``Agent.remark``.
        """
        agent = self.find(agent_code)
        return None if agent is None else agent.level(activity, material)

    def search(self, text: str) -> tuple[Agent, ...]:
        """Return the agents whose code, English or Chinese name contains a text, whatever its case; official order."""
        wanted = text.strip().casefold()
        return tuple(
            agent
            for agent in self.agents.values()
            if wanted and any(wanted in name.casefold() for name in (agent.code, agent.name_en, agent.name_zh))
        )


NO_CATALOGUE: Final = AgentCatalogue("no catalogue carried", "", None, MappingProxyType({}))


def read_agents(title: str, source: str, in_force: date, rows: Iterable[Mapping[str, str]]) -> AgentCatalogue:
    """Make a catalogue of its rows, in the official order, each by the names of its columns.

    Raises KeyError, ValueError: a row is not one of the catalogue.
    """
    agents = [_agent(row) for row in rows]
    return AgentCatalogue(title, source, in_force, MappingProxyType({agent.code: agent for agent in agents}))


def _agent(row: Mapping[str, str]) -> Agent:
    levels = {activity: int(row[activity]) for activity in Activity if row[activity]}
    return Agent(
        code=row["code"],
        name_en=row["name_en"],
        name_zh=row["name_zh"],
        taxonomy=row["taxonomy"],
        risk_class=int(row["risk_class"]),
        levels=MappingProxyType(levels),
        packing=row["packing"],
        un_number=row["un_number"],
        cultures_only=row["cultures_only"] == "yes",
        conditional=row["conditional"] == "yes",
        remark=row["remark"],
    )


def _column(activity: Activity, material: Material) -> Activity | None:
    if activity is Activity.ANIMAL:
        return activity if material in {Material.CULTURE, Material.UNCULTURED} else None
    return min(activity, Activity(material), key=_BY_DANGER.index)
