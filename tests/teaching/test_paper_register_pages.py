"""Typing in a register that was kept on paper: many weeks at once, each by itself (H9, R4 to R9, P6)."""

from html.parser import HTMLParser

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.teaching.small_school import SmallSchool, week
from tutti.core.history import Event
from tutti.teaching.models import Allocation, Line, Mark, Register
from tutti.teaching.models.lesson import Due
from tutti.teaching.models.sheet import Sheet

pytestmark = pytest.mark.django_db
SECOND, NINTH, SIXTEENTH = week(11, 2), week(11, 9), week(11, 16)  # the last is the running one
FIVE = [week(10, 5), week(10, 12), week(10, 19), SECOND, NINTH]


class Fields(HTMLParser):
    """What a browser would send of a page's form, as it stands."""

    def __init__(self, words):
        super().__init__()
        self.found, self._select = {}, ""
        self.feed(words.split('<form method="post"')[-1].split("</form>")[0])

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        if tag == "input" and (attrs.get("type") != "checkbox" or "checked" in attrs):
            self.found.setdefault(attrs["name"], []).append(attrs.get("value", ""))
        elif tag == "select":
            self._select = attrs["name"]
        elif tag == "option" and (self._select not in self.found or "selected" in attrs):
            self.found[self._select] = [attrs.get("value", "")]


@pytest.fixture
def small(hannah, rosa):
    return SmallSchool(hannah, rosa)


@pytest.fixture
def paper(as_member, url, small, hannah):
    """The page of the small school, opened and sent as a browser would: `typed` says what was changed on it."""

    class Paper:
        def __init__(self):
            self.client = as_member(hannah)
            self.address = url(hannah, "paper_register", small.allocation.pk)

        def of(self, member):
            self.client = as_member(member)
            return self

        def open(self, **query):
            self.response = self.client.get(self.address, query)
            return Fields(self.response.content.decode()).found

        def send(self, fields, **typed):
            changed = {name.replace("_", "-"): value for name, value in typed.items()}
            self.response = self.client.post(self.address, fields | changed)
            return self.response

        @property
        def words(self):
            return self.response.content.decode()

    return Paper()


def box(kind, pk, in_week):
    return f"{kind}-{pk}-{in_week}"


def place_of(lesson, name):
    return lesson.places.get(pupil__name=name)


def marks_of(in_week):
    marks = Mark.objects.filter(
        line__register__week=in_week, line__register__allocation__school__name__contains="Quarry"
    )
    return dict(marks.values_list("place__pupil__name", "reason__code"))


def confirmed(small):
    registers = Register.objects.filter(allocation=small.allocation).confirmed()
    return list(registers.order_by("week").values_list("week", flat=True))


def test_six_weeks_are_typed_in_at_once_and_confirmed(paper, small, hannah):
    violin, maple = small.lesson("Noah Castle"), small.programme(class_size=28)
    fields = paper.open()
    weeks = fields["week"]
    assert weeks == [str(each) for each in [*FIVE, SIXTEENTH]]
    noah = place_of(violin, "Noah Castle").pk
    fields[box("mark", noah, FIVE[1])] = [str(small.reason("absent").pk)]
    fields[box("count", maple.pk, NINTH)] = ["26"]
    answer = paper.send(fields)
    assert answer.status_code == 302
    assert confirmed(small) == FIVE
    assert marks_of(FIVE[0]) == {"Noah Castle": "present"} and marks_of(FIVE[1]) == {"Noah Castle": "absent"}
    assert small.line(maple, NINTH).head_count == 26 and small.line(maple, FIVE[0]).head_count == 28
    assert not Register.objects.filter(allocation=small.allocation, week=SIXTEENTH).exists()
    follow = paper.client.get(answer["Location"]).content.decode()
    assert "recorded" in follow and str(FIVE[0]) not in Fields(follow).found["week"]


