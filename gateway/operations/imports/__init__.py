"""Imports of old paper books: reading files, comparing entries, taking them in, reporting."""
