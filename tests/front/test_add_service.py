"""A real music service begins with one command, which prints its head's way in (B1)."""

import re
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from tutti.people.models import Member, MusicService
from tutti.teaching.models import Reason

pytestmark = pytest.mark.django_db
ROWAN = {"slug": "westshire", "head": "Rowan Pike", "email": "rowan.pike@westshire.example"}


def test_the_head_of_a_new_service_is_signed_in_by_the_link(client):
    printed = StringIO()
    call_command("add_service", "Westshire Music Service", **ROWAN, stdout=printed)
    service = MusicService.objects.get(slug="westshire")
    with service.entered():
        assert Member.objects.get(service=service).roles == ["head"]
        assert Reason.objects.filter(service=service, code="present").exists()
    assert not service.is_demo
    path = re.search(r"https?://[^/]+(/\S+)", printed.getvalue())[1]
    assert client.post(path, follow=True).status_code == 200
    assert client.get("/westshire/").status_code == 200


WRONG = [{"slug": "northshire"}, {"slug": "West Shire"}, {"slug": "help"}, {"email": "rowan"}]


@pytest.mark.parametrize("wrong", WRONG)
def test_what_cannot_be_is_refused_in_words_and_leaves_nothing(wrong, northshire):
    with pytest.raises(CommandError):
        call_command("add_service", "Westshire Music Service", **{**ROWAN, **wrong})
    assert MusicService.objects.count() == 2
