"""Telling senders what became of their events: signed messages, at least once, in order per event."""
