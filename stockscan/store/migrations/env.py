"""How Alembic reaches the database: over the connection that `store.db.migrate` hands it."""

from alembic import context

from stockscan.store.rows import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,
    transactional_ddl=True,
)
with context.begin_transaction():
    context.run_migrations()
