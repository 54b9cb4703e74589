"""The charts that pictures are made of, as plain data: what is drawn, and every number of it as text. Draws nothing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from fractions import Fraction
from typing import TypeAlias


class Shade(StrEnum):
    """How an area or a mark looks: told apart in black and white, by grey and by hatching."""

    DARK = "dark"
    LIGHT = "light"
    HATCHED = "hatched"
    OPEN = "open"


@dataclass(frozen=True, slots=True)
class Span:
    """A length of time in a row. end: None: it lasts."""

    begin: datetime
    end: datetime | None
    shade: Shade


@dataclass(frozen=True, slots=True)
class Mark:
    """A moment in a row. text: what stands beside it; "" nothing."""

    at: datetime
    text: str
    shade: Shade = Shade.DARK


@dataclass(frozen=True, slots=True)
class Track:
    """A row of a timeline. name: what stands in front of it."""

    name: str
    spans: tuple[Span, ...] = ()
    marks: tuple[Mark, ...] = ()


@dataclass(frozen=True, slots=True)
class Timeline:
    """Rows over one axis of time. until: where it ends at least."""

    tracks: tuple[Track, ...]
    until: datetime


@dataclass(frozen=True, slots=True)
class Bar:
    """A row of bars. parts: how long each piece is, and its shade; numbers: all of them, as text behind the bar."""

    name: str
    parts: tuple[tuple[Fraction, Shade], ...]
    numbers: str


@dataclass(frozen=True, slots=True)
class Bars:
    """Rows of bars over one axis of numbers. unit: what is counted, in words."""

    bars: tuple[Bar, ...]
    unit: str


@dataclass(frozen=True, slots=True)
class Series:
    """How much there was from each instant on. numbers: what it comes to at the end, as text."""

    points: tuple[tuple[datetime, Fraction], ...]
    shade: Shade
    numbers: str


@dataclass(frozen=True, slots=True)
class Panel:
    """Some series of one unit over time. name: of what. notes: further numbers, as text beside it."""

    name: str
    series: tuple[Series, ...]
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Panels:
    """Panels one below the other, each with an axis of its own for amounts. until: where time ends."""

    panels: tuple[Panel, ...]
    until: datetime


@dataclass(frozen=True, slots=True)
class Node:
    """A node of a tree. parents: by their places among the nodes; each stands before it. over: what it is is gone."""

    name: str
    parents: tuple[int, ...]
    over: bool = False


@dataclass(frozen=True, slots=True)
class Tree:
    """Nodes from left to right, what was made behind what it was made of."""

    nodes: tuple[Node, ...]


Chart: TypeAlias = Timeline | Bars | Panels | Tree


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture of an answer.

    title: the question. about: what it is about and rests on, a line for each. chart: None: there is nothing to draw.
    legend: what each shade means. notes: what stands below the chart, such as its numbers, a line for each.
    """

    title: str
    about: tuple[str, ...]
    chart: Chart | None
    legend: tuple[tuple[Shade, str], ...] = ()
    notes: tuple[str, ...] = ()
