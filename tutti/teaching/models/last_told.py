"""What a school was last told of the year's earlier months, and what is true of them now (S3, H17)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from tutti.core.calendar import Day
from tutti.teaching.models.figures import CLOSED, MISSING, Change, Figures, LessonRow, Said, as_written_now
from tutti.teaching.models.lesson import Lesson
from tutti.teaching.models.month import cell_in, places_by_row, shape_words
from tutti.teaching.models.tuition import Tuition
from tutti.teaching.models.weekly import Weekly, lines_of

Key = tuple[int, int | str, str, str]  # pupil or 0, instrument or lesson, the week and the week it makes up for
NOTHING: Said = {"word": "", "given": 0, "minutes": 0, "owed": 0}
QUIET = {"", CLOSED}  # nothing was due


@dataclass(frozen=True, slots=True)
class Entry:
    """What was told of one line, or is true of it. `is_vague`: the first version said no more than "given"."""

    month: str
    lesson: int
    name: str
    more: str
    said: Said
    is_vague: bool = False


def corrections_of(tuition: Tuition, summaries: Iterable[Any], months: Iterable[Day]) -> list[Change]:
    """What is told anew of these months: every line that reads otherwise now than it was last told.

    `summaries` are those of the school in this year, in the order in which they were made.
    """
    wanted = list(months)
    told = _told(summaries, {lesson.pk: lesson.instrument for lesson in tuition.lessons})
    known = {key: entry for key, entry in told.items() if entry.month in set(map(str, wanted))}
    now = {key: entry for month in wanted for key, entry in _true_now(tuition, month)}
    found = [_change(key, known.get(key), now.get(key)) for key in {**known, **now}]
    return sorted((one for one in found if one), key=_order)


def _order(one: Change) -> tuple[Any, ...]:
    """By month; lessons before pupils, by name; then week by week."""
    return one["month"], one["pupil"] > 0, one["name"].casefold(), one["more"], one["monday"]


def _change(key: Key, told: Entry | None, now: Entry | None) -> Change | None:
    """What differs, if it is worth telling: a lesson that nobody was told of and nobody recorded is not."""
    before, after = (told.said if told else NOTHING), (now.said if now else NOTHING)
    if told and told.is_vague and (now is None or after["given"]):
        return None
    if _same(before, after) or (_is_quiet(before) and _is_quiet(after, MISSING)):
        return None
    entry = now or told
    assert entry
    return {
        "month": entry.month,
        "monday": key[2],
        "for_monday": key[3],
        "lesson": entry.lesson,
        "pupil": key[0],
        "name": entry.name,
        "more": entry.more,
        "told": before,
        "now": after,
    }


def _same(before: Said, after: Said) -> bool:
    quiet = _is_quiet(before) and _is_quiet(after)
    return quiet or (before["word"], before["minutes"]) == (after["word"], after["minutes"])


def _is_quiet(said: Said, *others: str) -> bool:
    """Nothing was due, or only these words stand there; of a pupil with two lessons in the week in both of them."""
    return set(said["word"].split(", ")) <= {*QUIET, *others}


def _true_now(tuition: Tuition, month: Day) -> Iterable[tuple[Key, Entry]]:
    """Every line and mark of a month as it is recorded now."""
    weeks = tuition.weeks_of(month)
    if not weeks:
        return
    for lesson in tuition.lessons:
        more = f"{shape_words(tuition, lesson, weeks[-1].monday)}, {lesson.allocation.teacher.name}"
        for line in lines_of(tuition, lesson, Weekly(tuition, lesson, weeks)):
            said: Said = {name: line[name] for name in NOTHING}  # type: ignore[literal-required, assignment]
            yield (0, lesson.pk, line["monday"], line["for_monday"]), _entry(month, lesson, more, said)
    for (pupil_pk, instrument), own in places_by_row(tuition).items():
        for week in weeks:
            said = {**NOTHING, "word": cell_in(tuition, own, week)["word"]}
            lesson = next((one for one, place in own if place.holds(week.monday)), own[0][0])
            entry = Entry(str(month), lesson.pk, own[0][1].pupil.name, instrument, said)
            yield (pupil_pk, instrument, str(week.monday), str(week.monday)), entry


def _entry(month: Day, lesson: Lesson, more: str, said: Said) -> Entry:
    return Entry(str(month), lesson.pk, lesson.title or lesson.instrument, more, said)


def _told(summaries: Iterable[Any], instruments: dict[int, str]) -> dict[Key, Entry]:
    """By line what the newest summary that spoke of it said."""
    found: dict[Key, Entry] = {}
    for summary in summaries:
        figures = as_written_now(summary.figures)
        found.update(_told_of_month(figures, str(summary.month), instruments))
        for one in figures["corrections"]:
            of = instruments.get(one["lesson"], one["more"]) if one["pupil"] else one["lesson"]
            entry = Entry(one["month"], one["lesson"], one["name"], one["more"], one["now"])
            found[one["pupil"], of, one["monday"], one["for_monday"]] = entry
    return found


def _told_of_month(figures: Figures, month: str, instruments: dict[int, str]) -> dict[Key, Entry]:
    """What a summary said of its own month. An instrument put right since is no correction."""
    found: dict[Key, Entry] = {}
    weeks = [week["monday"] for week in figures["weeks"]]
    for table in figures["teachers"]:
        for row in table["lessons"]:
            more = f"{row['shape']}, {table['name']}"
            for line in row["lines"]:
                said: Said = {name: line[name] for name in NOTHING}  # type: ignore[literal-required, assignment]
                key = (0, row["lesson"], line["monday"], line["for_monday"])
                found[key] = Entry(month, row["lesson"], row["title"], more, said)
            if not row["lines"]:
                found.update(_told_first(figures, row, month, more))
    for pupil in figures["pupils"]:
        instrument = instruments.get(pupil["lesson"], pupil["instrument"])
        for monday, cell in zip(weeks, pupil["cells"], strict=True):
            said = {**NOTHING, "word": cell["word"]}
            entry = Entry(month, pupil["lesson"], pupil["name"], instrument, said)
            found[pupil["pupil"], instrument, monday, monday] = entry
    return found


def _told_first(figures: Figures, row: LessonRow, month: str, more: str) -> dict[Key, Entry]:
    """A lesson's weeks as the first version of figures knew them: what was not given, what was missing, the rest."""
    not_given = {why["monday"]: why for why in row["not_given"]}
    found: dict[Key, Entry] = {}
    for week in figures["weeks"]:
        monday = week["monday"]
        said: Said = {**NOTHING, "word": "Given", "given": 1}
        if monday in row["missing"]:
            said = {**NOTHING, "word": MISSING}
        elif why := not_given.get(monday):
            owed = ", owed" if why["owed"] else ""
            said = {**NOTHING, "word": f"Not given: {why['why']}{owed}", "owed": int(why["owed"])}
        elif week["closed"]:
            said = {**NOTHING, "word": CLOSED}
        is_vague = said["word"] == "Given"
        found[0, row["lesson"], monday, monday] = Entry(month, row["lesson"], row["title"], more, said, is_vague)
    return found
