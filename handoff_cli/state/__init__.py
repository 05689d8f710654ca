"""The session folder on disk: finding it, lock, atomic writes, ledger, schema, store, archive."""
