"""An application of Northshire, walked through the chart by whoever each move belongs to."""

import datetime as dt

from django.utils import timezone

from tutti.core.calendar import today
from tutti.partners import letters
from tutti.partners.models import Application, Scheme
from tutti.partners.models.applicant import Applicant, instead_of_applicant
from tutti.partners.models.application_begin import begin_application

REPORT = {"focus": "A new piece", "context": "Two lessons", "strengths": "Calm", "to_work_on": "Plan the term"}
IN_TIME = ["send", "proceed", "arrange", "observe", "recommend", "succeed", "arrange_induction", "complete"]


class Walk:
    """`case` is the application; each method is a move with all that it needs. `go` makes several. `colleague` is
    another mentor: once the case is given to them, the two have changed places."""

    def __init__(self, leader, mentor, name="Ada Quill", answered=2, colleague=None):
        self.leader, self.mentor, self.colleague = leader, mentor, colleague
        self.scheme = Scheme.objects.get(service=leader.service)
        email = f"{name.lower().replace(' ', '.')}@studio.example"
        self.case = begin_application(self.scheme, name=name, email=email)
        self.who = Applicant(self.case.pk, self.case.name)
        for number in range(2):
            own = {"service": leader.service, "name": f"Referee {number}", "email": f"r{number}@school.example"}
            said = {"answer": "Very good.", "answered_at": timezone.now()} if number < answered else {}
            self.case.referees.create(**own, **said)

    def go(self, *moves):
        for move in moves:
            getattr(self, move)()
        return self.case

    def fresh(self):
        return Application.objects.get(pk=self.case.pk)

    def letter(self, move, by):
        return letters.draft(self.case, move, by)

    def send(self):
        self.case.send(self.who)

    def withdraw(self):
        self.case.withdraw(self.who)

    def proceed(self, by=None, **fields):
        self.case.proceed(by or self.leader, self.mentor, self.letter("proceed", self.leader), **fields)

    def decline(self, feedback="Two years of teaching first, please."):
        self.case.decline(self.leader, feedback, self.letter("decline", self.leader))

    def arrange(self, by=None, days=0, kind="observation"):
        when = {"on": today() + dt.timedelta(days=days), "at": dt.time(14, 30), "minutes": 45}
        by = by or self.mentor
        self.case.arrange(by, self.letter("arrange", by), kind=kind, place="Larkrise, room 3", **when)

    def rearrange(self):
        when = {"on": today(), "at": dt.time(9), "minutes": 30}
        letter = self.letter("rearrange", self.mentor)
        self.case.rearrange(self.mentor, letter, kind="both", place="On line", **when)

    def call_off(self):
        self.case.call_off(self.mentor, self.letter("call_off", self.mentor))

    def change_mentor(self):
        self._give("change_mentor")

    def hand_over(self):
        self._give("hand_over")

    def _give(self, move):
        getattr(self.case, move)(self.leader, self.colleague, self.letter(move, self.leader))
        self.mentor, self.colleague = self.colleague, self.mentor

    def observe(self):
        self.case.observe(self.mentor)

    def take_back(self):
        self.case.take_back(self.mentor)

    def recommend(self, recommendation="successful"):
        if self.case.observation:
            self.case.observation.write(REPORT)
        self.case.recommend(self.mentor, recommendation)

    def recommend_not(self):
        self.recommend("unsuccessful")

    def send_back(self):
        self.case.send_back(self.leader, "What did the pupils learn?")

    def succeed(self, why=""):
        self.case.succeed(self.leader, self.letter("succeed", self.leader), why=why)

    def mentor_first(self, why=""):
        until = today() + dt.timedelta(days=60)
        self.case.mentor_first(self.leader, "Planning", until, self.letter("mentor_first", self.leader), why=why)

    def fail(self, why=""):
        self.case.fail(self.leader, "Not planned yet.", self.letter("fail", self.leader), why=why)

    def extend(self, days=90):
        self.case.extend(self.leader, today() + dt.timedelta(days=days), self.letter("extend", self.leader))

    def end_mentoring(self):
        self.case.end_mentoring(self.leader, self.letter("end_mentoring", self.leader))

    def arrange_induction(self, days=0):
        when = {"on": today() + dt.timedelta(days=days), "at": dt.time(10), "place": "The hub"}
        self.case.arrange_induction(self.leader, self.letter("arrange_induction", self.leader), **when)

    def call_off_induction(self):
        self.case.call_off_induction(self.leader, self.letter("call_off_induction", self.leader))

    def complete(self, done=None):
        checklist = self.scheme.checklist if done is None else done
        self.case.complete(self.leader, checklist, self.letter("complete", self.leader))


def by_post(leader, mentor):
    """One whose applicant has no e-mail address: keyed in, and sent in for them."""
    walk = Walk(leader, mentor)
    Application.objects.filter(pk=walk.case.pk).update(email="", keyed_in_by=leader)
    walk.case.refresh_from_db()
    walk.case.answers = {"address": "1 Mill Row\nOught"}
    walk.case.save()
    walk.case.send(instead_of_applicant(walk.case, leader))
    return walk
