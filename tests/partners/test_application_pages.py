"""The pages of a case: what waits for whom, a move with its letter, the report (M3 to M10)."""

import pytest

from tests.partners.walk import IN_TIME, REPORT, Walk
from tutti.core.letters import Letter
from tutti.partners.models import Application

pytestmark = pytest.mark.django_db


def words(page):
    return " ".join(page.content.decode().split())


@pytest.fixture
def page_of(as_member, url, walk):
    def fetch(member, name="application"):
        return as_member(member).get(url(member, name, walk.case.pk))

    return fetch


@pytest.fixture
def move(as_member, url, walk):
    """Make a move from its page, with the letter as it was drafted unless another is typed."""

    def make(member, name, **typed):
        client, address = as_member(member), url(member, f"application_{name}", walk.case.pk)
        form = client.get(address).context["form"]
        drafted = {field: form[field].value() for field in form.fields if form[field].value() is not None}
        return client.post(address, {**drafted, **typed})

    return make


def test_m3_the_leader_sees_what_waits_for_them_first(walk, as_member, lorna, url):
    walk.go("send")
    page = as_member(lorna).get(url(lorna, "applications"))
    assert [one.application.name for one in page.context["pipeline"].mine if one.application == walk.case]
    text = words(page)
    assert text.index("Waiting for you") < text.index("Ada Quill") < text.index("On their way")


def test_a3_the_mentor_sees_those_given_to_them_and_no_draft_is_shown_to_anybody(walk, as_member, lorna, miles, url):
    assert "Ada Quill" not in words(as_member(lorna).get(url(lorna, "applications")))
    walk.go("send")
    assert "Ada Quill" not in words(as_member(miles).get(url(miles, "applications")))
    walk.go("proceed")
    assert "Waits for you: arrange the observation" in words(as_member(miles).get(url(miles, "applications")))


def test_each_reader_has_their_own_words_and_their_own_moves(walk, page_of, lorna, miles):
    walk.go("send", "proceed")
    leader, mentor = words(page_of(lorna)), words(page_of(miles))
    assert "Waits for the mentor, who arranges the observation" in leader and "What next?" not in leader
    assert "Waits for you: arrange the observation" in mentor and "Arrange the observation</a>" in mentor


def test_m5_the_letter_is_shown_and_goes_out_as_it_was_changed(walk, move, lorna, miles):
    walk.go("send")
    text = "Good news\n\nDear Ada, we would like to see you teach in spring."
    assert move(lorna, "proceed", mentor=miles.pk, letter=text).status_code == 302
    letter = Letter.objects.about(walk.case).get(kind="application_proceed")
    assert letter.subject == "Good news" and "see you teach in spring" in letter.body
    assert "Where your application stands:" in letter.body and letter.is_secret


def test_m4_feedback_is_required_beside_its_field_and_nothing_typed_is_lost(walk, move, lorna):
    walk.go("send")
    answer = move(lorna, "decline", feedback="", letter="Sorry\n\nMy own words.")
    assert answer.status_code == 422 and "Feedback is needed" in words(answer) and "My own words." in words(answer)
    assert walk.fresh().stage == "received"


def test_a_letter_that_is_a_subject_only_is_none(walk, move, lorna, miles):
    walk.go("send")
    page = move(lorna, "proceed", mentor=miles.pk, letter="Good news\n\n ")
    assert page.status_code == 422 and "Write the letter below it" in words(page) and walk.fresh().stage == "received"


def test_a2_the_list_says_how_many_references_are_in(as_member, url, lorna, miles):
    Walk(lorna, miles, answered=1).send()
    assert "1 of 2 references are in" in words(as_member(lorna).get(url(lorna, "applications")))


def test_m6_an_appointment_stands_in_the_letter(walk, move, miles):
    walk.go("send", "proceed")
    typed = {"on": "30 11 2026", "at": "14:30", "place": "Larkrise, hall", "kind": "both", "minutes": "60"}
    assert move(miles, "arrange", **typed).status_code == 302
    letter = Letter.objects.about(walk.case).get(kind="application_arrange")
    assert "Observation and interview: Monday 30 November 2026 at 14:30, Larkrise, hall" in letter.body
    assert move(miles, "rearrange", at="15:00").status_code == 302
    assert walk.fresh().observation.words.endswith("at 15:00, Larkrise, hall")


@pytest.mark.parametrize(("field", "typed", "said"), [("on", "someday", "day like"), ("at", "noon", "time like 14:30")])
def test_a_day_or_time_that_is_none_is_said_beside_it(walk, move, miles, field, typed, said):
    walk.go("send", "proceed")
    asked = {"on": "30 11 2026", "at": "14:30", "place": "Here", "kind": "both", "minutes": "60", field: typed}
    answer = move(miles, "arrange", **asked)
    assert answer.status_code == 422 and said in words(answer) and walk.fresh().stage == "observation_due"


