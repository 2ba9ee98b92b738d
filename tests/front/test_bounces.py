"""Letters that come back: told by the mail provider, or found by the office (L2)."""

import datetime as dt
import json

import pytest
from django.utils import timezone

from tutti.core.history import Event
from tutti.core.letters import Letter, State
from tutti.people.models import MusicService
from tutti.schools.models import Contact

pytestmark = pytest.mark.django_db
TO = "jerome.attwater@saltwickacademy.example"
NO_BOX = "550 5.1.1 There is no such mailbox"


@pytest.fixture
def address(northshire, robin, url):
    northshire.renew_bounce_key(robin, 0)
    northshire.refresh_from_db()
    return url(northshire, "bounces", northshire.bounce_key)


@pytest.fixture
def tell(anybody, address):
    """tell(body) posts it as a mail provider would: no cookie, no token."""
    anybody.handler.enforce_csrf_checks = True

    def post(body, content_type="application/json"):
        written = body if isinstance(body, bytes | str) else json.dumps(body)
        return anybody.generic("POST", address, written, content_type, CONTENT_TYPE=content_type)

    return post


def went_out(northshire, to=TO, state=State.SENT, **fields):
    known = {"kind": "trial", "to_name": "Jerome Attwater", "subject": "A trial", "body": "Dear Jerome,\n"}
    known |= {"sent_at": timezone.now(), "written_at": timezone.now(), "message_id": "<abc.1@tutti.example>"} | fields
    return Letter.objects.create(service=northshire, to_email=to, state=state, **known)


def state_of(letter):
    letter.refresh_from_db()
    return letter.state, letter.refusal


def report(action="failed", to=TO, message_id="<abc.1@tutti.example>", head_only=False):
    """A delivery status report as a mail server writes it."""
    kind = "text/rfc822-headers" if head_only else "message/rfc822"
    return f"""From: MAILER-DAEMON@mx.example
To: tutti@localhost
Subject: Undelivered mail
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status;
 boundary="b1"

--b1
Content-Type: text/plain

Sorry, it could not be delivered.
--b1
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example

Final-Recipient: rfc822; {to}
Action: {action}
Status: 5.1.1
Diagnostic-Code: smtp; {NO_BOX}

--b1
Content-Type: {kind}

From: tutti@localhost
To: {to}
Message-ID: {message_id}
Subject: A trial

Dear Jerome,
--b1--
""".encode()


def test_l2_a_bounce_finds_its_letter_by_the_name_it_went_out_under(northshire, mail_server, run_jobs, tell, rosa):
    """(L2) The whole way: the letter goes to a real mail server, the provider tells of that Message-ID."""
    rosa.invite(rosa)
    run_jobs()
    (sent,) = mail_server.to(rosa.person.email)
    answer = tell({"message_id": sent["Message-ID"], "reason": NO_BOX})
    assert (answer.status_code, answer.json()) == (200, {"known": 1, "came_back": 1})
    letter = Letter.objects.get(kind="invitation", to_email=rosa.person.email)
    assert state_of(letter) == (State.BOUNCED, NO_BOX)
    event = Event.objects.about(letter).get(verb="came back")
    assert (event.by, event.before, event.after["the_mail_said"]) == (None, {"state": "sent"}, NO_BOX)


def test_l2_the_same_bounce_told_twice_is_one(northshire, tell):
    letter = went_out(northshire)
    for news in (1, 0, 0):
        assert tell({"message_id": letter.message_id, "reason": NO_BOX}).json() == {"known": 1, "came_back": news}
    assert tell({"email": TO}).json() == {"known": 1, "came_back": 0}
    assert Event.objects.about(letter).count() == 1


def test_by_address_it_is_the_last_letter_that_had_gone_by_then(northshire, tell):
    now = timezone.now()
    old = went_out(northshire, written_at=now - dt.timedelta(days=40), message_id="<0@x>")
    first = went_out(northshire, written_at=now - dt.timedelta(days=3), message_id="<1@x>")
    second = went_out(northshire, written_at=now - dt.timedelta(days=1), message_id="<2@x>")
    kept = went_out(northshire, state=State.KEPT, message_id="")
    tell({"email": TO.upper(), "at": (now - dt.timedelta(days=2)).isoformat()})
    assert [state_of(one)[0] for one in (old, first, second, kept)] == ["sent", "bounced", "sent", "kept"]
    tell({"email": TO, "at": now.timestamp() + 3600})
    assert [state_of(one)[0] for one in (old, first, second, kept)] == ["sent", "bounced", "bounced", "kept"]


