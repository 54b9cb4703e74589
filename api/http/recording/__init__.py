"""How statements come in over HTTP: one, many, drafted, refused with a receipt, or left for others to sign."""
