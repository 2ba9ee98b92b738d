from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("teaching", "0006_pupils")]

    operations = [
        migrations.AddField(
            "summary",
            "kind",
            models.CharField(
                choices=[("month", "Monthly summary"), ("corrections", "Corrections")], default="month", max_length=12
            ),
        ),
        migrations.AddField("summary", "corrections", models.PositiveIntegerField(default=0)),
        migrations.AddField("correction", "before", models.JSONField(default=dict)),
        migrations.RemoveConstraint("summary", "summary_once_a_month"),
        migrations.AddConstraint(
            "summary", models.UniqueConstraint(fields=["school", "month", "kind"], name="summary_once_a_month")
        ),
        migrations.AddIndex(
            "summary",
            models.Index(fields=["service", "kind", "month"], name="teaching_su_service_88a713_idx"),
        ),
    ]
