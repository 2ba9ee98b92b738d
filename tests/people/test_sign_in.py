"""Signing in and out: by a code first, with a password or a passkey too; nobody can sign up (H1, H11, B1)."""

import re

import pytest
from django.core.cache import cache
from django.db import connection

from tests.conftest import BACKEND
from tutti.core.letters import Letter, State
from tutti.people.models import Member, Person
from tutti.people.models.member import add_member

pytestmark = pytest.mark.django_db
CODE = re.compile(r"^    (\d{4}-\d{4})\s*$", re.MULTILINE)
PASSWORD = "correct-horse-battery"


@pytest.fixture(autouse=True)
def no_limits_from_before(db):
    cache.clear()


@pytest.fixture
def client(anybody):
    return anybody


@pytest.fixture
def ask(client, url, run_jobs):
    """Ask for a code at the sign-in page of a service; gives the answer."""

    def ask_for_code(where, email):
        answer = client.post(url(where, "account_request_login_code"), {"email": email})
        run_jobs()
        return answer

    return ask_for_code


@pytest.fixture
def confirm(client, url):
    def type_code(where, code, **data):
        return client.post(url(where, "account_confirm_login_code"), {"code": code, **data})

    return type_code


def last_code(email):
    return CODE.search(Letter.objects.filter(kind="sign-in", to_email=email).latest("pk").body)[1]


def signed_in_as(client):
    return client.session.get("_auth_user_id")


def test_a_page_behind_the_sign_in_asks_for_the_address_and_comes_back_afterwards(
    client, url, ask, confirm, northshire, rosa
):
    answer = client.get(url(rosa, "teachers"))
    assert answer.url == f"{url(rosa, 'account_request_login_code')}?next={url(rosa, 'teachers')}"
    ask(northshire, rosa.person.email)
    answer = confirm(northshire, last_code(rosa.person.email), next=url(rosa, "teachers"))
    assert answer.url == url(rosa, "teachers")
    assert client.get(answer.url).status_code == 200


def test_the_code_is_a_letter_of_the_service_and_can_be_read_where_no_mail_goes_out(ask, northshire, hannah):
    ask(northshire, hannah.person.email.upper())
    letter = Letter.objects.get(kind="sign-in", to_email=hannah.person.email)
    assert (letter.service, letter.to_name, letter.state) == (northshire, hannah.name, State.KEPT)
    assert CODE.search(letter.body)
    assert northshire.name in letter.body


def test_with_a_mail_server_the_code_goes_out_and_is_not_kept(mail_server, ask, northshire, hannah):
    ask(northshire, hannah.person.email)
    (message,) = mail_server.to(hannah.person.email)
    letter = Letter.objects.get(kind="sign-in", to_email=hannah.person.email)
    assert CODE.search(message.get_content())
    assert letter.state == State.SENT
    assert not CODE.search(letter.body)
    assert "[not kept]" in letter.body


def test_a_code_that_the_mail_server_refuses_is_not_kept_either(mail_server, ask, northshire, hannah):
    mail_server.refuses.add(hannah.person.email)
    ask(northshire, hannah.person.email)
    letter = Letter.objects.get(kind="sign-in", to_email=hannah.person.email)
    assert letter.state == State.REFUSED
    assert not CODE.search(letter.body)


def test_a_wrong_code_is_refused_three_times_and_then_a_new_one_is_needed(client, ask, confirm, northshire, hannah):
    ask(northshire, hannah.person.email)
    code = last_code(hannah.person.email)
    for _ in range(2):
        assert b"not the code that we sent" in confirm(northshire, "0000-0000").content
    confirm(northshire, "0000-0000")
    confirm(northshire, code)
    assert signed_in_as(client) is None


def test_a_code_works_for_a_quarter_of_an_hour(client, ask, confirm, northshire, hannah, clock):
    ask(northshire, hannah.person.email)
    clock.shift(16 * 60)
    confirm(northshire, last_code(hannah.person.email))
    assert signed_in_as(client) is None


def test_a_code_works_once(client, url, ask, confirm, northshire, hannah):
    ask(northshire, hannah.person.email)
    code = last_code(hannah.person.email)
    confirm(northshire, code)
    assert signed_in_as(client) == str(hannah.person.pk)
    client.post(url(northshire, "account_logout"))
    confirm(northshire, code)
    assert signed_in_as(client) is None


