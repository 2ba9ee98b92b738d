from django.db import migrations

from tutti.core.row_security import FillRows
from tutti.partners.models.partner import make_code


def give_codes(apps):
    """Each partner of before gets a code."""
    for partner in apps.get_model("partners", "Partner").objects.filter(code=""):
        partner.code = make_code()
        partner.save(update_fields=["code"])


class Migration(migrations.Migration):
    dependencies = [("partners", "0005_award")]

    operations = [FillRows(give_codes, "partners_partner")]
