"""Who there is in the demo world. Everybody is invented; e-mail addresses end in .example, telephones in 960xxx."""

from __future__ import annotations

from dataclasses import dataclass

NORTH, EAST, WEST = "North area office", "East area office", "West area office"
ELECTRIC = "Keyboard"


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody of the office: roles, and the area office they belong to."""

    name: str
    roles: tuple[str, ...]
    office: str
    email: str


@dataclass(frozen=True, slots=True)
class Teacher:
    """A teacher: what they teach, where, and how far they are with their registers.

    `behind`: how many lesson weeks before this one are not recorded, `late_at`: in how many of their schools;
    `begun`: how many schools they have confirmed this week, and whether the next is half done.
    """

    name: str
    instruments: tuple[str, ...]
    teaches: str
    office: str
    schools: tuple[str, ...]
    behind: int = 0
    late_at: int = 99
    begun: int = 0
    half: bool = False
    is_new: bool = False
    email: str = ""

    @property
    def address(self) -> str:
        return self.email or f"{self.name.lower().replace(' ', '.')}@northshire.example"


CAST = {
    "hannah": "hannah.whitlock@northshire.example",
    "owen": "owen.tregarth@northshire.example",
    "marcus": "marcus.bellweather@northshire.example",
    "priya": "priya.raman-cole@northshire.example",
    "tess": "tess.arden@northshire.example",
    "rosa": "rosa.pike@northshire.example",
    "robin": "robin.pell@northshire.example",
    "dilys": "dilys.ware@northshire.example",
    "lorna": "lorna.fairweather@northshire.example",
    "miles": "miles.askew@northshire.example",
    "una": "una.merrow@studio.example",
    "linus": "linus.hext@studio.example",
    "sam": "sam.holt@southshire.example",
    "ivo": "ivo.crane@southshire.example",
}

# first name, service, what somebody who picks them will see
PICK = [
    ("hannah", "northshire", "Teacher, strings. A good week: everything up to last week is recorded."),
    ("owen", "northshire", "Teacher, woodwind. Three weeks behind in three schools."),
    ("tess", "northshire", "New teacher, flute. Allocated to two schools, nothing set up yet."),
    ("rosa", "northshire", "Office. What needs doing today, and everything behind it."),
    ("dilys", "northshire", "Area manager, North. Whether the area’s teaching is delivered."),
    ("robin", "northshire", "Head of service. All of it, and the service’s settings."),
    ("lorna", "northshire", "Instrumental Leader. Applications to the partners scheme, and what waits for a decision."),
    ("miles", "northshire", "Music Mentor. The applicants to observe, and the reports to write."),
    ("una", "northshire", "Partner, violin. Their own entry in the public list of teachers."),
    ("sam", "southshire", "Office of another music service, which sees nothing of the first."),
]

NORTHSHIRE_OFFICE = [
    Colleague("Robin Pell", ("head",), NORTH, CAST["robin"]),
    Colleague("Rosa Pike", ("office",), NORTH, CAST["rosa"]),
    Colleague("Dilys Ware", ("area_manager",), NORTH, CAST["dilys"]),
    Colleague("Lorna Fairweather", ("leader",), NORTH, CAST["lorna"]),
    Colleague("Miles Askew", ("mentor",), NORTH, CAST["miles"]),
]
SOUTHSHIRE_OFFICE = [
    Colleague("Sam Holt", ("office", "head"), "Southshire office", CAST["sam"]),
    Colleague("Greta Lisle", ("leader",), "Southshire office", "greta.lisle@southshire.example"),
    Colleague("Piers Lund", ("mentor",), "Southshire office", "piers.lund@southshire.example"),
]

NORTHSHIRE_TEACHERS = [
    Teacher(
        "Hannah Whitlock",
        ("Violin", "Viola", "Cello"),
        "Upper strings and cello",
        NORTH,
        ("Larkrise Primary School", "St Brannoc’s Church School", "Otterbridge Junior School", "Hexley High School"),
    ),
    Teacher(
        "Owen Tregarth",
        ("Clarinet", "Saxophone", "Oboe"),
        "Woodwind",
        NORTH,
        ("Otterbridge Junior School", "Cawdale Community School", "Nunfield Primary School", "Hexley High School"),
        behind=3,
        late_at=3,
    ),
    Teacher(
        "Marcus Bellweather",
        ("Trumpet", "Trombone", "Guitar"),
        "Brass and guitar",
        NORTH,
        ("Thornby Green Primary School", "Cawdale Community School", "Larkrise Primary School", "Millrace Academy"),
        begun=1,
        half=True,
    ),
    Teacher(
        "Priya Raman-Cole",
        ("Piano", ELECTRIC),
        "Piano and keyboard",
        NORTH,
        ("St Brannoc’s Church School", "Hexley High School", "Wetherleigh Primary School"),
        begun=2,
    ),
    Teacher(
        "Tess Arden",
        ("Flute",),
        "Flute",
        NORTH,
        ("Nunfield Primary School", "Thornby Green Primary School"),
        is_new=True,
    ),
    Teacher(
        "Lena Farrow",
        ("Clarinet", "Flute"),
        "Woodwind",
        EAST,
        ("Saltwick Bay Primary School", "Brackenholme School", "Gannet Road Infant School", "Kelder Primary School"),
        behind=1,
        late_at=1,
        begun=1,
    ),
    Teacher(
        "Idris Vale",
        ("Drum kit", "Percussion"),
        "Drum kit and percussion",
        EAST,
        ("Brackenholme School", "Saltwick Academy", "Harrow Fold Primary School", "Staithe Lane Primary School"),
        begun=3,
        half=True,
    ),
    Teacher(
        "Beatrix Holloway",
        ("Voice",),
        "Singing",
        EAST,
        ("Saltwick Academy", "Kelder Primary School", "Ravensby Girls’ School"),
    ),
    Teacher(
        "Callum Dray",
        ("Guitar", "Ukulele"),
        "Guitar and ukulele",
        EAST,
        (
            "Gannet Road Infant School",
            "Harrow Fold Primary School",
            "Ravensby Girls’ School",
            "Staithe Lane Primary School",
        ),
        behind=2,
        late_at=1,
    ),
    Teacher(
        "Nadia Osei-Lunt",
        ("Cello", "Double bass"),
        "Cello and double bass",
        EAST,
        ("Saltwick Bay Primary School", "Ravensby Girls’ School", "Millrace Academy"),
        begun=1,
    ),
    Teacher(
        "Tobias Renner",
        ("Cornet", "Tenor horn", "Euphonium"),
        "Brass",
        WEST,
        ("Ashcombe Vale School", "Pennock Primary School", "Coldwater Primary School", "Fellgate Primary School"),
        begun=2,
        half=True,
    ),
    Teacher(
        "Wren Ashby",
        ("Recorder", "Flute"),
        "Recorder and flute",
        WEST,
        ("Pennock Primary School", "Dunmere Primary School", "Tarn View Primary School", "Hollin Moor Infant School"),
        behind=1,
        late_at=2,
    ),
    Teacher(
        "Gareth Pym",
        ("Piano",),
        "Piano",
        WEST,
        ("Ashcombe Vale School", "Coldwater Primary School", "Lowick Grange School", "Yarrow Bank Primary School"),
    ),
    Teacher(
        "Sunniva Marsh",
        ("Violin", "Harp"),
        "Violin and harp",
        WEST,
        ("Fellgate Primary School", "Lowick Grange School", "Dunmere Primary School", "Tarn View Primary School"),
        begun=1,
    ),
    Teacher(
        "Kofi Abara",
        ("Djembe", "Samba"),
        "First Access and world percussion",
        WEST,
        (
            "Coldwater Primary School",
            "Yarrow Bank Primary School",
            "Kelder Primary School",
            "Wetherleigh Primary School",
        ),
        begun=1,
    ),
]
SOUTHSHIRE_TEACHERS = [
    Teacher(
        "Ivo Crane",
        ("Bassoon", "Mandolin"),
        "Bassoon and mandolin",
        "Southshire office",
        ("Quillmere Primary School", "Zennick School"),
        behind=1,
        email=CAST["ivo"],
    ),
    Teacher(
        "Priya Raman-Cole",
        ("Accordion",),
        "Accordion",
        "Southshire office",
        ("Zennick School",),
        email=CAST["priya"],
    ),
    Teacher(
        "Ottoline Frayne",
        ("Euphonium",),
        "Low brass",
        "Southshire office",
        ("Umberfold Primary School", "Quillmere Primary School"),
        email="ottoline.frayne@southshire.example",
    ),
]
