"""The group `postgres`: statements, transactions, and rows by the million, against a server of its own."""