def test_only_weeks_that_have_begun_can_be_typed_in_and_the_running_one_is_left_blank(paper, small):
    violin = small.lesson("Noah Castle")
    noah = place_of(violin, "Noah Castle").pk
    fields = paper.open()
    assert fields[box("mark", noah, NINTH)] == ["here"] and fields[box("mark", noah, SIXTEENTH)] == [""]
    assert f"confirm-{NINTH}" in fields and f"confirm-{SIXTEENTH}" not in fields
    ahead = SIXTEENTH + 1
    paper.send({"week": [str(ahead)], box("mark", noah, ahead): "here", f"confirm-{ahead}": "yes"})
    assert not Register.objects.filter(allocation=small.allocation).exists()


def test_the_running_week_is_saved_without_being_confirmed_when_something_is_typed(paper, small):
    violin = small.lesson("Noah Castle")
    noah = place_of(violin, "Noah Castle").pk
    fields = paper.open(first=str(SIXTEENTH), last=str(SIXTEENTH))
    paper.send(fields | {box("mark", noah, SIXTEENTH): "here"})
    assert marks_of(SIXTEENTH) == {"Noah Castle": "present"} and confirmed(small) == []


def test_a_week_without_a_tick_in_which_nothing_was_changed_is_left_alone(paper, small):
    small.lesson("Noah Castle")
    fields = paper.open(first=str(SECOND), last=str(NINTH))
    del fields[f"confirm-{SECOND}"]
    paper.send(fields)
    assert confirmed(small) == [NINTH]
    assert not Register.objects.filter(allocation=small.allocation, week=SECOND).exists()


# what is wrong


def test_a_wrong_box_keeps_its_week_open_with_all_that_was_typed_and_the_other_weeks_are_saved(paper, small):
    violin, maple = small.lesson("Noah Castle", "Zara Hughes"), small.programme(class_size=28)
    zara = place_of(violin, "Zara Hughes").pk
    ill = str(small.reason("ill").pk)
    fields = paper.open(first=str(SECOND), last=str(NINTH))
    fields[box("count", maple.pk, SECOND)] = ["many"]
    fields[box("mark", zara, SECOND)] = [ill]
    answer = paper.send(fields)
    assert answer.status_code == 422 and confirmed(small) == [NINTH]
    assert not Register.objects.filter(allocation=small.allocation, week=SECOND).exists()
    again = Fields(paper.words).found
    assert again["week"] == [str(SECOND)]
    assert again[box("count", maple.pk, SECOND)] == ["many"] and again[box("mark", zara, SECOND)] == [ill]
    assert "must be a number from 0 to 400. Week of 2 November." in paper.words
    assert f'href="#{box("count", maple.pk, SECOND)}"' in paper.words and "What was in order is saved" in paper.words
    assert "Week commencing 9 November: recorded." in paper.words
    again[box("count", maple.pk, SECOND)] = ["27"]
    assert paper.send(again).status_code == 302
    assert confirmed(small) == [SECOND, NINTH] and marks_of(SECOND)["Zara Hughes"] == "ill"


@pytest.mark.parametrize("typed", ["", "-3", "401", "9" * 5000, "²"])
def test_a_head_count_that_is_none_is_said_at_its_box(paper, small, typed):
    maple = small.programme()
    fields = paper.open(first=str(NINTH), last=str(NINTH))
    assert paper.send(fields | {box("count", maple.pk, NINTH): typed}).status_code == 422
    assert f'id="error-{box("count", maple.pk, NINTH)}"' in paper.words and confirmed(small) == []


@pytest.mark.parametrize("typed", ["many", "9999", "²"])
def test_a_head_count_that_says_it_was_filled_in_is_read_like_any_other(paper, small, typed):
    maple = small.programme()
    fields = paper.open(first=str(NINTH), last=str(NINTH))
    sent = {box("count", maple.pk, NINTH): typed, f"was-{NINTH}": f"count-{maple.pk}:+{typed}"}
    assert paper.send(fields | sent).status_code == 422 and confirmed(small) == []