def test_an_address_that_nobody_has_looks_the_same_and_gets_nothing(client, mail_server, ask, northshire, hannah):
    known = ask(northshire, hannah.person.email)
    client.session.flush()
    unknown = ask(northshire, "nobody@x.example")
    assert (known.status_code, known.url) == (unknown.status_code, unknown.url)
    assert not mail_server.to("nobody@x.example")
    assert not Person.objects.filter(email="nobody@x.example").exists()


def test_too_many_codes_for_one_address_are_refused(ask, client, url, northshire, hannah):
    for _ in range(3):
        ask(northshire, hannah.person.email)
        client.post(url(northshire, "account_logout"))
    answer = ask(northshire, hannah.person.email)
    assert b"Too many tries" in answer.content
    assert Letter.objects.filter(kind="sign-in", to_email=hannah.person.email).count() == 3


def test_somebody_of_two_services_chooses_and_one_at_home_in_one_goes_there(ask, confirm, client, url, priya, hannah):
    client.post(url(None, "account_request_login_code"), {"email": priya.person.email})
    answer = confirm(None, last_code(priya.person.email))
    assert answer.url == url(None, "choose_service")
    page = client.get(answer.url).content.decode()
    assert 'href="/northshire/"' in page
    assert 'href="/southshire/"' in page
    client.post(url(None, "account_logout"))
    client.post(url(None, "account_request_login_code"), {"email": hannah.person.email})
    assert confirm(None, last_code(hannah.person.email)).url == "/northshire/"


def test_in_the_address_of_another_service_one_is_led_to_ones_own(ask, confirm, southshire, hannah):
    ask(southshire, hannah.person.email)
    assert confirm(southshire, last_code(hannah.person.email)).url == "/northshire/"


def test_the_first_time_is_remembered(ask, confirm, northshire, tess):
    assert tess.joined_at is None
    ask(northshire, tess.person.email)
    confirm(northshire, last_code(tess.person.email))
    tess.refresh_from_db()
    first = tess.joined_at
    assert first is not None
    ask(northshire, tess.person.email)
    tess.refresh_from_db()
    assert tess.joined_at == first


def test_a_password_signs_in_after_it_was_set_and_not_before(client, as_member, url, northshire, hannah):
    assert (
        client.post(url(northshire, "account_login"), {"login": hannah.person.email, "password": ""}).status_code == 200
    )
    own = as_member(hannah)
    own.post(url(hannah, "account_set_password"), {"password1": PASSWORD, "password2": PASSWORD})
    answer = client.post(url(northshire, "account_login"), {"login": hannah.person.email, "password": PASSWORD})
    assert answer.url == url(hannah, "home")
    assert signed_in_as(client) == str(hannah.person.pk)


def test_a_password_that_anybody_would_guess_is_refused(as_member, url, hannah):
    own = as_member(hannah)
    for weak in ("short", "123456qwerty"):
        answer = own.post(url(hannah, "account_set_password"), {"password1": weak, "password2": weak})
        assert answer.status_code == 200
        assert b"govuk-error-message" in answer.content
    assert not Person.objects.get(pk=hannah.person.pk).has_usable_password()


def test_a_forgotten_password_is_replaced_with_a_code(client, url, northshire, hannah):
    client.post(url(northshire, "account_reset_password"), {"email": hannah.person.email})
    client.post(url(northshire, "account_confirm_password_reset_code"), {"code": last_code(hannah.person.email)})
    data = {"password1": PASSWORD, "password2": PASSWORD}
    client.post(url(northshire, "account_complete_password_reset"), data)
    client.post(url(northshire, "account_login"), {"login": hannah.person.email, "password": PASSWORD})
    assert signed_in_as(client) == str(hannah.person.pk)


def test_a_changed_password_ends_the_sessions_elsewhere(client, as_member, url, hannah):
    hannah.person.set_password(PASSWORD)
    hannah.person.save()
    here, elsewhere = as_member(hannah), as_member(hannah)
    data = {"oldpassword": PASSWORD, "password1": PASSWORD + "s", "password2": PASSWORD + "s"}
    here.post(url(hannah, "account_change_password"), data)
    assert here.get(url(hannah, "me")).status_code == 200
    assert elsewhere.get(url(hannah, "me")).status_code == 302


def test_five_wrong_passwords_lock_the_address_for_a_while(client, url, northshire, hannah):
    hannah.person.set_password(PASSWORD)
    hannah.person.save()
    for _ in range(5):
        client.post(url(northshire, "account_login"), {"login": hannah.person.email, "password": "wrong"})
    answer = client.post(url(northshire, "account_login"), {"login": hannah.person.email, "password": PASSWORD})
    assert signed_in_as(client) is None
    assert b"Too many tries" in answer.content


