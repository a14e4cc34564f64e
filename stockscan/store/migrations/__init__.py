"""The schema's history; `store.db.migrate` applies it."""
