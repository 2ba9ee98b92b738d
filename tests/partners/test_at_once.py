"""Two people in the same moment, on two connections: the second waits for the first, and reads what it has done."""

import threading

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client

from tests.conftest import BACKEND
from tests.partners.walk import REPORT, Walk
from tutti.core.letters import Letter
from tutti.partners.models import Application, EntryChange, OfficialLetter, Partner, Scheme
from tutti.partners.models.application_begin import ask_to_begin
from tutti.partners.models.entry_change import propose_texts

pytestmark = [pytest.mark.only_postgresql, pytest.mark.usefixtures("real_database")]


class Second:
    """Somebody on a connection of their own, in the same service: `does` is begun by `begin` and over after `end`."""

    def __init__(self, service, does):
        self.service, self.does, self.said = service, does, None
        self.thread = threading.Thread(target=self._run)

    def _run(self):
        try:
            with self.service.entered():
                self.said = self.does()
        except ValidationError as error:
            self.said = error.messages[0]
        finally:
            connection.close()

    def begin(self):
        self.thread.start()
        self.thread.join(0.5)
        return self.thread.is_alive()

    def end(self):
        self.thread.join(20)
        return self.said


def at_once(*calls):
    """The status of each page, all asked for in the same moment."""
    found = [None] * len(calls)

    def ask(place, call):
        try:
            found[place] = call().status_code
        finally:
            connection.close()

    threads = [threading.Thread(target=ask, args=(place, call)) for place, call in enumerate(calls)]
    [thread.start() for thread in threads]
    [thread.join(30) for thread in threads]
    return found


def client_of(member):
    client = Client()
    client.force_login(member.person, backend=BACKEND)
    return client


def test_m2_two_who_begin_with_one_address_go_on_with_one_application(northshire):
    said = {"name": "Ada Quill", "email": "ada@studio.example"}
    with northshire.entered():
        scheme = Scheme.objects.get(service=northshire)
    second = Second(northshire, lambda: ask_to_begin(scheme, **said))
    with northshire.entered():
        ask_to_begin(scheme, **said)
        assert second.begin(), "it waits for the first"
    second.end()
    with northshire.entered():
        case = Application.objects.get(email="ada@studio.example")
        assert Letter.objects.about(case).filter(kind="application_start").count() == 2, "both letters lead to it"


def test_a3_two_leaders_who_decide_at_once_make_one_move(northshire, lorna, miles):
    with northshire.entered():
        walk = Walk(lorna, miles)
        walk.send()
    said = {"seen": 1, "mentor": miles.pk, "letter": "Subject\n\nWords", "feedback": "Not yet."}
    pages = [f"/northshire/applications/{walk.case.pk}/{move}/" for move in ("proceed", "decline", "proceed")]
    clients = [client_of(lorna) for _ in pages]
    found = at_once(*(lambda c=c, p=p: c.post(p, said) for c, p in zip(clients, pages, strict=True)))
    assert sorted(found) == [302, 422, 422]
    with northshire.entered():
        told = Letter.objects.about(walk.case).filter(kind__in=["application_proceed", "application_decline"])
        assert told.count() == 1 and walk.fresh().moves_made == 2


def test_m7_a_keystroke_that_comes_while_the_report_is_sent_changes_nothing(northshire, lorna, miles):
    with northshire.entered():
        walk = Walk(lorna, miles)
        seen = walk.go("send", "proceed", "arrange", "observe").observation
        seen.write(REPORT)
    second = Second(northshire, lambda: seen.write({"strengths": "Changed afterwards"}))
    with northshire.entered():
        walk.case.recommend(miles, "successful")
        assert second.begin()
    assert second.end() == "This report was sent in the meantime."
    with northshire.entered():
        assert walk.fresh().observation.report["strengths"] == REPORT["strengths"]


@pytest.mark.parametrize("word", ["approve", "refuse"])
def test_m11_a_text_that_is_written_again_while_the_leader_decides(northshire, una, lorna, word):
    """Nobody waits for each other for ever, and no word of the leader's is written over."""
    with northshire.entered():
        entry = una.partnerships.get().entry
        change = propose_texts(entry, una, {"about": "One"})
    second = Second(northshire, lambda: propose_texts(entry, una, {"about": "Two"}))
    with northshire.entered():
        change.approve(lorna, change.seen) if word == "approve" else change.refuse(lorna, change.seen, "Too short.")
        assert second.begin()
    second.end()
    with northshire.entered():
        states = EntryChange.objects.filter(entry=entry).order_by("pk").values_list("state", flat=True)
        assert list(states)[-2:] == ["approved" if word == "approve" else "refused", "waiting"]
        assert Letter.objects.filter(kind="entry_waits").count() >= 2, "the leaders hear of the new words"


def test_m10_the_letter_of_a_partner_from_before_letters_is_issued_once(northshire, una):
    with northshire.entered():
        OfficialLetter.objects.filter(partner__member=una).delete()
    clients = [client_of(una) for _ in range(2)]
    assert at_once(*(lambda c=c: c.get("/northshire/my-entry/letter.pdf") for c in clients)) == [200, 200]
    with northshire.entered():
        assert OfficialLetter.objects.filter(partner__member=una).count() == 1


def test_m10_an_induction_that_two_complete_at_once_makes_one_partner(northshire, lorna, miles):
    with northshire.entered():
        walk = Walk(lorna, miles)
        walk.go("send", "proceed", "arrange", "observe", "recommend", "succeed", "arrange_induction")
    said = {"seen": walk.case.moves_made, "done": walk.scheme.checklist, "letter": "Subject\n\nWords"}
    page, clients = f"/northshire/applications/{walk.case.pk}/complete/", [client_of(lorna) for _ in range(2)]
    assert sorted(at_once(*(lambda c=c: c.post(page, said) for c in clients))) in ([302, 302], [302, 422])
    with northshire.entered():
        assert Partner.objects.filter(application=walk.case).count() == 1
