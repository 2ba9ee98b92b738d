"""Setting up pupils in a real browser: duplicates are caught while one types (H2, P4)."""

import pytest

from tutti.teaching.models import Allocation, Pupil

pytestmark = pytest.mark.browser


@pytest.fixture
def at_larkrise(hannah, larkrise):
    return Allocation.objects.get(teacher=hannah, school=larkrise)


def test_p4_the_page_says_it_under_the_fields_while_one_types(browser_page, url, hannah, at_larkrise, larkrise):
    born = Pupil.objects.get(name="Albie Stroud", school=larkrise).date_of_birth
    page = browser_page(hannah)
    asked = []
    page.on("request", lambda request: asked.append((request.method, request.url)))
    page.goto(url(hannah, "pupil_add", at_larkrise.pk))
    page.get_by_label("Name").fill("Albie Stroud")
    page.get_by_label("Date of birth").fill(f"{born:%d %m %Y}")
    page.get_by_text("Albie Stroud is at this school already").wait_for()
    page.get_by_label("Name").fill("Albie Strood")
    page.locator("#known").wait_for(state="hidden")
    known = [(method, address) for method, address in asked if "/known/" in address]
    assert {method for method, _ in known} == {"POST"} and not any("Albie" in address for _, address in asked)
    assert page.evaluate("localStorage.length + sessionStorage.length") == 0
