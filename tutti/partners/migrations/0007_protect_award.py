from django.db import migrations, models

import tutti.partners.models.partner
from tutti.core.row_security import ProtectRows


class Migration(migrations.Migration):
    dependencies = [("partners", "0006_codes_of_partners")]

    operations = [
        migrations.AlterField(
            "partner",
            "code",
            models.CharField(default=tutti.partners.models.partner.make_code, max_length=20, unique=True),
        ),
        ProtectRows("partners_officialletter", "partners_signingkey"),
    ]
