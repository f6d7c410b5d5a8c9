"""The stores over dictionaries: twins of the SQL ones for tests, held to the same contract suite."""
