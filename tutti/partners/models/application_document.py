"""A paper that belongs to an application: a certificate, or the scan of a form on paper (M1, M2)."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils import timezone

from tutti.core import history, uploads
from tutti.core.uploads import Upload
from tutti.partners.models.application_answers import hold_draft

MOST = 20  # of one application
SCAN = "scan"


class ApplicationDocument(models.Model):
    """One file. `section` is the part of the form to which it belongs, or `scan`; `name` what its sender called it."""

    service = models.ForeignKey("people.MusicService", models.CASCADE, related_name="+")
    application = models.ForeignKey("partners.Application", models.CASCADE, related_name="documents")
    section = models.CharField(max_length=40)
    name = models.CharField(max_length=200)
    kept_as = models.CharField(max_length=200, unique=True)
    added_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.name

    @property
    def file_name(self) -> str:
        """Under which it is downloaded: nobody's name is in it."""
        return f"document-{self.pk}"

    @transaction.atomic
    def remove(self, by: Any) -> None:
        """Take it out of a form, and its file with it. ValidationError once the form was sent in."""
        hold_draft(self.application)
        history.record("removed a document", self.application, by, after={"section": self.section})
        self.throw_away()
        self.delete()

    def throw_away(self) -> None:
        """Its file, once the transaction is through."""
        uploads.throw_away(self.kept_as)


@transaction.atomic
def add_document(application: Any, by: Any, section: str, name: str, upload: Upload) -> ApplicationDocument:
    """Keep a file with an application. ValidationError if it has too many already."""
    if application.documents.count() >= MOST:
        raise ValidationError({"document": f"An application holds {MOST} documents at most. Remove one first."})
    kept_as = uploads.keep(upload, f"applications/{application.pk}")
    own = {"service_id": application.service_id, "section": section, "name": name[:200], "kept_as": kept_as}
    added = application.documents.create(**own)
    history.record("added a document", application, by, after={"section": section})
    return added