def test_p8_more_than_the_class_wants_a_second_look(paper, small):
    maple = small.programme(class_size=28)
    fields = paper.open(first=str(NINTH), last=str(NINTH))
    fields[box("count", maple.pk, NINTH)] = ["31"]
    assert paper.send(fields).status_code == 422 and "Were there really 31?" in paper.words
    again = Fields(paper.words).found
    assert paper.send(again | {box("sure", maple.pk, NINTH): "31"}).status_code == 302
    assert small.line(maple, NINTH).head_count == 31


def test_a_box_left_empty_in_a_week_with_a_tick_is_asked_for(paper, small):
    noah = place_of(small.lesson("Noah Castle"), "Noah Castle").pk
    fields = paper.open(first=str(NINTH), last=str(NINTH))
    assert paper.send(fields | {box("mark", noah, NINTH): ""}).status_code == 422
    assert "Was Noah Castle here, or why not? Week of 9 November." in paper.words


@pytest.mark.parametrize("why", ["999999", "no number", "-1"])
def test_a_reason_that_is_none_of_ours_is_refused(paper, small, why):
    noah = place_of(small.lesson("Noah Castle"), "Noah Castle").pk
    fields = paper.open(first=str(NINTH), last=str(NINTH))
    assert paper.send(fields | {box("mark", noah, NINTH): why}).status_code == 422
    assert "Choose a reason from the list." in paper.words and confirmed(small) == []


def test_too_many_weeks_or_weeks_the_wrong_way_round_are_said_at_the_field(paper, small, url, hannah, larkrise):
    small.lesson("Noah Castle")
    paper.open(first=str(NINTH), last=str(SECOND))
    assert "must not be before the first" in paper.words
    paper.open(first="2026-11-10", last="nonsense")
    assert paper.response.status_code == 200 and "Choose one from the list" in paper.words


# absences, strikes, classes


def test_h5_the_teacher_who_was_not_there_strikes_out_the_week(paper, small):
    violin, maple = small.lesson("Noah Castle", "Zara Hughes"), small.programme()
    fields = paper.open(first=str(SECOND), last=str(NINTH))
    paper.send(fields | {f"there-{SECOND}": str(small.reason("teacher-ill").pk)})
    register = Register.objects.get(allocation=small.allocation, week=SECOND)
    assert (register.there, register.reason.code, register.is_confirmed) == ("none", "teacher-ill", True)
    assert set(marks_of(SECOND).values()) == {"teacher-ill"}
    assert [small.line(lesson, SECOND).given for lesson in (violin, maple)] == [False, False]
    assert small.line(violin, NINTH).given is True


def test_a_group_a_class_and_a_lone_pupils_lesson_can_be_struck_out(paper, small):
    violin, solo, maple = small.lesson("Noah Castle", "Zara Hughes"), small.lesson("Isla Fenwick"), small.programme()
    away, event = small.reason("teacher-away"), small.reason("event")
    fields = paper.open(first=str(NINTH), last=str(NINTH))
    fields[box("group", violin.pk, NINTH)] = fields[box("group", maple.pk, NINTH)] = [str(event.pk)]
    fields[box("mark", place_of(violin, "Zara Hughes").pk, NINTH)] = [str(small.reason("ill").pk)]
    fields[box("mark", place_of(solo, "Isla Fenwick").pk, NINTH)] = [str(away.pk)]
    assert paper.send(fields).status_code == 302
    assert marks_of(NINTH) == {"Noah Castle": "event", "Zara Hughes": "ill", "Isla Fenwick": "teacher-away"}
    lines = [small.line(lesson, NINTH) for lesson in (violin, solo, maple)]
    assert [(line.given, line.reason.code) for line in lines] == [
        (False, "event"),
        (False, "teacher-away"),
        (False, "event"),
    ]


