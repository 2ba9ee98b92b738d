"""On PostgreSQL the database itself keeps services apart (H12): rows of another service are not there.

`enter` names the service for the rest of the transaction; every tenant's table carries the policy of `ProtectRows`.
On SQLite both do nothing, and `visible_to` stands alone.
"""

from __future__ import annotations

from typing import Any

from django.db import connection, models
from django.db.migrations import RunPython
from django.db.models.functions import Cast

POLICY = """
alter table {table} enable row level security;
alter table {table} force row level security;
create policy own_service on {table}
    using ({test}) with check ({test});
"""
TEST = "service_id = nullif(current_setting('app.service', true), '')::bigint"


def enter(service_id: int | None, person_id: int | None = None) -> None:
    """Say whose rows this transaction may see. Call inside a transaction; it ends with it."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(
                "select set_config('app.service', %s, true), set_config('app.person', %s, true)",
                [str(service_id or ""), str(person_id or "")],
            )


def entering(services: models.QuerySet[Any], person_id: int | None = None) -> models.QuerySet[Any]:
    """The same service rows, entered by the statement that reads them: one round trip for both."""
    if connection.vendor != "postgresql":
        return services
    person = models.Value(str(person_id or ""))
    return services.annotate(
        entered_service=_setting(models.Value("app.service"), Cast("pk", models.TextField())),
        entered_person=_setting(models.Value("app.person"), person),
    )


def _setting(*parts: Any) -> models.Func:
    return models.Func(*parts, models.Value(True), function="set_config", output_field=models.TextField())


class ProtectRows(RunPython):
    """Migration step: row-level security for these tables, each with a column `service_id`.

    `or_test` is one more way to be let in, in SQL (a person sees their own memberships before a service is chosen).
    """

    def __init__(self, *tables: str, or_test: str = "") -> None:
        self.tables, self.or_test = tables, or_test
        super().__init__(self._protect, RunPython.noop)

    def deconstruct(self) -> Any:
        return (self.__class__.__name__, list(self.tables), {"or_test": self.or_test} if self.or_test else {})

    def _protect(self, apps: Any, schema_editor: Any) -> None:
        if schema_editor.connection.vendor != "postgresql":
            return
        test = f"{TEST} or {self.or_test}" if self.or_test else TEST
        for table in self.tables:
            schema_editor.execute(POLICY.format(table=table, test=test))


class FillRows(RunPython):
    """Migration step that reads and writes the rows of all services: `fill(apps)`.

    The owner of the tables is bound by their policies too; for these tables it is let off until the step is done.
    """

    def __init__(self, fill: Any, *tables: str) -> None:
        self.fill, self.tables = fill, tables
        super().__init__(self._fill, RunPython.noop)

    def deconstruct(self) -> Any:
        return (self.__class__.__name__, [self.fill, *self.tables], {})

    def _fill(self, apps: Any, schema_editor: Any) -> None:
        is_bound = schema_editor.connection.vendor == "postgresql"
        for table in self.tables if is_bound else ():
            schema_editor.execute(f"alter table {table} no force row level security")
        self.fill(apps)
        for table in self.tables if is_bound else ():
            schema_editor.execute(f"alter table {table} force row level security")


def weaknesses() -> list[str]:
    """Why row-level security would not hold for the role in use; empty where it holds or does not exist."""
    if connection.vendor != "postgresql":
        return []
    with connection.cursor() as cursor:
        cursor.execute("select rolsuper, rolbypassrls from pg_roles where rolname = current_user")
        is_super, bypasses = cursor.fetchone()
        cursor.execute("select count(*) from pg_tables where tablename = 'people_member' and tableowner = current_user")
        (owned,) = cursor.fetchone()
    found = {"is a superuser": is_super, "may bypass row-level security": bypasses, "owns the tables": owned}
    return [f"the database role {words}" for words, true in found.items() if true]
