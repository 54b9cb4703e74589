"""A witness for transparency logs: it cosigns checkpoints of a log that only grow (C2SP tlog-witness)."""
