"""What the one-stop system is told, as tables: one per matter, with converters and codes."""
