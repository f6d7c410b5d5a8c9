"""What operators and the clock do: replay, cancel, reconcile, retention, schedule, health."""
