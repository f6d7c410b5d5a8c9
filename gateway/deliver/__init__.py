"""From a claimed job to a recorded outcome: map, send or ask, decide, record."""
