"""H11: after a day of real work no pupil's name is in any file of the browser, neither while it is open nor after.

The same search through the folder of a browser that was on a careless page finds the names, place by place: so it
would find them here too.
"""

import os
import shutil
import tempfile
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from time_machine import escape_hatch

from tests.browser import session_of
from tests.careless import KEEP, PLACES, careless_site
from tests.profile_search import search, words_of
from tutti.core.calendar import Week
from tutti.teaching.models import Allocation, Mark, Pupil
from tutti.teaching.models.register import Register

pytestmark = pytest.mark.browser
THIS_WEEK = Week.parse("2026-11-16")
ONLY_IN_TESTS = ["--disable-back-forward-cache", "--disable-field-trial-config", "--disable-breakpad"]
NEW = ["Quillawyn Zoffrandel", "Vexillora Thrimbwick", "Ostrephane Gulliverine", "Maurizelle Krombholt"]


@pytest.fixture
def device(real_database, browser_type, browser_type_launch_args, site):
    """A browser that keeps what browsers keep, and the folder with all that it writes, its scratch files too."""
    folder = Path(tempfile.mkdtemp(prefix="tutti-device-"))
    homes = {name: str(folder / name.lower()) for name in ("HOME", "TMPDIR", "XDG_CONFIG_HOME", "XDG_CACHE_HOME")}
    for home in homes.values():
        Path(home).mkdir()

    @contextmanager
    def open_browser(address=site, switches=()):
        options = {**browser_type_launch_args, "args": [*browser_type_launch_args["args"], *switches]}
        context = browser_type.launch_persistent_context(
            folder / "profile",
            **options,
            base_url=address,
            locale="en-GB",
            env={**os.environ, **homes},
            ignore_default_args=ONLY_IN_TESTS,
        )
        context.set_default_timeout(10_000)
        with closing(context):
            yield context

    open_browser.folder = folder
    yield open_browser
    shutil.rmtree(folder)


def test_a_teacher_works_all_day_and_no_file_holds_a_pupil(device, site, url, hannah, larkrise):
    allocation = Allocation.objects.get(teacher=hannah, school=larkrise)
    with device() as browser:
        week_long = escape_hatch.time.time() + 7 * 24 * 3600  # the browser goes by the real clock
        browser.add_cookies([{"name": "tutti_session", "value": session_of(hannah), "url": site, "expires": week_long}])
        page = browser.pages[0]
        seen = look_around(page, url, hannah, allocation)
        add_pupils(page, url, hannah, allocation)
        take_the_register(page, url, hannah, allocation)
        words = words_of({*seen, *NEW})
        assert len(words) > 30
        page.wait_for_timeout(3000)  # a browser writes down how to restore its tabs every two and a half seconds
        assert search(device.folder, words) == set(), "while it is open and she is signed in"
        page.goto(url(hannah, "me"))
        page.get_by_role("button", name="Sign out").click()
        page.get_by_label("Your e-mail address").wait_for()
        assert search(device.folder, words) == set(), "after the sign-out"
        for _ in range(3):
            page.evaluate("history.back()")
            page.wait_for_timeout(300)
            assert not any(word in page.content() for word in words), "nor does the way back show one"
    assert search(device.folder, words) == set(), "after it was closed"
    # What no site can prevent: the browser tells where one was, by the title of the page, which names the school.
    assert {"History", "Session"} <= {
        Path(one.file).name.split("_")[0] for one in search(device.folder, {larkrise.name})
    }

    with device(switches=["--restore-last-session"]) as browser:
        page = browser.new_page()
        page.goto(url(hannah, "register", allocation.pk, THIS_WEEK))
        shown = " ".join(each.content() for each in browser.pages)
        assert not any(word in shown for word in words), "restored, the tabs ask to sign in"
    assert search(device.folder, words) == set(), "after the next person used it"


def look_around(page, url, hannah, allocation):
    """Every page with pupils on it, and the names seen there."""
    seen = ""
    for name, *args in [
        ("home",),
        ("my_pupils",),
        ("allocation", allocation.pk),
        ("register", allocation.pk, THIS_WEEK),
    ]:
        page.goto(url(hannah, name, *args))
        seen += page.content()
    page.goto(url(hannah, "my_pupils"))
    page.get_by_role("link", name="Amelia Thorne").click()
    page.get_by_role("heading", name="Amelia Thorne").wait_for()
    names = set(Pupil.objects.visible_to(hannah).values_list("name", flat=True))
    assert len({name for name in names if name in seen}) > 5
    return names


