"""What a new partner gets: official letter, logo, the page that proves it, and a badge anybody can check (M10)."""

import io
import re
from datetime import timedelta

import jwt
import pytest
from django.core.files.storage import default_storage
from django.test import Client
from PIL import Image
from pypdf import PdfReader

from tests.partners.walk import IN_TIME, Walk
from tutti.core.calendar import today
from tutti.core.letters import Letter
from tutti.partners.models import Partner, Scheme, SigningKey

pytestmark = pytest.mark.django_db


def words(page):
    return " ".join(page.content.decode().split())


@pytest.fixture
def partner(walk):
    walk.go(*IN_TIME)
    return walk.case.partner


@pytest.fixture
def link(partner):
    letter = Letter.objects.about(partner.application).get(kind="application_complete")
    return re.search(r"/northshire/application/\S+", letter.body)[0]


def leave(partner, days_ago=1):
    Partner.objects.filter(pk=partner.pk).update(
        since=today() - timedelta(days=90), until=today() - timedelta(days=days_ago)
    )


# the page that proves it


def test_m10_the_page_says_name_since_when_and_good_standing_and_nothing_else(partner):
    page = words(Client().get(f"/northshire/partner/{partner.code}/"))
    assert "Ada Quill" in page and "In good standing" in page and "Not in good" not in page
    assert "since 18 November 2026" in page
    assert partner.email not in page and partner.application.reference not in page
    assert "Ada Quill" in words(Client().get(f"/northshire/partner/{partner.code.upper()}/")), "as it is read aloud"


def test_who_has_left_is_not_in_good_standing(partner):
    leave(partner)
    assert "Not in good standing" in words(Client().get(f"/northshire/partner/{partner.code}/"))


def test_a_code_of_nobody_and_a_code_of_another_hub_are_nobody_s(partner):
    for address in ("/northshire/partner/aaaa-aaaa-aaaa/", f"/southshire/partner/{partner.code}/"):
        page = Client().get(address)
        assert page.status_code == 404 and "Ada Quill" not in words(page) and "Nobody has this code" in words(page)


def test_codes_are_each_their_own(lorna, miles, partner):
    other = Walk(lorna, miles, name="Bo Reed")
    other.go(*IN_TIME)
    assert re.fullmatch(r"[b-z2-9]{4}-[b-z2-9]{4}-[b-z2-9]{4}", partner.code)
    assert other.case.partner.code != partner.code


# the letter


def test_m10_the_official_letter_is_there_by_the_link_of_the_letter(partner, link):
    page = words(Client().get(link))
    assert "Your letter and logo" in page and "logo.svg" in page
    file = Client().get(f"{link}letter.pdf")
    reader = PdfReader(io.BytesIO(file.content))
    text = " ".join(" ".join(one.extract_text() for one in reader.pages).split())
    assert "Ada Quill is a Professional Partner of Northshire Music Hub since 18 November 2026" in text
    assert f"/northshire/partner/{partner.code}/" in text.replace(" ", "")
    catalogue = reader.trailer["/Root"]
    assert catalogue["/MarkInfo"]["/Marked"] and b"pdfuaid:part" in catalogue["/Metadata"].get_data()
    assert reader.metadata.title == "Professional Partner: Ada Quill"
    assert "Ada" not in file["Content-Disposition"]


def test_m10_the_letter_stays_as_it_was_issued(partner, link):
    before = Client().get(f"{link}letter.pdf").content
    Scheme.objects.update(letter_words="Something else.", hub_name="Another Hub", signatory_name="Somebody")
    Partner.objects.filter(pk=partner.pk).update(name="Ada Quill-Reed")
    assert Client().get(f"{link}letter.pdf").content == before


def test_m10_the_letter_is_the_file_that_was_issued_and_drawn_again_only_if_it_was_lost(partner, link):
    kept_as = partner.letter.kept_as
    assert Client().get(f"{link}letter.pdf").content == default_storage.open(kept_as).read()
    default_storage.delete(kept_as)
    again = PdfReader(io.BytesIO(Client().get(f"{link}letter.pdf").content))
    assert "Ada Quill is a Professional Partner" in " ".join(again.pages[0].extract_text().split())


def test_the_cast_s_letters_say_the_day_that_their_pages_say(una, linus):
    for member in (una, linus):
        partner = Partner.objects.get(member=member)
        day = f"{partner.since.day} {partner.since:%B %Y}"
        assert f"since {day}" in " ".join(PdfReader(io.BytesIO(partner.letter.paper())).pages[0].extract_text().split())


def test_who_was_a_partner_before_there_were_letters_gets_one(partner, link):
    partner.letter.delete()
    assert Client().get(f"{link}letter.pdf").content.startswith(b"%PDF")


def test_nobody_else_gets_them(walk, as_member, url, lorna, miles, partner, link, southshire):
    other = Walk(lorna, miles, name="Bo Reed")
    other.go("send", "proceed")
    letter = Letter.objects.about(other.case).filter(kind="application_proceed").get()
    theirs = re.search(r"/northshire/application/\S+", letter.body)[0]
    for what in ("letter.pdf", "logo.svg", "logo.png", "badge.png"):
        assert Client().get(f"{theirs}{what}").status_code == 404, "not before the induction"
        assert Client().get(link.replace("northshire", "southshire") + what).status_code == 404
        assert as_member(lorna).get(url(lorna, "application", walk.case.pk) + what).status_code == 200


