"""What happened, in commit order, for those who read along."""
