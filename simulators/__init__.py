"""Stand-ins for the three national systems on the loopback address; never imported by production code."""
