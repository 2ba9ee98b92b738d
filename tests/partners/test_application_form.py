"""The form: its papers, what is refused, on paper, keyed in, and gone when nobody sends it in (M1, M2)."""

import io
import re
from datetime import timedelta

import pytest
from django.core.files.storage import default_storage
from django.test import Client
from pypdf import PdfReader

from tests.partners.filled_in import PDF, SECTIONS, fill_in, photograph, scan
from tutti.core import uploads
from tutti.core.history import Event
from tutti.core.letters import Letter
from tutti.partners.models import Application, ApplicationDocument, Scheme
from tutti.partners.models.application_begin import ask_to_begin, begin_application, erase_drafts, key_in_application
from tutti.partners.models.application_questions import sections_of

pytestmark = pytest.mark.django_db


def words(page):
    return " ".join(page.content.decode().split())


@pytest.fixture
def draft(scheme):
    """A client with the address of an application that has just begun, and the application."""
    case = begin_application(scheme, name="Ada Quill", email="ada@studio.example")
    letter = Letter.objects.about(case).get()
    return Client(), re.search(r"/northshire/application/\S+", letter.body)[0], case


# papers


def test_m1_a_certificate_is_added_read_and_removed(draft):
    client, base, case = draft
    address = f"{base}qualifications/"
    sent = client.post(address, {**SECTIONS["qualifications"], "document": photograph()})
    assert sent["Location"] == address, "there may be another to add"
    paper = case.documents.get()
    assert paper.name == "certificate.jpg" and paper.section == "qualifications"
    assert "certificate.jpg" in words(client.get(address))
    file = client.get(f"{base}documents/{paper.pk}/")
    assert file["Content-Type"] == "image/jpeg" and "attachment" in file["Content-Disposition"]
    assert "certificate" not in file["Content-Disposition"], "a download bears nobody's name"
    client.post(f"{base}documents/{paper.pk}/")
    assert not case.documents.exists()


def test_a_file_goes_when_its_paper_goes(draft, django_capture_on_commit_callbacks):
    client, base, case = draft
    client.post(f"{base}checks/", {**SECTIONS["checks"], "document": scan()})
    kept_as = case.documents.get().kept_as
    with django_capture_on_commit_callbacks(execute=True):
        client.post(f"{base}documents/{case.documents.get().pk}/")
    assert not default_storage.exists(kept_as)


@pytest.mark.parametrize(
    ("file", "says"),
    [
        (scan("certificate.pdf", b"MZ a program"), "cannot be read"),
        (scan("certificate.jpg", PDF), "is not what its name says"),
    ],
)
def test_a_file_that_is_not_what_it_says_is_refused_beside_its_field_and_nothing_is_lost(draft, file, says):
    client, base, case = draft
    file.seek(0)
    page = client.post(f"{base}qualifications/", {**SECTIONS["qualifications"], "document": file})
    assert page.status_code == 422 and says in words(page) and 'id="id_document_error"' in words(page)
    assert "CME, 2019" in words(page), "what was typed is still there"
    assert not case.documents.exists()


def test_an_application_holds_twenty_papers_at_most(draft):
    client, base, case = draft
    own = {"service": case.service, "section": "checks", "name": "a.pdf"}
    ApplicationDocument.objects.bulk_create(
        ApplicationDocument(application=case, kept_as=f"applications/{n}.pdf", **own) for n in range(20)
    )
    page = client.post(f"{base}checks/", {**SECTIONS["checks"], "document": scan()})
    assert page.status_code == 422 and "20 documents at most" in words(page)


