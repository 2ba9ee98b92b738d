"""What a school is told of a month, plainly: what became of every lesson and every pupil in every week (S1, S3).

A state is a plain tuple, not words: two that differ are a correction. "closed" and nothing are both quiet: nothing was
due. Of what nobody was told and nobody recorded nothing is told either.
"""

from tests.teaching.plain_reckoning import WEEKS, YEAR, counts, is_owed

CLOSED, MISSING = ("closed",), ("not yet recorded",)


def weeks_of(month, now):
    return [week for week in WEEKS if YEAR[week][1] == month and week <= now]


def last_of(month):
    return [week for week in WEEKS if YEAR[week][1] == month][-1]


def true_of(book, school, month, now):
    """Every line and every pupil of a month as it is recorded now, by lesson or pupil, week and week that it is for."""
    found = {}
    for week in weeks_of(month, now):
        for lesson in [one for one in book.lessons if one.visit.school is school]:
            found["lesson", lesson, week, week] = of_lesson(book, lesson, week)
            for line in _make_ups(book, lesson, week):
                if line.was_given:
                    found["lesson", lesson, week, line.for_week] = _given(line, _still_owed(book, line))
        for pupil in {place.pupil for place in book.places if place.lesson.visit.school is school}:
            found["pupil", pupil, week, week] = of_pupil(book, pupil, school, week)
    return found


def of_lesson(book, lesson, week):
    """Given, not given and why, closed, not yet recorded; None where nothing was due and nothing happened."""
    somebody = lesson.is_programme or bool(book.takers(lesson, week))
    line = _own_line(book, lesson, week)
    is_due = book.is_due(lesson, week) and somebody
    if line and line.was_given:
        return _given(line)
    if line and (line.struck or line.said):
        why = line.struck or _gravest(line)
        return ("not given", why) if is_due and why else None
    if (lesson.visit.school, week) in book.closed:
        return CLOSED if somebody else None
    return MISSING if is_due and not book.is_confirmed(lesson.visit, week) else None


def of_pupil(book, pupil, school, week):
    """All that a pupil had in a week at a school, lesson by lesson and make-up by make-up."""
    own = [place for place in book.places if place.pupil is pupil and place.lesson.visit.school is school]
    found = [state for place in own if (state := _of_place(book, place, week))]
    for place in own:
        for line in _make_ups(book, place.lesson, week):
            if place in line.said:
                found.append((line.said[place], line.for_week if _still_owed(book, line) else None))
    return tuple(sorted(found, key=str)) or None


def _of_place(book, place, week):
    line = _own_line(book, place.lesson, week)
    if line and place in line.said:
        return (line.said[place],)
    is_due = book.is_due(place.lesson, week) and place.holds(week)
    if line and line.struck:
        return (line.struck,) if is_due else None
    if line and line.said and not line.was_given:
        return ("not given",) if is_due else None
    if (place.lesson.visit.school, week) in book.closed:
        return CLOSED if place.holds(week) else None
    return MISSING if is_due and not book.is_confirmed(place.lesson.visit, week) else None


def _given(line, for_week=None):
    who = None if line.given_by is line.lesson.visit.teacher else line.given_by
    return ("given", for_week, line.minutes, who, line.heads, line.share and line.share[0])


def _own_line(book, lesson, week):
    if not book.is_confirmed(lesson.visit, week):
        return None
    return book.registers[lesson.visit, week].lines.get((lesson, week))


def _make_ups(book, lesson, week):
    if not book.is_confirmed(lesson.visit, week):
        return []
    lines = book.registers[lesson.visit, week].lines.values()
    return [line for line in lines if line.lesson is lesson and line.is_make_up]


def _still_owed(book, line):
    """The week that it makes up for, as long as that is owed; else it is an extra lesson (C5)."""
    own = _own_line(book, line.lesson, line.for_week)
    if own is None:
        return None
    codes = list(own.said.values()) or ([own.struck] if own.struck else [])
    return line.for_week if any(map(is_owed, codes)) else None


def _gravest(line):
    """Why a lesson that was not struck out was not given: for what is owed before what is not; None if nothing follows
    from any mark (C2)."""
    codes = sorted(set(line.said.values()), key=lambda code: (not is_owed(code), not counts(code), code))
    return codes[0] if is_owed(codes[0]) or counts(codes[0]) else None


def differences(told, now):
    """What is to be corrected: what differs from what was told, and is worth telling."""
    changed = {key for key in {**told, **now} if _same(told.get(key)) != _same(now.get(key))}
    return {key for key in changed if not (_is_quiet(told.get(key)) and _is_quiet(now.get(key), MISSING))}


def _same(state):
    return None if _all(state, CLOSED) else state


def _is_quiet(state, *others):
    return state is None or _all(state, CLOSED, *others)


def _all(state, *of):
    """A lesson's state is one of these, or all of a pupil's in that week are."""
    return state in of or (isinstance(state, tuple) and len(state) > 0 and all(one in of for one in state))
