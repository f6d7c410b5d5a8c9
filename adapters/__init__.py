"""What speaks with the national systems: one folder per partner behind one port."""
