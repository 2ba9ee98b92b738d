from django.db import migrations

from tutti.core import row_security
from tutti.partners.models.partner import make_code


def give_codes(apps, schema_editor):
    """Each partner of before gets a code, service by service: the rows of one only are there at a time."""
    for service in apps.get_model("people", "MusicService").objects.all():
        row_security.enter(service.pk)
        for partner in apps.get_model("partners", "Partner").objects.filter(service=service, code=""):
            partner.code = make_code()
            partner.save(update_fields=["code"])
    row_security.enter(None)


class Migration(migrations.Migration):
    dependencies = [("partners", "0005_award")]

    operations = [migrations.RunPython(give_codes, migrations.RunPython.noop)]
