"""The queue on SQL, one file an idea; `retry_queue.sql_store` puts them together."""
