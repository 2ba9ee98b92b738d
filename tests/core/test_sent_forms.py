"""What is sent with a form is kept by no browser: the page that answers it has an address of its own (H11)."""

import uuid

import pytest

from tutti.teaching.models import Allocation, Pupil

pytestmark = pytest.mark.django_db
SLIP = {
    "name": "Quillawyn Zoffrandel",
    "date_of_birth": "14 3 2062",
    "instrument": "Violin",
    "lesson": "individual-20",
    "from_week": "2026-11-16",
    "once": str(uuid.uuid4()),
}
BY_A_BROWSER = {"headers": {"Sec-Fetch-Mode": "navigate"}}


@pytest.fixture
def add_page(url, hannah, larkrise):
    allocation = Allocation.objects.get(teacher=hannah, school=larkrise)
    return url(hannah, "pupil_add", allocation.pk, next=url(hannah, "my_pupils"))


@pytest.fixture
def hannahs(as_member, hannah):
    return as_member(hannah)


def send(visitor, address, data=SLIP):
    return visitor.post(address, data, **BY_A_BROWSER)


def test_a_slip_is_answered_with_an_address_and_that_shows_what_was_typed(hannahs, add_page):
    sent = send(hannahs, add_page)
    assert sent.status_code == 303 and sent.content == b""
    assert sent["Location"].startswith(f"{add_page}&answer=")
    assert "no-store" in sent["Cache-Control"]
    for _ in range(2):  # and when it is loaded again
        page = hannahs.get(sent["Location"])
        assert page.status_code == 422 and "no-store" in page["Cache-Control"]
        assert "Quillawyn Zoffrandel" in page.content.decode()
        assert "must be in the past" in page.content.decode()


def test_put_right_from_there_it_is_saved_and_goes_where_it_should(hannahs, add_page, url, hannah):
    slip = send(hannahs, add_page)["Location"]
    saved = send(hannahs, slip, SLIP | {"date_of_birth": "14 3 2015"})
    assert saved["Location"] == url(hannah, "my_pupils")
    assert Pupil.objects.filter(name="Quillawyn Zoffrandel").count() == 1
    assert "is in Violin" in hannahs.get(saved["Location"]).content.decode()
    assert "Quillawyn" not in hannahs.get(slip).content.decode(), "the slip is forgotten"
    assert "answer" not in hannahs.session


def test_a_second_slip_takes_the_place_of_the_first(hannahs, add_page):
    first = send(hannahs, add_page)["Location"]
    second = send(hannahs, first, SLIP | {"name": "Vexillora Thrimbwick"})["Location"]
    assert second.count("answer=") == 1 and second != first
    assert "Vexillora" in hannahs.get(second).content.decode()
    again = hannahs.get(first)
    assert again.status_code == 200 and "Quillawyn" not in again.content.decode()


def test_the_address_shows_nothing_to_anybody_else_nor_after_the_sign_out(
    hannahs, add_page, as_member, anybody, url, owen, hannah
):
    slip = send(hannahs, add_page)["Location"]
    assert as_member(owen).get(slip).status_code == 404
    assert "Quillawyn" not in as_member(hannah).get(slip).content.decode(), "nor in her own other browser"
    assert anybody.get(slip).status_code == 302
    hannahs.post(url(hannah, "account_logout"), **BY_A_BROWSER)
    assert hannahs.get(slip).status_code == 302


def test_it_belongs_to_its_page_alone(hannahs, add_page, url, hannah):
    key = send(hannahs, add_page)["Location"].split("answer=")[1]
    other = hannahs.get(url(hannah, "my_pupils", answer=key))
    assert other.status_code == 200 and "Quillawyn" not in other.content.decode()


def test_a_refusal_is_kept_as_little_as_a_slip(hannahs, add_page, url, hannah):
    """Whatever the answer is: not allowed, not there."""
    refused = send(hannahs, url(hannah, "member_add"))
    assert refused.status_code == 303
    assert hannahs.get(refused["Location"]).status_code == 403
    gone = send(hannahs, url(hannah, "pupil_add", 999_999))
    assert gone.status_code == 303 and hannahs.get(gone["Location"]).status_code == 404


def test_a_form_that_came_too_late_is_kept_as_little(as_member, hannah, add_page):
    """Without the token of its page it is refused before any page has read it."""
    visitor = as_member(hannah, enforce_csrf_checks=True)
    refused = send(visitor, add_page)
    assert refused.status_code == 303 and visitor.get(refused["Location"]).status_code == 403


def test_scripts_and_programs_are_answered_at_once(hannahs, add_page):
    assert hannahs.post(add_page, SLIP).status_code == 422
    assert hannahs.post(add_page, SLIP, headers={"Sec-Fetch-Mode": "cors"}).status_code == 422


def test_who_has_not_signed_in_is_answered_at_once(anybody, url):
    page = send(anybody, url(None, "account_request_login_code"), {"email": "no address"})
    assert page.status_code in (200, 422)
    assert "answer" not in anybody.session