def test_a_partner_who_signs_in_gets_their_own_at_any_time(as_member, una, linus, clock):
    clock.shift(timedelta(days=300))
    page = words(as_member(una).get("/northshire/my-entry/"))
    assert "Your letter and logo" in page
    text = PdfReader(io.BytesIO(as_member(una).get("/northshire/my-entry/letter.pdf").content)).pages[0].extract_text()
    assert "Una Merrow" in text and "Linus" not in text
    assert as_member(linus).get("/northshire/my-entry/badge.png")["Content-Type"] == "image/png"


# the logo


def test_m10_the_logo_bears_the_year_as_svg_and_png(partner, link, clock, as_member, lorna, url):
    picture = Image.open(io.BytesIO(Client().get(f"{link}logo.png").content))
    assert picture.format == "PNG" and picture.width == picture.height >= 1000
    svg = Client().get(f"{link}logo.svg")
    assert svg["Content-Type"] == "image/svg+xml" and svg.content.startswith(b"<svg")
    clock.shift(timedelta(days=60))
    again = as_member(lorna).get(url(lorna, "case_logo_svg", partner.application_id))
    assert again.status_code == 200 and again.content != svg.content, "another year, another logo"


def test_the_logo_is_for_those_in_good_standing_and_the_letter_stays_theirs(partner, link):
    leave(partner)
    assert Client().get(f"{link}logo.png").status_code == 404
    assert Client().get(f"{link}letter.pdf").status_code == 200


# the badge


def check(token):
    """What a website does: it takes the keys that the issuer publishes, and nothing else of ours."""
    keys = Client().get("/northshire/scheme/badge/keys/").json()["keys"]
    kid = jwt.get_unverified_header(token)["kid"]
    key = next(key for key in keys if key["kid"] == kid)
    assert "d" not in key, "no private half"
    return jwt.decode(token, jwt.PyJWK(key), algorithms=["EdDSA"], options={"verify_aud": False})


def token_of(partner):
    return Client().get(f"/northshire/partner/{partner.code}/badge/").content.decode()


def test_m10_the_badge_is_checked_with_what_the_hub_publishes(partner):
    said = check(token_of(partner))
    assert said["type"] == ["VerifiableCredential", "OpenBadgeCredential"]
    assert said["@context"][0] == "https://www.w3.org/ns/credentials/v2"
    assert said["validFrom"] == "2026-11-18T00:00:00Z" and said["issuer"]["name"] == "Northshire Music Hub"
    achieved = said["credentialSubject"]["achievement"]
    assert {"id", "type", "name", "description", "criteria"} <= achieved.keys()
    known = said["credentialSubject"]["identifier"][0]
    assert known["hashed"] and known["identityHash"].startswith("sha256$") and partner.email not in str(said)
    assert said["iss"] == said["issuer"]["id"] and said["jti"] == said["id"]


def test_the_addresses_in_a_badge_open(partner):
    said = check(token_of(partner))
    for address in (said["iss"], said["credentialSubject"]["achievement"]["id"], said["credentialStatus"]["id"]):
        answer = Client().get("/" + address.split("/", 3)[3])
        assert answer.json()["id"] == address and answer["Access-Control-Allow-Origin"] == "*"


def test_a_badge_that_was_changed_is_refused(partner):
    head, body, signature = token_of(partner).split(".")
    other = body[:40] + ("A" if body[40] != "A" else "B") + body[41:]
    with pytest.raises(jwt.InvalidTokenError):
        check(f"{head}.{other}.{signature}")


def test_m10_a_badge_stops_with_good_standing(partner):
    status = "/northshire/scheme/badge/status/"
    assert Client().get(status).json()["revokedCredential"] == []
    leave(partner)
    gone = Client().get(status).json()["revokedCredential"]
    assert [one["id"] for one in gone] == [check(token_of(partner))["id"]]


def test_the_badge_in_the_picture_is_the_same_badge(partner, link):
    picture = Image.open(io.BytesIO(Client().get(f"{link}badge.png").content))
    picture.load()
    assert check(picture.text["openbadgecredential"])["id"] == check(token_of(partner))["id"]


def test_a_changed_secret_key_makes_a_new_key_and_old_badges_still_hold(partner, settings):
    old = token_of(partner)
    settings.SECRET_KEY = "another one"
    new = token_of(partner)
    assert SigningKey.objects.count() == 2 and check(old)["id"] == check(new)["id"]


def test_the_private_half_of_a_key_is_not_readable_in_the_database(partner):
    token_of(partner)
    key = SigningKey.objects.get()
    assert "d" not in key.public and key.locked.startswith("gAAAA")


def test_who_has_no_address_has_a_badge_without_one(partner):
    Partner.objects.filter(pk=partner.pk).update(email="")
    assert "identifier" not in check(token_of(partner))["credentialSubject"]
