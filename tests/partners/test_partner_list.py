"""The list of partners: who is in good standing today, and nobody else; found by what and where they teach (M11)."""

import csv
import io
import json
import re
from datetime import timedelta
from gzip import compress
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pypdf import PdfReader

from tests.partners.walk import IN_TIME
from tutti.core.calendar import today
from tutti.partners.models import Application, Entry, Partner
from tutti.partners.models.application_check import check_section
from tutti.partners.models.entry_words import fold, fold_all
from tutti.schools.models import Postcode

pytestmark = pytest.mark.django_db
LIST = "/northshire/partners/"
EVERYBODY = ["Fenella Bray", "Linus Hext", "Osric Lunn", "Una Merrow"]


def names(**asked):
    page = Client().get(LIST, asked)
    assert page.status_code == 200
    return [one.name for one in page.context["shown"]]


def test_m11_a_partner_is_there_from_the_day_on_which_the_induction_is_completed(walk):
    walk.go(*IN_TIME[:-1])
    assert "Ada Quill" not in names()
    walk.complete()
    assert "Ada Quill" in names()


def test_a5_who_has_ended_is_there_to_their_last_day(walk, clock):
    partner = Partner.objects.get(application=walk.go(*IN_TIME))
    Partner.objects.filter(pk=partner.pk).update(until=today())
    assert "Ada Quill" in names()
    clock.shift(timedelta(days=1))
    assert "Ada Quill" not in names()
    assert Client().get(f"{LIST}{partner.pk}/").status_code == 404


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"instrument": "viol"}, ["Una Merrow"]),
        ({"instrument": "UKULELE"}, ["Linus Hext"]),
        ({"instrument": "ukulélé"}, ["Linus Hext"]),
        ({"instrument": "tuba"}, []),
        ({"instrument": "  "}, EVERYBODY),
        ({"style": "folk"}, ["Fenella Bray", "Una Merrow"]),
        ({"setting": ["online"]}, ["Linus Hext", "Osric Lunn"]),
        ({"setting": ["at_home", "online"]}, ["Linus Hext", "Osric Lunn", "Una Merrow"]),
        ({"words": "merrow evening"}, ["Una Merrow"]),
        ({"words": "100%"}, []),
        ({"place": "hexley"}, ["Linus Hext"]),
        ({"setting": ["nonsense"], "miles": "7"}, EVERYBODY),
    ],
)
def test_m11_found_by(northshire, asked, found):
    assert names(**asked) == found


def test_accents_and_case_fold_the_same_whoever_writes_them():
    assert fold("Ukulélé  und Große Ærø’s") == "ukulele und grosse aero's"


def test_a6_with_postcodes_by_distance_the_nearest_first(northshire):
    assert names(place="NX1 1AA", miles="5") == ["Una Merrow"]
    assert names(place="nx11aa", miles="10") == ["Una Merrow", "Linus Hext", "Fenella Bray"]
    assert names(place="NX1", miles="") == ["Una Merrow", "Linus Hext", "Fenella Bray", "Osric Lunn"]
    page = Client().get(LIST, {"place": "NX1 1AA"}).content.decode()
    assert "about 2 miles" in page and "measured from NX1 1AA" in page


def test_a6_without_postcodes_by_district(northshire):
    Postcode.objects.all().delete()
    assert names(place="NX4 2LH", miles="5") == ["Fenella Bray", "Linus Hext"]
    assert names(place="NX9") == []


@pytest.mark.parametrize("wrong", ["NX1 1A", "1NX", "NX11 11A", "12345"])
def test_a_malformed_postcode_is_told_at_its_field_and_the_rest_still_counts(northshire, wrong):
    page = Client().get(LIST, {"place": wrong, "instrument": "violin"})
    text = page.content.decode()
    assert "is no postcode" in text and f'value="{wrong}"' in text and 'aria-invalid="true"' in text
    assert [one.name for one in page.context["shown"]] == ["Una Merrow"]


def test_who_hides_their_postcode_is_not_measured(northshire):
    entry = Entry.objects.select_related("partner__member").get(partner__name="Una Merrow")
    entry.choose(entry.partner.member, shows_district=False)
    assert "Una Merrow" not in names(place="NX1 1AA", miles="20")
    assert names(place="NX1 1AA")[-1] == "Una Merrow"
    assert "NX1 4QU" not in Client().get(LIST).content.decode()


