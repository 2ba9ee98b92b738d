"""H12: more than ninety services use one system, and none can see another's data. Walked with two of them."""

import pytest

from tutti.people.models import Member
from tutti.schools.models import School

pytestmark = pytest.mark.browser


def title(page):
    return page.get_by_role("heading", level=1).inner_text()


def test_the_office_of_one_service_finds_nothing_of_the_other(browser_page, url, sam, hannah, larkrise):
    # Sam works in the office of Southshire. In Southshire's lists there is nobody of Northshire.
    page = browser_page(sam, expect_errors=True)
    page.goto(url(sam, "teachers"))
    assert title(page) == "Teachers"
    assert hannah.name not in page.content()
    page.goto(url(sam, "teachers") + "?q=Whitlock")
    assert "Nobody like that" in page.content()
    page.goto(url(sam, "schools") + "?q=Larkrise")
    assert larkrise.name not in page.content().replace("?q=Larkrise", "")

    # Sam has got hold of addresses of Northshire's pages. For Sam there are no such pages.
    addresses = [url(hannah, name) for name in ("home", "teachers", "schools", "me", "letters", "runs")]
    addresses += [url(hannah, "school", larkrise.pk), url(hannah, "teacher", hannah.pk)]
    for address in addresses:
        answer = page.goto(address)
        assert answer.status == 404, address
        assert not [name for name in (hannah.name, larkrise.name) if name in page.content()], address

    # Nor when Sam writes the numbers of Northshire's rows into Southshire's own addresses.
    for name, row in (
        ("school", larkrise),
        ("teacher", hannah),
        ("teacher_change", hannah),
        ("school_change", larkrise),
    ):
        answer = page.goto(url(sam, name, row.pk))
        assert (answer.status, title(page)) == (404, "There is no page here"), name


def test_somebody_who_works_for_two_services_sees_one_at_a_time(browser_page, url, priya, northshire, southshire):
    # Priya teaches for both. After signing in without the name of a service she says which one.
    page = browser_page(priya)
    page.goto(url(None, "choose_service"))
    assert title(page) == "Where to?"
    page.get_by_role("link", name=northshire.name).click()

    # Each service has its name, its colour and its schools, and nothing of the other.
    colours = {}
    for service, other in ((northshire, southshire), (southshire, northshire)):
        page.goto(url(service, "home"))
        assert page.locator("header .brand").inner_text().strip() == service.name
        assert other.name not in page.content()
        own = set(School.objects.filter(service=service).values_list("name", flat=True))
        others = set(School.objects.filter(service=other).values_list("name", flat=True)) - own
        assert not [name for name in others if name in page.content()]
        colours[service] = page.evaluate(
            "getComputedStyle(document.documentElement).getPropertyValue('--accent').trim()"
        )
    assert colours == {service: service.palette.light.accent for service in (northshire, southshire)}

    # From one to the other it is a link on the page with Priya's initials.
    page.goto(url(northshire, "me"))
    page.get_by_role("link", name="Change to another music service").click()
    page.get_by_role("link", name=southshire.name).click()
    assert page.url.endswith(url(southshire, "home"))


def test_two_services_know_one_teacher_without_knowing_of_each_other(browser_page, url, sam, hannah, southshire):
    # Southshire takes on Hannah, who works for Northshire, under the name that she uses there.
    page = browser_page(sam)
    page.goto(url(sam, "teacher_add"))
    page.get_by_label("Name", exact=True).fill("Hannah W")
    page.get_by_label("E-mail address").fill(hannah.person.email)
    page.get_by_role("button", name="Add the teacher").click()
    assert "Hannah W is added" in page.content()
    assert "Northshire" not in page.content()
    there = Member.objects.get(service=southshire, person=hannah.person)
    assert there.joined_at is None, "whether the address signs in elsewhere is nobody's business"

    # What Southshire changes about her, the address she signs in with too, changes nothing in Northshire.
    page.goto(url(sam, "teacher_change", there.pk))
    page.get_by_label("Name", exact=True).fill("Hannah Whitlock-Grey")
    page.get_by_label("E-mail address").fill("hannah@elsewhere.example")
    page.get_by_role("button", name="Save").click()
    here = Member.objects.select_related("person").get(pk=hannah.pk)
    assert (here.name, here.person.email) == (hannah.name, hannah.person.email)

    # And when Southshire takes her access away, Northshire goes on.
    page.goto(url(sam, "teacher_change", there.pk))
    page.get_by_role("button", name="Take the access away").click()
    assert browser_page(hannah).goto(url(hannah, "home")).status == 200
