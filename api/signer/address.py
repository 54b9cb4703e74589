"""Where the signing helper listens: the one address besides their own that pages which sign may connect to."""

from __future__ import annotations

from typing import Final

HOST: Final = "127.0.0.1"
"""The loopback interface by its number: a name could lead elsewhere."""

PORT: Final = 8093
"""Fixed, since the policy of the pages names it; below the ports that systems give out by themselves."""

ADDRESS: Final = f"http://{HOST}:{PORT}"
