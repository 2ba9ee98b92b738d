"""What the tests of the scheme share: an application of their own."""

import pytest

from tests.partners.walk import Walk
from tutti.partners.models import Scheme


@pytest.fixture
def walk(lorna, miles):
    return Walk(lorna, miles)


@pytest.fixture
def scheme(northshire):
    return Scheme.objects.get(service=northshire)
