"""M3 to M10: the chart of the scheme from the public page to the list, along every path, each by whom it belongs to."""

import pytest

from tests.partners.walk import Walk
from tests.stories.scheme_people import APPOINTMENT, People
from tutti.partners.models import Application, Partner
from tutti.people.models.member import add_member

browser = pytest.mark.browser


@pytest.fixture
def people(browser_page, mail_server, run_jobs, lorna, miles):
    return People(browser_page, mail_server, run_jobs, lorna, miles)


def on_the_list(page):
    page.goto("/northshire/partners/")
    return page.get_by_text("Ada Quill").count() > 0


@browser
def test_m1_to_m10_an_applicant_is_seen_successful_inducted_and_listed(people, lorna, miles):
    people.apply()
    assert "PP-2026-" in people.newest()["Subject"]
    assert "waits for you" in people.text(lorna.person.email)
    people.refer("dora@school.example")
    people.refer("hugo@school.example")

    people.leads("Proceed", mentor=str(miles.pk))
    assert "will be in touch" in people.text() and "was given to you" in people.text(miles.person.email)
    people.mentors("Arrange the observation", **APPOINTMENT, kind="both")
    invitation = next(part for part in people.newest().walk() if part.get_content_type() == "text/calendar")
    assert "Wednesday 18 November 2026 at 10:00" in people.text() and "METHOD:REQUEST" in invitation.get_content()
    assert people.looks() == "Your observation or interview is arranged"
    assert not on_the_list(people.applicant)

    people.mentors("It took place").reports("successful", slowly=True)
    assert "report" in people.text(lorna.person.email)
    people.leads("Successful")
    assert people.looks().startswith("You were successful")
    people.leads("Arrange the induction", **{**APPOINTMENT, "place": "The hub"})
    assert not on_the_list(people.applicant), "nobody is on the list before the induction"
    people.leads("It is completed", done=people.case.service.scheme.checklist)
    assert people.looks() == "You are a partner" and on_the_list(people.applicant)
    enclosed = {part.get_filename(): part.get_content() for part in people.newest().iter_attachments()}
    assert enclosed["official-letter.pdf"].startswith(b"%PDF") and enclosed["logo-2026.png"].startswith(b"\x89PNG")


@browser
def test_m5_the_mentor_falls_ill_and_another_goes_on(people, browser_page, northshire, robin, miles):
    cleo = add_member(northshire, robin, name="Cleo Marsh", email="cleo@hub.example", roles=["mentor"])
    people.has_applied().leads("Proceed", mentor=str(miles.pk), without_references="We know her well.")
    people.mentors("Arrange the observation", **APPOINTMENT, kind="observation")
    people.leads("Choose another mentor", mentor=str(cleo.pk))
    assert "Miles Askew hands your application over" in people.text()
    assert "given to another mentor" in people.text(miles.person.email)
    people.mentor.goto("/northshire/applications/")
    assert people.mentor.get_by_text("Ada Quill").count() == 0, "it is not his any more"
    people.mentor = browser_page(cleo)
    people.mentors("Arrange the observation", **APPOINTMENT, kind="interview").mentors("It took place")
    people.reports("successful").leads("Successful")
    assert people.looks().startswith("You were successful")


@browser
def test_m4_the_leader_does_not_proceed_and_the_applicant_gets_the_feedback(people):
    people.has_applied().leads("Do not proceed", feedback="Two years of teaching first, please.")
    assert "Two years of teaching first, please." in people.text()
    people.looks()
    assert people.applicant.get_by_text("Two years of teaching first").count() == 1


