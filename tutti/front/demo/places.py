"""The schools of the demo world and whom to write to there. The towns are invented too."""

from __future__ import annotations

from typing import Any, NamedTuple

from tutti.core.calendar import Week
from tutti.front.demo.cast import EAST, NORTH, WEST
from tutti.people.models import Office
from tutti.schools.models import Contact, School
from tutti.schools.models.contact import add_contact
from tutti.schools.models.school import add_school


class Place(NamedTuple):
    """A school: where it is, how big its pupils are, and who gets its summary ("" for nobody yet)."""

    name: str
    town: str
    phase: str
    office: str
    contact: str
    role: str = "head"


NORTHSHIRE = [
    Place("Larkrise Primary School", "Otterbridge", "Primary", NORTH, "Imogen Hale"),
    Place("St Brannoc’s Church School", "Otterbridge", "Primary", NORTH, "Father Luke Deane"),
    Place("Otterbridge Junior School", "Otterbridge", "Primary", NORTH, "Martha Quill", "office"),
    Place("Hexley High School", "Hexley", "Secondary", NORTH, "Desmond Ivory", "music"),
    Place("Cawdale Community School", "Cawdale", "Secondary", NORTH, "Anwen Tudor", "music"),
    Place("Nunfield Primary School", "Nunfield", "Primary", NORTH, "Paul Stannard"),
    Place("Millrace Academy", "Hexley", "Secondary", NORTH, "Yvette Okafor", "bursar"),
    Place("Thornby Green Primary School", "Thornby Green", "Primary", NORTH, "Judith Lacey"),
    Place("Wetherleigh Primary School", "Wetherleigh", "Primary", NORTH, "Ronan Mills"),
    Place("Cuckoo Hill Nursery School", "Hexley", "Nursery", NORTH, "Fay Darrow"),
    Place("Saltwick Bay Primary School", "Saltwick", "Primary", EAST, "Helen Brisco"),
    Place("Saltwick Academy", "Saltwick", "Secondary", EAST, "Jerome Attwater", "music"),
    Place("Brackenholme School", "Brackenholme", "All-through", EAST, "Saoirse Linden", "music"),
    Place("Gannet Road Infant School", "Saltwick", "Primary", EAST, "Bernard Cole-Hughes"),
    Place("Kelder Primary School", "Kelder", "Primary", EAST, ""),
    Place("Harrow Fold Primary School", "Brackenholme", "Primary", EAST, "Amina Dar", "office"),
    Place("Staithe Lane Primary School", "Staithe", "Primary", EAST, "Keith Orwin"),
    Place("Ravensby Girls’ School", "Ravensby", "Secondary", EAST, "Constance Breeze", "music"),
    Place("Marram Primary School", "Staithe", "Primary", EAST, "Hugh Lattimer"),
    Place("Ashcombe Vale School", "Ashcombe", "Secondary", WEST, "Dafydd Rees-Moor", "music"),
    Place("Pennock Primary School", "Pennock", "Primary", WEST, "Gillian Frost"),
    Place("Coldwater Primary School", "Coldwater", "Primary", WEST, "Tariq Mahmood-Lee"),
    Place("Fellgate Primary School", "Ashcombe", "Primary", WEST, "Nora Whitefield"),
    Place("Dunmere Primary School", "Dunmere", "Primary", WEST, "Stella Ogden", "office"),
    Place("Tarn View Primary School", "Dunmere", "Primary", WEST, "Piers Langstaff"),
    Place("Lowick Grange School", "Lowick", "Special", WEST, "Una Carrick"),
    Place("Yarrow Bank Primary School", "Lowick", "Primary", WEST, "Bryony Sharpe"),
    Place("Hollin Moor Infant School", "Hollin Moor", "Primary", WEST, "Elsie Grant"),
    Place("Hollin Moor Primary School", "Hollin Moor", "Primary", WEST, "Elsie Grant"),
    Place("Swinside Primary School", "Coldwater", "Primary", WEST, "Victor Hume"),
]
SOUTHSHIRE = [
    Place("Quillmere Primary School", "Quillmere", "Primary", "Southshire office", "Leopold Vance"),
    Place("Zennick School", "Zennick", "Secondary", "Southshire office", "Ximena Gould", "music"),
    Place("Umberfold Primary School", "Umberfold", "Primary", "Southshire office", "Jocasta Peel"),
]


def add_schools(service: Any, by: Any, places: list[Place], first_urn: int) -> dict[str, School]:
    """The schools by name, each with the contact who gets its summary."""
    offices = {office.name: office for office in Office.objects.filter(service=service)}
    schools = {}
    for number, place in enumerate(places):
        school = schools[place.name] = add_school(
            service,
            by,
            name=place.name,
            urn=first_urn + number,
            town=place.town,
            phase=place.phase,
            type="Community school",
            authority=service.name.removesuffix(" Music Service"),
            street=f"{3 + 7 * number % 90} {('Mill', 'Church', 'School', 'Station')[number % 4]} Lane",
            postcode=f"{'NX' if service.slug == 'northshire' else 'SX'}{1 + number // 4} {1 + number % 9}AB",
            phone=f"01632 960{200 + number}",
            office=offices[place.office],
        )
        if place.contact:
            _add_contacts(school, by, place)
    return schools


def _add_contacts(school: School, by: Any, place: Place) -> None:
    host = "".join(c for c in place.name.lower() if c.isascii() and c.isalpha()) + ".example"
    email = f"{place.contact.split()[-1].lower()}@{host}"
    add_contact(school, by, name=place.contact, role=place.role, email=email, gets_summary=True)
    if place.role == Contact.Role.MUSIC:
        add_contact(school, by, name="School office", role="office", email=f"office@{host}", gets_summary=False)


def let_things_happen(schools: dict[str, School], by: Any, closed_week: Week) -> None:
    """A flood closes one school for a week; one is succeeded by another, and one is proposed to close."""
    schools["Staithe Lane Primary School"].close_for_week(by, closed_week, "Flooded boiler room")
    infants, primary = schools["Hollin Moor Infant School"], schools["Hollin Moor Primary School"]
    infants.change(by, status=School.Status.CLOSED, closed_on=closed_week.monday, succeeded_by=primary)
    schools["Swinside Primary School"].change(by, status=School.Status.CLOSING)