def test_nobody_like_that_says_what_to_do(northshire):
    page = Client().get(LIST, {"instrument": "tuba"}).content.decode()
    assert "Nobody like that" in page and "Show all" in page


@pytest.mark.parametrize("name", ["", "embed/", "teachers.csv", "teachers.json"])
def test_another_service_s_partners_are_not_there(southshire, inside, name):
    with inside(southshire):
        theirs = set(Partner.objects.filter(service=southshire).values_list("name", flat=True))
    page = Client().get(f"{LIST}{name}").content.decode()
    assert theirs and "Una Merrow" in page and not any(their in page for their in theirs)


def everything_told(partner_pk):
    """All that goes out to the world, as text."""
    client = Client()
    told = [client.get(f"{LIST}{name}").content.decode() for name in ("", "embed/", "teachers.csv", "teachers.json")]
    told.append(client.get(f"{LIST}{partner_pk}/").content.decode())
    paper = PdfReader(io.BytesIO(client.get(f"{LIST}teachers.pdf").content))
    return [*told, " ".join(" ".join(page.extract_text() for page in paper.pages).split())]


def test_m11_nothing_that_is_not_shown_goes_out(northshire):
    partner = Partner.objects.select_related("entry").get(name="Una Merrow")
    entry = partner.entry
    entry.choose(partner.member, shows_phone=False, shows_website=False)
    for text in everything_told(partner.pk):
        assert "Una Merrow" in text
        assert not any(secret in text for secret in (partner.email, "NX1 4QU", "NX14QU", entry.phone, "merrow.example"))
    entry.choose(partner.member, shows_phone=True, shows_email=True, shows_postcode=True)
    for text in everything_told(partner.pk)[2:]:
        assert all(shown in text for shown in (partner.email, "NX1 4QU", entry.phone))


def test_m11_on_paper_by_instrument(northshire):
    paper = PdfReader(io.BytesIO(Client().get(f"{LIST}teachers.pdf").content))
    text = " ".join(paper.pages[0].extract_text().split())
    assert "Music teachers of" in paper.metadata.title
    assert text.index("Clarinet") < text.index("Flute") < text.index("Violin")
    assert text.count("Osric Lunn") == 2  # saxophone and clarinet


def test_m11_as_json_from_anywhere_and_filtered(northshire):
    answer = Client().get(f"{LIST}teachers.json", {"instrument": "violin"})
    (told,) = answer.json()["partners"]
    assert answer["Access-Control-Allow-Origin"] == "*"
    assert (told["name"], told["instruments"], told["postcode"]) == ("Una Merrow", ["Violin"], "NX1")
    assert "email" not in told


def test_m11_as_csv_that_runs_nothing(northshire):
    Entry.objects.filter(partner__name="Una Merrow").update(about="=1+1")
    rows = list(csv.DictReader(io.StringIO(Client().get(f"{LIST}teachers.csv").content.decode("utf-8-sig"))))
    assert [row["Name"] for row in rows] == EVERYBODY
    assert rows[3]["About"] == "'=1+1"


def test_m11_as_data_for_search_engines_that_cannot_end_its_element(northshire):
    Entry.objects.filter(partner__name="Una Merrow").update(about="</script><b>&")
    page = Client().get(LIST).content.decode()
    (data,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)
    items = json.loads(data)["itemListElement"]
    assert [item["item"]["name"] for item in items] == EVERYBODY
    assert items[3]["item"]["description"] == "</script><b>&"


