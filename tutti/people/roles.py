"""Roles and what each may do: the page a head of service can read and approve (B1)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Permission(StrEnum):
    """One thing that somebody may do."""

    SEE_HOME = "see their own home page"
    RECORD_REGISTERS = "record registers of their own schools"
    SET_UP_PUPILS = "set up pupils and lessons in their own schools"
    SEE_REGISTERS = "see every teacher's registers"
    SEE_SCHOOLS = "see schools, their contacts and their history"
    SEE_PUPILS = "see every school's pupils"
    SEE_TEACHERS = "see teachers and their history"
    RECORD_FOR_TEACHERS = "type in registers that teachers kept on paper"
    CHASE_TEACHERS = "remind teachers of registers that are missing"
    MANAGE_SCHOOLS = "add, change and import schools and their contacts"
    MANAGE_TEACHERS = "add, change, import and invite teachers"
    ALLOCATE = "allocate teachers to schools and set up programmes"
    GIVE_NOTICE = "say beforehand what will be, such as leave and trips, and arrange cover"
    MANAGE_YEAR = "set terms, lesson weeks and closures"
    SEND_SUMMARIES = "see and send the monthly summaries"
    ANSWER_QUESTIONS = "answer and close what schools and teachers ask"
    ERASE_PUPILS = "erase a pupil's name and date of birth for good"
    LOCK_MONTHS = "lock months and open them again"
    DECIDE_CORRECTIONS = "decide on corrections to locked months"
    SEE_LETTERS = "read the letters that were sent, and note which came back"
    KEY_IN_APPLICATIONS = "key in applications to the partners scheme that came on paper"
    DECIDE_APPLICATIONS = "decide on applications to the partners scheme, and arrange inductions"
    OBSERVE_APPLICANTS = "observe the applicants given to them, report and recommend"
    EDIT_OWN_ENTRY = "change their own entry in the list of partners, and see how they stand"
    MANAGE_SERVICE = "change the service's name, colour, area offices, reasons and members"


@dataclass(frozen=True, slots=True)
class Role:
    """A role: the name used in the database, what people call it, what it is for, what it may do."""

    name: str
    title: str
    description: str
    permissions: frozenset[Permission]


P = Permission

TEACHER = Role(
    "teacher",
    "Teacher",
    "Teaches in schools. Sees only the schools they are allocated to and the pupils of their own lessons.",
    frozenset({P.SEE_HOME, P.RECORD_REGISTERS, P.SET_UP_PUPILS}),
)
AREA_MANAGER = Role(
    "area_manager",
    "Area manager",
    "Looks after the schools and teachers of one area. Sees all of the service, chases and answers, changes nothing.",
    frozenset({P.SEE_HOME, P.SEE_REGISTERS, P.SEE_SCHOOLS, P.SEE_PUPILS, P.SEE_TEACHERS, P.CHASE_TEACHERS})
    | {P.ANSWER_QUESTIONS},
)
OFFICE = Role(
    "office",
    "Office",
    "Runs the service from day to day: schools, teachers, allocations, the year, summaries and letters.",
    AREA_MANAGER.permissions
    | {P.MANAGE_SCHOOLS, P.MANAGE_TEACHERS, P.ALLOCATE, P.MANAGE_YEAR, P.SEND_SUMMARIES, P.SEE_LETTERS}
    | {P.RECORD_FOR_TEACHERS, P.LOCK_MONTHS, P.DECIDE_CORRECTIONS, P.GIVE_NOTICE, P.KEY_IN_APPLICATIONS},
)
HEAD = Role(
    "head",
    "Head of service",
    "Answers for the service. May do what the office does, and change its settings and who works in it.",
    OFFICE.permissions | {P.MANAGE_SERVICE, P.ERASE_PUPILS},
)

LEADER = Role(
    "leader",
    "Instrumental Leader",
    "Leads the partners scheme: decides who proceeds, who is successful and who is mentored, and inducts new partners.",
    frozenset({P.SEE_HOME, P.DECIDE_APPLICATIONS, P.KEY_IN_APPLICATIONS}),
)
MENTOR = Role(
    "mentor",
    "Music Mentor",
    "Observes the applicants given to them, reports to the leader and recommends. Sees nobody else’s applications.",
    frozenset({P.SEE_HOME, P.OBSERVE_APPLICANTS}),
)
PARTNER = Role(
    "partner",
    "Partner",
    "Teaches on their own account, and the hub vouches for them. Sees and changes their own entry in the public list.",
    frozenset({P.SEE_HOME, P.EDIT_OWN_ENTRY}),
)

ROLES = {role.name: role for role in (TEACHER, AREA_MANAGER, OFFICE, HEAD, LEADER, MENTOR, PARTNER)}
CHOICES = [(role.name, role.title) for role in ROLES.values()]


def permissions_of(names: Iterable[str]) -> frozenset[Permission]:
    """All that these roles may do together; a name that is no role may nothing."""
    return frozenset().union(*(ROLES[name].permissions for name in names if name in ROLES))
