"""Making the log's keys, interrupted between the two, is completed as long as nothing is published."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from api.cli.operate.log_keys import open_log_keys
from api.logs.guarding import LOG_KEYS_FOLDER
from api.settings import Settings
from ledger.publisher.log_keys import ED25519_FILE, ML_DSA_44_FILE
from ledger.store.database.publication import Publication

if TYPE_CHECKING:
    from pathlib import Path

    from tests.servers import Database


@pytest.mark.parametrize("missing", [ED25519_FILE, ML_DSA_44_FILE])
def test_the_missing_key_is_made_and_the_other_kept(embedded_database: Database, tmp_path: Path, missing: str) -> None:
    phrase = tmp_path / "phrase"
    phrase.touch(mode=0o600)
    phrase.write_text("correct horse battery", encoding="utf-8")
    settings = Settings(data=tmp_path, passphrase_file=phrase)
    with closing(Publication(embedded_database.app)) as publication:
        before = open_log_keys(settings, "log.example/1", publication).keys
        (tmp_path / LOG_KEYS_FOLDER / missing).unlink()
        after = open_log_keys(settings, "log.example/1", publication).keys
    assert len(set(before) & set(after)) == 1
