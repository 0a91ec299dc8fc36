"""Alembic's environment: runs the steps on the connection that `kb.register.upgrade` gives, inside its transaction."""

from __future__ import annotations

from alembic import context

from kb.register.schema import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata, render_as_batch=True)
context.run_migrations()
