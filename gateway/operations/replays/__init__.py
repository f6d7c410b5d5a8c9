"""Bulk replay: one act on many deliveries, in steps that grow only while it goes well."""
