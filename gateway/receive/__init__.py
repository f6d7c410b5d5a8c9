"""From raw bytes to a receipt: intake, validate, dedupe, store, plan, queue, in one transaction."""
