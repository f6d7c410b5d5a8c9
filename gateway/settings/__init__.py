"""Everything that can be set, where it is read from, and how a demonstration hurries it."""

from gateway.settings.hurried import policy_settings
from gateway.settings.reading import read_settings
from gateway.settings.tree import Settings

__all__ = ["Settings", "policy_settings", "read_settings"]
