"""A durable queue with leases, ordering keys and retries; it knows nothing of civil registration."""
