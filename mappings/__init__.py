"""Translates the one canonical event into the words of each partner, as data with named converters."""
