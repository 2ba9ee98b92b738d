import django.db.models.deletion
from django.db import migrations, models

import tutti.core.calendar
from tutti.core.row_security import ProtectRows


class Migration(migrations.Migration):

    dependencies = [
        ('people', '0002_row_security'),
        ('teaching', '0003_every_case'),
    ]

    operations = [
        migrations.CreateModel(
            name='SpareWeek',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('week', tutti.core.calendar.WeekField()),
                ('allocation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='spare_weeks', to='teaching.allocation')),
                ('service', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='people.musicservice')),
            ],
            options={
                'ordering': ['week'],
                'constraints': [models.UniqueConstraint(fields=('allocation', 'week'), name='spare_week_once')],
            },
        ),
        ProtectRows('teaching_spareweek'),
    ]
