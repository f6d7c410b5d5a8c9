"""The inside of the queue in memory; `retry_queue.memory_store` is its door."""
