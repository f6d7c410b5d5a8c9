"""Measuring messages by the real rules, and telling of each rule whether it holds."""
