"""The stores on SQLite and PostgreSQL, through SQLAlchemy Core; one schema, one behaviour."""
