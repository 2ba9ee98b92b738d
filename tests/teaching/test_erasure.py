"""Erasing a pupil: the name goes from everywhere, figures stay, that it happened is known (S6)."""

import io

import pytest
from django.core.exceptions import ValidationError
from pypdf import PdfReader

from tests.teaching.small_school import BORN, FIFTH, OCTOBER, TWELFTH, SmallSchool
from tutti.core.history import Event
from tutti.core.letters import Letter
from tutti.teaching.models import Correction, Lesson, Mark, Notice, Pupil, Question, Register, SummaryLink
from tutti.teaching.models.correction import propose
from tutti.teaching.models.erasure import ERASED, Erasure, erase
from tutti.teaching.models.notice import give_notice
from tutti.teaching.models.pupil import find_or_add
from tutti.teaching.models.question import ask_by_link
from tutti.teaching.models.questions_told import questions_told
from tutti.teaching.models.summary import make_summary
from tutti.teaching.models.summary_paper import paper_of
from tutti.teaching.models.told_line import line_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def small(hannah, rosa):
    small = SmallSchool(hannah, rosa)
    small.lesson("Noa Quillfeather", "Zara Hughes")
    small.record(FIFTH, absent={"Noa Quillfeather": "absent"})
    small.record(TWELFTH)
    small.school.pupils.get(name="Noa Quillfeather").change(rosa, name="Zoë Quillfeather")
    return small


@pytest.fixture
def zoe(small):
    return small.school.pupils.get(name="Zoë Quillfeather")


@pytest.fixture
def summary(small, zoe, rosa):
    """October as it was told, with a question about the pupil's line in it."""
    made = make_summary(small.school, OCTOBER)
    link = SummaryLink.make(made, small.contact())
    told = made.told()
    row = next(row for row in told["pupils"] if row["name"] == "Zoë Quillfeather")
    asked = ask_by_link(link, "Zoë Quillfeather was here, and so was Zara Hughes.", line=line_of(told, row["line"]))
    asked.answer(rosa, "zoë  quillfeather is put right.")
    made.figures["questions"] = questions_told(small.school, OCTOBER)
    made.save()
    return made


def everything_written(service):
    """All text of the service's rows that the pupil could stand in, in one."""
    rows = [
        Pupil.objects.filter(service=service).values_list("name"),
        Event.objects.filter(service=service).values_list("before", "after"),
        Letter.objects.filter(service=service).values_list("subject", "body"),
        Register.objects.filter(service=service).values_list("note"),
        Lesson.objects.filter(service=service).values_list("title"),
        Question.objects.filter(service=service).values_list("text", "line", "replies__text"),
        Correction.objects.filter(service=service).values_list("why", "answer"),
        Notice.objects.filter(service=service).values_list("words"),
    ]
    return str([list(each) for each in rows])


def text_of(summary):
    summary.refresh_from_db()
    pdf = PdfReader(io.BytesIO(paper_of(summary)))
    return " ".join(" ".join(page.extract_text() for page in pdf.pages).split())


def test_s6_the_name_goes_from_pupil_summaries_paper_history_notes_questions_and_letters(
    small, zoe, summary, robin, northshire
):
    Register.objects.filter(allocation=small.allocation, week=FIFTH).update(note="Zoë Quillfeather forgot her bow")
    small.allocation.lessons.update(title="Duo of Zoë Quillfeather")
    Letter.objects.create(
        service=northshire,
        kind="reminder",
        to_name="Hannah",
        to_email="h@x.example",
        subject="Zoë  Quillfeather",
        body="zoë quillfeather",
    )
    assert "Zoë Quillfeather" in text_of(summary) and "Noa Quillfeather" in everything_written(northshire)
    before = summary.figures

    assert erase(zoe, robin, "Zoë Quillfeather’s family asked for it")

    written, paper = everything_written(northshire), text_of(summary)
    for gone in ("Quillfeather", "quillfeather"):
        assert gone not in written and gone not in paper
    assert ERASED in paper and f"{ERASED} was here, and so was Zara Hughes." in paper
    assert "Quillfeather" not in str(summary.figures)
    assert Register.objects.get(allocation=small.allocation, week=FIFTH).note == f"{ERASED} forgot her bow"
    assert str(before).replace("Zoë Quillfeather", ERASED).replace("zoë  quillfeather", ERASED) == str(summary.figures)