def test_papers_are_there_for_those_who_decide_and_for_nobody_else(draft, northshire, lorna, miles, as_member):
    client, base, case = draft
    client.post(f"{base}checks/", {**SECTIONS["checks"], "document": scan()})
    fill_in(client, base, without=["checks"])
    address = f"/northshire/applications/{case.pk}/documents/{case.documents.get().pk}/"
    assert as_member(lorna).get(address).status_code == 404, "not before it is sent in"
    client.post(f"{base}send/")
    assert as_member(lorna).get(address).content == PDF
    assert as_member(miles).get(address).status_code == 404, "not a mentor who has not got it"
    assert client.get(address).status_code == 302
    paper = case.documents.get().pk
    refused = words(client.post(f"{base}documents/{paper}/", follow=True))
    assert "sent in already" in refused and case.documents.exists()


def test_nobody_reads_the_papers_of_another_application(draft, scheme):
    client, base, case = draft
    client.post(f"{base}checks/", {**SECTIONS["checks"], "document": scan()})
    other = begin_application(scheme, name="Bo Reed", email="bo@studio.example")
    link = re.search(r"/northshire/application/\S+", Letter.objects.about(other).get().body)[0]
    assert client.get(f"{link}documents/{case.documents.get().pk}/").status_code == 404


# what is refused


@pytest.mark.parametrize(
    ("section", "typed", "field", "says"),
    [
        ("referees", {"referee_1_email": "ADA@studio.example"}, "referee_1_email", "A referee cannot be you"),
        ("referees", {"referee_2_email": "dora@school.example"}, "referee_2_email", "two different people"),
        ("referees", {"referee_1_email": "no address"}, "referee_1_email", "valid email"),
        ("checks", {"dbs_on": "31 2 2026"}, "dbs_on", "Type a day"),
        ("track-record", {"track_record": "x" * 5000}, "track_record", "4000"),
    ],
)
def test_what_cannot_be_is_said_beside_its_field_and_nothing_is_lost(draft, section, typed, field, says):
    client, base, case = draft
    page = client.post(f"{base}{section}/", {**SECTIONS[section], **typed})
    assert page.status_code == 422 and says in words(page) and f'id="id_{field}_error"' in words(page)
    assert typed[field] in page.content.decode()
    case.refresh_from_db()
    assert case.answers == {} and not case.referees.exists()


def test_a_section_that_nobody_asks_is_not_there(draft):
    client, base, _ = draft
    assert client.get(f"{base}shoe-size/").status_code == 404


# the service's own questions, and the form on paper


def test_a_service_asks_questions_of_its_own_which_are_kept_by_their_sentence(draft, scheme):
    client, base, case = draft
    Scheme.objects.filter(pk=scheme.pk).update(questions=["Do you teach in Welsh?"])
    page = words(client.get(f"{base}own-questions/"))
    assert "Do you teach in Welsh?" in page
    key = re.search(r"own_[0-9a-f]+", page)[0]
    client.post(f"{base}own-questions/", {key: "Yes, half of my pupils"})
    assert "Yes, half of my pupils" in words(client.get(f"{base}check/"))
    Scheme.objects.filter(pk=scheme.pk).update(questions=["Which clefs do you read?"])
    assert "Yes, half of my pupils" not in words(client.get(f"{base}check/"))


def pdf_words(page):
    reader = PdfReader(io.BytesIO(page.content))
    return reader, " ".join(" ".join(one.extract_text() for one in reader.pages).split())


def test_m2_the_form_on_paper_asks_what_the_form_on_line_asks_and_says_where_it_returns(scheme):
    Scheme.objects.filter(pk=scheme.pk).update(questions=["Do you teach in Welsh?"])
    scheme.refresh_from_db()
    reader, text = pdf_words(Client().get("/northshire/scheme/form.pdf"))
    asked = [question.label for section in sections_of(scheme) for question in section.questions]
    assert len(asked) > 25 and [label for label in asked if label not in text] == []
    positions = [text.index(section.title) for section in sections_of(scheme)]
    assert positions == sorted(positions)
    assert scheme.lead_name in text and scheme.lead_address.split(",")[0] in text and "no charge" in text
    catalogue = reader.trailer["/Root"]
    assert catalogue["/MarkInfo"]["/Marked"] and catalogue["/Lang"] == "en-GB"
    assert b"pdfuaid:part" in catalogue["/Metadata"].get_data()
    assert reader.metadata.title == f"Application: {scheme.name}"