def add_pupils(page, url, hannah, allocation):
    """One with a slip at first, one as a list, and one that is typed and left."""
    page.goto(url(hannah, "pupil_add", allocation.pk))
    page.get_by_label("Name", exact=True).press_sequentially(NEW[0])
    page.get_by_label("Date of birth").fill("14 3 2062")
    page.get_by_role("button", name="Add the pupil").click()
    page.get_by_role("link", name="Date of birth must be in the past").click()
    page.get_by_label("Date of birth").fill("14 3 2015")
    page.get_by_label("Instrument").fill("Violin")
    page.get_by_role("button", name="Add the pupil").click()
    page.get_by_text(f"{NEW[0]} is in Violin").wait_for()

    page.goto(url(hannah, "pupils_paste", allocation.pk))
    page.get_by_label("The list", exact=True).fill(f"{NEW[1]}\t14/03/2015\tViola\t\t30")
    page.get_by_role("button", name="Look at it first").click()
    page.get_by_role("button", name="Set them up").click()
    page.get_by_text("1 pupil is set up").wait_for()

    page.goto(url(hannah, "pupil_add", allocation.pk))
    page.get_by_label("Name", exact=True).press_sequentially(NEW[2])
    page.get_by_role("link", name="Not now").click()
    assert Pupil.objects.filter(name__in=NEW).count() == 2


def take_the_register(page, url, hannah, allocation):
    """With a line, without one, with one again; a note that names a pupil; confirmed."""
    page.goto(url(hannah, "register", allocation.pk, THIS_WEEK))
    tap(page, NEW[0])
    page.locator("#saving[data-state=saved]").wait_for()
    page.context.set_offline(True)
    tap(page, NEW[1])
    tap(page, "Amelia Thorne")
    page.locator("#saving[data-state=waiting]").wait_for()
    page.context.set_offline(False)
    page.locator("#saving[data-state=saved]").wait_for()
    page.get_by_text("Add a note").click()
    page.get_by_label("Note for the office").press_sequentially(f"{NEW[3]} would like to begin.")
    page.get_by_role("button", name="Save the note").click()
    page.get_by_role("button", name="All as planned").click()
    page.get_by_role("button", name="Confirm").click()
    page.get_by_text("Your week is recorded").wait_for()
    assert NEW[3] in Register.objects.get(allocation=allocation, week=THIS_WEEK).note
    assert Mark.objects.filter(line__register__week=THIS_WEEK, place__pupil__name__in=NEW).count() == 2


def tap(page, name):
    page.get_by_role("group", name=name).get_by_role("radio", name="Here").first.check()


def test_the_office_looks_for_a_pupil_and_no_file_holds_the_name(device, site, url, rosa):
    with device() as browser:
        browser.add_cookies([{"name": "tutti_session", "value": session_of(rosa), "url": site}])
        page = browser.pages[0]
        page.goto(url(rosa, "pupils"))
        page.get_by_label("Name", exact=True).press_sequentially("Thorne")
        page.get_by_role("button", name="Show").click()
        page.get_by_role("link", name="Amelia Thorne").click()
        page.get_by_role("link", name="Change name or date of birth").click()
        page.get_by_label("Name", exact=True).fill("Quillawyn Zoffrandel")
        page.get_by_label("Date of birth").fill("")
        page.get_by_role("button", name="Save").click()
        page.locator(".govuk-error-summary").wait_for()
        page.wait_for_timeout(3000)
        words = words_of(["Amelia Thorne", "Quillawyn Zoffrandel"])
        assert search(device.folder, words) == set()
    assert search(device.folder, words) == set()


def test_the_search_finds_what_a_careless_page_leaves_behind(device):
    with careless_site() as address, device(address) as browser:
        page = browser.pages[0]
        page.goto("/pupils")
        page.evaluate(KEEP, PLACES)
        page.fill("#name", PLACES["Sessions, sent"])
        page.fill("#teacher", PLACES["Web Data"])
        page.get_by_role("button", name="Add").click()
        page.wait_for_url("**/add")
        page.fill("#name", PLACES["Sessions, typed"])
        page.goto("/somewhere-else")
        page.wait_for_timeout(3000)
        while_open = search(device.folder, words_of(PLACES.values()))
    found = search(device.folder, words_of(PLACES.values()))
    for place, name in PLACES.items():
        for word in words_of([name]):
            where = {one.file for one in found if one.word == word}
            assert any(place.split(",")[0] in file for file in where), f"{word}: not in {place}, only in {where}"
    hows = {one.how for one in found}
    assert {"gzip", "Brotli", "Zstandard", "LevelDB log", "snappy value", "SQLite urls", "SQLite autofill"} <= hows, (
        "so it was packed"
    )
    assert {one.word for one in while_open} >= {PLACES["Sessions, sent"], PLACES["CacheStorage"], PLACES["History"]}
