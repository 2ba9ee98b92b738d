"""Letters: claimed before they are handed over, sent once, and never again by themselves (L1, L2)."""

import smtplib
import threading
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.utils import timezone

from tutti.core import letters, row_security
from tutti.core.history import Event
from tutti.core.letters import Letter, State, address, send_letters, send_waiting
from tutti.people.models import MusicService

TEMPLATE = "people/letters/invitation.txt"


class Link:
    url = "https://tutti.example/northshire/sign-in-link/abc/"


def write(service, slot="", to="ada@quarrylane.example", **fields):
    context = {"member": type("M", (), {"name": "Ada"}), "link": Link}
    return letters.write(service, "trial", TEMPLATE, context, to_name="Ada Crane", to_email=to, slot=slot, **fields)


def state_of(letter):
    return Letter.objects.get(pk=letter.pk).state


def test_a_letter_goes_out_after_the_transaction_that_wrote_it(northshire, mail_server, run_jobs):
    letter = write(northshire)
    assert not mail_server.letters and state_of(letter) == State.WAITING
    run_jobs()
    (arrived,) = mail_server.letters
    assert arrived["To"] == "Ada Crane <ada@quarrylane.example>" and state_of(letter) == State.SENT
    assert arrived["Reply-To"] == northshire.email and "Northshire Music Service" in arrived["From"]
    assert arrived["Auto-Submitted"] == "auto-generated" and arrived["Message-ID"].endswith("@localhost>")


def test_a_letter_of_a_transaction_that_failed_is_never_sent(real_database, northshire, mail_server, run_jobs):
    with pytest.raises(RuntimeError), northshire.entered():
        write(northshire)
        raise RuntimeError
    run_jobs()
    assert not mail_server.letters
    with northshire.entered():
        assert not Letter.objects.filter(kind="trial").exists()


def test_a_slot_is_used_once(northshire, mail_server, run_jobs):
    assert write(northshire, slot="2026-10:1:1") is not None
    assert write(northshire, slot="2026-10:1:1") is None
    run_jobs()
    assert len(mail_server.letters) == 1


@pytest.mark.only_postgresql
def test_two_who_write_the_same_letter_at_once_write_one(real_database, northshire):
    """The second looks while the first has written and not yet committed: it finds nothing, and waits to write."""
    first_has_written, second = threading.Event(), []

    def write_second():
        try:
            first_has_written.wait(20)
            with northshire.entered():
                second.append(write(northshire, slot="2026-10:2:2"))
        finally:
            connection.close()

    thread = threading.Thread(target=write_second)
    thread.start()
    with northshire.entered():
        first = write(northshire, slot="2026-10:2:2")
        first_has_written.set()
        thread.join(1)  # it is held by the first one's row
        assert thread.is_alive()
    thread.join(20)
    assert first is not None and second == [None]


def test_l1_a_claimed_letter_is_not_sent_again(northshire, mail_server, run_jobs):
    """(L1) The worker was killed between claiming it and hearing from the mail server."""
    letter = write(northshire)
    assert letter.claim()
    run_jobs()
    send_letters.call(service_id=northshire.pk, letter_ids=[letter.pk])
    assert not mail_server.letters
    again = Letter.objects.get(pk=letter.pk)
    assert again.state == State.CLAIMED and again.get_state_display() == "Perhaps sent"


def test_a_letter_that_was_deleted_before_it_went_out_has_nobody_to_go_to(northshire, mail_server, run_jobs):
    write(northshire).delete()
    kept = write(northshire, to="bo@quarrylane.example")
    run_jobs()
    assert [str(letter["To"]) for letter in mail_server.letters] and state_of(kept) == State.SENT
    assert not mail_server.to("ada@quarrylane.example")


class Killed(BaseException):
    """The machine went off: no line of ours sees it coming."""


