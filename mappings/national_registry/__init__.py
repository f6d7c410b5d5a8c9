"""What the national civil-status registry is told, as tables: one per matter, with converters and codes."""
