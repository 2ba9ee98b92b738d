from django.db import migrations

from tutti.core.row_security import FillRows
from tutti.partners.models.entry_words import fold_all


def give_entries(apps):
    Partner, Entry = apps.get_model("partners", "Partner"), apps.get_model("partners", "Entry")
    Entry.objects.bulk_create(
        Entry(
            service_id=partner.service_id,
            partner_id=partner.pk,
            instruments=partner.instruments,
            instrument_words=fold_all(partner.instruments),
            words=fold_all([partner.name, *partner.instruments]),
        )
        for partner in Partner.objects.all()
    )


class Migration(migrations.Migration):
    dependencies = [("partners", "0008_entry")]

    operations = [FillRows(give_entries, "partners_partner")]
