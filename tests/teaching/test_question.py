"""Questions: asked by a school about a line or anything, or by a teacher; answered, closed, kept (S5, H16)."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from tests.conftest import NOW
from tests.teaching.small_school import FIFTH, OCTOBER, TWELFTH, SmallSchool
from tutti.core.history import Event
from tutti.core.letters import Letter
from tutti.teaching.models import Question, QuestionReply, Summary, SummaryLink
from tutti.teaching.models.question import MOST_AN_HOUR, ask_by_link, ask_by_teacher
from tutti.teaching.models.questions_told import questions_told
from tutti.teaching.models.summary import make_summary
from tutti.teaching.models.told_line import line_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def small(hannah, rosa):
    small = SmallSchool(hannah, rosa)
    violin = small.lesson("Noah Castle", "Zara Hughes")
    small.record(FIFTH, absent={"Noah Castle": "absent"})
    small.record(TWELFTH, struck={violin: "teacher-ill"})
    return small


@pytest.fixture
def link(small):
    return SummaryLink.make(make_summary(small.school, OCTOBER), small.contact())


@pytest.fixture
def noah(link):
    told = link.summary.told()
    return line_of(told, told["pupils"][0]["line"])


def letters_to(email):
    return list(Letter.objects.filter(to_email=email, written_at__gte=NOW).order_by("pk"))


def test_s5_a_line_that_is_wrong_is_asked_about_at_the_area_office_without_a_pupils_name_in_the_letter(
    link, noah, small
):
    question = ask_by_link(link, "Noah Castle was here all month.", line=noah, week=FIFTH)
    assert question.about == (
        "Noah Castle, Violin: 5 Oct Absent, 12 Oct Teacher ill, owed, 19 Oct Not yet recorded. "
        "Due 3, had 1, missed 1, owed 1. Week commencing 5 October 2026"
    )
    assert "Noah" not in question.line  # the name is the pupil's own, and goes with it
    assert (question.lesson.allocation.teacher.name, question.state) == ("Hannah Whitlock", "open")
    (letter,) = letters_to(small.school.office.email)
    assert "says that a line of October 2026 is not right" in letter.body
    assert f"/northshire/questions/{question.pk}/" in letter.body
    for hidden in ("Noah", "Castle", "all month"):
        assert hidden not in letter.body + letter.subject


def test_a_lessons_line_names_the_lesson(link, small):
    told = link.summary.told()
    line = line_of(told, told["tables"][0]["rows"][0]["line"])
    question = ask_by_link(link, "It was given on the 12th.", line=line)
    assert question.lesson == small.allocation.lessons.get() and question.pupil is None
    assert question.about.startswith("Violin, Group of 2, 20 minutes: 1 of 3 given. 12 Oct: teacher ill. Owed")
    assert [str(week) for week in question.registers] == ["2026-10-05", "2026-10-12", "2026-10-19"]


@pytest.mark.parametrize("key", ["", "lesson-0", "pupil-1-violin", "nonsense", "pupil--"])
def test_a_line_that_is_not_there_is_none(link, key):
    assert line_of(link.summary.told(), key) is None


def test_s5_it_is_answered_and_closed_and_kept_and_the_school_gets_a_letter_with_a_link(link, noah, rosa, small):
    question = ask_by_link(link, "Noah Castle was here.", line=noah)
    question.answer(rosa, "Noah Castle is put right on your next page.")
    assert question.state == "answered"
    (letter,) = letters_to("ada.crane@quarrylane.example")
    assert letter.kind == "answer" and "/northshire/month/" in letter.body
    assert "Noah" not in letter.body and "put right" not in letter.body
    assert question.close(rosa) and not question.close(rosa)
    question.refresh_from_db()
    assert question.state == "closed" and question.replies.count() == 1
    verbs = list(Event.objects.about(question).order_by("pk").values_list("verb", "by_name"))
    assert verbs == [("asked", ""), ("answered the question", "Rosa Pike"), ("closed the question", "Rosa Pike")]
    assert "Noah" not in str(list(Event.objects.about(question).values_list("before", "after")))


def test_closing_can_be_undone(link, rosa):
    question = ask_by_link(link, "Who comes in March?")
    question.close(rosa)
    assert question.open_again(rosa) and question.state == "open" and not question.open_again(rosa)
    question.answer(rosa, "Hannah does.")
    question.close(rosa)
    question.open_again(rosa)
    assert question.state == "answered"


def test_sent_twice_each_is_said_once(link, rosa, hannah, small):
    once = uuid4()
    first, second = (ask_by_link(link, "Twice?", once=once) for _ in range(2))
    assert first == second
    replies = [first.answer(rosa, "Once.", once) for _ in range(2)]
    again = [first.write_again("And now?", once=once) for _ in range(2)]  # the same token as an answer's: said already
    assert replies[0] == replies[1] == again[0] and QuestionReply.objects.filter(question=first).count() == 1
    teachers = [ask_by_teacher(hannah, "Twice?", once=once) for _ in range(2)]
    assert teachers[0] == teachers[1] and Question.objects.filter(once=once).count() == 2
    assert len(letters_to(small.school.office.email)) == len(letters_to("ada.crane@quarrylane.example")) == 1
    assert len(letters_to(hannah.office.email)) == 1


def test_who_asked_writes_again_and_it_is_open_again(link, rosa, small):
    question = ask_by_link(link, "Who comes in March?")
    question.answer(rosa, "Hannah does.")
    question.write_again("And in April?")
    assert question.state == "open" and question in Question.objects.waiting_for(rosa)
    assert [reply.name for reply in question.replies.all()] == ["Rosa Pike", "Ada Crane"]
    assert len(letters_to(small.school.office.email)) == 2


def test_twenty_questions_an_hour_and_no_more(link, clock):
    once = uuid4()
    for number in range(MOST_AN_HOUR):
        last = ask_by_link(link, f"Question {number}", once=once if number == 19 else None)
    assert ask_by_link(link, "The twentieth, sent twice", once=once) == last
    with pytest.raises(ValidationError, match="telephone"):
        ask_by_link(link, "One more")
    with pytest.raises(ValidationError, match="telephone"):
        last.write_again("One more")
    other = SummaryLink.make(link.summary, link.contact)
    with pytest.raises(ValidationError):
        ask_by_link(other, "By another link of the same contact")
    clock.shift(timedelta(hours=1, minutes=1))
    assert ask_by_link(link, "An hour later").pk


def test_h16_a_teacher_raises_a_concern_about_a_school_at_its_area_office(hannah, rosa, larkrise):
    question = ask_by_teacher(hannah, "The room is too cold.", school=larkrise)
    (letter,) = letters_to(larkrise.office.email)
    assert "Hannah Whitlock asks something about Larkrise Primary School" in letter.body
    assert question in Question.objects.waiting_for(rosa)
    question.answer(rosa, "We have written to them.")
    (letter,) = letters_to(hannah.person.email)
    assert f"/northshire/questions/{question.pk}/" in letter.body and "pupils' names" not in letter.body


def test_a_teachers_own_question_goes_to_their_own_office_and_a_service_without_addresses_gets_no_letter(
    hannah, northshire
):
    assert ask_by_teacher(hannah, "May I have a stand?").office == hannah.office
    hannah.office.email = northshire.email = ""
    hannah.office.save()
    northshire.save()
    hannah.service.email = ""
    before = Letter.objects.count()
    assert ask_by_teacher(hannah, "And a chair?").is_open and Letter.objects.count() == before


def test_who_may_see_and_answer(link, noah, hannah, owen, rosa, dilys, robin, sam):
    about_line, in_general = ask_by_link(link, "Wrong.", line=noah), ask_by_link(link, "A concern.")
    concern = ask_by_teacher(owen, "A secret concern.", school=link.summary.school)
    everything = {about_line, in_general, concern}
    for member in (rosa, dilys, robin):
        assert everything <= set(Question.objects.waiting_for(member))
    assert everything & set(Question.objects.visible_to(hannah)) == {about_line}
    assert everything & set(Question.objects.waiting_for(hannah)) == {about_line}
    assert everything & set(Question.objects.visible_to(owen)) == {concern}
    assert everything.isdisjoint(Question.objects.waiting_for(owen))
    assert everything.isdisjoint(Question.objects.visible_to(sam))


def test_an_answer_to_somebody_who_gets_letters_no_more_is_kept_and_writes_to_nobody(link, rosa):
    question = ask_by_link(link, "Who comes in March?")
    link.contact.change(rosa, gets_summary=False)
    question.answer(rosa, "Hannah does.")
    assert not letters_to("ada.crane@quarrylane.example") and question.state == "answered"
    link.contact.remove(rosa)
    question = Question.objects.get(pk=question.pk)
    assert question.reader is None and question.name == "Ada Crane"


def test_s5_the_next_summary_says_what_was_asked_and_answered_as_it_stood(link, noah, rosa, small, clock, larkrise):
    asked = ask_by_link(link, "Noah was here.", line=noah, week=FIFTH)
    ask_by_teacher(small.teacher, "The school is not told of this.", school=small.school)
    told = questions_told(small.school, OCTOBER)
    assert [(row["text"], row["state"], row["replies"]) for row in told] == [("Noah was here.", "Open", [])]
    asked.answer(rosa, "It is put right.")
    (row,) = questions_told(small.school, OCTOBER)
    assert row["name"] == "Noah Castle" and row["pupil"] == asked.pupil_id and row["week"] == "2026-10-05"
    assert row["replies"] == [{"by": "Rosa Pike", "at": "2026-11-18", "text": "It is put right."}]
    clock.shift(timedelta(days=14))
    Summary.objects.create(service=rosa.service, school=small.school, month="2026-11-01", figures=link.summary.figures)
    assert len(questions_told(small.school, timezone.localdate().replace(day=1))) == 0  # told, answered, done with
    clock.shift(timedelta(days=1))
    later = ask_by_link(link, "And in December?")
    rows = questions_told(small.school, timezone.localdate().replace(day=1))
    assert [row["question"] for row in rows] == [later.pk]
    assert questions_told(larkrise, OCTOBER) == []


def test_questions_told_cost_three_queries(link, noah, rosa, small, django_assert_num_queries):
    for _ in range(5):
        ask_by_link(link, "Wrong", line=noah).answer(rosa, "Right")
    with django_assert_num_queries(3):
        assert len(questions_told(small.school, OCTOBER)) == 5
