import django.db.models.deletion
from django.db import migrations, models

from tutti.core.row_security import ProtectRows


class Migration(migrations.Migration):

    dependencies = [
        ('people', '0002_row_security'),
        ('schools', '0002_row_security'),
    ]

    operations = [
        migrations.CreateModel(
            name='OwnDates',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('first_day', models.DateField()),
                ('last_day', models.DateField()),
                ('half_term_from', models.DateField(blank=True, null=True)),
                ('half_term_until', models.DateField(blank=True, null=True)),
            ],
            options={
                'ordering': ['term__first_day'],
            },
        ),
        migrations.AddField(
            model_name='closure',
            name='batch',
            field=models.UUIDField(null=True),
        ),
        migrations.AddField(
            model_name='closure',
            name='kind',
            field=models.CharField(choices=[('said', 'The office said so'), ('own dates', 'The school’s own dates')], default='said', max_length=10),
        ),
        migrations.AddField(
            model_name='closure',
            name='scope',
            field=models.CharField(blank=True, max_length=130),
        ),
        migrations.AddIndex(
            model_name='closure',
            index=models.Index(fields=['service', 'week'], name='schools_clo_service_d77a93_idx'),
        ),
        migrations.AddField(
            model_name='owndates',
            name='school',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='own_dates', to='schools.school'),
        ),
        migrations.AddField(
            model_name='owndates',
            name='service',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='people.musicservice'),
        ),
        migrations.AddField(
            model_name='owndates',
            name='term',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='own_dates', to='schools.term'),
        ),
        migrations.AddConstraint(
            model_name='owndates',
            constraint=models.UniqueConstraint(fields=('school', 'term'), name='own_dates_once'),
        ),
        migrations.AddConstraint(
            model_name='owndates',
            constraint=models.CheckConstraint(condition=models.Q(('last_day__gt', models.F('first_day'))), name='own_dates_end_after_they_begin'),
        ),
        ProtectRows('schools_owndates'),
    ]