def test_s6_figures_and_marks_stay_and_the_birthday_goes(small, zoe, summary, robin):
    marks = list(Mark.objects.filter(place__pupil=zoe).values_list("line", "reason"))
    sums = {key: value for key, value in summary.figures.items() if key in ("totals", "teachers", "weeks")}
    erase(zoe, robin, "Asked for")
    summary.refresh_from_db()
    assert {key: summary.figures[key] for key in sums} == sums
    assert list(Mark.objects.filter(place__pupil=zoe).values_list("line", "reason")) == marks and marks
    row = next(row for row in summary.figures["pupils"] if row["pupil"] == zoe.pk)
    assert (row["name"], row["due"], row["missed"]) == (ERASED, 3, 1)
    zoe.refresh_from_db()
    assert zoe.date_of_birth.year == 1900 and str(BORN) not in str(list(_own_events(zoe)))


def _own_events(pupil):
    return Event.objects.about(pupil).values_list("verb", "before", "after")


def test_s6_that_it_happened_is_recorded_without_the_name_once(zoe, summary, robin):
    assert erase(zoe, robin, "Zoë Quillfeather has left") and not erase(zoe, robin, "Again")
    (event,) = Event.objects.about(zoe).filter(verb="erased the pupil")
    assert event.by_name == "Robin Pell"
    assert event.after["why"] == f"{ERASED} has left" and event.after["Monthly summaries, with their PDFs"] == 1


def test_two_erased_pupils_of_one_school_stand_side_by_side_and_are_nobodys_twin(small, robin, rosa, as_member, url):
    for name in ("Zoë Quillfeather", "Zara Hughes"):
        erase(small.school.pupils.get(name=name), robin, "Asked for")
    assert small.school.pupils.filter(name=ERASED).count() == 2
    assert (
        as_member(rosa).get(url(rosa, "home")).content.decode().count(">Two pupils may be one child") == 1
    )  # the Zaras
    again, is_new = find_or_add(small.school, rosa, "Zoë Quillfeather", BORN)  # the same child comes back: a new row
    assert is_new and again.name == "Zoë Quillfeather"


def test_another_pupil_of_the_same_name_keeps_it(small, zoe, robin, rosa):
    """Two children of one name: rows know whose they are."""
    lesson = small.allocation.lessons.first()
    other, _ = find_or_add(small.school, rosa, "Zoë Quillfeather", BORN.replace(year=2014))
    small.place(lesson, "Una Fell", FIFTH)
    Pupil.objects.filter(name="Una Fell", school=small.school).update(
        name="Zoë Quillfeather", date_of_birth="2013-01-01"
    )
    made = make_summary(small.school, OCTOBER)
    erase(zoe, robin, "Asked for")
    made.refresh_from_db()
    assert sorted(row["name"] for row in made.figures["pupils"]) == [ERASED, "Zara Hughes", "Zoë Quillfeather"]
    other.refresh_from_db()
    assert other.name == "Zoë Quillfeather"


@pytest.mark.parametrize("text", ["Zoë Quillfeatherton", "AZoë Quillfeather", "Zoë", "Quillfeather"])
def test_only_the_whole_name_is_taken_out_of_free_text(zoe, text):
    assert Erasure(zoe).clean(text) == text


