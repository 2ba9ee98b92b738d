"""The list of partners: who is in good standing today, and nobody else (M11, A5)."""

from datetime import timedelta

import pytest
from django.test import Client

from tests.partners.walk import IN_TIME, Walk
from tutti.core.calendar import today
from tutti.partners.models import Application, Partner

pytestmark = pytest.mark.django_db


def names(**asked):
    page = Client().get("/northshire/partners/", asked)
    assert page.status_code == 200
    return [partner.name for partner in page.context["page"]]


def test_m11_a_partner_is_there_from_the_day_on_which_the_induction_is_completed(walk):
    walk.go(*IN_TIME[:-1])
    assert "Ada Quill" not in names()
    walk.complete()
    assert "Ada Quill" in names()


def test_a5_who_has_ended_is_there_to_their_last_day(walk, clock):
    Partner.objects.filter(application=walk.go(*IN_TIME)).update(until=today())
    assert "Ada Quill" in names()
    clock.shift(timedelta(days=1))
    assert "Ada Quill" not in names()


@pytest.mark.parametrize(("asked", "found"), [("viol", True), ("VIOLA", True), ("tuba", False), ("  ", True)])
def test_m11_found_by_instrument(walk, asked, found):
    Application.objects.filter(pk=walk.case.pk).update(answers={"instruments": ["Violin", "Viola"]})
    walk.go(*IN_TIME)
    assert ("Ada Quill" in names(instrument=asked)) == found


def test_nobody_like_that_says_what_to_do(walk):
    page = Client().get("/northshire/partners/", {"instrument": "tuba"}).content.decode()
    assert "Nobody like that" in page and "Show all" in page


def test_another_service_s_partners_are_not_there(southshire, inside):
    with inside(southshire):
        theirs = set(Partner.objects.filter(service=southshire).values_list("name", flat=True))
    assert theirs and not theirs & set(names())


def test_no_address_of_anybody_is_on_the_page(walk):
    partner = Partner.objects.get(application=walk.go(*IN_TIME))
    page = Client().get("/northshire/partners/").content.decode()
    assert partner.name in page and partner.email not in page


def test_m11_few_and_many_take_the_same_few_queries(walk, lorna, miles, django_assert_max_num_queries):
    client = Client()
    client.get("/northshire/partners/")
    with django_assert_max_num_queries(8) as few:
        client.get("/northshire/partners/")
    done = Walk(lorna, miles, name="Ben Holt").go(*IN_TIME)
    rows = [
        Partner(
            service=lorna.service,
            application=Application.objects.create(
                service=lorna.service,
                name=f"P {n}",
                email=f"p{n}@studio.example",
                stage="completed",
                sent_at=done.sent_at,
            ),
            name=f"Partner {n}",
            email=f"p{n}@studio.example",
            since=today(),
        )
        for n in range(60)
    ]
    Partner.objects.bulk_create(rows)
    with django_assert_max_num_queries(len(few.captured_queries)):
        assert len(client.get("/northshire/partners/").context["page"]) == 50
