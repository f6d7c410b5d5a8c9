"""Where the population database is and who we are to it; every limit with its unit."""

from dataclasses import dataclass

from pydantic import SecretStr

from adapters.http import HttpSettings
from adapters.setting_fault import SettingFault

FETCH_REQUESTS_CEILING = 100


@dataclass(frozen=True, slots=True)
class PopulationDatabaseSettings:
    """One account at one address. Raises SettingFault for values that could never work."""

    http: HttpSettings
    """Its `base_url` is the full address of the service."""
    user: str
    secret: SecretStr
    signed_url: str | None = None
    """Address that goes into the signature, where the partner knows its service by another than we call."""
    unit_code: str | None = None
    """Electronic code of the calling unit (mã định danh đơn vị); sent in look-ups that name none."""
    fetch_requests_max: int = 10
    """How many outstanding numbers one `fetch` asks about, one call each."""

    def __post_init__(self) -> None:
        """Refuse what the partner could never accept."""
        if not self.user or ":" in self.user:
            raise SettingFault(
                "user",
                "không được trống và không chứa dấu hai chấm; hãy sửa tên tài khoản",
                "must not be empty nor contain a colon; correct the account name",
            )
        if not self.secret.get_secret_value():
            raise SettingFault(
                "secret", "không được trống; hãy khai báo mã bí mật", "must not be empty; set the secret"
            )
        if not 1 <= self.fetch_requests_max <= FETCH_REQUESTS_CEILING:
            raise SettingFault(
                "fetch_requests_max",
                f"phải từ 1 đến {FETCH_REQUESTS_CEILING}; hãy sửa giá trị",
                f"must be from 1 to {FETCH_REQUESTS_CEILING}; correct the value",
            )

    @property
    def service_url(self) -> str:
        """Full address that is called, spelled as in the settings because it is signed."""
        return self.http.base_url
