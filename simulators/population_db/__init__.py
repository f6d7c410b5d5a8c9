"""Stand-in for the national population database; reads `adapters/population_db/contract`."""
