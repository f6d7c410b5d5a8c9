"""Where events, deliveries and the feed are kept: ports first, then memory and SQL."""