def test_only_the_page_for_frames_may_stand_in_one(northshire):
    frame, page = Client().get(f"{LIST}embed/"), Client().get(LIST)
    assert "frame-ancestors *" in frame["Content-Security-Policy"] and "X-Frame-Options" not in frame
    assert "script-src 'self'" in frame["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in page["Content-Security-Policy"] and page["X-Frame-Options"] == "DENY"


def test_the_page_with_the_line_says_what_the_host_must_allow(northshire, settings):
    page = Client().get(f"{LIST}on-your-website/").content.decode()
    assert f"{settings.SITE_URL}/northshire/partners/embed.js" in page and f"frame-src {settings.SITE_URL}" in page


@pytest.fixture
def two_thousand(lorna):
    """As many partners as a hub may ever have, each with an entry."""
    own = {"service": lorna.service}
    sent = {"stage": "completed", "sent_at": lorna.service.scheme.service.members.first().joined_at}
    cases = [Application(**own, **sent, name=f"P {n}", email=f"p{n}@studio.example") for n in range(2000)]
    cases = Application.objects.bulk_create(cases)
    partners = Partner.objects.bulk_create(
        Partner(**own, application=case, name=f"Partner {n:04}", email=case.email, since=today())
        for n, case in enumerate(cases)
    )
    about = "Beginners welcome, grades if you like them, ensembles on Saturdays."
    Entry.objects.bulk_create(
        Entry(
            **own, partner=one, instruments=["Piano", "Flute"], instrument_words="piano | flute", about=about,
            words=fold_all([one.name, "Piano", "Flute"]), postcode="NX1 4QU", district="NX1",
            latitude=55 + n / 10_000, longitude=0.5,
        )
        for n, one in enumerate(partners)
    )  # fmt: skip


def test_m11_two_thousand_are_searched_in_five_queries(two_thousand):
    client, asked = Client(), {"instrument": "flute", "place": "NX1 1AA", "miles": "20", "setting": "at_school"}
    client.get(LIST)
    with CaptureQueriesContext(connection) as asked_for:
        page = client.get(LIST, asked | {"words": "partner", "page": "2"})
    queries = [one["sql"] for one in asked_for if "SAVEPOINT" not in one["sql"]]  # of the test's own transaction
    assert len(queries) <= 5, queries
    assert page.context["page"].paginator.count == 2000
    assert [one.name for one in page.context["shown"]][:1] == ["Partner 0050"]


def test_m11_a_full_page_weighs_at_most_sixty_kilobytes_cold(two_thousand, northshire):
    html = Client().get(LIST, {"instrument": "flute"}).content
    sheet = Path("tutti/core/static/core/tutti.css").read_bytes()
    brand = Client().get(northshire.brand_url).content
    assert sum(len(compress(part)) for part in (html, sheet, brand)) < 60_000


def test_each_entry_says_what_the_hub_checked_and_only_that(walk, anybody, lorna):
    walk.case.answers = {"teaching_qualification": "CME", "dbs": "Yes", "insurance": "", "safeguarding": "The hub"}
    walk.case.save()
    walk.go(*IN_TIME)
    address = f"/northshire/partners/{walk.case.partner.pk}/"
    page = anybody.get(address).content.decode()
    assert "Teaching observed" in page and "Induction completed" in page and "Qualifications" not in page
    check_section(walk.case, lorna, "qualifications")
    page = anybody.get(address).content.decode()
    assert "Qualifications" in page and "DBS" not in page
    check_section(walk.case, lorna, "checks")
    assert "DBS, safeguarding" in anybody.get(address).content.decode(), "of the papers those that were given"


def test_miles_from_a_town_are_not_known_and_the_page_says_so(anybody):
    page = anybody.get("/northshire/partners/?place=Ought&miles=5").content.decode()
    assert "Distances are known from a postcode only" in page
    assert "Distances are known" not in anybody.get("/northshire/partners/?place=Ought").content.decode()


@pytest.mark.parametrize("address", ["partners/99999999999999999999999/", "partners/99999999999999999999999/write/"])
def test_a_number_that_no_database_holds_is_nobody_s(anybody, address):
    assert anybody.get(f"/northshire/{address}").status_code == 404


@pytest.mark.parametrize("address", ["partner/%00/", "partner/%00/badge/", "partner/%ef%bb%bf/"])
def test_a_code_that_is_none_is_nobody_s(anybody, address):
    assert anybody.get(f"/northshire/{address}").status_code == 404


def test_a_bell_or_a_byte_order_mark_in_an_entry_stops_no_paper(anybody, una):
    entry = una.partnerships.get().entry
    Entry.objects.filter(pk=entry.pk).update(styles=["\x07folk", "\ufeffjazz"])
    paper = anybody.get("/northshire/partners/teachers.pdf")
    assert paper.status_code == 200 and paper.content.startswith(b"%PDF")
