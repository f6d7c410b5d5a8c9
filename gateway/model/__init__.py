"""The house's own words: ids, deliveries, outcomes, clock."""
