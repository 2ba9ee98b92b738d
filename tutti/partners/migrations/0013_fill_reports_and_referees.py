"""Links of referees get rows of their own, what a referee has typed is apart from what they sent, reports know their
headings and whether they were decided on."""

from django.db import migrations

from tutti.core.row_security import FillRows
from tutti.partners.models.scheme import LETTER_WORDS, LOOKED_AT

OLD_KEYS = ("planning", "learning", "relations")
OLD_LETTER = "your referees spoke for you, we saw you teach,"


def fill(apps):
    give_links(apps)
    give_headings(apps)
    for one in apps.get_model("partners", "Observation").objects.select_related("application"):
        know_report(one)


def give_links(apps):
    Referee, Link = apps.get_model("partners", "Referee"), apps.get_model("partners", "RefereeLink")
    asked = Referee.objects.exclude(fingerprint="").exclude(ends_at=None)
    Link.objects.bulk_create(
        Link(service_id=one.service_id, referee_id=one.pk, fingerprint=one.fingerprint, ends_at=one.ends_at)
        for one in asked
    )
    for one in Referee.objects.filter(answered_at=None).exclude(answer=""):
        one.typed, one.answer = one.answer, ""
        one.save(update_fields=["typed", "answer"])


def give_headings(apps):
    for scheme in apps.get_model("partners", "Scheme").objects.all():
        scheme.looked_at = LOOKED_AT
        scheme.letter_words = LETTER_WORDS if OLD_LETTER in scheme.letter_words else scheme.letter_words
        scheme.save(update_fields=["looked_at", "letter_words"])


def know_report(one):
    """Under which headings it was written, and that it was decided on. One save: PostgreSQL keeps a table that has a row
    changed twice from being locked again."""
    asked = [[key, words] for key, words in zip(OLD_KEYS, LOOKED_AT, strict=True) if one.report.get(key)]
    one.report = {**one.report, "asked": asked} if one.report else {}
    one.decided_at = one.sent_at if was_decided(one) else None
    one.save(update_fields=["report", "decided_at"])


def was_decided(one):
    """Not the last of an application that waits for the decision, or was withdrawn then."""
    application = one.application
    if one.sent_at is None or application.stage not in ("recommended", "withdrawn"):
        return one.sent_at is not None
    later = application.observations.filter(pk__gt=one.pk).exists() or application.inductions.exists()
    return later or application.programmes.filter(from_day__gte=one.sent_at.date()).exists()


class Migration(migrations.Migration):
    dependencies = [("partners", "0012_reports_and_referees")]

    operations = [
        FillRows(
            fill,
            "partners_referee",
            "partners_scheme",
            "partners_observation",
            "partners_application",
            "partners_induction",
            "partners_mentoringprogramme",
        ),
    ]