@pytest.mark.parametrize(
    "told",
    [
        {"RecordType": "Bounce", "Type": "HardBounce", "MessageID": "883953f4-6105", "Email": TO, "Details": NO_BOX,
         "BouncedAt": "2026-11-18T09:59:58.1234567Z"},
        [{"email": TO, "event": "delivered", "smtp-id": "<abc.1@tutti.example>", "timestamp": 1794909598},
         {"email": "x@y.example", "event": "bounce", "smtp-id": "<abc.1@tutti.example>", "reason": NO_BOX}],
        {"signature": {"token": "x"}, "event-data": {"event": "failed", "severity": "permanent", "recipient": TO,
         "message": {"headers": {"message-id": "abc.1@tutti.example"}}, "timestamp": 1794909598.25,
         "delivery-status": {"code": 550, "message": NO_BOX, "description": ""}}},
        {"event": "hard_bounce", "email": TO, "message-id": "<abc.1@tutti.example>", "reason": NO_BOX,
         "date": "2026-11-18 09:59:58"},
        {"email": TO, "reason": NO_BOX},
        [{"message_id": " abc.1@tutti.example ", "reason": f" {NO_BOX}\r\n", "at": "2026-11-18T10:00:00+00:00"}],
    ],
    ids=["Postmark", "SendGrid", "Mailgun", "Brevo", "ours by address", "ours by name"],
)  # fmt: skip
def test_l2_what_the_mail_providers_send_is_understood(northshire, tell, told):
    letter = went_out(northshire, written_at=timezone.now() - dt.timedelta(minutes=5))
    answer = tell(told)
    assert answer.json() == {"known": 1, "came_back": 1}
    state, said = state_of(letter)
    assert (state, said.strip()) == (State.BOUNCED, NO_BOX)


@pytest.mark.parametrize(
    "told",
    [
        {"RecordType": "Open", "Email": TO},
        {"RecordType": "Bounce", "Type": "Transient", "Email": TO},
        [{"event": "delivered", "email": TO}, {"event": "open", "email": TO}],
        {"event-data": {"event": "failed", "severity": "temporary", "recipient": TO}},
        {"event-data": {"event": "opened", "recipient": TO}},
        {"event": "deferred", "email": TO},
        [],
    ],
)
def test_what_tells_of_no_letter_that_came_back_is_taken_and_left(northshire, tell, told):
    letter = went_out(northshire)
    answer = tell(told)
    assert (answer.status_code, answer.json()) == (200, {"known": 0, "came_back": 0})
    assert state_of(letter)[0] == State.SENT


@pytest.mark.parametrize("head_only", [True, False])
def test_l2_a_mail_servers_own_report_is_read(northshire, tell, head_only):
    """(L2) RFC 3464, with the whole letter or its head returned; posted as a mail, or as the body of one."""
    letter = went_out(northshire)
    mail = report(head_only=head_only, to="somebody.else@saltwick.example")
    assert tell(mail, "message/rfc822").json() == {"known": 1, "came_back": 1}
    assert state_of(letter) == (State.BOUNCED, NO_BOX)
    letter.undo_come_back(None)
    body = mail.partition(b"\n\n")[2]
    assert tell(body, 'multipart/report; report-type=delivery-status; boundary="b1"').json()["came_back"] == 1


def test_a_report_without_the_letter_finds_it_by_whom_it_went_to_and_a_delay_is_none(northshire, tell):
    letter = went_out(northshire)
    assert tell(report(action="delayed"), "message/rfc822").json() == {"known": 0, "came_back": 0}
    assert tell(report(message_id="<other@x>"), "message/rfc822").json() == {"known": 1, "came_back": 1}
    assert state_of(letter)[0] == State.BOUNCED


DEEP = "[" * 100_000
NESTED_MAIL = b"".join(b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (n, n) for n in range(4000))


