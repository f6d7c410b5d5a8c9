"""What tests share: builders, fakes, clock, waiting, servers. No test stands in here."""
