"""The gateway's own world for the proof of the queue: arrivals, plans, policies, people, mishaps."""
