"""Settings of the national registry; everything that a province or a date can change."""

from dataclasses import dataclass

from pydantic import SecretStr

from adapters.http import HttpSettings
from adapters.setting_fault import require_positive


@dataclass(frozen=True, slots=True)
class NationalRegistrySettings:
    """Both generations over the provincial service bus (LGSP); a path is below `base_url` or an address."""

    http: HttpSettings
    client_id: str
    client_secret: SecretStr
    token_path: str = "/token"  # noqa: S105 an address, no secret
    """Bus token, client credentials [S]."""
    lgsp_token_path: str | None = "/lgsp/token"  # noqa: S105 an address, no secret
    """Second token for its own header [S], path [I]; None where a province does not ask for it."""
    push_path: str = "/lgsp/Lienthonghotich/1.0/nhanHoSoDKHT"
    poll_path: str = "/lgsp/Lienthonghotich/1.0/layKetQuaHoSoDKHT"
    """Path [I]: public settings leave it blank."""
    first_generation_path: str = "/apiHoTichTuPhap"
    """Where the operations of generation 1 lie [S]; provinces name it differently."""
    token_margin_seconds: float = 60.0
    """A token is renewed so long before it expires, and at the latest at half of its life."""
    token_seconds: float = 300.0
    """Life of a token whose answer does not say how long it is good."""
    codes_per_poll: int = 3
    """Dossier codes in one poll; more than three was never seen [S]."""
    message_bytes_max: int = 12 * 1024 * 1024
    """A longer message is not sent [I]."""

    def __post_init__(self) -> None:
        """Refuse limits that could never work."""
        require_positive(self, "token_seconds", "codes_per_poll", "message_bytes_max")
