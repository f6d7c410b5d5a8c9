"""Stand-in for the national civil-status registry, generation 2; reads its contract folder."""
