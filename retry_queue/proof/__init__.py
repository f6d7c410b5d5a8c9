"""Proof of the promises: the real worker under a virtual clock, a seeded world, an oracle."""
