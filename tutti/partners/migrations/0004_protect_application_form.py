from django.db import migrations

from tutti.core.row_security import ProtectRows


class Migration(migrations.Migration):
    dependencies = [("partners", "0003_application_form")]

    operations = [ProtectRows("partners_applicationdocument", "partners_applicationcheck")]
