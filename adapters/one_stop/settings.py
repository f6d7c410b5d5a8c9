"""Settings of the one-stop synchronisation; everything that a province or a date can change."""

from dataclasses import dataclass

from pydantic import SecretStr

from adapters.http import HttpSettings
from adapters.setting_fault import require_positive


@dataclass(frozen=True, slots=True)
class OneStopSettings:
    """Where dossiers and steps are reported; a path is below `http.base_url` or a full address."""

    http: HttpSettings
    username: str
    password: SecretStr
    agency_code: str
    """Electronic unit code (mã định danh điện tử) of the province, like `000.00.00.H08`."""
    login_path: str = "/api/login"
    dossier_path: str = "/api/DongBoHoSoMC"
    step_path: str = "/api/CapNhatTienDoHoSoMC"
    look_up_path: str = "/api/TraCuuHoSo"
    """All four paths [I]: each province has its own."""
    linked_secret_id: str | None = None
    linked_secret_pass: SecretStr | None = None
    """The pair of the linked service (`SecretId`, `SecretPass`); without it the account above is used."""
    linked_token_path: str = "/api/lienthongdvclt/token"  # noqa: S105 - the path of a service
    linked_status_path: str = "/api/lienthongdvclt/capNhatTrangThaiHoSoDVCLTHoTich"
    linked_dossier_path: str = "/api/lienthongdvclt/hosolienthong"
    """The linked service, beside the one-stop system [I]; the code of the dossier follows the last one."""
    session_seconds: float = 1500.0
    """How long a session is used before a new login [I]; an earlier expiry is noticed and mended."""
    message_bytes_max: int = 2 * 1024 * 1024
    """A longer message is not sent [I]."""

    @property
    def linked_pair(self) -> tuple[str, SecretStr]:
        """Who we are for the linked service."""
        return self.linked_secret_id or self.username, self.linked_secret_pass or self.password

    def __post_init__(self) -> None:
        """Refuse limits that could never work."""
        require_positive(self, "session_seconds", "message_bytes_max")
