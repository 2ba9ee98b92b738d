"""A mentor who cannot go on is replaced: what they had in hand goes to somebody else, and all are told (M5, M8)."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from tests.partners.walk import IN_TIME, Walk
from tutti.core.letters import Letter
from tutti.partners.models import Application, Partner
from tutti.partners.models.application_stage import Stage

pytestmark = pytest.mark.django_db


@pytest.fixture
def walk(lorna, miles, cleo):
    return Walk(lorna, miles, colleague=cleo)


def letter(walk, kind, address):
    return Letter.objects.about(walk.case).filter(kind=kind, to_email=address).order_by("pk").last()


@pytest.mark.parametrize("done", [2, 3, 4])
def test_m5_another_mentor_begins_with_arranging_the_observation(walk, done):
    walk.go(*IN_TIME[:done], "change_mentor")
    assert (walk.fresh().stage, walk.fresh().mentor.name) == (Stage.OBSERVATION_DUE, "Cleo Marsh")
    walk.go(*IN_TIME[2:])
    assert Partner.objects.filter(application=walk.case).exists()


def test_what_was_arranged_is_called_off_and_both_calendars_forget_it(walk, miles, cleo):
    walk.go("send", "proceed", "arrange", "change_mentor")
    assert not walk.case.observations.standing().exists()
    for kind, address in [("application_change_mentor", walk.case.email), ("case_handed_over", miles.person.email)]:
        assert "METHOD:CANCEL" in letter(walk, kind, address).calendar, kind
    assert "please arrange" in letter(walk, "case_chosen", cleo.person.email).body.lower()
    assert "Miles Askew hands your application over" in letter(walk, "application_change_mentor", walk.case.email).body


def test_what_was_never_arranged_is_in_no_calendar(walk, miles):
    walk.go("send", "proceed", "change_mentor")
    assert letter(walk, "case_handed_over", miles.person.email).calendar == ""


def test_an_observation_that_has_been_stays_and_its_report_is_not_asked_of_the_next_mentor(walk):
    walk.go(*IN_TIME[:4])
    walk.case.observation.write({"focus": "Scales"})
    walk.go("change_mentor", "arrange", "observe")
    first, second = walk.case.observations.order_by("pk")
    assert (first.mentor.name, first.sections, first.sent_at) == (
        "Miles Askew",
        [("What you agreed to look at", "Scales")],
        None,
    )
    assert (second.mentor.name, second.report) == ("Cleo Marsh", {})


def test_a3_who_handed_it_over_neither_sees_nor_moves_it_any_more(walk, miles, cleo):
    walk.go("send", "proceed", "change_mentor")
    assert walk.case not in Application.objects.visible_to(miles)
    assert walk.case in Application.objects.visible_to(cleo)
    with pytest.raises(PermissionDenied):
        walk.arrange(by=miles)


def test_m8_the_mentoring_goes_on_with_another_mentor_and_keeps_its_meetings(walk, miles, cleo):
    walk.go(*IN_TIME[:4], "recommend_not", "mentor_first")
    walk.case.programme.met(miles, walk.case.programme.from_day, "Planned a term.")
    walk.go("hand_over")
    programme = walk.fresh().programme
    assert (walk.fresh().stage, programme.mentor) == (Stage.MENTORING, cleo)
    assert [notes for _, notes in programme.diary] == ["Planned a term."]
    assert "go on with the mentoring" in letter(walk, "case_chosen", cleo.person.email).body


def test_neither_the_same_mentor_again_nor_the_applicant(walk, miles, cleo):
    walk.go("send", "proceed")
    walk.colleague = miles
    with pytest.raises(ValidationError, match="Choose somebody else"):
        walk.change_mentor()
    walk.case.email = cleo.person.email.upper()
    walk.case.save(update_fields=["email"])
    walk.colleague = cleo
    with pytest.raises(ValidationError, match="cannot be the applicant"):
        walk.change_mentor()
    assert walk.fresh().mentor == miles


def test_the_page_offers_the_other_mentors_only(walk, as_member, url, lorna, miles, cleo):
    walk.go("send", "proceed")
    client, address = as_member(lorna), url(lorna, "application_change_mentor", walk.case.pk)
    form = client.get(address).context["form"]
    assert cleo in form.fields["mentor"].queryset and miles not in form.fields["mentor"].queryset
    sent = {"seen": form["seen"].value(), "letter": form["letter"].value()}
    refused = client.post(address, {**sent, "mentor": miles.pk})
    assert refused.status_code == 422 and walk.fresh().mentor == miles
    assert client.post(address, {**sent, "mentor": cleo.pk}).status_code == 302
    assert walk.fresh().mentor == cleo


def test_a_mentor_who_has_left_the_service_holds_nothing_up(walk, lorna, miles, robin):
    walk.go("send", "proceed", "arrange")
    miles.change(robin, roles=["teacher"])
    walk.go("change_mentor", *IN_TIME[2:])
    assert walk.fresh().stage == Stage.COMPLETED
