from django.db import migrations

from tutti.core.row_security import ProtectRows


class Migration(migrations.Migration):
    dependencies = [("schools", "0001_initial")]

    operations = [
        ProtectRows(
            "schools_academicyear",
            "schools_term",
            "schools_teachingweek",
            "schools_closure",
            "schools_school",
            "schools_contact",
            "schools_nationalfile",
        )
    ]