@pytest.mark.parametrize("has_arrived", [True, False])
def test_l1_a_crash_between_claiming_and_marking_leaves_it_perhaps_sent_for_a_person(
    real_database, northshire, rosa, as_member, url, mail_server, run_jobs, monkeypatch, has_arrived
):
    """(L1) Killed right after or right before a real mail server had the letter: nothing sends it again by itself, the
    office is told, and says what it found out. What of the same job was not claimed yet is sent.
    """
    with northshire.entered():
        letter, other = write(northshire), write(northshire, to="ben@quarrylane.example")
    send = smtplib.SMTP.sendmail

    def killed(*args, **kwargs):
        if has_arrived:
            send(*args, **kwargs)
        raise Killed

    with monkeypatch.context() as patch, pytest.raises(Killed):
        patch.setattr("smtplib.SMTP.sendmail", killed)
        send_letters.call(service_id=northshire.pk, letter_ids=[letter.pk, other.pk])

    Letter.objects.filter(kind="trial").update(written_at=timezone.now() - timedelta(hours=1))
    Letter.objects.filter(pk=letter.pk).update(sent_at=timezone.now() - timedelta(hours=1))
    for _ in range(2):
        call_command("daily")
        run_jobs()
    send_letters.call(service_id=northshire.pk, letter_ids=[letter.pk, other.pk])
    assert len(mail_server.to("ada@quarrylane.example")) == has_arrived
    assert len(mail_server.to("ben@quarrylane.example")) == 1
    with northshire.entered():
        assert (state_of(letter), state_of(other)) == (State.CLAIMED, State.SENT)

    office = as_member(rosa)
    assert "1 letter perhaps not sent" in office.get(url(rosa, "home")).content.decode()
    page = office.get(url(rosa, "letter", letter.pk)).content.decode()
    assert "Nobody knows whether it arrived" in page and "Perhaps sent" in page
    office.post(url(rosa, "letter_arrived" if has_arrived else "letter_came_back", letter.pk), {"said": "never came"})
    with northshire.entered():
        assert state_of(letter) == (State.SENT if has_arrived else State.BOUNCED)
        assert Event.objects.about(letter).get().by_name == "Rosa Pike"


def test_l1_the_name_under_which_it_goes_out_is_known_before_it_goes(northshire, mail_server, run_jobs):
    """(L1, L2) So that a letter of which nobody knows whether it went can still come back."""
    letter, other = write(northshire), write(northshire, to="ben@quarrylane.example")
    assert letter.claim() and Letter.objects.get(pk=letter.pk).message_id == letter.message_id
    run_jobs()
    (arrived,) = mail_server.letters
    assert arrived["Message-ID"] == Letter.objects.get(pk=other.pk).message_id != letter.message_id


def test_l1_two_workers_send_it_once(real_database, northshire, mail_server):
    with northshire.entered():
        letter = write(northshire)

    def work():
        try:
            send_letters.call(service_id=northshire.pk, letter_ids=[letter.pk])
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(4)]
    [thread.start() for thread in threads]
    [thread.join(30) for thread in threads]
    assert len(mail_server.letters) == 1
    with northshire.entered():
        assert state_of(letter) == State.SENT


def test_l2_what_the_mail_server_refuses_is_kept_with_its_words_and_not_tried_again(northshire, mail_server, run_jobs):
    mail_server.refuses.add("ada@quarrylane.example")
    letter = write(northshire)
    other = write(northshire, to="ben@quarrylane.example")
    run_jobs()
    refused = Letter.objects.get(pk=letter.pk)
    assert refused.state == State.REFUSED and "no such mailbox" in refused.refusal
    assert state_of(other) == State.SENT and len(mail_server.letters) == 1
    mail_server.refuses.clear()
    send_waiting(northshire, timedelta(0))
    run_jobs()
    assert len(mail_server.letters) == 1


def test_many_are_written_at_once_and_go_out_in_one_job(northshire, mail_server, run_jobs, django_assert_num_queries):
    def composed(*slots):
        context = {"member": type("M", (), {"name": "Ada"}), "link": Link}
        to = {"to_name": "Ada Crane", "to_email": "ada@quarrylane.example"}
        return [letters.compose(northshire, "trial", TEMPLATE, context, slot=slot, **to) for slot in slots]

    connection.run_on_commit.clear()
    with django_assert_num_queries(2):
        assert len(letters.write_all(northshire, composed("1", "2", "3"))) == 3
    assert len(connection.run_on_commit) == 1
    assert [letter.slot for letter in letters.write_all(northshire, composed("2", "4", "3"))] == ["4"]
    assert letters.write_all(northshire, composed("2", "4")) == []
    run_jobs()
    assert len(mail_server.letters) == 4 and not Letter.objects.filter(kind="trial").exclude(state=State.SENT).exists()


