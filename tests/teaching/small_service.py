"""A small music service of its own, set up by the verbs: three teachers, two schools, a year of 33 lessons."""

from datetime import date

from tests.teaching.plain_reckoning import FOLLOWS, WEEKS
from tutti.core.calendar import TermDates
from tutti.people.models import Office
from tutti.people.models.member import add_member
from tutti.people.models.music_service import add_service
from tutti.schools.models import TeachingWeek
from tutti.schools.models.school import add_school
from tutti.schools.models.term import add_year
from tutti.teaching.models import Reason
from tutti.teaching.models.reason import add_reason, ship_defaults

DATES = [
    ("Autumn", TermDates(date(2026, 9, 1), date(2026, 12, 18), (date(2026, 10, 26), date(2026, 10, 30)))),
    ("Spring", TermDates(date(2027, 1, 4), date(2027, 3, 25), (date(2027, 2, 15), date(2027, 2, 19)))),
    ("Summer", TermDates(date(2027, 4, 12), date(2027, 7, 21), (date(2027, 5, 31), date(2027, 6, 4)))),
]
ROLES = {"Olive Office": "head", "Tom Reed": "teacher", "Uma Bell": "teacher", "Vic Stone": "teacher"}
ODD = {"came-for-nothing": "Came for nothing", "hall-was-taken": "Hall was taken"}
CONSEQUENCES = ("is_here", "counts", "paid", "charged", "owed")


class SmallService:
    """`set_up` fills it, once one is inside of it."""

    def __init__(self):
        self.service = add_service("Eastshire Music Service", "eastshire")

    def set_up(self):
        service = self.service
        office = Office.objects.create(service=service, name="Only office", phone="01632 960111")
        people = [
            add_member(
                service, None, name=name, email=f"{name[:3].lower()}@eastshire.example", roles=[of], office=office
            )
            for name, of in ROLES.items()
        ]
        self.office, self.teachers = people[0], people[1:]
        ship_defaults(service)
        for code, name in ODD.items():
            follows = dict(zip(CONSEQUENCES, FOLLOWS[code], strict=True))
            own = {"cause": "nobody", "short": name.split()[0], "from_week": WEEKS[0], "for_lesson": True}
            add_reason(service, self.office, name=name, **follows, **own)
        self.reasons = {reason.code: reason for reason in Reason.objects.filter(service=service)}
        self.year = add_year(service, self.office, DATES, (12, 10, 11))
        self.schools = [
            add_school(service, self.office, name=name, town="Otterbridge", office=office)
            for name in ("Ash Lane School", "Beck Street School")
        ]
        self.weeks = list(TeachingWeek.objects.filter(year=self.year))
        return self