@pytest.mark.parametrize(
    "address", ["accounts/signup/", "accounts/email/", "accounts/confirm-email/", "accounts/confirm-email/abc/"]
)
@pytest.mark.parametrize("method", ["get", "post"])
def test_nobody_signs_up_or_changes_their_address(client, as_member, hannah, address, method):
    before = Person.objects.count()
    data = {"email": "new@x.example", "password1": PASSWORD, "password2": PASSWORD}
    for browser in (client, as_member(hannah)):
        assert getattr(browser, method)(f"/northshire/{address}", data).status_code == 404
    assert Person.objects.count() == before


def test_the_page_for_signing_up_says_who_adds_people(client):
    assert b"Your music service adds the people" in client.get("/northshire/accounts/signup/").content


def test_signing_out_ends_the_session_and_clears_the_device(as_member, url, hannah):
    client = as_member(hannah)
    assert client.get(url(hannah, "account_logout")).status_code == 200
    assert signed_in_as(client)
    answer = client.post(url(hannah, "account_logout"))
    assert answer["Clear-Site-Data"] == '"cache", "storage"'
    assert signed_in_as(client) is None
    assert client.get(url(hannah, "me")).status_code == 302


def test_pages_behind_the_sign_in_and_the_sign_in_itself_are_kept_by_no_browser(
    client, as_member, url, hannah, northshire
):
    for browser, name in (
        (as_member(hannah), "me"),
        (client, "account_request_login_code"),
        (client, "account_login"),
        (as_member(hannah), "account_set_password"),
    ):
        assert "no-store" in browser.get(url(northshire, name))["Cache-Control"], name


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/nowhere/registers/", 404),  # no such service
        ("/northshire/registers", 301),  # on to the address with a slash
        ("/northshire/nowhere/", 404),
        ("/northshire/registers/", 302),
        ("/healthz", 200),
    ],
)
def test_no_answer_is_kept_or_framed_whichever_part_made_it(client, northshire, path, status):
    answer = client.get(path)
    assert answer.status_code == status
    assert "no-store" in answer["Cache-Control"] and answer["X-Frame-Options"] == "DENY"


def test_what_just_happened_is_not_told_in_a_cookie(as_member, url, rosa):
    """A cookie would keep the names in it on the device (H11)."""
    client = as_member(rosa)
    answer = client.post(url(rosa, "teacher_add"), {"name": "Secret Name", "email": "s@x.example"})
    assert answer.status_code == 302
    assert not any("Secret" in morsel.OutputString() for morsel in answer.cookies.values())
    assert b"Secret Name is added" in client.get(url(rosa, "teachers")).content


def test_somebody_whom_no_service_knows_any_more_is_told_so(ask, confirm, client, url, northshire, rosa):
    gone = add_member(northshire, rosa, name="Gil", email="gil@x.example", roles=["teacher"])
    gone.leave(rosa)
    client.force_login(gone.person, backend=BACKEND)
    assert client.get(url(northshire, "me")).status_code == 404
    assert b"No music service has you in its list" in client.get(url(None, "choose_service")).content


def test_a_person_who_is_closed_cannot_sign_in(ask, northshire, as_member, url, hannah):
    client = as_member(hannah)
    Person.objects.filter(pk=hannah.person.pk).update(is_active=False)
    assert client.get(url(hannah, "me")).status_code == 302
    ask(northshire, hannah.person.email)
    assert not Letter.objects.filter(kind="sign-in", to_email=hannah.person.email).exists()


def test_a_request_reads_who_is_there_in_one_statement(as_member, url, hannah, django_assert_max_num_queries):
    client = as_member(hannah)
    with django_assert_max_num_queries(6 if connection.vendor == "sqlite" else 8):
        client.get(url(hannah, "me"))


def test_sending_a_code_leaves_the_request_in_its_own_service(ask, inside, northshire, southshire, priya):
    """A letter for somebody of two services is written where they asked, and nothing is seen of the other."""
    ask(southshire, priya.person.email)
    with inside(southshire):
        assert Letter.objects.filter(service=southshire, kind="sign-in", to_email=priya.person.email).exists()
    assert not Letter.objects.filter(service=northshire, kind="sign-in", to_email=priya.person.email).exists()
    assert Member.objects.visible_to(priya).exists()
