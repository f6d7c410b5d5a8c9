"""Stand-in for the provincial one-stop system; reads `adapters/one_stop/contract`."""
