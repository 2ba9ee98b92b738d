from django.db import migrations

from tutti.core.row_security import ProtectRows


class Migration(migrations.Migration):
    dependencies = [("core", "0001_initial")]

    operations = [ProtectRows("core_event", "core_letter", "core_run")]