@pytest.mark.parametrize(
    ("body", "content_type", "status"),
    [
        (b"", "application/json", 400),
        (b"{", "application/json", 400),
        (b"\xff\xfe\x00", "application/json", 400),
        (b"null", "application/json", 400),
        (b"7", "application/json", 400),
        (b"[[]]", "application/json", 400),
        (DEEP, "application/json", 400),
        ("9" * 5000, "application/json", 400),
        ({}, "application/json", 400),
        ({"reason": "550"}, "application/json", 400),
        ({"email": 7}, "application/json", 400),
        ({"email": [TO]}, "application/json", 400),
        ({"event-data": "failed"}, "application/json", 400),
        ({"event-data": {"event": "failed", "message": []}}, "application/json", 400),
        ({"event-data": {"event": "failed"}}, "application/json", 400),
        ({"email": TO, "at": "yesterday"}, "application/json", 400),
        ({"email": TO, "at": {}}, "application/json", 400),
        ({"email": TO, "at": 1e300}, "application/json", 400),
        ('{"email": "a@b.example", "at": NaN}', "application/json", 400),
        ({"email": TO, "at": "0001-01-01T00:00:00+14:00"}, "application/json", 400),
        ([{"email": TO}] * 501, "application/json", 400),
        ({"event": ["bounce"], "email": TO}, "application/json", 400),
        ({"email": "nobody@nowhere.example"}, "application/json", 404),
        ({"message_id": "<never@x>"}, "application/json", 404),
        ('{"email": "\\u0000\\ud800@x.example"}', "application/json", 404),
        ({"email": "x" * 100_000}, "application/json", 404),
        ("x" * 256_001, "application/json", 413),
        (b"email=a@b.example", "application/x-www-form-urlencoded", 415),
        (b"{}", "", 415),
        (b"<xml/>", "application/xml", 415),
        (b"Subject: hello\n\nNot a report", "message/rfc822", 400),
        (b"", "message/rfc822", 400),
        (b"\x00\xff\n\n", "message/rfc822", 400),
        (b"no parts", "multipart/report", 400),
        (b"--x--", "multipart/report; boundary=x", 400),
        (b"Content-Type: message/delivery-status\n\nnothing", "message/rfc822", 200),
        (NESTED_MAIL, "message/rfc822", 400),
    ],
)
def test_l2_what_cannot_be_read_is_refused_in_words(northshire, tell, body, content_type, status):
    """(L2) A clear 4xx, never a 500, and nothing done."""
    letter = went_out(northshire)
    answer = tell(body, content_type)
    assert answer.status_code == status
    assert status == 200 or answer.json()["error"].endswith(".")
    assert state_of(letter) == (State.SENT, "")


def test_a_key_opens_its_own_service_only_and_no_longer_than_the_next(
    northshire, southshire, robin, anybody, address, url
):
    letter = went_out(northshire)
    told = json.dumps({"message_id": letter.message_id})
    old = northshire.bounce_key
    southshire.bounce_key_number = 1
    assert len(old) > 40 and old != southshire.bounce_key
    assert anybody.post(url(southshire, "bounces", old), told, "application/json").status_code == 404
    assert anybody.post(url(northshire, "bounces", "x" * 64), told, "application/json").status_code == 404
    assert anybody.post(url(northshire, "bounces", "é"), told, "application/json").status_code == 404
    assert anybody.post(f"/mail/bounces/{old}/", told, "application/json").status_code == 404
    assert anybody.get(address).status_code == 405
    northshire.renew_bounce_key(robin, 1)
    assert anybody.post(address, told, "application/json").status_code == 404
    assert state_of(letter)[0] == State.SENT


def test_without_a_key_nothing_is_let_in(northshire, anybody, url):
    assert northshire.bounce_key == ""
    assert anybody.post(url(northshire, "bounces", "x"), "{}", "application/json").status_code == 404


def test_a_bounce_touches_no_letter_of_another_service(northshire, southshire, tell, inside):
    with inside(southshire):
        theirs = went_out(southshire)
    assert tell({"message_id": theirs.message_id, "email": TO}).status_code == 404
    with inside(southshire):
        assert state_of(theirs)[0] == State.SENT


def test_the_head_makes_the_address_and_a_new_one_once(northshire, robin, rosa, as_member, url):
    head = as_member(robin)
    assert "Make the address" in head.get(url(robin, "service_settings")).content.decode()
    for _ in range(2):  # a form sent twice
        head.post(url(robin, "bounce_key_renew"), {"number": "0"})
    service = MusicService.objects.get(pk=northshire.pk)
    assert service.bounce_key_number == 1
    page = head.get(url(robin, "service_settings")).content.decode()
    assert f"/northshire/mail/bounces/{service.bounce_key}/" in page
    for number in ("", "x", "9" * 5000):
        assert head.post(url(robin, "bounce_key_renew"), {"number": number}).status_code == 302
    assert Event.objects.about(northshire).filter(verb="made an address for bounces").count() == 1
    assert as_member(rosa).post(url(rosa, "bounce_key_renew"), {"number": "1"}).status_code == 403


