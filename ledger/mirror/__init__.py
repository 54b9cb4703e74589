"""A mirror: its own copy of a log, replayed from the first entry, and a cosignature that says so."""