def test_m2_the_form_on_line_shows_every_question_of_the_definition(draft, scheme):
    client, base, _ = draft
    for section in sections_of(scheme):
        page = client.get(f"{base}{section.key}/").content.decode()
        assert [one.label for one in section.questions if one.label not in page] == []


# keyed in


def key_in(client, **typed):
    said = {"name": "Bo Reed", "email": "bo@studio.example", "scan": scan(), **typed}
    return client.post("/northshire/applications/on-paper/", said)


def test_m2_the_office_keys_a_paper_form_in_with_its_scan_and_sends_it_in(rosa, lorna, as_member):
    client = as_member(rosa)
    base = key_in(client)["Location"]
    case = Application.objects.get(email="bo@studio.example")
    assert case.documents.get().section == "scan" and case.keyed_in_by == rosa
    fill_in(client, base)
    sent = words(client.post(f"{base}send/", follow=True))
    case.refresh_from_db()
    assert case.stage == "received" and f"Sent in for Bo Reed: {case.reference}" in sent
    told = Event.objects.about(case).get(verb="sent the application in")
    assert told.by_name == rosa.name, "the history says who keyed it in"
    kinds = Letter.objects.about(case).filter(to_email="bo@studio.example").values_list("kind", flat=True)
    assert list(kinds) == ["application_received"], "from here on the applicant goes on by e-mail"
    assert client.get(base).status_code == 404, "it is with the leader now"
    assert "Bo Reed" in words(as_member(lorna).get("/northshire/applications/"))


def test_a_paper_form_needs_its_scan_and_an_address_that_is_free(rosa, walk, as_member):
    walk.send()
    client = as_member(rosa)
    assert "Scan of the form is needed" in words(key_in(client, scan=""))
    taken = key_in(client, email=walk.case.email)
    assert taken.status_code == 422 and "under way" in words(taken)
    assert not Application.objects.filter(name="Bo Reed").exists()


def test_who_applies_by_post_needs_no_e_mail_address_nor_do_the_referees(rosa, as_member):
    client = as_member(rosa)
    base = key_in(client, email="")["Location"]
    fill_in(client, base, without=["referees"])
    by_post = {**SECTIONS["referees"], "referee_1_email": "", "referee_2_email": ""}
    client.post(f"{base}referees/", by_post)
    assert "9 of 9 done" in words(client.get(base))
    client.post(f"{base}send/")
    case = Application.objects.get(name="Bo Reed")
    assert case.stage == "received" and case.referees.count() == 2
    assert key_in(client, name="Cy Mellor", email="")["Location"], "two without an address are two"


# never sent in


def test_m2_a_form_that_is_never_sent_in_is_gone_after_ninety_days(draft, clock, django_capture_on_commit_callbacks):
    client, base, case = draft
    client.post(f"{base}checks/", {**SECTIONS["checks"], "document": scan()})
    kept_as, pk = case.documents.get().kept_as, case.pk
    clock.shift(timedelta(days=89))
    assert erase_drafts(Application.objects.filter(pk=pk).abandoned()) == 0
    clock.shift(timedelta(days=2))
    with django_capture_on_commit_callbacks(execute=True):
        assert erase_drafts(Application.objects.filter(pk=pk).abandoned()) == 1
    assert not Application.objects.filter(pk=pk).exists() and not default_storage.exists(kept_as)
    assert not Letter.objects.filter(to_email="ada@studio.example").exists()
    assert not Event.objects.filter(by_name="Ada Quill").exists(), "nor is the name left in the history"