@browser
def test_m8_not_yet_mentored_seen_again_and_successful(people, miles):
    people.has_applied().observed().reports("unsuccessful")
    people.leads("Not yet: mentoring", aims="Planning a term ahead", until_day="18 1 2027")
    assert "Planning a term ahead" in people.text() and people.looks().startswith("You work with a mentor")
    people.mentor.goto(f"/northshire/applications/{people.case.pk}/")
    people.mentor.get_by_role("link", name="Note a meeting").click()
    people.mentor.get_by_role("heading", name="Note a meeting").wait_for()
    people.fill(people.mentor, {"on": "18 11 2026", "notes": "We planned half a term."})
    people.mentor.get_by_role("button", name="Save").click()
    people.mentor.get_by_text("We planned half a term.").wait_for()
    people.leads("Extend it", until_day="18 2 2027")
    people.leads("End it: observe again").seen().reports("successful")
    people.leads("Successful").leads("Arrange the induction", **APPOINTMENT)
    people.leads("It is completed", done=people.case.service.scheme.checklist)
    assert on_the_list(people.applicant) and people.case.observations.took_place().count() == 2


@browser
def test_m8_not_yet_mentored_seen_again_and_unsuccessful(people):
    people.has_applied().observed().reports("unsuccessful")
    people.leads("Not yet: mentoring", aims="Planning", until_day="18 1 2027").leads("End it: observe again")
    people.seen().reports("unsuccessful").leads("Unsuccessful", feedback="Lessons are still not planned.")
    assert "Lessons are still not planned." in people.text() and not on_the_list(people.applicant)


@browser
def test_a3_the_leader_sends_a_report_back_and_then_differs_with_a_reason(people, miles):
    people.has_applied().observed().reports("unsuccessful")
    people.leads("Send the report back", why="What did the pupils learn?")
    assert "What did the pupils learn?" in people.text(miles.person.email)
    people.reports("unsuccessful")
    people.leader.goto(f"/northshire/applications/{people.case.pk}/successful/".replace("successful", "succeed"))
    people.leader.locator("main form button.govuk-button").click()
    people.leader.get_by_role("alert").wait_for()
    people.leads("Successful", why="The second lesson was very good.")
    assert people.looks().startswith("You were successful")
    assert "The second lesson" not in people.text(), "the applicant hears the decision, not the argument"


@browser
def test_a4_the_applicant_withdraws_and_what_was_arranged_is_off(people, miles):
    people.has_applied().leads("Proceed", mentor=str(miles.pk), without_references="We know her well.")
    people.mentors("Arrange the observation", **APPOINTMENT, kind="interview")
    people.withdraw()
    letter = people.newest(miles.person.email)
    calendar = next(part for part in letter.walk() if part.get_content_type() == "text/calendar")
    assert "was withdrawn" in letter["Subject"] and "METHOD:CANCEL" in calendar.get_content()


STAGES = ["send", "proceed", "arrange", "observe", "recommend", "succeed", "arrange_induction"]
MENTORED = ["send", "proceed", "arrange", "observe", "recommend_not", "mentor_first"]


def test_a4_withdrawing_is_possible_at_each_stage_until_the_induction_is_completed(
    lorna, miles, mail_server, run_jobs, anybody
):
    paths = [STAGES[:many] for many in range(1, len(STAGES) + 1)] + [MENTORED]
    for number, path in enumerate(paths):
        walk = Walk(lorna, miles, name=f"Applicant {number}")
        walk.go(*path)
        run_jobs()
        link = mail_server.links(mail_server.to(walk.case.email)[-1])[-1]
        anybody.post("/" + link.split("/", 3)[3] + "withdraw/")
        assert walk.fresh().stage == "withdrawn", path
    assert not Partner.objects.filter(name__startswith="Applicant").exists()


def test_a4_a_partner_does_not_withdraw(lorna, miles, mail_server, run_jobs, anybody):
    walk = Walk(lorna, miles, name="Ada Quill")
    walk.go(*STAGES, "complete")
    run_jobs()
    link = mail_server.links(mail_server.to(walk.case.email)[-1])[-1]
    anybody.post("/" + link.split("/", 3)[3] + "withdraw/")
    assert walk.fresh().stage == "completed" and Application.objects.get(pk=walk.case.pk).partner