def test_l2_without_a_line_to_the_server_it_is_refused_for_certain(northshire, mail_server, settings, run_jobs):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_URL, settings.EMAIL_HOST, settings.EMAIL_PORT = "smtp://127.0.0.1:9", "127.0.0.1", 9
    letter = write(northshire)
    run_jobs()
    assert state_of(letter) == State.REFUSED


def test_nothing_leaves_a_demo_world_even_where_there_is_a_mail_server(northshire, mail_server, run_jobs):
    MusicService.objects.update(is_demo=True)
    letter = write(northshire)
    run_jobs()
    assert state_of(letter) == State.KEPT and not mail_server.letters


@pytest.mark.parametrize("error", [TimeoutError("timed out"), smtplib.SMTPServerDisconnected("closed"), OSError()])
def test_l1_a_line_that_breaks_while_sending_leaves_it_perhaps_sent(
    northshire, mail_server, run_jobs, monkeypatch, error
):
    def breaks(*args, **kwargs):
        raise error

    monkeypatch.setattr("smtplib.SMTP.sendmail", breaks)
    letter = write(northshire)
    run_jobs()
    perhaps = Letter.objects.get(pk=letter.pk)
    assert perhaps.state == State.CLAIMED and perhaps.refusal


def test_the_database_is_not_held_while_the_mail_server_is_talked_to(
    real_database, northshire, mail_server, monkeypatch
):
    with northshire.entered():
        letter = write(northshire)
    in_transaction = []
    send = smtplib.SMTP.sendmail

    def watched(*args, **kwargs):
        in_transaction.append(connection.in_atomic_block)
        return send(*args, **kwargs)

    monkeypatch.setattr("smtplib.SMTP.sendmail", watched)
    send_letters.call(service_id=northshire.pk, letter_ids=[letter.pk])
    assert in_transaction == [False]


def test_a_secret_goes_out_and_is_not_kept(northshire, mail_server, run_jobs):
    letter = write(northshire, is_secret=True)
    run_jobs()
    assert Link.url in mail_server.letters[0].get_content()
    kept = Letter.objects.get(pk=letter.pk).body
    assert Link.url not in kept and "[not kept]" in kept


def test_without_a_mail_server_it_is_kept_to_be_read(northshire, run_jobs):
    letter = write(northshire, is_secret=True)
    run_jobs()
    kept = Letter.objects.get(pk=letter.pk)
    assert kept.state == State.KEPT and Link.url in kept.body


def test_l1_a_letter_whose_job_was_lost_is_sent_after_ten_minutes_and_only_then(northshire, mail_server, run_jobs):
    letter = write(northshire)
    connection.run_on_commit.clear()  # the process died between the commit and the queue
    assert send_waiting(northshire) == 0
    Letter.objects.filter(pk=letter.pk).update(written_at=timezone.now() - timedelta(minutes=11))
    assert send_waiting(northshire) == 1
    run_jobs()
    assert len(mail_server.letters) == 1 and state_of(letter) == State.SENT


def test_a_name_with_a_line_break_writes_no_head_of_its_own(northshire, mail_server, run_jobs):
    context = {"member": type("M", (), {"name": "Ada"}), "link": Link}
    to_name = "Ada\r\nBcc: everybody@example.org"
    letter = letters.write(northshire, "trial", TEMPLATE, context, to_name=to_name, to_email="ada@quarrylane.example")
    run_jobs()
    assert not any("everybody" in str(m["Bcc"]) for m in mail_server.letters)
    assert state_of(letter) in (State.SENT, State.REFUSED)


def test_addresses_in_letters_name_the_service_once(northshire, rosa, as_member, url, settings):
    settings.SITE_URL = "https://music.example"
    path = f"https://music.example{url(northshire, 'letters')}"
    assert address(northshire, "letters") == path
    with transaction.atomic():
        row_security.enter(northshire.pk)
    as_member(rosa).get(url(northshire, "letters"))
    assert address(northshire, "letters") == path
