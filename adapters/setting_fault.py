"""What is raised at start when a setting of an adapter cannot be used."""


class SettingFault(ValueError):
    """A setting cannot be used; names it, the rule and the remedy in both languages."""

    def __init__(self, field: str, rule_vi: str, rule_en: str) -> None:
        super().__init__(f"{field}: {rule_vi} / {rule_en}")
        self.field = field


def require_positive(settings: object, *names: str) -> None:
    """Raise SettingFault for the first of these fields that is not above zero."""
    for name in names:
        if getattr(settings, name) <= 0:
            raise SettingFault(name, "phải lớn hơn 0; hãy tăng giá trị", "must be above 0; raise the value")