def test_s6_the_name_goes_from_corrections_and_notices_also_of_weeks_in_which_the_pupil_has_no_mark(
    small, zoe, robin, rosa, northshire
):
    ill = small.reason("ill")
    Mark.objects.filter(place__pupil=zoe, line__register__week=TWELFTH).delete()
    register = Register.objects.get(allocation=small.allocation, week=TWELFTH)
    asked = propose(register, None, "Zoë Quillfeather has lessons from then", marks={zoe.places.get().pk: ill})
    asked.decline(rosa, "Zoë Quillfeather was not there")
    give_notice(
        northshire, rosa, reason=ill, from_week=TWELFTH, until_week=TWELFTH, pupil=zoe, words="Zoë Quillfeather"
    )
    assert erase(zoe, robin, "Asked for")
    assert "Quillfeather" not in everything_written(northshire)


def test_s6_who_was_joined_is_erased_under_both_names(small, zoe, robin, rosa, northshire):
    """In what was told under the number that is gone, in the history, and of pupils joined one after the other."""
    small.lesson("Zoë Featherquill")
    small.lesson("Zoë Quillfeather-Moss", instrument="Cello")
    made = make_summary(small.school, OCTOBER)
    second, third = (small.school.pupils.get(name=name) for name in ("Zoë Featherquill", "Zoë Quillfeather-Moss"))
    gone = [second.pk, third.pk]
    second.join(third, rosa)
    zoe.join(second, rosa)
    assert erase(zoe, robin, "Asked for")
    made.refresh_from_db()
    left = everything_written(northshire) + str(made.figures)
    assert "Quillfeather" not in left and "Featherquill" not in left
    events = Event.objects.filter(thing="teaching.pupil", thing_id__in=[zoe.pk, *gone])
    assert str(BORN) not in str(list(events.values_list("before", "after")))


def test_only_the_head_of_service_may(zoe, rosa, hannah, dilys, as_member, url):
    for member in (rosa, hannah, dilys):
        with pytest.raises(ValidationError):
            erase(zoe, member, "No")
        assert as_member(member).post(url(member, "pupil_erase", zoe.pk), {"why": "No"}).status_code == 403
    zoe.refresh_from_db()
    assert zoe.name == "Zoë Quillfeather"


def test_s6_the_page_before_says_what_will_happen_and_the_page_after_that_it_did(zoe, summary, robin, as_member, url):
    client = as_member(robin)
    assert url(robin, "pupil_erase", zoe.pk) in client.get(url(robin, "pupil", zoe.pk)).content.decode()
    page = client.get(url(robin, "pupil_erase", zoe.pk)).content.decode()
    assert "This cannot be undone" in page and "Lessons still run" in page
    counts = dict(Erasure(zoe).counts)
    assert counts["Monthly summaries, with their PDFs"] == 1 and counts["Questions and answers"] == 2
    assert client.post(url(robin, "pupil_erase", zoe.pk), {"why": " "}).status_code == 422
    assert Pupil.objects.get(pk=zoe.pk).erased_at is None
    after = client.post(url(robin, "pupil_erase", zoe.pk), {"why": "Asked for"}, follow=True).content.decode()
    assert (
        ERASED in after
        and "Erased on 18 November 2026" in after
        and "Quillfeather" not in after
        and "1900" not in after
    )
    assert client.get(url(robin, "pupil_erase", zoe.pk)).status_code == 302
    assert client.get(url(robin, "pupil_change", zoe.pk)).status_code == 404
    table = client.get(url(robin, "pupils"), {"as": "csv"}).content.decode()
    assert "1900" not in table and "Quillfeather," not in table


def test_erasing_costs_the_same_queries_for_few_and_many(
    small, zoe, summary, robin, rosa, django_assert_max_num_queries
):
    link = SummaryLink.objects.filter(summary=summary).select_related("contact", "summary__school__office").first()
    for _ in range(15):
        ask_by_link(link, "Zoë Quillfeather again").answer(rosa, "Zoë Quillfeather")
    with django_assert_max_num_queries(26):
        erase(zoe, robin, "Asked for")
    assert not Question.objects.filter(text__contains="Quillfeather").exists()
