"""Alive and well, for whoever watches the machine (B8)."""

import datetime as dt

import pytest
from django.core.cache import cache
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client

from tutti.front.health import HEARTBEAT, beat


@pytest.mark.django_db
def test_healthz_answers_without_asking_the_database(anybody, hannah, as_member, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert anybody.get("/healthz").content == b"ok"
    signed_in = as_member(hannah)
    with django_assert_num_queries(0):
        assert signed_in.get("/healthz").status_code == 200


def test_healthz_answers_while_there_is_no_database():
    assert Client().get("/healthz").status_code == 200  # without the mark no test may touch the database


@pytest.mark.django_db
def test_readyz_is_well_when_everything_is(anybody):
    beat()
    response = anybody.get("/readyz")
    assert response.status_code == 200
    assert response.json() == {
        "ready": True,
        "database": "well",
        "migrations": "well",
        "worker": "well",
        "database role": "well",
    }


@pytest.mark.django_db
def test_readyz_says_when_the_worker_was_never_there(anybody):
    cache.delete(HEARTBEAT)
    response = anybody.get("/readyz")
    assert response.status_code == 503
    assert response.json()["worker"] == "never heard of"


@pytest.mark.django_db
def test_readyz_says_for_how_long_the_worker_is_silent(anybody, clock):
    beat()
    clock.shift(dt.timedelta(seconds=89))
    assert anybody.get("/readyz").status_code == 200
    clock.shift(dt.timedelta(seconds=31))
    response = anybody.get("/readyz")
    assert response.status_code == 503
    assert response.json()["worker"] == "silent for 120 seconds"


@pytest.mark.django_db
def test_readyz_counts_migrations_that_wait(anybody):
    beat()
    last = MigrationRecorder.Migration.objects.filter(app="teaching").latest("pk")
    last.delete()
    response = anybody.get("/readyz")
    assert response.status_code == 503
    assert response.json()["migrations"] == "1 not applied"


def test_readyz_says_when_the_database_cannot_be_reached(real_database, tmp_path):
    settings = connection.settings_dict
    before = settings["NAME"]
    connection.close()
    try:
        settings["NAME"] = str(tmp_path / "nowhere" / "none.sqlite3") if connection.vendor == "sqlite" else "nowhere"
        response = Client().get("/readyz")
    finally:
        connection.close()
        settings["NAME"] = before
    assert response.status_code == 503
    assert response.json()["database"].startswith("not reachable")


@pytest.mark.only_postgresql
def test_readyz_names_a_role_that_policies_do_not_bind(real_database):
    beat()
    connection.close()
    before, connection.settings_dict["USER"] = connection.settings_dict["USER"], "postgres"
    try:
        response = Client().get("/readyz")
    finally:
        connection.close()
        connection.settings_dict["USER"] = before
    assert response.status_code == 503
    assert response.json()["database role"].startswith("the database role is a superuser")
