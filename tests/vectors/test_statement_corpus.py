"""Every hostile statement gives its one clear error, and the stored corpus is the one that is built."""

from __future__ import annotations

import json

import pytest

from ledger.errors import Malformed, NotTrusted
from ledger.statement.statement import open_envelope
from tests.corpus.build import FOLDER, INDEX, faults, files
from tests.corpus.sealing import Fault, corpus_keys, good_payload, sealed

CORPUS = faults()
KEYS = corpus_keys()


def test_the_stored_corpus_is_the_one_that_is_built() -> None:
    stored = {path.name: path.read_bytes() for path in FOLDER.iterdir()}
    built = files()
    assert sorted(stored) == sorted(built)
    assert [name for name in built if stored[name] != built[name]] == []


def test_no_two_faults_share_a_name() -> None:
    assert len({fault.name for fault in CORPUS}) == len(CORPUS)


def test_without_a_fault_the_statement_opens() -> None:
    assert open_envelope(sealed(good_payload()), KEYS.get).payload_bytes == good_payload()


@pytest.mark.parametrize("fault", CORPUS, ids=lambda fault: fault.name)
def test_a_fault_gives_one_error_that_names_rule_and_member(fault: Fault) -> None:
    expected = json.loads((FOLDER / INDEX).read_bytes())[f"{fault.name}.json"]
    error = error_of((FOLDER / f"{fault.name}.json").read_bytes())
    assert {"rule": error.rule, "member": error.member if isinstance(error, Malformed) else None} == expected


@pytest.mark.parametrize("fault", CORPUS, ids=lambda fault: fault.name)
def test_an_error_can_be_shown_as_it_is(fault: Fault) -> None:
    shown = str(error_of(fault.data))
    assert shown.isascii()
    assert shown.isprintable()
    assert len(shown) < 300


def error_of(data: bytes) -> Malformed | NotTrusted:
    """Return the error that a file of the corpus gives."""
    try:
        open_envelope(data, KEYS.get)
    except (Malformed, NotTrusted) as error:
        return error
    raise AssertionError("the file was opened")
