"""The service's settings and its colours."""

import pytest

from tutti.core.history import Event
from tutti.people.models.member import add_member

pytestmark = pytest.mark.django_db


@pytest.fixture
def head(as_member, robin):
    return as_member(robin)


@pytest.fixture
def known(northshire):
    names = ("name", "accent", "email", "phone", "address", "lessons_a_year", "summary_working_day", "remind_on")
    return {name: getattr(northshire, name) for name in names}


def words(answer):
    return answer.content.decode()


def test_what_is_set_is_kept_with_its_history(head, url, robin, northshire, known):
    head.post(url(robin, "service_settings"), {**known, "name": "Northshire Music", "lessons_a_year": 30})
    northshire.refresh_from_db()
    assert (northshire.name, northshire.lessons_a_year) == ("Northshire Music", 30)
    event = Event.objects.about(northshire).latest("pk")
    assert (event.before["lessons_a_year"], event.after["lessons_a_year"], event.by) == (33, 30, robin.person)


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("name", "", "Type the name of the service."),
        ("accent", "reddish", "Type a colour as #"),
        ("email", "x", "Type an e-mail address"),
        ("lessons_a_year", "20", "greater than or equal to 21"),
        ("lessons_a_year", "40", "less than or equal to 39"),
        ("summary_working_day", "0", "greater than or equal to 1"),
        ("summary_working_day", "16", "less than or equal to 15"),
        ("summary_working_day", "first", "Enter a whole number"),
        ("remind_on", "", "Choose a day, or never."),
        ("remind_on", "6", "Choose a day, or never."),
    ],
)
def test_a_mistake_is_said_and_nothing_is_kept(head, url, robin, northshire, known, field, value, message):
    answer = head.post(url(robin, "service_settings"), {**known, "phone": "01632 960 777", field: value})
    assert answer.status_code == 422
    assert message in words(answer)
    assert "01632 960 777" in words(answer)
    northshire.refresh_from_db()
    assert northshire.phone == known["phone"]


@pytest.mark.parametrize(("typed", "day"), [("0", 0), ("never", None)])
def test_new_teachers_begin_with_the_services_day_for_letters_and_the_others_keep_theirs(
    head, url, robin, northshire, hannah, known, typed, day
):
    head.post(url(robin, "service_settings"), {**known, "remind_on": typed})
    northshire.refresh_from_db()
    hannah.refresh_from_db()
    new = add_member(northshire, robin, name="Una Fell", email="una.fell@northshire.example", roles=["teacher"])
    assert (northshire.remind_on, new.remind_on, hannah.remind_on) == (day, day, 4)


@pytest.mark.parametrize(("typed", "kept"), [("#8F2A63", "#8f2a63"), ("8f2a63", "#8f2a63"), (" #39c ", "#3399cc")])
def test_a_colour_may_be_typed_in_any_way(head, url, robin, northshire, known, typed, kept):
    head.post(url(robin, "service_settings"), {**known, "accent": typed})
    northshire.refresh_from_db()
    assert northshire.accent == kept


def test_a_colour_too_light_is_darkened_and_the_office_sees_what_became_of_it(head, url, robin, northshire, known):
    head.post(url(robin, "service_settings"), {**known, "accent": "#ffb000"})
    northshire.refresh_from_db()
    shown = northshire.palette.light.accent
    page = words(head.get(url(robin, "service_settings")))
    assert shown != "#ffb000"
    assert f'fill="{shown}"' in page
    assert "too light to be read" in page
    assert f"--accent:{shown};" in words(head.get(url(robin, "brand")))


def test_the_style_sheet_is_kept_for_a_year_and_its_address_changes_with_the_colour(anybody, url, northshire, robin):
    before = northshire.brand_url
    answer = anybody.get(url(northshire, "brand"))
    assert answer["Content-Type"].startswith("text/css")
    assert answer["Cache-Control"] == "public, max-age=31536000, immutable"
    northshire.change(robin, accent="#0b625b")
    assert northshire.brand_url != before
    assert "--accent:#0b625b;" in words(anybody.get(url(northshire, "brand")))


def test_each_service_wears_its_own_colour(anybody, url, northshire, southshire):
    assert northshire.accent != southshire.accent
    assert words(anybody.get(url(northshire, "brand"))) != words(anybody.get(url(southshire, "brand")))


def test_without_a_service_there_is_no_colour(anybody, db):
    assert anybody.get("/brand.css").status_code == 404


def test_c4_a_kind_of_lesson_may_be_promised_a_number_of_its_own(as_member, url, robin):
    client, address = as_member(robin), url(robin, "service_settings")
    typed = {"name": robin.service.name, "accent": robin.service.accent, "lessons_a_year": 33, "summary_working_day": 1}
    typed["remind_on"] = 4
    assert client.post(address, {**typed, "promise_large_group": 30}).status_code == 302
    robin.service.refresh_from_db()
    assert (robin.service.promise("large_group"), robin.service.promise("individual")) == (30, 33)
    page = client.post(address, {**typed, "promise_large_group": 80})
    assert page.status_code == 422 and "80" in page.content.decode()
    assert client.post(address, typed).status_code == 302
    robin.service.refresh_from_db()
    assert robin.service.promise("large_group") == 33
