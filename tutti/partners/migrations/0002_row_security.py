from django.db import migrations

from tutti.core.row_security import ProtectRows


class Migration(migrations.Migration):
    dependencies = [("partners", "0001_initial")]

    operations = [
        ProtectRows(
            "partners_scheme",
            "partners_application",
            "partners_applicationlink",
            "partners_referee",
            "partners_observation",
            "partners_mentoringprogramme",
            "partners_induction",
            "partners_partner",
        )
    ]