def test_what_was_struck_out_before_can_be_given_after_all(paper, small):
    violin, maple = small.lesson("Noah Castle", "Zara Hughes"), small.programme()
    small.record(SECOND, struck={violin: "event", maple: "event"}, confirm=False)
    small.record(NINTH, there="teacher-ill", confirm=False)
    fields = paper.open(first=str(SECOND), last=str(NINTH))
    for lesson in (violin, maple):
        assert fields[box("group", lesson.pk, SECOND)] == [str(small.reason("event").pk)]
        fields[box("group", lesson.pk, SECOND)] = [""]
    fields[f"there-{NINTH}"] = [""]
    for in_week in (SECOND, NINTH):
        fields[box("count", maple.pk, in_week)] = ["20"]
        for lesson in (violin, maple):
            fields[box("group", lesson.pk, in_week)] = [""]
        for place in violin.places.all():
            fields[box("mark", place.pk, in_week)] = ["here"]
    assert paper.send(fields).status_code == 302
    assert confirmed(small) == [SECOND, NINTH]
    for in_week in (SECOND, NINTH):
        assert set(marks_of(in_week).values()) == {"present"} and small.line(maple, in_week).head_count == 20
        assert Register.objects.get(allocation=small.allocation, week=in_week).there == "all"


# P6


def test_p6_a_pupil_who_is_not_called_has_no_box_no_mark_no_absence_and_nothing_owed(paper, small, rosa):
    small.lesson("Noah Castle")
    called = small.lesson("Zara Hughes")
    called.set_rota(rosa, [NINTH])
    zara = place_of(called, "Zara Hughes").pk
    fields = paper.open(first=str(SECOND), last=str(NINTH))
    assert box("mark", zara, SECOND) not in fields and fields[box("mark", zara, NINTH)] == ["here"]
    assert "Not called" in paper.words
    paper.send(fields | {box("mark", zara, SECOND): "here"})
    assert marks_of(SECOND) == {"Noah Castle": "present"}
    assert not Line.objects.filter(lesson=called, register__week=SECOND).exists()
    sheet = Sheet.open(small.teacher, small.allocation.pk, NINTH)
    balance = next(pupil.balance for pupil in sheet.pupils if pupil.place_pk == zara)
    assert (balance.due, balance.had, balance.owed) == (1, 1, 0)
    sheet = Sheet.open(small.teacher, small.allocation.pk, SECOND)
    assert zara not in [pupil.place_pk for pupil in sheet.pupils]


def test_p6_every_second_week_is_blank_in_the_other(paper, small):
    odd = small.lesson("Noah Castle", due=Due.ODD)
    fields = paper.open()
    noah = place_of(odd, "Noah Castle").pk
    numbers = {str(row.week): row.lesson_number for row in small.allocation.teaching_weeks()}
    with_box = {name[-10:] for name in fields if name.startswith(f"mark-{noah}-")}
    assert with_box and all(numbers[each] % 2 for each in with_box)


# twice, two people, who may


def test_r9_the_same_page_sent_twice_is_one(paper, small):
    violin = small.lesson("Noah Castle", "Zara Hughes")
    fields = paper.open(first=str(SECOND), last=str(NINTH))
    fields[f"there-{SECOND}"] = [str(small.reason("teacher-ill").pk)]
    fields[box("group", violin.pk, NINTH)] = [str(small.reason("event").pk)]
    assert paper.send(fields).status_code == 302
    events, marks = Event.objects.count(), Mark.objects.count()
    assert paper.send(fields).status_code == 302
    assert (Event.objects.count(), Mark.objects.count()) == (events, marks)


def test_r9_a_week_confirmed_otherwise_in_the_meantime_is_not_written_over(paper, small):
    violin = small.lesson("Noah Castle")
    fields = paper.open(first=str(SECOND), last=str(NINTH))
    small.record(SECOND, absent={"Noah Castle": "absent"})
    answer = paper.send(fields)
    assert answer.status_code == 422 and "was confirmed in the meantime" in paper.words
    assert marks_of(SECOND) == {"Noah Castle": "absent"} and confirmed(small) == [SECOND, NINTH]
    assert violin.lines.count() == 2


