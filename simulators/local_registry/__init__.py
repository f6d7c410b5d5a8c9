"""Stand-in for the registry software of communes: invents people and events, and posts the events."""