def test_m7_the_report_is_saved_bit_by_bit_and_sent_in_one_step(walk, move, page_of, as_member, url, miles, lorna):
    walk.go("send", "proceed", "arrange", "observe")
    address = url(miles, "application_report", walk.case.pk)
    assert as_member(miles).post(address, {"focus": "A new piece"}).status_code == 302
    assert as_member(lorna).get(url(lorna, "application_report", walk.case.pk)).status_code == 302, "not sent yet"
    early = move(miles, "recommend", recommendation="successful")
    assert early.status_code == 422 and "The report still needs: Who was taught, and where" in words(early)
    as_member(miles).post(address, REPORT)
    assert move(miles, "recommend", recommendation="successful").status_code == 302
    led = as_member(lorna).get(url(lorna, "application_report", walk.case.pk), follow=True)
    read = words(led)
    assert "Plan the term" in read and "Successful" in read and "<textarea" not in read


def test_a_page_read_before_somebody_else_s_move_says_so(walk, as_member, url, lorna, miles):
    walk.go("send")
    client, address = as_member(lorna), url(lorna, "application_proceed", walk.case.pk)
    typed = {"seen": 0, "mentor": miles.pk, "letter": "Subject\n\nGo on."}
    answer = client.post(address, typed)
    assert answer.status_code == 422 and "Somebody has moved this on in the meantime" in words(answer)
    walk.decline()
    late = client.post(address, {**typed, "seen": 1}, follow=True)
    assert "That is not to be done now" in words(late) and walk.fresh().stage == "not_proceeding"


def test_what_was_typed_for_a_move_that_is_not_due_any_more_is_not_lost(walk, move, as_member, url, lorna, miles):
    walk.go("send")
    client, address = as_member(lorna), url(lorna, "application_decline", walk.case.pk)
    walk.proceed()
    late = client.post(address, {"seen": 1, "feedback": "Half an hour of thought.", "letter": "No\n\nSorry."})
    assert late.status_code == 422 and "Half an hour of thought." in words(late)
    assert "That is not to be done now" in words(late) and walk.fresh().stage == "observation_due"
    assert as_member(miles).post(address, {"seen": 1}).status_code == 302, "whose it is not gets no form"


def test_a_note_of_a_meeting_is_not_lost_when_the_mentoring_was_ended(walk, as_member, url, miles):
    walk.go(*IN_TIME[:4], "recommend_not", "mentor_first", "end_mentoring")
    address = url(miles, "mentoring_meeting", walk.case.pk)
    late = as_member(miles).post(address, {"on": "18 11 2026", "notes": "We planned a term."})
    assert late.status_code == 422 and "We planned a term." in words(late) and "ended in the meantime" in words(late)


@pytest.mark.parametrize("day", ["17 11 2026", "1 1 1999", "31 12 9999"])
def test_m6_nothing_is_arranged_for_a_day_that_is_over_or_years_away(walk, move, miles, day):
    walk.go("send", "proceed")
    typed = {"on": day, "at": "23:30", "place": "Larkrise", "kind": "both", "minutes": "60"}
    page = move(miles, "arrange", **typed)
    assert page.status_code == 422 and ("That day is" in words(page)) and walk.fresh().stage == "observation_due"


@pytest.mark.parametrize("day", ["17 11 2026", "18 11 2026", "31 12 9999"])
def test_m8_mentoring_ends_on_a_day_to_come(walk, move, lorna, day):
    walk.go(*IN_TIME[:4], "recommend_not")
    page = move(lorna, "mentor_first", aims="Planning", until_day=day)
    assert page.status_code == 422 and "Planning" in words(page) and "day" in words(page)
    assert walk.fresh().stage == "recommended" and not walk.case.programmes.exists()
    assert walk.fresh().observation.decided_at is None, "nothing half-done"


@pytest.mark.parametrize(("done", "step"), [(1, "Received"), (3, "Observation"), (7, "Induction")])
def test_what_was_withdrawn_stands_where_it_ended(walk, page_of, lorna, done, step):
    walk.go(*IN_TIME[:done], "withdraw")
    steps = page_of(lorna).context["case"].steps
    assert [one.label for one in steps if one.state == "now"] == [step]


def test_m10_the_whole_chart_from_page_to_page(walk, move, lorna, miles):
    walk.go("send")
    letter = {"place": "The hub", "at": "10:00", "on": "18 11 2026"}
    steps = [
        (lorna, "proceed", {"mentor": miles.pk}),
        (miles, "arrange", {**letter, "kind": "observation", "minutes": "45"}),
        (miles, "observe", {}),
        (lorna, "succeed", {}),
        (lorna, "arrange_induction", letter),
        (lorna, "complete", {"done": walk.scheme.checklist}),
    ]
    for member, name, typed in steps:
        if name == "succeed":
            walk.case.refresh_from_db()
            walk.recommend()
        assert move(member, name, **typed).status_code == 302, name
    assert walk.fresh().stage == "completed"


def test_another_service_s_applications_are_not_there(walk, as_member, url, lorna, southshire, inside):
    with inside(southshire):
        theirs = Application.objects.filter(service=southshire).first()
    assert as_member(lorna).get(url(lorna, "application", theirs.pk)).status_code == 404


def test_the_pipeline_takes_the_same_queries_for_few_and_many(
    walk, as_member, url, lorna, miles, django_assert_max_num_queries
):
    client, address = as_member(lorna), url(lorna, "applications")
    client.get(address)
    with django_assert_max_num_queries(8) as few:
        client.get(address)
    for number in range(8):
        type(walk)(lorna, miles, name=f"Ben {'abcdefgh'[number]}").go(*IN_TIME[:number])
    with django_assert_max_num_queries(len(few.captured_queries)):
        client.get(address)
