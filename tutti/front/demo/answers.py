"""What the applicants of the demo world have written about themselves, each a little different."""

from __future__ import annotations

import io
from math import cos, sin
from typing import Any

from PIL import Image, ImageDraw

from tutti.core.uploads import Upload

TEACHING = ["PGCE secondary music, 2014", "CME, 2019", "QTS, 2011, and the CME, 2020"]
PLAYING = ["BMus, 2013", "LRSM in performance, 2015", "ARCM, 2009"]
RECORDS = [
    "Ten years in three primary schools and at home. Four pupils went on to the county youth orchestra.",
    "Six years of whole classes and small groups. Two pupils play in the national children’s ensembles.",
    "Since 2016 in two secondary schools; most pupils stay until they leave school.",
]
NOW = [
    "31 pupils in three schools and at home, beginners to grade 8",
    "24 pupils, six of them adults",
    "Two classes a week",
]
PLAYS = ["Second desk of the county sinfonia", "A quartet, and a band for weddings", ""]
PLACES = ["Ought, Nether Ought", "Larkrise, Candleford", "Ought and the villages to its east"]


def answers_about(name: str, instruments: list[str]) -> dict[str, Any]:
    """Every section of the form but the referees, filled in."""
    n = len(name) % 3
    return {
        "instruments": instruments,
        "principal": instruments[0],
        "others": ", ".join(instruments[1:]),
        "repertoire": "Graded lists of two boards, folk tunes by ear, own arrangements for mixed groups",
        "phone": f"01632 9601{n}2",
        "address": f"{7 + n} Mill Row\nOught",
        "settings": [["In schools", "At my home or studio"], ["In schools", "On line"], ["At the pupil’s home"]][n],
        "places": PLACES[n],
        "pupils": "From seven, beginners and advanced",
        "teaching_qualification": TEACHING[n],
        "principal_qualification": PLAYING[n],
        "track_record": RECORDS[n],
        "teaching_profile": NOW[n],
        "performing_profile": PLAYS[n],
        "dbs": "Yes",
        "dbs_on": "2025-09-04",
        "insurance": "Quaver Mutual, £10,000,000",
        "insurance_until": "2027-01-14",
        "safeguarding": "The hub’s own day",
        "safeguarding_on": "2025-03-03",
        "is_true": True,
        "knows_copyright": True,
        "may_be_kept": True,
    }


def certificate_of(name: str) -> Upload:
    """A picture of a certificate that nobody ever gave."""
    picture = Image.new("RGB", (900, 640), "#f7f2e6")
    pen = ImageDraw.Draw(picture)
    pen.rectangle((24, 24, 876, 616), outline="#7a5c2e", width=4)
    for line, (words, size) in enumerate([("Certificate", 64), (name, 44), ("Invented for the demo world", 28)]):
        pen.text((450, 190 + 120 * line), words, fill="#3a2f1b", font_size=size, anchor="mm")
    out = io.BytesIO()
    picture.save(out, "PNG", optimize=True)
    return Upload("png", out.getvalue())


def signature() -> Upload:
    """A line that looks as if somebody had signed."""
    picture = Image.new("RGBA", (600, 180), (255, 255, 255, 0))
    points = [(40 + 5 * n, 90 - 55 * sin(n / 6) * cos(n / 17) - n / 6) for n in range(100)]
    ImageDraw.Draw(picture).line(points, fill=(24, 30, 90, 255), width=6, joint="curve")
    out = io.BytesIO()
    picture.save(out, "PNG", optimize=True)
    return Upload("png", out.getvalue())
