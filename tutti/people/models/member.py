"""A member: a person in one service, with a name, a phone, an area office and roles (P1)."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.core.validators import MaxValueValidator
from django.db import models, transaction
from django.utils import timezone

from tutti.core import history
from tutti.core.calendar import Day
from tutti.people import letters
from tutti.people.models.music_service import FRIDAY
from tutti.people.models.person import Person
from tutti.people.models.sign_in_link import SignInLink
from tutti.people.roles import HEAD, PARTNER, ROLES, TEACHER, Permission, Role, permissions_of

LETTER_DAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday"]
TEACHER_COLUMNS = ["Name", "E-mail", "Phone", "Teaches", "Area office", "Joined"]


class MemberQuerySet(models.QuerySet["Member"]):
    def visible_to(self, member: Any) -> MemberQuerySet:
        """Everybody of the service for those who see teachers; oneself for all others."""
        own = self.filter(service_id=member.service_id)
        return own if member.may(Permission.SEE_TEACHERS) else own.filter(pk=member.pk)

    def own_of(self, person: Any) -> MemberQuerySet:
        """A person's memberships that give access, in all services, by the service's name."""
        return self.select_related("person", "service").filter(person=person, is_active=True).order_by("service__name")

    def active(self) -> MemberQuerySet:
        return self.filter(is_active=True)

    def with_role(self, role: Role) -> MemberQuerySet:
        return self.filter(roles__icontains=f'"{role.name}"')

    def teachers(self) -> MemberQuerySet:
        return self.with_role(TEACHER)

    def in_the_office(self) -> MemberQuerySet:
        """Everybody with a role other than teacher or partner."""
        others = self.exclude(roles=[TEACHER.name]).exclude(roles=[PARTNER.name])
        return others.select_related("person", "office")

    def changeable_by(self, by: Any) -> MemberQuerySet:
        """Everybody for the head of service; for the office only those who are teachers and nothing else."""
        if by.may(Permission.MANAGE_SERVICE):
            return self
        return self.filter(roles=[TEACHER.name]) if by.may(Permission.MANAGE_TEACHERS) else self.none()

    def found_by(self, q: str = "", office: int | None = None, state: str = "") -> MemberQuerySet:
        """The list's filters: part of a name, an area office, "waiting" to join or "gone"."""
        found = self.filter(is_active=False) if state == "gone" else self.active()
        found = found.not_yet_joined() if state == "waiting" else found
        found = found.filter(name__icontains=q.strip()) if q else found
        return found.filter(office_id=office) if office else found

    def to_remind(self, day: Day) -> MemberQuerySet:
        """Those who work here, have joined, and whose day for letters has come in the week of this day."""
        return self.active().filter(joined_at__isnull=False, remind_on__lte=day.weekday())

    def not_yet_joined(self) -> MemberQuerySet:
        """Those who have never signed in: to be invited, or to be reminded."""
        return self.active().filter(joined_at=None)


