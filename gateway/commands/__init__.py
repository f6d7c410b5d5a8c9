"""The commands, one file per subject; each is thin and leaves the work to the rooms."""
