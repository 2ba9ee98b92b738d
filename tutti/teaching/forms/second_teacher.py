"""What may be typed about a second teacher in a class: who, their own minutes, from when until when (R8)."""

from __future__ import annotations

from typing import Any

from django import forms

from tutti.core.calendar import Week
from tutti.core.forms import VerbForm
from tutti.people.models import Member
from tutti.teaching.forms.allocation import teachers_of
from tutti.teaching.forms.pupil import MinutesField
from tutti.teaching.forms.week import WeekChoice
from tutti.teaching.models.lesson import Lesson
from tutti.teaching.models.second_teacher import SecondTeacher, add_second_teacher


class SecondTeacherForm(VerbForm):
    """Who teaches beside the lead from a week on; the same teacher with other minutes changes those."""

    teacher = forms.ModelChoiceField(queryset=Member.objects.none(), empty_label="Choose a teacher")
    minutes = MinutesField(label="Their own minutes a lesson")
    from_week = WeekChoice(label="From the week of")

    def __init__(self, data: Any, lesson: Lesson, member: Any, week: Week) -> None:
        """The lesson's minutes and this week are offered."""
        super().__init__(data, initial={"minutes": lesson.shape_in(max(week, lesson.from_week)).minutes})
        self.lesson = lesson
        teacher, from_week = self.fields["teacher"], self.fields["from_week"]
        assert isinstance(teacher, forms.ModelChoiceField)
        assert isinstance(from_week, WeekChoice)
        teacher.queryset = teachers_of(member).exclude(pk=lesson.allocation.teacher_id)
        from_week.offer([row for row in lesson.allocation.teaching_weeks() if lesson.holds(row.monday)], week)

    def save(self, by: Any) -> SecondTeacher:
        return add_second_teacher(self.lesson, by, **self.cleaned_data)


class SecondEndForm(VerbForm):
    """The last week of a second teacher."""

    until_week = WeekChoice(label="Last week")

    def __init__(self, data: Any, second: SecondTeacher, week: Week) -> None:
        """The weeks of the lesson from their first on."""
        super().__init__(data)
        self.second = second
        field = self.fields["until_week"]
        assert isinstance(field, WeekChoice)
        weeks = [row for row in second.lesson.allocation.teaching_weeks() if row.monday >= second.from_week]
        field.offer(weeks, second.until_week or max(week, second.from_week))

    def save(self, by: Any) -> bool:
        return self.second.end(by, self.cleaned_data["until_week"])
