"""Telling a vendor which rules his messages keep: as JSON and as a page."""
