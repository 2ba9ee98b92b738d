"""The head of service says whether the scheme runs, what it asks, how long it takes, and what its letters say (A1)."""

import io

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from pypdf import PdfReader

from tests.partners.walk import IN_TIME, REPORT
from tutti.core.history import Event
from tutti.core.letters import Letter
from tutti.partners.models import Scheme
from tutti.partners.models.letter_words import DRAFTS, IN_LETTERS, check_words, default_words, fill

pytestmark = pytest.mark.django_db


def words(page):
    return " ".join(page.content.decode().split())


@pytest.fixture
def save(as_member, robin, url):
    """Send the settings as they stand, but for what is typed."""

    def send(**typed):
        client, address = as_member(robin), url(robin, "scheme_settings")
        form = client.get(address).context["form"]
        said = {name: form[name].value() for name in form.fields if form[name].value() not in (None, False)}
        return client.post(address, {**said, **typed}, follow=True)

    return send


def test_a_service_begins_to_run_the_scheme_and_has_its_page(northshire, as_member, robin, url):
    Scheme.objects.filter(service=northshire).delete()
    client = as_member(robin)
    assert "does not run it yet" in words(client.get(url(robin, "scheme_settings")))
    page = words(client.post(url(robin, "scheme_begin"), follow=True))
    assert "The scheme has a page now" in page and Client().get("/northshire/scheme/").status_code == 200
    client.post(url(robin, "scheme_begin"))
    assert Scheme.objects.filter(service=northshire).count() == 1, "twice is once"


def test_what_is_said_stands_on_the_public_page_and_in_the_history(save, scheme, robin):
    save(
        name="Trusted Teachers", criteria="Ten years of teaching\n\n  A good ear \nA good ear", lead_name="The Faculty"
    )
    page = words(Client().get("/northshire/scheme/"))
    assert "Trusted Teachers" in page and "Ten years of teaching" in page and "The Faculty" in page
    scheme.refresh_from_db()
    assert scheme.criteria == ["Ten years of teaching", "A good ear"], "tidied, each once"
    told = Event.objects.about(scheme).get(verb="changed the scheme")
    assert told.by_name == robin.name and told.after["name"] == "Trusted Teachers"


def test_saved_as_it_stands_nothing_is_changed(save, scheme):
    before = Scheme.objects.filter(pk=scheme.pk).values().get()
    assert save().status_code == 200
    assert Scheme.objects.filter(pk=scheme.pk).values().get() == before
    assert not Event.objects.about(scheme).filter(verb="changed the scheme").exists()


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ({"report_days": "0"}, "greater than or equal to 1"),
        ({"name": ""}, "What the scheme is called is needed"),
        ({"hub_email": "no address"}, "valid email"),
        ({"letter_words": "Dear {nmae}"}, "Nothing stands for {nmae}"),
        ({"picture": SimpleUploadedFile("me.png", b"no picture")}, "cannot be read"),
    ],
)
def test_what_cannot_be_is_said_and_nothing_is_changed(save, scheme, typed, says):
    page = save(**typed)
    assert page.status_code == 422 and says in words(page)
    assert not Event.objects.about(scheme).filter(verb="changed the scheme").exists()


def test_a1_applications_are_taken_once_paper_forms_have_an_address_to_return_to(save, scheme):
    page = save(lead_address=" ", is_open="on")
    assert page.status_code == 422 and "Paper forms return there" in words(page)
    assert Scheme.objects.get(pk=scheme.pk).lead_address == scheme.lead_address


@pytest.mark.parametrize("typed", [{"criteria": "a" * 4001}, {"criteria": "a\0b"}, {"hub_email": f"{'a' * 250}@x.org"}])
def test_what_is_too_long_or_no_text_is_refused(save, scheme, typed):
    assert save(**typed).status_code == 422
    assert Scheme.objects.get(pk=scheme.pk).criteria == scheme.criteria


def test_m7_a_report_has_the_headings_of_the_hub_and_keeps_its_own(save, walk, as_member, url, miles):
    save(looked_at="How the class sings\nHow the room is kept")
    walk.go(*IN_TIME[:4])
    address = url(miles, "application_report", walk.case.pk)
    form = as_member(miles).get(address).context["form"]
    key = next(name for name, field in form.fields.items() if field.label == "How the class sings")
    as_member(miles).post(address, {**REPORT, key: "In four parts"})
    save(looked_at="How the room is kept")
    assert "In four parts" in words(as_member(miles).get(address)), "what was written does not go with its heading"
    walk.recommend()
    assert ("How the class sings", "In four parts") in walk.fresh().observation.sections