class Member(models.Model):
    """What a service knows of a person who works for it. `roles` is a list of names out of `people.roles`.

    `remind_on`: the working day, 0 for Monday, on which a teacher is written to while registers are missing; None for
    never. It is a day for letters. On which day they teach, nobody stores (W5).
    """

    service = models.ForeignKey("people.MusicService", models.CASCADE, related_name="members")
    person = models.ForeignKey("people.Person", models.PROTECT, related_name="memberships")
    name = models.CharField(max_length=200)
    phone = models.CharField(max_length=40, blank=True)
    teaches = models.CharField(max_length=120, blank=True)
    office = models.ForeignKey("people.Office", models.SET_NULL, null=True, blank=True, related_name="members")
    roles = models.JSONField(default=list)
    is_active = models.BooleanField(default=True)
    invited_at = models.DateTimeField(null=True)
    joined_at = models.DateTimeField(null=True)
    remind_on = models.PositiveSmallIntegerField(null=True, default=FRIDAY, validators=[MaxValueValidator(FRIDAY)])

    objects = MemberQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["service", "person"], name="member_once_a_service"),
            models.CheckConstraint(condition=models.Q(remind_on__lte=FRIDAY), name="member_remind_on_working_day"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def initials(self) -> str:
        words = self.name.replace("-", " ").split()
        return (words[0][0] + (words[-1][0] if len(words) > 1 else "")).upper() if words else "?"

    @property
    def role_titles(self) -> str:
        return ", ".join(ROLES[name].title for name in self.roles if name in ROLES)

    @cached_property
    def permissions(self) -> frozenset[Permission]:
        return permissions_of(self.roles) if self.is_active else frozenset()

    def may(self, permission: Permission) -> bool:
        return permission in self.permissions

    @property
    def is_teacher(self) -> bool:
        return TEACHER.name in self.roles

    @property
    def remind_words(self) -> str:
        """When reminders come: "on Fridays", or "never"."""
        return "never" if self.remind_on is None else f"on {LETTER_DAYS[self.remind_on]}s"

    @property
    def as_row(self) -> list[Any]:
        """A line of the list as CSV or Excel: TEACHER_COLUMNS."""
        joined = self.joined_at and timezone.localdate(self.joined_at)
        return [self.name, self.person.email, self.phone, self.teaches, str(self.office or ""), joined]

    @transaction.atomic
    def change(self, by: Any, *, email: str = "", **fields: Any) -> bool:
        """Change what is known of the member, with history. False if nothing differed."""
        self.__dict__.pop("permissions", None)
        moved = self.change_email(by, email) if email else False
        return history.change(self, "changed the member", by, **fields) or moved

    @property
    def is_only_teacher(self) -> bool:
        return self.roles == [TEACHER.name]

    @property
    def is_only_partner(self) -> bool:
        return self.roles == [PARTNER.name]

    @property
    def is_last_head(self) -> bool:
        """Whether nobody else could give roles if this member stopped being head of service."""
        others = Member.objects.filter(service_id=self.service_id).active().with_role(HEAD).exclude(pk=self.pk)
        return self.is_active and HEAD.name in self.roles and not others.exists()

    @transaction.atomic
    def change_email(self, by: Any, email: str) -> bool:
        """Make the member somebody who signs in with another address. False if it is the address they have.

        The person of the old address is left alone: another service may know them. Raises ValueError where the new
        address is a member of this service already.
        """
        person = Person.objects.with_email(email)
        if person.pk == self.person_id:
            return False
        if Member.objects.filter(service_id=self.service_id, person=person).exists():
            raise ValueError("This address belongs to somebody who works here already.")
        before, self.person = self.person.email, person
        self.invited_at = self.joined_at = None
        self.save(update_fields=["person", "invited_at", "joined_at"])
        history.record("changed the address", self, by, before={"email": before}, after={"email": person.email})
        return True

    @transaction.atomic
    def choose_reminders(self, day: int | None) -> bool:
        """Be reminded of missing registers on another day for letters, or never. False if nothing differed."""
        before = self.remind_words
        if self.remind_on == day:
            return False
        self.remind_on = day
        self.save(update_fields=["remind_on"])
        after = {"reminders": self.remind_words}
        history.record("chose when to be reminded", self, self, before={"reminders": before}, after=after)
        return True

    @transaction.atomic
    def leave(self, by: Any) -> bool:
        """Take the access away, at once; all that was recorded stays. False if they had left."""
        self.__dict__.pop("permissions", None)
        return history.change(self, "took the access away", by, is_active=False)

    @transaction.atomic
    def come_back(self, by: Any) -> bool:
        """Give the access again, with the roles that they had."""
        self.__dict__.pop("permissions", None)
        return history.change(self, "gave the access again", by, is_active=True)

    @transaction.atomic
    def join(self) -> None:
        """Remember when they first signed in."""
        self.joined_at = timezone.now()
        self.save(update_fields=["joined_at"])
        history.record("signed in for the first time", self, self)

    @transaction.atomic
    def invite(self, by: Any) -> SignInLink:
        """Send a letter with a link that signs in once within fourteen days (H1). Inviting again sends a new one."""
        link = SignInLink.make(self.person, days=14)
        self.invited_at = timezone.now()
        self.save(update_fields=["invited_at"])
        history.record("invited", self, by, after={"email": self.person.email})
        letters.invitation(self, link)
        return link


@transaction.atomic
def add_member(
    service: Any, by: Any, *, name: str, email: str, roles: list[str], invite: bool = False, **fields: Any
) -> Member:
    """Add somebody to a service, and invite them or not. Their person is shared with every other service.

    Somebody who is a member already is returned as they are: a form sent twice adds nobody twice.
    """
    person = Person.objects.with_email(email)
    known = {"name": name.strip(), "roles": roles, "remind_on": service.remind_on, **fields}
    member, is_new = Member.objects.get_or_create(service=service, person=person, defaults=known)
    if is_new:
        history.record("added", member, by, after={"name": member.name, "email": person.email, "roles": roles})
    if is_new and invite:
        member.invite(by)
    return member


@transaction.atomic
def welcome_member(service: Any, by: Any, name: str, email: str, role: Role) -> Member:
    """A member with this role beside those that they have; whoever is new is added and invited, and who had left comes
    back with this role alone."""
    person = Person.objects.with_email(email)
    known = Member.objects.select_for_update().filter(service=service, person=person).first()
    if known is None:
        return add_member(service, by, name=name, email=email, roles=[role.name], invite=True)
    kept = [one for one in known.roles if one != role.name] if known.is_active else []
    known.change(by, roles=[*kept, role.name], is_active=True)
    return known
