"""A page without a word about who may open it opens for nobody; here it fails before anybody meets it."""

import pytest

from tests.house.url_table import Page, pages
from tutti.people.roles import ROLES, Permission

PUBLIC = {
    # the front door, signing in, and what the world may read
    "home", "demo_sign_in", "help", "privacy", "accessibility", "brand", "healthz", "readyz",
    "use_sign_in_link", "account_logout", "account_signup", "account_email", "account_email_verification_sent",
    "account_confirm_email",
    # mail providers: by its key
    "bounces",
    # a school's summary: by its secret
    "shared_summary", "shared_summary_pdf", "shared_summary_csv", "shared_summary_code", "shared_summary_send_code",
    "shared_summary_again",
    "shared_question",
    "shared_question_again",
    "shared_contact",
    "shared_paper_pdf",
    # the partners scheme, and an application: by its secret
    "scheme", "paper_form", "application_status", "application_send", "application_withdraw",
    "application_delete", "own_report",
    "application_section", "application_check", "application_document", "reference",
    # what a partner is given, and the page that proves it
    "partner_check", "partner_badge", "badge_issuer", "badge_achievement", "badge_keys", "badge_status",
    "given_letter_pdf", "given_logo_svg", "given_logo_png", "given_badge_png",
    # the list of partners: as a page, in a frame, on paper, as data; each by itself, and a message to them
    "partners", "partners_embed", "partners_embed_js", "partners_line", "partners_pdf", "partners_csv",
    "partners_json", "partner", "partner_write",
}  # fmt: skip


@pytest.mark.parametrize("page", pages(), ids=lambda page: page.name)
def test_every_page_says_who_may_open_it(page: Page):
    assert page.is_public or page.permission, f"{page.view.__module__}.{page.view.__name__} says nothing"
    assert not (page.is_public and page.permission), f"{page.name} is for the world and for some at once"


def test_pages_for_the_world_are_those_we_know_of():
    assert {page.name for page in pages() if page.is_public} == PUBLIC


def test_no_two_pages_have_the_same_name():
    names = [page.name for page in pages()]
    assert sorted(names) == sorted(set(names))


def test_every_permission_opens_a_page_and_somebody_has_it():
    asked = {permission for page in pages() if isinstance(page.permission, tuple) for permission in page.permission}
    given = frozenset().union(*(role.permissions for role in ROLES.values()))
    assert set(Permission) - asked - {Permission.SEE_HOME} == set()
    assert set(Permission) - given == set()