# by hand


@pytest.fixture
def office(as_member, rosa):
    return as_member(rosa)


def test_l2_the_office_notes_that_a_letter_came_back_and_undoes_it(northshire, rosa, office, url):
    """(L2) By hand, with what the mail said; sent twice it is noted once."""
    letter = went_out(northshire)
    page = office.get(url(rosa, "letter", letter.pk)).content.decode()
    assert "Note that it came back" in page
    for _ in range(2):
        page = office.post(url(rosa, "letter_came_back", letter.pk), {"said": NO_BOX}, follow=True).content.decode()
    assert state_of(letter) == (State.BOUNCED, NO_BOX)
    assert "This letter came back" in page and NO_BOX in page
    assert Event.objects.about(letter).get().by_name == "Rosa Pike"
    page = office.post(url(rosa, "letter_undo_came_back", letter.pk), follow=True).content.decode()
    assert state_of(letter) == (State.SENT, "")
    assert "Did not come back" in page and "This letter came back" not in page


def test_undo_brings_back_what_it_was_before(northshire, rosa):
    letter = went_out(northshire, state=State.CLAIMED, refusal="timed out")
    letter.come_back(rosa, NO_BOX)
    letter.undo_come_back(rosa)
    assert state_of(letter) == (State.CLAIMED, "timed out")


@pytest.mark.parametrize("state", ["waiting", "kept", "refused", "bounced"])
def test_what_never_went_out_does_not_come_back(northshire, rosa, office, url, state):
    letter = went_out(northshire, state=state)
    assert "Note that it came back" not in office.get(url(rosa, "letter", letter.pk)).content.decode()
    office.post(url(rosa, "letter_came_back", letter.pk), {"said": "x"})
    assert state_of(letter) == (state, "")


def test_too_much_typed_is_said_and_not_lost(northshire, rosa, office, url):
    letter = went_out(northshire)
    answer = office.post(url(rosa, "letter_came_back", letter.pk), {"said": "x" * 301})
    assert answer.status_code == 422
    assert "300 characters are enough" in answer.content.decode() and "x" * 301 in answer.content.decode()
    assert state_of(letter)[0] == State.SENT


def test_a_letter_that_came_back_is_something_to_do_for_six_weeks(northshire, rosa, office, url, clock):
    assert "1 letter came back" in office.get(url(rosa, "home")).content.decode()
    letter = went_out(northshire)
    letter.come_back(None, NO_BOX)
    page = office.get(url(rosa, "home")).content.decode()
    assert "2 letters came back" in page and f"{url(rosa, 'letters')}?state=bounced" in page
    listed = office.get(url(rosa, "letters"), {"state": "bounced"}).content.decode()
    assert url(rosa, "letter", letter.pk) in listed and "Came back" in listed
    Letter.objects.filter(service=northshire).update(written_at=timezone.now() - dt.timedelta(days=43))
    assert "came back" not in office.get(url(rosa, "home")).content.decode()


def test_a_contact_and_a_teacher_whose_last_letter_came_back_are_marked(
    northshire, rosa, dilys, owen, office, url, as_member
):
    contact = Contact.objects.get(service=northshire, name="Jerome Attwater")
    page = url(rosa, "school", contact.school_id)
    assert "Last letter came back" not in office.get(page).content.decode()
    letter = went_out(northshire, to=contact.email.upper())
    letter.come_back(rosa)
    shown = office.get(page).content.decode()
    assert "Last letter came back" in shown and url(rosa, "letter", letter.pk) in shown
    assert url(rosa, "letter", letter.pk) not in as_member(dilys).get(page).content.decode()
    went_out(northshire, to=contact.email)
    assert "Last letter came back" not in office.get(page).content.decode()
    went_out(northshire, to=owen.person.email).come_back(rosa)
    assert "Last letter came back" in office.get(url(rosa, "teacher", owen.pk)).content.decode()


@pytest.mark.parametrize("move", ["letter_came_back", "letter_undo_came_back", "letter_arrived"])
def test_only_those_who_read_letters_say_what_became_of_them(northshire, as_member, dilys, sam, url, move):
    letter = went_out(northshire)
    assert as_member(dilys).post(url(dilys, move, letter.pk)).status_code == 403
    assert as_member(sam).post(url(sam, move, letter.pk)).status_code == 404
    assert state_of(letter)[0] == State.SENT
