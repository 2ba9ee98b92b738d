"""Letters, runs, the teacher's page, and the pages for everybody."""

import pytest

from tutti.core.letters import Letter
from tutti.core.runs import Run
from tutti.people.models import MusicService


@pytest.fixture
def client_of_rosa(as_member, rosa):
    return as_member(rosa)


def test_letters_are_found_by_kind_state_and_reader(client_of_rosa, rosa, url):
    page = client_of_rosa.get(url(rosa, "letters"), {"q": "imogen"}).content.decode()
    assert "Larkrise Primary School" in page
    assert "Saltwick" not in page
    assert "Your account with" not in client_of_rosa.get(url(rosa, "letters"), {"kind": "summary"}).content.decode()
    assert "No letter like that" in client_of_rosa.get(url(rosa, "letters"), {"state": "refused"}).content.decode()
    assert client_of_rosa.get(url(rosa, "letters"), {"kind": "love", "page": "x"}).status_code == 200


def test_a_letter_is_shown_whole_and_its_links_can_be_followed(client_of_rosa, rosa, url):
    letter = Letter.objects.filter(kind="summary", to_name="Imogen Hale").latest("written_at")
    page = client_of_rosa.get(url(rosa, "letter", letter.pk)).content.decode()
    assert "Dear Imogen Hale," in page
    assert 'href="http' in page
    assert "/northshire/month/" in page


def test_html_in_a_letter_is_text(client_of_rosa, rosa, url):
    letter = Letter.objects.filter(service=rosa.service).first()
    Letter.objects.filter(pk=letter.pk).update(body="<script>alert(1)</script> http://x.example/?a=<b>", subject="<i>x")
    page = client_of_rosa.get(url(rosa, "letter", letter.pk)).content.decode()
    assert "<script>alert" not in page
    assert "<i>x" not in page


def test_a_letter_of_another_service_is_not_there(client_of_rosa, rosa, southshire, url):
    with southshire.entered():
        theirs = Letter.objects.filter(service=southshire).first()
    assert client_of_rosa.get(url(rosa, "letter", theirs.pk)).status_code == 404


def test_what_signs_somebody_in_is_shown_in_the_demo_world_only(client_of_rosa, rosa, url):
    letter = Letter.objects.get(service=rosa.service, kind="invitation", to_name="Tess Arden")
    assert "/sign-in-link/" in client_of_rosa.get(url(rosa, "letter", letter.pk)).content.decode()
    MusicService.objects.filter(pk=rosa.service_id).update(is_demo=False)
    page = client_of_rosa.get(url(rosa, "letter", letter.pk)).content.decode()
    assert "/sign-in-link/" not in page
    assert "[not shown]" in page


def test_few_letters_and_many_take_the_same_queries(client_of_rosa, rosa, url, count_queries):
    address = url(rosa, "letters")
    many = count_queries(lambda: client_of_rosa.get(address))
    Letter.objects.filter(kind="summary").exclude(to_name="Imogen Hale").delete()
    assert count_queries(lambda: client_of_rosa.get(address)) == many


@pytest.fixture
def run(northshire):
    return Run.objects.create(service=northshire, kind="summaries", title="October summaries", done=2, total=5)


def test_a_run_comes_again_by_itself_until_it_has_ended(client_of_rosa, rosa, url, run):
    response = client_of_rosa.get(url(rosa, "run", run.pk))
    assert response["Refresh"] == "3"
    assert "2 of 5" in response.content.decode()
    client_of_rosa.post(url(rosa, "run_stop", run.pk))
    response = client_of_rosa.get(url(rosa, "run", run.pk))
    assert "Refresh" not in response
    assert "Go on" in response.content.decode()


def test_a_stopped_run_goes_on_and_a_finished_one_is_not_stopped(client_of_rosa, rosa, url, run):
    client_of_rosa.post(url(rosa, "run_stop", run.pk))
    run.refresh_from_db()
    assert run.state == "stopped"
    client_of_rosa.post(url(rosa, "run_go_on", run.pk))
    run.refresh_from_db()
    assert (run.state, run.asked_to_stop) == ("waiting", False)
    Run.objects.filter(pk=run.pk).update(state="done")
    client_of_rosa.post(url(rosa, "run_stop", run.pk))
    run.refresh_from_db()
    assert (run.state, run.asked_to_stop) == ("done", False)


