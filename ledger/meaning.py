"""What a signature means (21 CFR 11.50): the words that stand in signed payloads and that rules ask for."""

from __future__ import annotations

from enum import StrEnum


class Meaning(StrEnum):
    """What somebody declares by signing."""

    PERFORMED = "performed"
    WITNESSED = "witnessed"
    APPROVED = "approved"
    RECEIVED = "received"
    HANDED_OVER = "handed-over"
    CONFIRMED = "confirmed"
    ENROLLED = "enrolled"
