"""A file a noun; all names of the room's rows."""

from tutti.schools.models.closure import Closure
from tutti.schools.models.contact import Contact
from tutti.schools.models.contact_change import ContactChange
from tutti.schools.models.national_file import NationalFile
from tutti.schools.models.own_dates import OwnDates
from tutti.schools.models.postcode import Postcode
from tutti.schools.models.school import School
from tutti.schools.models.term import AcademicYear, TeachingWeek, Term

__all__ = [
    "AcademicYear",
    "Closure",
    "Contact",
    "ContactChange",
    "NationalFile",
    "OwnDates",
    "Postcode",
    "School",
    "TeachingWeek",
    "Term",
]
