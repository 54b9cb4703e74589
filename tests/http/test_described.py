"""The OpenAPI document as a whole: whatever it refers to is in it."""

from __future__ import annotations

import json
import re

from api.http.app import document


def test_every_schema_that_is_referred_to_is_there() -> None:
    described = document()
    referred = set(re.findall(r'"#/components/schemas/([^"]+)"', json.dumps(described)))
    assert referred
    assert referred <= described["components"]["schemas"].keys()
