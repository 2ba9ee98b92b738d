"""The geometry of the small pictures; their templates only draw what stands here."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from math import ceil, log10

WIDTH, HEIGHT = 328.0, 182.0
TOP, GROUND, LEFT, RIGHT = 30.0, 146.0, 36.0, 326.0


@dataclass(frozen=True)
class Week:
    """What was recorded of what was expected in one week."""

    monday: date
    recorded: int
    expected: int
    is_running: bool = False

    @property
    def missing(self) -> int:
        """How many are not recorded; a running week misses nothing yet."""
        return 0 if self.is_running else max(0, self.expected - self.recorded)


@dataclass(frozen=True)
class Column:
    """One week as it is drawn."""

    week: Week
    x: float
    width: float
    y: float
    height: float
    due_y: float
    due_height: float
    pill_x: float
    pill_width: float
    pill_y: float
    month: str
    is_told: bool

    @property
    def middle(self) -> float:
        """Where its labels stand."""
        return round(self.x + self.width / 2, 1)

    @property
    def pill_text_y(self) -> float:
        """The base line of the number in the pill."""
        return self.pill_y + 13


@dataclass(frozen=True)
class Line:
    """A hairline with its number."""

    y: float
    number: int

    @property
    def text_y(self) -> float:
        """The base line of its number."""
        return self.y + 4


@dataclass(frozen=True)
class WeekChart:
    """Columns of weeks with zero at the bottom, and the sentence that says the same."""

    columns: list[Column]
    lines: list[Line]
    sentence: str
    width: float = WIDTH
    height: float = HEIGHT
    left: float = LEFT
    right: float = RIGHT
    ground: float = GROUND
    scale_x: float = LEFT - 7


def week_columns(weeks: Sequence[Week], sentence: str = "") -> WeekChart:
    """The picture of registers by week; an empty one for no weeks."""
    top = max((max(w.recorded, w.expected) for w in weeks), default=0)
    scale = (GROUND - TOP) / max(top, 1)
    step = (RIGHT - LEFT) / max(len(weeks), 1)
    told = max((place for place, week in enumerate(weeks) if not week.is_running), default=-1)
    columns, month = [], 0
    for place, week in enumerate(weeks):
        columns.append(
            _column(
                week,
                LEFT + place * step,
                step,
                scale,
                week.monday.month != month,
                place == told,
            )
        )
        month = week.monday.month
    lines = [Line(round(GROUND - number * scale, 1), number) for number in _round_numbers(top)]
    return WeekChart(columns, lines, sentence or _sentence(weeks))


def _column(
    week: Week,
    left: float,
    step: float,
    scale: float,
    is_new_month: bool,
    is_told: bool,
) -> Column:
    """Where one week stands; a wide pill may lean over its neighbours."""
    width = round(min(step * 0.72, 26), 1)
    x = round(left + (step - width) / 2, 1)
    height, due = round(week.recorded * scale, 1), round(week.expected * scale, 1)
    pill_width = 11.0 + 7 * len(str(week.missing))
    return Column(
        week=week,
        x=x,
        width=width,
        y=round(GROUND - height, 1),
        height=height,
        due_y=round(GROUND - due, 1),
        due_height=due,
        pill_x=round(x + width / 2 - pill_width / 2, 1),
        pill_width=pill_width,
        pill_y=round(GROUND - max(height, due) - 22, 1),
        month=week.monday.strftime("%b") if is_new_month else "",
        is_told=is_told,
    )


def _round_numbers(top: int) -> list[int]:
    """At most three round numbers below the top, evenly apart."""
    if top < 1:
        return []
    power = 10 ** max(0, int(log10(top)) - 1)
    step = next(s for s in (f * p for p in (power, power * 10, power * 100) for f in (1, 2, 5)) if s * 4 > top)
    return [int(step * n) for n in range(1, 4) if step * n <= top]


def _sentence(weeks: Sequence[Week]) -> str:
    """The last whole week in words, and what is missing in all."""
    whole = [w for w in weeks if not w.is_running]
    if not whole:
        return "No whole week yet."
    last, missing = whole[-1], sum(w.missing for w in whole)
    told = f"{last.recorded:,} of {last.expected:,} registers recorded in the week of {last.monday:%-d %B}"
    return f"{told}, {missing:,} missing in all weeks shown." if missing else f"{told}, none missing."


def share(part: int, whole: int) -> int:
    """A part in whole hundredths, never 100 while something is missing."""
    if whole <= 0:
        return 0
    return 100 if part >= whole else min(99, ceil(100 * part / whole - 0.5))


def spark_points(values: Sequence[int], width: int = 120, height: int = 28) -> str:
    """The points of a line without axes, zero at the bottom."""
    if len(values) < 2:
        return ""
    top, step = max(*values, 1), (width - 4) / (len(values) - 1)
    return " ".join(f"{2 + n * step:.1f},{height - 2 - v / top * (height - 4):.1f}" for n, v in enumerate(values))
