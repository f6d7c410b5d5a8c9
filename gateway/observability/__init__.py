"""Seeing what happens without seeing whom it happens to: logs, redaction, metrics."""
