from django.db import migrations

from tutti.core.row_security import ProtectRows


class Migration(migrations.Migration):
    dependencies = [("partners", "0009_first_entries")]

    operations = [ProtectRows("partners_entry", "partners_entrychange")]
