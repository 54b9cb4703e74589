"""Write again what a freshly migrated database looks like: ``python -m scripts.make_catalogue``, after a new migration.

Starts a server of its own in a directory that is removed afterwards.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

import psycopg

from ledger.store.database.catalogue import KEPT, list_catalogue
from ledger.store.database.migrate import migrate
from ledger.store.server.embedded import Role, start


def main() -> None:
    """Migrate an empty database and write down what is in it."""
    with tempfile.TemporaryDirectory() as place:
        Path(place).chmod(0o711)  # root's server runs as somebody else
        with start(Path(place) / "data") as running:
            owner = running.conninfo(Role.OWNER)
            migrate(owner)
            with psycopg.connect(owner) as connection:
                lines = list_catalogue(connection)
    KEPT.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")


if __name__ == "__main__":
    main()
