"""The file of postcodes: read by the names of its columns, repeatable, and refused where it is something else (A6)."""

import io
import zipfile

import pytest
from django.core.management import CommandError, call_command

from tutti.partners.models import Entry
from tutti.schools.models import Postcode
from tutti.schools.models.postcode import read_postcode

pytestmark = pytest.mark.django_db
FILE = """pcd7,pcds,dointr,doterm,lat,long
NX1 4QU,NX1 4QU,199001,,55.5,0.25
NX11AA,NX1 1AA,199001,202001,55.0,0.5
ZZ9 9ZZ,ZZ9 9ZZ,199001,,99.999999,0
ZZ1 1ZZ,ZZ1 1ZZ,199001,,56.5,1.25
nonsense,nonsense,,,1,1
"""


def take_in(path):
    out = io.StringIO()
    call_command("import_postcodes", path, stdout=out)
    return out.getvalue()


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "postcodes.csv"
    path.write_text(FILE, encoding="utf-8-sig")
    return path


def test_a6_what_is_in_use_is_taken_in_and_what_ended_is_left_out(file, northshire, world):
    assert "2 postcodes in use, 2 that have ended" in take_in(file)
    assert Postcode.objects.get(pk="NX14QU").latitude == 55.5
    assert not Postcode.objects.filter(pk__in=["NX11AA", "ZZ99ZZ"]).exists()
    world.again()
    assert Entry.objects.get(partner__name="Una Merrow").latitude == 55.5


def test_twice_is_once(file, northshire):
    take_in(file)
    before = list(Postcode.objects.order_by("pk").values())
    take_in(file)
    assert list(Postcode.objects.order_by("pk").values()) == before


def test_the_zip_that_it_comes_in(file, northshire, tmp_path):
    packed = tmp_path / "postcodes.zip"
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("Documents/names.csv", "code,name\n1,One\n")
        archive.write(file, "Data/ALL.csv")
    assert "2 postcodes in use" in take_in(packed)


@pytest.mark.parametrize("text", ["", "a,b,c\n1,2,3\n", "%PDF-1.4"])
def test_another_file_is_refused_in_plain_words(text, tmp_path, northshire):
    path = tmp_path / "wrong.csv"
    path.write_text(text)
    with pytest.raises(CommandError, match="no file of postcodes"):
        take_in(path)
    with pytest.raises(CommandError, match="No such file"):
        take_in(tmp_path / "nowhere.csv")


@pytest.mark.parametrize(
    ("typed", "read"),
    [("nx1 1aa", "NX1 1AA"), ("NX11AA", "NX1 1AA"), ("NX1", "NX1"), (" nx1  1 ", "NX1"), ("ZZ1A 1AA", "ZZ1A 1AA")],
)
def test_a_postcode_as_people_type_it(typed, read):
    assert str(read_postcode(typed)) == read


def test_a_town_is_no_postcode_and_what_looks_like_one_must_be_one():
    assert read_postcode("Otterbridge") is None and read_postcode(" ") is None
    with pytest.raises(ValueError, match="“NX1 1A” is no postcode"):
        read_postcode("NX1 1A")
