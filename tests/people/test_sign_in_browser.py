"""Signing in and out as people do it: in a browser, with the code from a real mail server, and with a passkey."""

import re

import pytest

from tutti.people.models import Member

pytestmark = pytest.mark.browser
PHONE = {"viewport": {"width": 390, "height": 844}}
AUTHENTICATOR = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


def code_in(message):
    return re.search(r"^    (\d{4}-\d{4})\s*$", message.get_content(), re.MULTILINE)[1]


def sign_in_by_code(page, mail_server, member, start):
    page.goto(start)
    page.get_by_label("Your e-mail address").fill(member.person.email)
    page.get_by_role("button", name="Send me a code").click()
    page.get_by_label("Code").fill(code_in(mail_server.to(member.person.email)[-1]))
    page.get_by_role("button", name="Sign in").click()


def test_a_code_from_the_mail_brings_one_to_the_page_one_wanted(browser_page, mail_server, url, rosa):
    page = browser_page(None, **PHONE)
    sign_in_by_code(page, mail_server, rosa, url(rosa, "teachers"))
    assert page.url.endswith(url(rosa, "teachers"))
    assert page.get_by_role("heading", level=1).inner_text() == "Teachers"


def test_the_code_may_be_typed_without_its_dash(browser_page, mail_server, url, hannah):
    page = browser_page(None, **PHONE)
    page.goto(url(hannah, "me"))
    page.get_by_label("Your e-mail address").fill(hannah.person.email)
    page.keyboard.press("Enter")
    page.get_by_label("Code").wait_for()
    page.get_by_label("Code").fill(code_in(mail_server.to(hannah.person.email)[-1]).replace("-", " "))
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{url(hannah, 'me')}")


def test_without_scripts_a_code_signs_in_too(browser_page, mail_server, url, hannah):
    page = browser_page(None, java_script_enabled=False)
    sign_in_by_code(page, mail_server, hannah, url(hannah, "me"))
    assert page.get_by_role("heading", level=1).inner_text() == "Your account"


def test_another_code_can_be_asked_for(browser_page, mail_server, url, hannah):
    page = browser_page(None)
    page.goto(url(hannah, "me"))
    page.get_by_label("Your e-mail address").fill(hannah.person.email)
    page.get_by_role("button", name="Send me a code").click()
    page.get_by_role("button", name="Send another code").click()
    first, second = (code_in(message) for message in mail_server.to(hannah.person.email))
    assert first != second
    page.get_by_label("Code").fill(second)
    page.get_by_role("button", name="Sign in").click()
    assert page.url.endswith(url(hannah, "me"))


def test_a_passkey_is_added_and_signs_in_alone(browser_page, url, hannah):
    page = browser_page(hannah, **PHONE)
    line = page.context.new_cdp_session(page)
    line.send("WebAuthn.enable")
    line.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})
    page.goto(url(hannah, "me"))
    page.get_by_role("link", name="Passkeys").click()
    page.get_by_role("link", name="Add this device").click()
    page.get_by_label("What you call this device").fill("My old phone")
    page.get_by_role("button", name="Add this device").click()
    page.get_by_role("heading", name="My old phone").wait_for()
    page.goto(url(hannah, "me"))
    page.get_by_role("button", name="Sign out").click()
    page.goto(url(hannah, "me"))
    page.get_by_role("link", name="a passkey or a password").click()
    page.get_by_role("button", name="Use my passkey").click()
    page.wait_for_url(lambda address: "/accounts/" not in address)
    page.goto(url(hannah, "me"))
    assert page.get_by_label("Your name").input_value() == hannah.name


def test_a_device_that_gives_no_passkey_says_so_on_the_page(browser_page, url, hannah):
    page = browser_page(hannah, **PHONE)
    line = page.context.new_cdp_session(page)
    line.send("WebAuthn.enable")
    line.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR | {"isUserVerified": False}})
    page.goto(url(hannah, "mfa_add_webauthn"))
    page.get_by_role("button", name="Add this device").click()
    page.get_by_role("alert").wait_for()
    assert "Your device made no passkey" in page.get_by_role("alert").inner_text()
    assert not hannah.person.authenticator_set.exists()


def test_a_passkey_button_waits_for_its_scripts(browser_page, url, hannah):
    page = browser_page(hannah, **PHONE)
    page.route("**/webauthn.*js", lambda route: (page.wait_for_timeout(500), route.continue_()))
    page.goto(url(hannah, "mfa_add_webauthn"), wait_until="commit")
    button = page.get_by_role("button", name="Add this device")
    button.wait_for()
    assert button.is_disabled()
    page.wait_for_load_state()
    assert button.is_enabled()


def test_whoever_has_a_passkey_can_still_sign_in_with_a_code_elsewhere(browser_page, mail_server, url, hannah):
    """The passkey may be at home; it is a way in, not a second lock."""
    phone = browser_page(hannah)
    line = phone.context.new_cdp_session(phone)
    line.send("WebAuthn.enable")
    line.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})
    phone.goto(url(hannah, "mfa_add_webauthn"))
    phone.get_by_role("button", name="Add this device").click()
    phone.get_by_role("heading", name="My passkey").wait_for()
    school_laptop = browser_page(None)
    sign_in_by_code(school_laptop, mail_server, hannah, url(hannah, "me"))
    assert school_laptop.get_by_label("Your name").input_value() == hannah.name
    school_laptop.goto(url(hannah, "mfa_add_webauthn"))
    assert school_laptop.get_by_role("heading", level=1).inner_text() == "Add a passkey"


def test_after_signing_out_nothing_is_left_and_the_way_back_shows_nothing(browser_page, url, rosa, hannah):
    page = browser_page(rosa)
    page.goto(url(rosa, "teachers"))
    assert page.get_by_role("link", name=hannah.name, exact=True).is_visible()
    page.goto(url(rosa, "me"))
    page.get_by_role("button", name="Sign out").click()
    page.get_by_label("Your e-mail address").wait_for()
    page.go_back()
    page.go_back()
    assert hannah.name not in page.content()
    assert page.evaluate("[localStorage.length, sessionStorage.length]") == [0, 0]
    assert page.evaluate("caches.keys()") == []
    assert page.evaluate("indexedDB.databases()") == []


def test_the_link_of_an_invitation_takes_a_new_teacher_in(browser_page, mail_server, run_jobs, url, rosa, tess):
    office = browser_page(rosa)
    office.goto(url(rosa, "teachers"))
    office.get_by_label("Show").select_option("Not yet joined")
    office.get_by_role("button", name="Show").click()
    office.get_by_role("link", name=f"Change {tess.name}").click()
    office.get_by_role("button", name=re.compile("Invite")).click()
    run_jobs()
    (message,) = mail_server.to(tess.person.email)
    phone = browser_page(None, **PHONE)
    phone.goto(next(word for word in message.get_content().split() if "/sign-in-link/" in word))
    phone.get_by_role("button", name="Sign me in").click()
    phone.wait_for_url(lambda address: "/sign-in-link/" not in address)
    phone.goto(url(tess, "me"))
    assert phone.get_by_label("Your name").input_value() == tess.name
    assert Member.objects.get(pk=tess.pk).joined_at is not None
