"""What the tests of the scheme share: an application of their own."""

import pytest

from tests.partners.walk import Walk
from tutti.partners.models import Scheme
from tutti.people.models.member import add_member


@pytest.fixture
def walk(lorna, miles):
    return Walk(lorna, miles)


@pytest.fixture
def cleo(northshire, robin):
    """A second mentor."""
    return add_member(northshire, robin, name="Cleo Marsh", email="cleo@hub.example", roles=["mentor"])


@pytest.fixture
def scheme(northshire):
    return Scheme.objects.get(service=northshire)
