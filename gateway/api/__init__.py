"""The HTTP edge: asynchronous, thin, and never open without a token."""
