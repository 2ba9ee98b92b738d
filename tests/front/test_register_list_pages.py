"""Registers recorded against expected, and chasing."""

import re

import pytest
from django.utils import timezone

from tutti.core.history import Event
from tutti.core.letters import Letter
from tutti.people.models import Office


@pytest.fixture
def client_of_rosa(as_member, rosa):
    return as_member(rosa)


def reminders():
    """Those of today and later; on Monday one went out by itself."""
    return Letter.objects.filter(kind="reminder", written_at__gte=timezone.localtime().replace(day=18, hour=0))


def test_the_page_lists_what_is_missing_and_each_opens_its_register(client_of_rosa, rosa, owen, url):
    page = client_of_rosa.get(url(rosa, "registers")).content.decode()
    assert "14 registers are missing" in page
    assert "44 of 51 recorded in the week commencing 9 November" in page
    links = re.findall(r'href="(/northshire/registers/\d+/2026-\d\d-\d\d/)"', page)
    assert len(links) == 14
    assert client_of_rosa.get(links[0]).status_code == 200


def test_the_picture_has_a_table_with_the_same_figures(client_of_rosa, rosa, url):
    page = client_of_rosa.get(url(rosa, "registers")).content.decode()
    assert re.search(r'<th scope="row">9 November</th><td class="figure">44</td><td class="figure">51</td>', page)
    assert page.count('<th scope="row">') == 10


def test_it_narrows_to_an_office_or_a_teacher(client_of_rosa, rosa, owen, url):
    west = Office.objects.get(service=rosa.service, name="West area office")
    page = client_of_rosa.get(url(rosa, "registers"), {"office": west.pk}).content.decode()
    table = page.split("<table")[1]
    assert "Wren Ashby" in table
    assert "Owen Tregarth" not in table
    page = client_of_rosa.get(url(rosa, "registers"), {"teacher": owen.pk}).content.decode()
    assert "9 registers are missing" in page


@pytest.mark.parametrize("query", [{"office": "x"}, {"teacher": "99999"}, {"page": "700"}, {"office": "1' or 1=1"}])
def test_a_wrong_filter_filters_nothing(client_of_rosa, rosa, url, query):
    response = client_of_rosa.get(url(rosa, "registers"), query)
    assert response.status_code == 200
    assert "14 registers are missing" in response.content.decode()


def test_another_services_office_filters_nothing(client_of_rosa, rosa, sam, url):
    page = client_of_rosa.get(url(rosa, "registers"), {"office": sam.office_id}).content.decode()
    assert "14 registers are missing" in page


def test_the_page_before_shows_exactly_what_goes_to_whom(client_of_rosa, rosa, url):
    page = client_of_rosa.get(url(rosa, "chase")).content.decode()
    client_of_rosa.post(url(rosa, "chase"))
    letters = list(reminders())
    assert len(letters) == 4
    for letter in letters:
        assert letter.subject in page
        assert letter.to_email in page
        for line in letter.body.splitlines():
            assert line.replace('"', "&quot;") in page


def test_looking_sends_nothing(client_of_rosa, rosa, url):
    client_of_rosa.get(url(rosa, "chase"))
    assert not reminders().exists()


def test_a_reminder_names_the_schools_and_weeks_and_no_pupil(client_of_rosa, rosa, owen, url):
    client_of_rosa.post(url(rosa, "chase"), {"teacher": owen.pk})
    letter = reminders().get()
    assert (letter.to_name, letter.to_email) == ("Owen Tregarth", "owen.tregarth@northshire.example")
    assert letter.subject == "9 registers still to record"
    assert "- Cawdale Community School: weeks commencing 19 October, 2 and 9 November\n" in letter.body
    assert "/northshire/\n" in letter.body
    assert "North area office, 01632 960144" in letter.body
    assert Event.objects.about(owen).filter(verb="reminded of registers", by=rosa.person).count() == 1


def test_a_teacher_is_reminded_once_a_day_however_often_it_is_asked(client_of_rosa, rosa, dilys, as_member, url, clock):
    client_of_rosa.post(url(rosa, "chase"))
    client_of_rosa.post(url(rosa, "chase"))
    as_member(dilys).post(url(dilys, "chase"))
    assert reminders().count() == 4
    assert "Reminded today already" in client_of_rosa.get(url(rosa, "chase")).content.decode()
    assert client_of_rosa.get(url(rosa, "home")).content.decode().count('data-label="Last chased">18 November<') == 4
    clock.shift(24 * 60 * 60)
    client_of_rosa.post(url(rosa, "chase"))
    assert reminders().count() == 8


def test_nobody_without_the_right_chases(as_member, hannah, url):
    assert as_member(hannah).post(url(hannah, "chase")).status_code == 403
    assert not reminders().exists()


def test_a_teacher_whose_access_was_taken_away_is_not_written_to(client_of_rosa, rosa, owen, url):
    owen.is_active = False
    owen.save()
    client_of_rosa.post(url(rosa, "chase"))
    assert not reminders().filter(to_name="Owen Tregarth").exists()
    assert reminders().count() == 3
