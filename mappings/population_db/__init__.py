"""What the population database is told and asked, as tables: one per matter, with converters and codes."""
