"""On PostgreSQL the database itself keeps services apart, where a query forgets its filter (H12)."""

import contextlib

import pytest
from django.apps import apps
from django.db import DatabaseError, connection, transaction
from django.http import HttpResponse
from django.test import RequestFactory

from tests.house.url_table import Rows, inside
from tutti.core import row_security
from tutti.people.middleware import ServiceMiddleware
from tutti.people.models import Member
from tutti.schools.models import School

pytestmark = [pytest.mark.django_db, pytest.mark.only_postgresql]
TENANTS = [m for m in apps.get_models() if "service_id" in {f.attname for f in m._meta.concrete_fields}]


def tables_where(sql):
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return {name for (name,) in cursor.fetchall()}


@pytest.fixture
def rows_in_both(northshire, southshire, robin, sam):
    Rows(northshire, robin)
    with inside(southshire, back_to=northshire):
        Rows(southshire, sam)


def test_every_table_of_a_service_has_a_forced_policy():
    with_service = tables_where(
        "select table_name from information_schema.columns where column_name = 'service_id' and table_schema = 'public'"
    )
    forced = tables_where("select relname from pg_class where relrowsecurity and relforcerowsecurity")
    with_policy = tables_where("select tablename from pg_policies where qual is not null and with_check is not null")
    assert {model._meta.db_table for model in TENANTS} <= with_service
    assert with_service - (forced & with_policy) == set()


def test_the_role_is_neither_owner_nor_superuser():
    assert row_security.weaknesses() == []
    with pytest.raises(DatabaseError, match="must be owner"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("alter table people_member disable row level security")


@pytest.mark.parametrize("model", TENANTS, ids=lambda model: model._meta.label)
def test_without_a_filter_only_the_rows_of_the_service_are_there(model, rows_in_both, northshire, southshire):
    seen = {}
    for service in (northshire, southshire):
        with inside(service, back_to=northshire):
            seen[service] = set(model._base_manager.values_list("service_id", flat=True).distinct())
    assert seen[northshire] == {northshire.pk}, "the world has no row to show it with"
    nobody = model._meta.label == "teaching.RotaWeek"  # in Southshire nobody teaches by rota
    assert seen[southshire] == (set() if nobody else {southshire.pk})


@pytest.mark.parametrize("model", TENANTS, ids=lambda model: model._meta.label)
def test_before_a_service_is_entered_there_is_nothing(model, rows_in_both):
    row_security.enter(None)
    assert not model._base_manager.exists()


def test_a_person_sees_their_own_memberships_before_they_choose_a_service(priya, northshire):
    row_security.enter(None, priya.person_id)
    assert {m.person_id for m in Member.objects.all()} == {priya.person_id}
    assert Member.objects.count() == 2
    assert not School.objects.exists()


def test_a_row_cannot_be_written_into_another_service(northshire, southshire, larkrise):
    with pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
        School.objects.create(service=southshire, name="Smuggled School")
    with pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
        School.objects.filter(pk=larkrise.pk).update(service=southshire)


def test_rows_of_another_service_cannot_be_changed_or_deleted(northshire, southshire):
    with inside(southshire, back_to=northshire):
        theirs = list(School.objects.values_list("pk", "name"))
    numbers = [pk for pk, _ in theirs]
    assert theirs
    assert School.objects.filter(pk__in=numbers).update(name="Ours now") == 0
    assert School.objects.filter(pk__in=numbers).delete() == (0, {})
    with inside(southshire, back_to=northshire):
        assert list(School.objects.values_list("pk", "name")) == theirs


@pytest.mark.parametrize("slug", ["northshire", "southshire"])
def test_a_view_that_forgets_its_filter_shows_only_its_own_service(slug, northshire, southshire, as_member, hannah):
    """The request goes through the real middleware; the view asks for all schools there are."""
    service = {"northshire": northshire, "southshire": southshire}[slug]
    seen = []

    def forgetful(request):
        seen.extend(School.objects.values_list("service_id", flat=True))
        return HttpResponse("ok")

    request = RequestFactory().get(f"/{slug}/schools/")
    request.session = as_member(hannah).session
    ServiceMiddleware(forgetful)(request)
    assert set(seen) == {service.pk}


def test_a_view_outside_of_all_services_sees_no_row(as_member, hannah):
    seen = []

    def forgetful(request):
        seen.append(School.objects.count())
        return HttpResponse("ok")

    request = RequestFactory().get("/accounts/services/")
    request.session = as_member(hannah).session
    ServiceMiddleware(forgetful)(request)
    assert seen == [0]


def test_the_service_is_forgotten_with_the_transaction(northshire):
    """Nothing stays on the connection for the request that gets it next."""
    with contextlib.suppress(ZeroDivisionError), transaction.atomic():
        row_security.enter(northshire.pk)
        raise ZeroDivisionError
    with connection.cursor() as cursor:
        cursor.execute("select set_config('app.service', '', true)")
    assert not School.objects.exists()