def test_going_on_while_another_is_under_way_is_refused_in_words(client_of_rosa, rosa, northshire, url, run):
    Run.objects.filter(pk=run.pk).update(slot="2026-10", state="stopped")
    Run.objects.create(service=northshire, kind="summaries", title="October once more", slot="2026-10")
    page = client_of_rosa.post(url(rosa, "run_go_on", run.pk), follow=True).content.decode()
    assert "Another run of this is under way." in page
    run.refresh_from_db()
    assert run.state == "stopped"


@pytest.mark.parametrize("move", ["run_stop", "run_go_on"])
def test_a_run_is_not_moved_by_opening_an_address_nor_from_another_service(
    client_of_rosa, as_member, sam, rosa, url, run, move
):
    assert client_of_rosa.get(url(rosa, move, run.pk)).status_code == 405
    assert as_member(sam).post(url(sam, move, run.pk)).status_code == 404
    assert as_member(sam).get(url(sam, "run", run.pk)).status_code == 404
    run.refresh_from_db()
    assert run.state == "waiting"


def test_a_teachers_page_tells_what_is_missing_and_what_happened(client_of_rosa, rosa, owen, url):
    page = client_of_rosa.get(url(rosa, "teacher", owen.pk)).content.decode()
    assert "9 registers are missing" in page
    assert "6 of 10" in page
    assert "Allocated" in page
    client_of_rosa.post(url(rosa, "chase"), {"teacher": owen.pk})
    page = client_of_rosa.get(url(rosa, "teacher", owen.pk)).content.decode()
    assert "9 registers still to record" in page
    assert "Reminded of registers" in page


def test_a_new_teachers_page_offers_to_invite_again(client_of_rosa, as_member, rosa, dilys, tess, url):
    page = client_of_rosa.get(url(rosa, "teacher", tess.pk)).content.decode()
    assert "Invite again" in page
    assert page.count("Nothing set up") == 2
    assert "Invite again" not in as_member(dilys).get(url(dilys, "teacher", tess.pk)).content.decode()


def test_a_teachers_page_takes_the_same_queries_for_few_schools_and_many(
    client_of_rosa, rosa, owen, tess, url, count_queries
):
    few = count_queries(lambda: client_of_rosa.get(url(rosa, "teacher", tess.pk)))
    many = count_queries(lambda: client_of_rosa.get(url(rosa, "teacher", owen.pk)))
    assert few == many <= 18


def test_the_office_is_no_teacher_and_a_stranger_is_not_there(client_of_rosa, rosa, robin, sam, url):
    assert client_of_rosa.get(url(rosa, "teacher", robin.pk)).status_code == 404
    assert client_of_rosa.get(url(rosa, "teacher", sam.pk)).status_code == 404


@pytest.mark.parametrize("who", ["hannah", "dilys", "rosa", "robin"])
def test_more_leads_only_where_the_reader_may_go(as_member, request, url, who):
    member = request.getfixturevalue(who)
    client = as_member(member)
    import re

    page = client.get(url(member, "more")).content.decode().split("<main")[1].split("</main>")[0]
    links = [link for link in re.findall(r'href="([^"]+)"', page) if not link.startswith("#")]
    assert len(links) >= 3
    for link in links:
        assert client.get(link, follow=True).status_code == 200, link


@pytest.mark.parametrize("name", ["help", "privacy", "accessibility"])
def test_help_privacy_and_accessibility_are_for_everybody(client, as_member, hannah, northshire, url, name):
    assert client.get(url(None, name)).status_code == 200
    assert "northshire.example" in as_member(hannah).get(url(hannah, name)).content.decode() or name == "help"
    assert client.get(url(northshire, name)).status_code == 200
