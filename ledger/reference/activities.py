"""What is done with an agent and what state its material is in: the two words that a laboratory's level depends on.

Pure words; it reads no table. The activities are the columns of the 2023 catalogue of pathogens transmissible among
humans (国卫科教发〔2023〕24号); the materials are the states that its notes tell apart.
"""

from __future__ import annotations

from enum import StrEnum


class Activity(StrEnum):
    """Work with an agent, as the catalogue's columns divide it."""

    CULTURE = "culture"
    """Isolation, growth and any work with live culture; of prions tissue culture, else also live strains."""

    ANIMAL = "animal"
    """Infecting animals, and all work with them, their samples and their waste."""

    UNCULTURED = "uncultured"
    """Tests on infected material before it is reliably inactivated; of bacteria and fungi all sample testing,
    isolation included."""

    INACTIVATED = "inactivated"
    """Work on material inactivated by a reliable method; the catalogue says it of viruses only."""

    NONINFECTIOUS = "noninfectious"
    """Work on material confirmed to hold no infectious agent."""


class Material(StrEnum):
    """The state of the material that is worked on, from the most to the least dangerous."""

    CULTURE = "culture"
    """A live culture or strain; with viruses also tissue neither fixed nor reliably inactivated."""

    UNCULTURED = "uncultured"
    """Infected material as collected: a specimen."""

    INACTIVATED = "inactivated"
    """Inactivated by a reliable method, not yet verified."""

    NONINFECTIOUS = "noninfectious"
    """Verified to hold no infectious agent."""
