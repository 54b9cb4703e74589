"""The check of a log's database from the first byte to the last."""