def test_r9_what_the_page_filled_in_by_itself_never_undoes_a_mark_made_meanwhile(paper, small):
    violin = small.lesson("Noah Castle", "Zara Hughes")
    maple = small.programme()
    fields = paper.open(first=str(NINTH), last=str(NINTH))
    small.record(NINTH, absent={"Noah Castle": "absent"}, counts={maple: 12}, confirm=False)
    fields[box("mark", place_of(violin, "Zara Hughes").pk, NINTH)] = [str(small.reason("ill").pk)]
    assert paper.send(fields).status_code == 302
    assert marks_of(NINTH) == {"Noah Castle": "absent", "Zara Hughes": "ill"}
    assert small.line(maple, NINTH).head_count == 12


def test_confirmed_weeks_are_shown_and_cannot_be_typed_over(paper, small):
    violin = small.lesson("Noah Castle")
    small.record(NINTH, absent={"Noah Castle": "absent"})
    fields = paper.open(first=str(SECOND), last=str(NINTH))
    assert fields["week"] == [str(SECOND)] and "Recorded" in paper.words and "Absent" in paper.words
    noah = place_of(violin, "Noah Castle").pk
    typed = {"week": [str(NINTH)], box("mark", noah, NINTH): "here", f"confirm-{NINTH}": "yes"}
    assert paper.send(typed).status_code == 422
    assert marks_of(NINTH) == {"Noah Castle": "absent"}


def test_the_office_types_in_for_the_teacher_and_the_history_says_who(paper, small, rosa, hannah):
    violin = small.lesson("Noah Castle")
    paper.of(rosa)
    fields = paper.open(first=str(NINTH), last=str(NINTH))
    assert "Hannah Whitlock" in paper.words
    assert paper.send(fields).status_code == 302
    register = Register.objects.get(allocation=small.allocation, week=NINTH)
    assert register.confirmed_by == rosa and small.line(violin, NINTH).given_by == hannah
    event = Event.objects.about(register).filter(verb="confirmed").get()
    assert (event.by_name, event.by) == (rosa.name, rosa.person)


def test_another_teacher_and_another_service_find_nothing_and_an_area_manager_may_not(paper, small, owen, dilys, sam):
    small.lesson("Noah Castle")
    assert paper.of(owen).client.get(paper.address).status_code == 404
    assert paper.of(owen).client.post(paper.address, {"week": [str(NINTH)]}).status_code == 404
    assert paper.of(dilys).client.get(paper.address).status_code == 403
    assert paper.of(sam).client.get(paper.address).status_code == 404
    assert not Register.objects.filter(allocation=small.allocation).exists()


def test_reading_and_writing_take_no_more_queries_for_more_pupils(paper, small):
    def cost():
        paper.open()  # with the words of the time before
        with CaptureQueriesContext(connection) as reading:
            fields = paper.open(first=str(SECOND), last=str(SECOND))
        with CaptureQueriesContext(connection) as writing:
            assert paper.send(fields).status_code == 302
        Register.objects.filter(allocation=small.allocation).delete()
        return len(reading), len(writing)

    small.lesson("Noah Castle")
    few = cost()
    for number in range(20):
        small.lesson(f"Pupil {number}", f"Other {number}")
    assert cost() == few


def test_w2_a_spare_week_is_blank_without_a_tick_and_takes_a_lesson_that_was_given(paper, small, hannah, clock):
    violin = small.lesson("Noah Castle", "Zara Hughes")
    row = Allocation.objects.get(pk=small.allocation.pk).teaching_weeks().filter(lesson_number=None).first()
    clock.move_to(f"{row.week + 1}T12:00:00+00:00")
    paper.of(hannah)
    fields = paper.open(first=str(row.week), last=str(row.week))
    noah = place_of(violin, "Noah Castle").pk
    assert fields[box("mark", noah, row.week)] == [""] and f"confirm-{row.week}" not in fields
    paper.send(
        fields
        | {box("mark", place.pk, row.week): "here" for place in violin.places.all()}
        | {f"confirm-{row.week}": "yes"}
    )
    assert confirmed(small) == [row.week]
