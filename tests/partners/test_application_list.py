"""All applications in one list: by stage, by words, as a table; and the first page, which leads there (M3)."""

import csv
import io

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.partners.walk import IN_TIME, Walk
from tutti.partners.models import Application

pytestmark = pytest.mark.django_db


def words(page):
    return " ".join(page.content.decode().split())


@pytest.fixture
def names(as_member, url, lorna):
    """names(q=..., stage=...): whom the list shows."""

    def found(member=lorna, **query):
        page = as_member(member).get(url(member, "all_applications", **query))
        return [one.application.name for one in page.context["rows"]]

    return found


def test_it_is_narrowed_by_name_reference_instrument_and_stage(walk, names, lorna, miles):
    walk.case.answers = {"instruments": ["Sackbut"]}
    walk.case.save()
    case = walk.go("send", "withdraw")
    for query in ({"q": "quill"}, {"q": case.reference}, {"q": "sackbut"}, {"stage": "withdrawn", "q": "Ada"}):
        assert names(**query) == ["Ada Quill"], query
    assert names(stage="received", q="Ada") == [] and names(q="nobody of that name") == []
    assert len(names(stage="no such stage")) > 5, "what is wrong narrows nothing"
    assert "Ada Quill" not in names(miles), "a mentor has their own"


def test_a_bar_opens_into_its_rows(walk, as_member, url, lorna, names):
    walk.send()
    page = as_member(lorna).get(url(lorna, "applications"))
    assert url(lorna, "all_applications", stage="received") in page.content.decode()
    (bar,) = [one for one in page.context["pipeline"].stages if one.stage == "received"]
    assert bar.count == len(names(stage="received"))


def test_as_a_table_it_has_the_same_rows_and_dates_that_a_sheet_can_read(walk, as_member, url, lorna, names):
    walk.go(*IN_TIME[:2])
    table = as_member(lorna).get(url(lorna, "all_applications_csv", stage="observation_due"))
    rows = list(csv.DictReader(io.StringIO(table.content.decode("utf-8-sig"))))
    assert [row["Name"] for row in rows] == names(stage="observation_due")
    own = next(row for row in rows if row["Name"] == "Ada Quill")
    assert (own["Stage"], own["Sent in"], own["Mentor"]) == ("Observation to be arranged", "2026-11-18", "Miles Askew")
    assert own["Due"] == "2026-12-02" and own["Ended"] == ""


def test_the_first_page_names_the_last_that_ended_and_leads_to_all(walk, lorna, miles, as_member, url):
    for number in range(7):
        Walk(lorna, miles, name=f"Ended {number}").go("send", "decline")
    page = as_member(lorna).get(url(lorna, "applications"))
    assert [one.application.name for one in page.context["pipeline"].ended] == [f"Ended {n}" for n in (6, 5, 4, 3, 2)]
    assert url(lorna, "all_applications") in page.content.decode()


@pytest.mark.parametrize("name", ["applications", "all_applications", "all_applications_csv"])
def test_few_applications_and_many_take_the_same_queries(as_member, url, lorna, miles, name):
    client, address = as_member(lorna), url(lorna, name)
    client.get(address)

    def queries():
        with CaptureQueriesContext(
            connection,
        ) as seen:
            assert client.get(address).status_code == 200
        return len(seen)

    few = queries()
    own = {"service": lorna.service, "stage": "withdrawn"}
    Application.objects.bulk_create(Application(name=f"More {n}", reference=f"PP-9-{n}", **own) for n in range(120))
    for number in range(3):
        Walk(lorna, miles, name=f"Another {number}").go("send", "proceed")
    assert queries() == few


def test_long_lists_have_pages(as_member, url, lorna):
    own = {"service": lorna.service, "stage": "withdrawn"}
    Application.objects.bulk_create(Application(name=f"More {n}", reference=f"PP-9-{n}", **own) for n in range(60))
    page = as_member(lorna).get(url(lorna, "all_applications", q="More"))
    assert len(page.context["rows"]) == 50 and "page=2" in page.content.decode()
    assert "60 applications" in words(page)


# a partner who cannot sign in


def test_m2_the_hub_writes_the_entry_of_a_partner_who_goes_on_by_post(walk, as_member, url, lorna, una, anybody):
    Application.objects.filter(pk=walk.case.pk).update(email="", keyed_in_by=lorna)
    walk.case.refresh_from_db()
    walk.case.answers = {"instruments": ["Lute"]}
    walk.case.save()
    walk.go(*IN_TIME)
    partner = walk.case.partner
    client, address = as_member(lorna), url(lorna, "partner_entry", partner.pk)
    assert address in client.get(url(lorna, "application", walk.case.pk)).content.decode()
    said = {"instruments": "Lute, Theorbo", "settings": ["at_school"], "takes_pupils": "on", "phone": "01632 960 018"}
    assert client.post(address, {**said, "shown": ["shows_phone"]}).status_code == 302
    page = anybody.get(f"/northshire/partners/{partner.pk}/").content.decode()
    assert "Theorbo" in page and "01632 960 018" in page, "nothing waits for the hub's own word"
    own = una.partnerships.get()
    assert client.get(url(lorna, "partner_entry", own.pk)).status_code == 404, "who signs in writes their own"


def test_a_new_partner_reads_what_would_help_to_be_found(as_member, url, una):
    entry = una.partnerships.get().entry
    entry.choose(una, postcode="")
    page = words(as_member(una).get(url(una, "my_entry")))
    assert "Be found more easily" in page and "without it you are not found by distance" in page
