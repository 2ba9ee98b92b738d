"""Area offices (H16), kept by the head of service."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tutti.core.history import Event
from tutti.people.models import Office
from tutti.people.models.office import add_office

pytestmark = pytest.mark.django_db


@pytest.fixture
def head(as_member, robin):
    return as_member(robin)


def words(answer):
    return answer.content.decode()


def test_an_office_is_added_and_changed_with_its_history(head, url, robin):
    head.post(url(robin, "office_add"), {"name": "Valley", "phone": "01632 960 1", "email": "v@x.example"})
    office = Office.objects.get(name="Valley")
    head.post(url(robin, "office_change", office.pk), {"name": "Vale", "phone": "01632 960 1", "email": "v@x.example"})
    office.refresh_from_db()
    assert (office.name, office.phone, office.service) == ("Vale", "01632 960 1", robin.service)
    verbs = list(Event.objects.about(office).order_by("pk").values_list("verb", "by"))
    assert verbs == [("added", robin.person.pk), ("changed the area office", robin.person.pk)]
    assert "Vale" in words(head.get(url(robin, "offices")))


def test_two_offices_of_one_name_are_refused(head, url, robin, northshire):
    valley = add_office(northshire, robin, name="Valley")
    answer = head.post(url(robin, "office_add"), {"name": "VALLEY", "phone": "77"})
    assert answer.status_code == 422
    assert "of this name already" in words(answer)
    assert 'value="77"' in words(answer)
    assert head.post(url(robin, "office_change", valley.pk), {"name": "Valley", "phone": "78"}).status_code == 302


def test_offices_of_another_service_are_not_there(head, url, robin, as_member, sam):
    other = Office.objects.filter(service=robin.service).first() or add_office(robin.service, robin, name="Valley")
    sam.roles = ["head"]
    assert as_member(sam).get(url(sam, "office_change", other.pk)).status_code in (403, 404)
    assert head.get(url(robin, "office_change", other.pk + 100_000)).status_code == 404


def test_the_list_costs_the_same_for_few_and_many(head, url, robin, northshire):
    def cost():
        with CaptureQueriesContext(connection) as captured:
            head.get(url(robin, "offices"))
        return len(captured)

    add_office(northshire, robin, name="Valley")
    cost()
    few = cost()
    for n in range(30):
        add_office(northshire, robin, name=f"Valley {n}")
    assert cost() == few <= 7
