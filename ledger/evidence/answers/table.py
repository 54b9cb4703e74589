"""The tables of effects and of duties, and what is known of kinds and editions: data that verify.html carries too.

``effects.toml`` and ``duties.toml`` are written by hand; ``known.json`` is made of the catalogue and the rule packs
(scripts/seal_page.py).
"""

from __future__ import annotations

import json
import tomllib
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    Step = Mapping[str, Any]

_HERE: Final = files("ledger.evidence.answers")


@cache
def effects() -> Mapping[str, Mapping[str, Any]]:
    """Return the table: by type of subject and kind the steps; ``flows`` and ``rules`` beside them."""
    return tomllib.loads(_HERE.joinpath("effects.toml").read_text(encoding="utf-8"))


@cache
def duties() -> Mapping[str, Mapping[str, Any]]:
    """Return the table of duties: by type of subject each one; ``links`` and ``elsewhere`` beside them."""
    return tomllib.loads(_HERE.joinpath("duties.toml").read_text(encoding="utf-8"))


def type_of(tag: str) -> str:
    """Return the type of a subject, the word before the colon of its tag."""
    return tag.partition(":")[0]


def steps_of(subject_type: str, kind: str) -> Sequence[Step]:
    """Return the steps by which statements of a kind change a subject of a type; none: they do not."""
    steps: Sequence[Step] = effects().get(subject_type, {}).get(kind, ())
    return steps


@cache
def known() -> Mapping[str, Any]:
    """Return the kinds that this program knows, and by the names of entries the editions of rules that it has."""
    found: Mapping[str, Any] = json.loads(_HERE.joinpath("known.json").read_text(encoding="utf-8"))
    return found