def test_m2_who_begins_again_after_ninety_days_begins_anew_even_if_nothing_ran_at_night(draft, scheme, clock):
    client, base, case = draft
    client.post(f"{base}instruments/", SECTIONS["instruments"])
    clock.shift(timedelta(days=91))
    ask_to_begin(scheme, name="Ada Quill", email="ada@studio.example")
    again = Application.objects.get(email="ada@studio.example")
    assert again.pk != case.pk and again.answers == {} and not Application.objects.filter(pk=case.pk).exists()


def test_nobody_keys_their_own_application_in(as_member, rosa, url):
    page = as_member(rosa).post(
        url(rosa, "paper_applications"), {"name": rosa.name, "email": rosa.person.email.upper(), "scan": scan()}
    )
    assert page.status_code == 422 and "your own address" in words(page)


def test_what_was_keyed_in_by_mistake_is_deleted(as_member, rosa, url, scheme):
    scanned = uploads.take(scan())
    case = key_in_application(scheme, rosa, name="Bo Reed", email="", file_name="form.pdf", scan=scanned)
    page = as_member(rosa).post(url(rosa, "paper_application_delete", case.pk), follow=True)
    assert "It is deleted" in words(page) and not Application.objects.filter(pk=case.pk).exists()
    event = Event.objects.filter(thing="partners.application", thing_id=case.pk).latest("pk")
    assert event.verb == "erased what was never sent in" and event.by_name == rosa.name


def test_m2_who_goes_on_by_post_needs_a_postal_address(as_member, rosa, url, scheme):
    scanned = uploads.take(scan())
    case = key_in_application(scheme, rosa, name="Bo Reed", email="", file_name="form.pdf", scan=scanned)
    client, base = as_member(rosa), url(rosa, "paper_application", case.pk)
    fill_in(client, base, without=["about-you"])
    assert "Your postal address" in words(client.get(f"{base}check/"))
    client.post(f"{base}about-you/", {"name": "", "phone": "", "address": "1 Mill Row", "website": ""})
    assert "Your postal address" not in words(client.get(f"{base}check/")).partition("Still")[2][:200]
    client.post(f"{base}send/")
    case.refresh_from_db()
    assert case.stage == "received"


def test_the_name_of_a_referee_is_one_line(draft):
    client, base, case = draft
    client.post(f"{base}referees/", {**SECTIONS["referees"], "referee_1_name": "Dora\nBlythe"})
    assert case.referees.first().name == "Dora Blythe"
    long = client.post(f"{base}referees/", {**SECTIONS["referees"], "referee_1_name": "x" * 201})
    assert long.status_code == 422 and case.referees.first().name == "Dora Blythe"


def test_what_was_sent_in_is_never_taken_for_a_draft(walk, clock):
    walk.send()
    clock.shift(timedelta(days=400))
    assert erase_drafts(Application.objects.filter(pk=walk.case.pk)) == 0


# again


def test_who_was_refused_last_month_reads_from_when_they_may_apply_again(walk, scheme, clock):
    walk.go("send", "decline")
    clock.shift(timedelta(days=30))
    ask_to_begin(scheme, name="Ada Quill", email=walk.case.email)
    told = Letter.objects.about(walk.case).latest("pk")
    assert "from 16 February 2027 you can begin another" in told.body and told.to_email == walk.case.email
    assert not Application.objects.filter(email=walk.case.email, stage="draft").exists()
    again = begin_application(
        scheme, name="Ada Quill", email=walk.case.email
    )  # and whoever got in is refused at the end
    base = re.search(r"/northshire/application/\S+", Letter.objects.about(again).latest("pk").body)[0]
    client = Client()
    fill_in(client, base)
    page = words(client.post(f"{base}send/", follow=True))
    assert "Apply again from" in page and Application.objects.get(pk=again.pk).stage == "draft"
    clock.shift(timedelta(days=60))
    ask_to_begin(scheme, name="Ada Quill", email=walk.case.email)
    base = re.search(r"/northshire/application/\S+", Letter.objects.about(again).latest("pk").body)[0]
    assert "We have your application" in words(client.post(f"{base}send/", follow=True))
