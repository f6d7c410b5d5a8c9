"""Rules between fields, code lists and calendar: pure, a function each, so that no fault hides another."""
