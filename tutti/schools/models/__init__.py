"""A file a noun; all names of the room's rows."""

from tutti.schools.models.contact import Contact
from tutti.schools.models.school import School
from tutti.schools.models.term import AcademicYear, Closure, TeachingWeek, Term

__all__ = ["AcademicYear", "Closure", "Contact", "School", "TeachingWeek", "Term"]
