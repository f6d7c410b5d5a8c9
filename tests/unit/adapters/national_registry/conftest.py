"""A registry at the end of a scripted wire."""

import pytest

from adapters.national_registry.adapter import NationalRegistry
from tests.support.partner_wire import Announcements, PartnerWire
from tests.support.registry_partner import SETTINGS, will_give_tokens


@pytest.fixture
def wire() -> PartnerWire:
    wire = PartnerWire()
    will_give_tokens(wire)
    return wire


@pytest.fixture
def registry(wire: PartnerWire) -> NationalRegistry:
    return NationalRegistry(SETTINGS, wire.channel(), wire.tell_time)


@pytest.fixture
def announce(wire: PartnerWire) -> Announcements:
    return Announcements(wire)
