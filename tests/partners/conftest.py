"""What the tests of the scheme share: an application of their own."""

import pytest

from tests.partners.walk import Walk


@pytest.fixture
def walk(lorna, miles):
    return Walk(lorna, miles)
