"""``python -m api.cli`` is the command ``vialog``, for a checkout that is not installed."""

from __future__ import annotations

from api.cli.main import app

app(prog_name="vialog")
