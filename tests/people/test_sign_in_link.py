"""A link signs one person in, once, for a while (H1)."""

import pytest
from django.core.management import CommandError, call_command

from tutti.core.letters import Letter
from tutti.people.models import SignInLink

pytestmark = pytest.mark.django_db


def words(answer):
    return answer.content.decode()


def test_opening_the_link_says_whom_it_signs_in_and_signs_nobody_in(anybody, tess):
    link = SignInLink.make(tess.person, days=1)
    page = anybody.get(f"/sign-in-link/{link.secret}/")
    assert page.status_code == 200
    assert tess.person.email in words(page)
    assert "_auth_user_id" not in anybody.session
    assert SignInLink.find(link.secret) is not None


def test_using_it_signs_in_and_remembers_that_they_have_joined(anybody, tess, url):
    link = SignInLink.make(tess.person, days=1)
    answer = anybody.post(f"/sign-in-link/{link.secret}/")
    assert answer.url == url(tess, "home")
    assert anybody.get(url(tess, "me")).status_code == 200
    tess.refresh_from_db()
    assert tess.joined_at is not None


def test_it_works_once(anybody, tess):
    link = SignInLink.make(tess.person, days=1)
    anybody.post(f"/sign-in-link/{link.secret}/")
    anybody.post("/accounts/logout/")
    for answer in (anybody.get(f"/sign-in-link/{link.secret}/"), anybody.post(f"/sign-in-link/{link.secret}/")):
        assert answer.status_code == 410
        assert "This link no longer works" in words(answer)
        assert "Sign in with a code" in words(answer)
    assert "_auth_user_id" not in anybody.session


def test_it_ends_after_its_days(anybody, tess, clock):
    link = SignInLink.make(tess.person, days=1)
    clock.shift(24 * 60 * 60 + 1)
    assert anybody.post(f"/sign-in-link/{link.secret}/").status_code == 410


def test_a_secret_that_nobody_was_given_is_gone(anybody, db):
    assert anybody.get("/sign-in-link/x/").status_code == 410


def test_somebody_elses_link_is_refused_and_not_used_up(as_member, hannah, tess):
    link = SignInLink.make(tess.person, days=1)
    visitor = as_member(hannah)
    for answer in (visitor.get(f"/sign-in-link/{link.secret}/"), visitor.post(f"/sign-in-link/{link.secret}/")):
        assert answer.status_code == 410
        assert "This link is for somebody else" in words(answer)
    assert visitor.session["_auth_user_id"] == str(hannah.person.pk)
    assert SignInLink.find(link.secret) is not None


def test_the_secret_is_nowhere_kept(tess):
    link = SignInLink.make(tess.person, days=1)
    assert link.secret not in str(list(SignInLink.objects.values()))


def test_the_link_of_an_invitation_works_from_the_letter(anybody, rosa, tess, run_jobs):
    tess.invite(rosa)
    run_jobs()
    body = Letter.objects.filter(kind="invitation", to_email=tess.person.email).latest("pk").body
    address = next(word for word in body.split() if "/sign-in-link/" in word)
    assert anybody.post("/sign-in-link/" + address.split("/sign-in-link/")[1]).status_code == 302


def test_whoever_runs_the_machine_gets_a_link_for_anybody(anybody, tess, capsys, url):
    call_command("sign_in_link", tess.person.email.upper())
    secret = capsys.readouterr().out.strip().rstrip("/").rsplit("/", 1)[1]
    assert anybody.post(f"/sign-in-link/{secret}/").url == url(tess, "home")


def test_and_is_told_when_there_is_no_such_person(db):
    with pytest.raises(CommandError, match="Nobody signs in with nobody@x.example"):
        call_command("sign_in_link", "nobody@x.example")
