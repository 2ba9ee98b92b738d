"""An application that is filled in: every section of the form with answers, by the part of its address."""

import io

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n%%EOF\n"
SECTIONS = {
    "about-you": {"name": "", "phone": "01632 960 011", "address": "1 Mill Row\nOught", "website": ""},
    "instruments": {"principal": "Violin", "others": "Viola, Cello", "repertoire": "Grades 1 to 8"},
    "where": {"settings": ["In schools", "On line"], "places": "Ought, Nearby", "pupils": "All ages"},
    "qualifications": {"teaching_qualification": "CME, 2019", "principal_qualification": "LRSM, 2015"},
    "track-record": {"track_record": "Ten years in three schools"},
    "profile": {"teaching_profile": "Two schools and at home", "performing_profile": ""},
    "referees": {
        "referee_1_name": "Dora Blythe",
        "referee_1_email": "dora@school.example",
        "referee_1_relation": "Head teacher",
        "referee_2_name": "Hugo Lantern",
        "referee_2_email": "hugo@school.example",
        "referee_2_relation": "",
    },
    "checks": {"dbs": "Yes", "dbs_on": "3 9 2026", "dbs_updates": "Yes", "insurance": "Quaver Mutual, £10m"},
    "declarations": {"is_true": "on", "knows_copyright": "on", "may_be_kept": "on"},
}


def fill_in(client, base, without=()):
    """Send every section of the form below this address, but for some."""
    for key, said in SECTIONS.items():
        if key not in without:
            page = client.post(f"{base}{key}/", said)
            assert page.status_code == 302, f"{key}: {page.content.decode()[-3000:]}"


def scan(name="form.pdf", content=PDF):
    return SimpleUploadedFile(name, content)


def photograph():
    out = io.BytesIO()
    Image.new("RGB", (40, 30), "red").save(out, "JPEG")
    return SimpleUploadedFile("certificate.jpg", out.getvalue())
