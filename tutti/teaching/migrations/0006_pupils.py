import django.db.models.deletion
from django.db import migrations, models

from tutti.core.row_security import ProtectRows


class Migration(migrations.Migration):

    dependencies = [
        ('people', '0002_row_security'),
        ('schools', '0002_row_security'),
        ('teaching', '0005_question'),
    ]

    operations = [
        migrations.AddField(
            model_name='allocation',
            name='succeeds',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='successors', to='teaching.allocation'),
        ),
        migrations.CreateModel(
            name='Carry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('instrument', models.CharField(max_length=60)),
                ('had', models.PositiveSmallIntegerField(default=0)),
                ('owed', models.PositiveSmallIntegerField(default=0)),
                ('place', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='teaching.place')),
                ('pupil', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='carries', to='teaching.pupil')),
                ('service', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='people.musicservice')),
                ('year', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='schools.academicyear')),
            ],
        ),
        migrations.CreateModel(
            name='TwoChildren',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('one', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='teaching.pupil')),
                ('other', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='teaching.pupil')),
                ('service', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='people.musicservice')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('one', 'other'), name='two_children_once'), models.CheckConstraint(condition=models.Q(('one__lt', models.F('other'))), name='two_children_in_order')],
            },
        ),
        ProtectRows("teaching_carry", "teaching_twochildren"),
    ]
