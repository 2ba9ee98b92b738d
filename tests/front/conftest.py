"""What the tests of this folder share."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tutti.people.models import MusicService


@pytest.fixture
def count_queries():
    """How many queries a call takes."""

    def count(call):
        with CaptureQueriesContext(connection) as queries:
            response = call()
        assert response.status_code == 200
        return len(queries)

    return count


@pytest.fixture
def empty_service(inside):
    """A service in which nothing is set up yet; the test sees its rows and no other's."""
    service = MusicService.objects.create(name="Empty Music Service", slug="empty")
    with inside(service):
        yield service
