"""The home pages of office and area manager: what waits, each thing with its button; is the area delivered?"""

import html
import re

import pytest

from tutti.core.letters import Letter
from tutti.core.runs import Run
from tutti.people.models import Member
from tutti.schools.models import Contact, School
from tutti.teaching.models import Register
from tutti.teaching.models.question import ask_by_teacher


@pytest.fixture
def home(as_member, rosa, url):
    return lambda: as_member(rosa).get(url(rosa, "home")).content.decode()


def text(page):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


def test_the_office_sees_who_to_chase_and_where_to_begin(home, url, rosa):
    page = home()
    assert "14 registers are missing" in page
    assert re.search(r"Owen Tregarth.*9 registers in 3 schools.*3 weeks late.*Never", text(page))
    assert "week 11 of 40, lesson 10 of 33" in page
    assert url(rosa, "chase") in page


def test_a_teacher_who_missed_nothing_is_not_named_among_those_to_chase(home):
    chased = home().split("Teachers who miss registers")[1].split("</table>")[0]
    assert "Hannah Whitlock" not in chased
    assert "Owen Tregarth" in chased


def test_each_thing_to_do_goes_when_it_is_done(home, northshire):
    kelder = School.objects.get(name="Kelder Primary School")
    assert "Nobody gets the summary of Kelder Primary School" in home()
    Contact.objects.create(service=northshire, school=kelder, name="Ann Other", role="head", email="ann@kelder.example")
    assert "Kelder" not in home().split("Registers recorded")[0]

    assert "Hollin Moor Infant School has closed" in home()
    School.objects.filter(name="Hollin Moor Infant School").update(status="open")
    assert "has closed" not in home()

    assert "Tess Arden has not joined yet" in home()
    Member.objects.filter(name="Tess Arden").update(joined_at="2026-11-17T10:00Z")
    assert "Tess Arden has no pupils yet" in home()


def test_the_office_hears_of_a_group_of_one_and_of_pupils_who_may_be_one_child(home):
    page = home()
    assert "One pupil is left in a cello group" in page
    assert page.count(">One pupil is left") == 1
    assert "Zara Hughes and Zara Okonedo-Hughes" in page


@pytest.mark.parametrize("who", ["rosa", "robin", "dilys"])
def test_each_link_of_a_home_page_opens_for_whom_it_is_shown_to(as_member, url, request, northshire, who):
    """With every kind of thing to do: also a letter refused, and one school alone without a contact, then many."""
    member = request.getfixturevalue(who)
    client = as_member(member)
    Letter.objects.filter(service=northshire, to_name="Imogen Hale").update(state="refused", refusal="550")
    links = _links(client.get(url(member, "home")))
    Member.objects.filter(service=northshire).exclude(pk=member.pk).update(joined_at=None)
    Contact.objects.filter(service=northshire).update(gets_summary=False)
    links |= _links(client.get(url(member, "home")))
    assert who == "dilys" or f"{url(member, 'teachers')}?state=waiting" in links
    assert len(links) > 10
    assert {link: status for link in links if (status := client.get(link).status_code) != 200} == {}


def _links(answer):
    return set(re.findall(r'<a [^>]*href="(/[^"#]*)', html.unescape(answer.content.decode())))


def test_refused_letters_are_something_to_do(home, northshire):
    assert "refused by the mail server" not in home()
    letter = Letter.objects.filter(service=northshire, to_name="Imogen Hale").latest("written_at")
    Letter.objects.filter(pk=letter.pk).update(state="refused", refusal="550 no such box")
    assert "1 letter refused by the mail server" in home()


def test_what_runs_is_shown_with_its_bar(home, northshire):
    Run.objects.create(
        service=northshire, kind="summaries", title="October summaries", state="running", done=3, total=9
    )
    assert re.search(r'<progress max="9" value="3" aria-label="October summaries"', home())


def test_the_next_summaries_have_a_day_and_a_number_of_schools(home):
    assert re.search(r"Tue 1 December November summaries to 2\d schools", text(home()))


def test_when_all_is_recorded_the_page_says_so(home, northshire, as_member, dilys, url):
    for one in _missing(northshire):
        Register.objects.update_or_create(
            allocation_id=one.allocation_id,
            week=one.week,
            defaults={"service": northshire, "confirmed_by_id": one.teacher_id},
        )
    assert "Every register is recorded" in home()
    assert "Yes: all" in as_member(dilys).get(url(dilys, "home")).content.decode()


def _missing(service):
    from tutti.front.progress import place_in_year

    return place_in_year(service).delivery().missing()


def test_the_area_manager_sees_her_own_area_only(as_member, dilys, url):
    page = as_member(dilys).get(url(dilys, "home")).content.decode()
    assert "Is my area delivered?" in page
    assert "Larkrise Primary School" in page
    assert "Owen Tregarth" in page
    assert "Saltwick Academy" not in page
    assert "Wren Ashby" not in page
    assert re.search(r"144 of 153 registers.*94 %. 9 are missing", text(page))


def test_the_area_manager_sees_which_questions_of_her_area_wait(as_member, dilys, hannah, url, larkrise):
    ask_by_teacher(hannah, "Who has the key?", school=larkrise)
    page = text(as_member(dilys).get(url(dilys, "home")).content.decode())
    assert "1 question waits for you Larkrise Primary School" in page.replace("  ", " ")
    assert "Ashcombe Vale School" not in page  # that is another area's


def test_a_service_without_a_year_says_what_comes_first(as_member, rosa, url, empty_service):
    other = Member.objects.create(
        service=empty_service, person=rosa.person, name="Rosa Pike", roles=["office"], joined_at="2026-09-01T09:00Z"
    )
    page = as_member(other).get(url(other, "home")).content.decode()
    assert "No year is set up yet" in page
    assert as_member(other).get(url(other, "registers")).status_code == 200
    assert as_member(other).get(url(other, "chase")).status_code == 200


@pytest.mark.parametrize("name", ["home", "registers", "chase"])
@pytest.mark.parametrize("who", ["rosa", "dilys"])
def test_few_rows_and_many_take_the_same_queries(as_member, url, request, who, name, southshire, count_queries):
    member = request.getfixturevalue(who)
    client, address = as_member(member), url(member, name)
    many = count_queries(lambda: client.get(address))
    Register.objects.filter(service=member.service).exclude(allocation__teacher__name="Hannah Whitlock").update(
        confirmed_by=None
    )
    assert count_queries(lambda: client.get(address)) == many <= 28
