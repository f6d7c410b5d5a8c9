"""The house: takes events in, delivers them, tells their journey; the only folder that knows the others."""
