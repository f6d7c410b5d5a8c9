"""What many days came to."""

from dataclasses import dataclass


@dataclass
class Summary:
    """Adds up days."""

    days: int = 0
    good_days: int = 0
    events: int = 0
    deliveries: int = 0
    happenings: int = 0
    misses: int = 0
    unavoidable: int = 0
    unavoidable_sharp: int = 0
    regret: int = 0
    beaten: int = 0
    """Days on which the queue did better than the oracle: it was held to less than it could have been."""
    violations: int = 0
    lost_leases: int = 0
    worst: str = ""
    worst_misses: int = -1

    @property
    def is_proof(self) -> bool:
        """Nothing broken on any day, nobody late whom the oracle could have saved."""
        return self.violations == 0 and self.regret == 0

    def told(self, seconds: float) -> list[tuple[str, str]]:
        """Row by row, for people."""
        rate = self.days / seconds if seconds else 0.0
        return [
            ("days", f"{self.days:,}"),
            ("days a second", f"{rate:.1f}"),
            ("events", f"{self.events:,}"),
            ("deliveries", f"{self.deliveries:,}"),
            ("happenings", f"{self.happenings:,}"),
            ("leases lost and fenced off", f"{self.lost_leases:,}"),
            ("late", f"{self.misses:,}"),
            ("late with the oracle", f"{self.unavoidable:,}"),
            ("late with an oracle that need not notice", f"{self.unavoidable_sharp:,}"),
            ("regret", f"{self.regret:,}"),
            ("days better than the oracle", f"{self.beaten:,}"),
            ("violations", f"{self.violations:,}"),
            ("worst day", f"{self.worst} ({self.worst_misses:,} late)"),
        ]
