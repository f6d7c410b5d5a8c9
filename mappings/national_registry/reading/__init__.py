"""The reading direction: a dossier in the registry's words becomes a canonical event."""
