"""One contestant of `versions`: the write path of the version whose folder this runs in, a round at each line it reads.

`python contestant.py CALLERS SHARE`, started in the folder of a version. Nothing but what every version since the first
benchmark has is imported, so that an older one can run it. Each line of standard input starts a round; its answer is
how many statements a second were recorded.
"""

from __future__ import annotations

import sys

from scripts.bench.callers import measure
from scripts.bench.places import folder, server
from scripts.bench.received import received


def main() -> None:
    """Answer rounds until standard input ends."""
    callers, share = map(int, sys.argv[1:])
    with folder() as place, server(place) as running, received(running) as bench:
        measure(callers, bench.uses(share // 4), bench.ledger.record)  # connections are open and queries prepared
        print("ready", flush=True)
        for _ in sys.stdin:
            work = bench.uses(share)
            print(measure(callers, work, bench.ledger.record).rate, flush=True)


if __name__ == "__main__":
    main()
