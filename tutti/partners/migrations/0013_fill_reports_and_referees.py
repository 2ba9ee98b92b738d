"""Links of referees get rows of their own, what a referee has typed is apart from what they sent, reports know their
headings and whether they were decided on."""

from django.db import migrations

from tutti.core.row_security import FillRows, ProtectRows
from tutti.partners.models.scheme import LETTER_WORDS, LOOKED_AT

OLD_KEYS = ("planning", "learning", "relations")
OLD_LETTER = "your referees spoke for you, we saw you teach,"


def fill(apps):
    give_links(apps)
    know_headings(apps)
    know_decisions(apps)


def give_links(apps):
    Referee, Link = apps.get_model("partners", "Referee"), apps.get_model("partners", "RefereeLink")
    asked = Referee.objects.exclude(fingerprint="").exclude(ends_at=None)
    Link.objects.bulk_create(
        Link(service_id=one.service_id, referee_id=one.pk, fingerprint=one.fingerprint, ends_at=one.ends_at)
        for one in asked
    )
    for one in Referee.objects.filter(answered_at=None).exclude(answer=""):
        one.draft, one.answer = one.answer, ""
        one.save(update_fields=["draft", "answer"])


def know_headings(apps):
    Scheme, Observation = apps.get_model("partners", "Scheme"), apps.get_model("partners", "Observation")
    for scheme in Scheme.objects.all():
        scheme.looked_at = LOOKED_AT
        scheme.letter_words = LETTER_WORDS if OLD_LETTER in scheme.letter_words else scheme.letter_words
        scheme.save(update_fields=["looked_at", "letter_words"])
    for one in Observation.objects.exclude(report={}):
        asked = [[key, words] for key, words in zip(OLD_KEYS, LOOKED_AT, strict=True) if one.report.get(key)]
        one.report = {**one.report, "asked": asked}
        one.save(update_fields=["report"])


def know_decisions(apps):
    """All that were sent, but for the last of an application that waits for the decision or was withdrawn then."""
    Observation = apps.get_model("partners", "Observation")
    for one in Observation.objects.exclude(sent_at=None).select_related("application"):
        application = one.application
        later = application.observations.filter(pk__gt=one.pk).exists() or application.inductions.exists()
        mentored = application.programmes.filter(from_day__gte=one.sent_at.date()).exists()
        if later or mentored or application.stage not in ("recommended", "withdrawn"):
            one.decided_at = one.sent_at
            one.save(update_fields=["decided_at"])


class Migration(migrations.Migration):
    dependencies = [("partners", "0012_reports_and_referees")]

    operations = [
        FillRows(
            fill,
            "partners_referee",
            "partners_refereelink",
            "partners_scheme",
            "partners_observation",
            "partners_application",
            "partners_induction",
            "partners_mentoringprogramme",
        ),
        ProtectRows("partners_refereelink"),
    ]
