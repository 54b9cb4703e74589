"""What a service answers, held against the form that its document gives it: whoever answers may be anybody."""

from __future__ import annotations

import json
import re
from typing import TypeVar

import msgspec

from ledger.errors import Malformed

_Form = TypeVar("_Form")

_AT = re.compile(r" - at `(\$[^`]*)`\Z")


def read_form(said: str | bytes, form: type[_Form]) -> _Form:
    """Return what JSON says, members that the form does not name included, as those of a later service.

    form: a typed dictionary of ``api.rows``. Raises Malformed: SVC-03 it is not JSON, or of another form.
    """
    try:
        read = json.loads(said)
    except (ValueError, RecursionError) as error:
        raise Malformed("SVC-03", "$", "the service's answer is not JSON") from error
    try:
        msgspec.convert(read, form)
    except msgspec.ValidationError as error:
        found = _AT.search(str(error))
        at = "$" if found is None else found[1]
        raise Malformed("SVC-03", at, "is not in the form that the service's document gives it") from error
    checked: _Form = read
    return checked