def test_m10_the_letter_bears_the_picture_of_the_signature_and_the_hub_s_own_words(save, walk, scheme):
    out = io.BytesIO()
    Image.new("RGB", (300, 90), "navy").save(out, "PNG")
    own = "{name} is one of us since {since}."
    save(picture=SimpleUploadedFile("sign.png", out.getvalue()), letter_words=own, signatory_name="Maud Ferrers")
    walk.go(*IN_TIME)
    paper = PdfReader(io.BytesIO(walk.case.partner.letter.paper()))
    text = " ".join(paper.pages[0].extract_text().split())
    assert "Ada Quill is one of us since 18 November 2026." in text and "Maud Ferrers" in text
    assert len(paper.pages[0].images) >= 1


def test_the_head_reads_a_letter_to_nobody_before_anybody_gets_one(save, as_member, robin, url):
    save(letter_words="{name} plays well.\n\nSince {since}.")
    paper = PdfReader(io.BytesIO(as_member(robin).get(url(robin, "scheme_sample_pdf")).content))
    assert "Name of a Partner plays well. Since 18 November 2026." in " ".join(paper.pages[0].extract_text().split())


def test_only_the_head_changes_it(as_member, rosa, lorna, url):
    for member in (rosa, lorna):
        for name, *args in (("scheme_settings",), ("scheme_letter", "proceed")):
            assert as_member(member).get(url(member, name, *args)).status_code == 403


# letters


def write(as_member, robin, url, move, text):
    return as_member(robin).post(url(robin, "scheme_letter", move), {"words": text}, follow=True)


def test_a_letter_goes_out_in_the_hub_s_own_words(as_member, robin, url, walk, scheme):
    write(as_member, robin, url, "received", "It is here, {applicant}\nWe read {reference} at {hub}.\n")
    walk.go("send")
    letter = Letter.objects.about(walk.case).get(kind="application_received")
    assert letter.subject == "It is here, Ada Quill"
    assert f"We read {walk.case.reference} at {scheme.hub_name}." in letter.body


def test_left_empty_it_is_in_our_words_again(as_member, robin, url, scheme):
    write(as_member, robin, url, "proceed", "Hello\nCome.")
    scheme.refresh_from_db()
    assert scheme.drafts == {"proceed": "Hello\nCome."}
    assert "Your words" in words(as_member(robin).get(url(robin, "scheme_settings")))
    write(as_member, robin, url, "proceed", "")
    scheme.refresh_from_db()
    assert scheme.drafts == {}


@pytest.mark.parametrize("text", ["Dear {aplicant}\nCome.", "Only a subject", "{}\nCome.", "{applicant.email}\nCome."])
def test_words_that_would_go_out_wrong_are_refused_and_kept_in_the_box(as_member, robin, url, scheme, text):
    page = write(as_member, robin, url, "proceed", text)
    assert page.status_code == 422 and 'id="id_words_error"' in words(page)
    scheme.refresh_from_db()
    assert scheme.drafts == {}


@pytest.mark.parametrize("move", DRAFTS)
def test_our_own_words_are_in_order(move):
    check_words(default_words(move), IN_LETTERS)
    assert default_words(move).partition("\n")[2].strip()


@given(st.text(max_size=60), st.text(max_size=30))
def test_what_is_typed_is_never_read_as_a_program(text, name):
    typed = f"{{{{ application.email }}}} {{% now 'Y' %}} {text} {{applicant}}"
    filled = fill(typed, {"applicant": name})
    assert filled.startswith("{{ application.email }} {% now 'Y' %}") and filled.endswith(name)


def test_a_name_that_looks_like_a_placeholder_stays_a_name():
    assert fill("{applicant} of {hub}", {"applicant": "{hub}", "hub": "The Hub"}) == "{hub} of The Hub"


@pytest.mark.parametrize(("move", "name"), [("proceed", "mentor"), ("received", "by"), ("arrange", "again")])
def test_a_letter_has_no_placeholder_for_what_is_not_known_yet(as_member, robin, url, scheme, move, name):
    page = write(as_member, robin, url, move, f"Subject\n\nDear {{{name}}}")
    assert page.status_code == 422 and f"Nothing stands for {{{name}}}" in words(page)


def test_who_is_not_taken_further_reads_from_when_they_may_apply_again(walk):
    walk.go("send", "decline")
    body = Letter.objects.about(walk.case).get(kind="application_decline").body
    assert "You are welcome to apply again from 16 February 2027." in body


def test_a_letter_that_is_none_is_not_there(as_member, robin, url):
    assert as_member(robin).get(url(robin, "scheme_letter", "shoe-size")).status_code == 404
    with pytest.raises(ValidationError):
        check_words("{x}", IN_LETTERS)
