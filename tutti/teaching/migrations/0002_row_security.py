from django.db import migrations

from tutti.core.row_security import ProtectRows


class Migration(migrations.Migration):
    dependencies = [("teaching", "0001_initial")]

    operations = [
        ProtectRows(
            "teaching_allocation",
            "teaching_pupil",
            "teaching_lesson",
            "teaching_lessonshape",
            "teaching_rotaweek",
            "teaching_place",
            "teaching_reason",
            "teaching_register",
            "teaching_line",
            "teaching_mark",
            "teaching_summary",
            "teaching_summarylink",
        )
    ]
