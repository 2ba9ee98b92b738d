from django.db import migrations

from tutti.core.row_security import ProtectRows


class Migration(migrations.Migration):
    dependencies = [("people", "0001_initial")]

    operations = [
        ProtectRows("people_office"),
        ProtectRows(
            "people_member", or_test="person_id = nullif(current_setting('app.person', true), '')::bigint"
        ),
    ]
