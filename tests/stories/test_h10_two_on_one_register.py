"""H10, R9: two browsers on one register, a line that drops, a server that stumbles: nothing is lost, nothing doubled,
and nobody undoes what the other tapped."""

import random

import pytest

from tests.browser import session_of
from tutti.core.calendar import Week
from tutti.core.models import Event
from tutti.teaching.models import Allocation, Mark, Place, Pupil
from tutti.teaching.models.register import Register

pytestmark = pytest.mark.browser
THIS_WEEK = Week.parse("2026-11-16")
PHONE = {"viewport": {"width": 390, "height": 844}}
AT_ONCE = "const wait = AbortSignal.timeout; AbortSignal.timeout = () => wait.call(AbortSignal, 400);"


@pytest.fixture
def open_register(browser_page, hannah, larkrise, url):
    """Opens Hannah's register at Larkrise, each time in a browser of its own."""
    allocation = Allocation.objects.get(teacher=hannah, school=larkrise)

    def open_page(script=""):
        page = browser_page(hannah, expect_errors=True, **PHONE)
        if script:
            page.add_init_script(script)
        page.goto(url(hannah, "register", allocation.pk, THIS_WEEK))
        return page

    return open_page


def here(page, name):
    page.get_by_role("group", name=name).get_by_role("radio", name="Here").first.check()


def away(page, name, why="Absent from school"):
    row = page.get_by_role("group", name=name)
    row.get_by_role("radio", name="Not here").check()
    if row.locator(".why-change:not([open])").count():
        row.locator(".why-change > summary").click()
    row.get_by_role("radio", name=why, exact=True).click()  # what is refused does not stay checked


def saved(page):
    page.locator("#saving[data-state=saved]").wait_for()


def waiting(page):
    page.locator("#saving[data-state=waiting]").wait_for()


def larkrise_register():
    return Register.objects.get(
        week=THIS_WEEK, allocation__school__name__startswith="Larkrise", allocation__teacher__name="Hannah Whitlock"
    )


def marks():
    """What the database holds: a reason's code for each pupil."""
    rows = list(
        Mark.objects.filter(line__register=larkrise_register()).values_list("place__pupil__name", "reason__code")
    )
    assert len(rows) == len(dict(rows)), "one mark a pupil"
    return dict(rows)


def shown(page):
    """What the page says of each pupil: here, away or nothing."""
    return page.evaluate(
        """() => Object.fromEntries([...document.querySelectorAll(".pupil")].map((row) => [
          row.querySelector(".pupil-name").textContent.trim(),
          row.querySelector("[name^=mark-]:checked")?.value ?? ""]))"""
    )


def told(name):
    """What the history tells of a pupil's marks, oldest first: what it was, and what it became."""
    pupil = str(Pupil.objects.get(name=name).pk)
    events = Event.objects.about(larkrise_register()).filter(verb="marked").order_by("pk")
    return [(e.before["pupils"][pupil], e.after["pupils"][pupil]) for e in events if pupil in e.after["pupils"]]


def both_agree(one, other, expected):
    """The database and both pages, loaded again."""
    assert marks() == expected
    words = {"present": "here", "absent": "away", "ill": "away"}
    for page in (one, other):
        page.reload()
        on_page = {name: mark for name, mark in shown(page).items() if mark}
        assert on_page == {name: words[code] for name, code in expected.items()}


def test_one_of_two_is_cut_off_and_comes_back(open_register):
    one, other = open_register(), open_register()
    one.context.set_offline(True)
    here(one, "Amelia Thorne")
    here(one, "Noah Castle")
    away(other, "Noah Castle")
    here(other, "Isla Fenwick")
    saved(other)
    waiting(one)
    assert marks() == {"Noah Castle": "absent", "Isla Fenwick": "present"}

    one.context.set_offline(False)
    saved(one)
    assert told("Noah Castle") == [(None, "absent"), ("absent", "present")], "both are in the history"
    assert told("Isla Fenwick") == [(None, "present")], "what the other tapped was not touched"
    both_agree(one, other, {"Amelia Thorne": "present", "Noah Castle": "present", "Isla Fenwick": "present"})


def test_both_are_cut_off_and_come_back_one_after_the_other(open_register):
    one, other = open_register(), open_register()
    for page in (one, other):
        page.context.set_offline(True)
    here(one, "Amelia Thorne")
    away(other, "Amelia Thorne")
    here(other, "Isla Fenwick")
    other.context.set_offline(False)
    saved(other)
    one.context.set_offline(False)
    saved(one)
    both_agree(one, other, {"Amelia Thorne": "present", "Isla Fenwick": "present"})
    assert told("Amelia Thorne") == [(None, "absent"), ("absent", "present")]


def test_a_server_that_stumbles_is_asked_again_until_it_takes_the_tap(open_register):
    page, answers = open_register(), [500, 502, None]

    def stumble(route):
        status = answers.pop(0) if answers else 200
        if status == 200:
            route.continue_()
        elif status is None:
            route.abort("connectionreset")
        else:
            route.fulfill(status=status, content_type="text/html", body="<h1>Bad gateway</h1>")

    page.route("**/tap/", stumble)
    here(page, "Amelia Thorne")
    waiting(page)
    assert page.get_by_role("heading", name="No connection just now").is_visible()
    here(page, "Isla Fenwick")
    page.locator("#saving[data-state=saved]").wait_for(timeout=25_000)
    assert not answers and marks() == {"Amelia Thorne": "present", "Isla Fenwick": "present"}
    assert told("Amelia Thorne") == [(None, "present")]


def test_an_answer_that_comes_too_late_makes_no_second_tap(open_register):
    """The server took the tap; the phone did not hear it in time and sent it again (R9)."""
    page, sent = open_register(script=AT_ONCE), []

    def slow(route):
        sent.append(route.request.post_data)
        answer = route.fetch()
        if len(sent) == 1:
            page.wait_for_timeout(600)
        route.fulfill(response=answer)

    page.route("**/tap/", slow)
    away(page, "Amelia Thorne")
    saved(page)
    assert len(sent) >= 2 and len(set(sent)) == 1, "it was sent again, as the same tap"
    assert marks() == {"Amelia Thorne": "absent"}
    assert told("Amelia Thorne") == [(None, "absent")]


def test_taps_wait_for_who_was_signed_out_in_the_middle(open_register, hannah, site):
    page = open_register()
    here(page, "Amelia Thorne")
    saved(page)
    page.context.clear_cookies(name="tutti_session")
    here(page, "Isla Fenwick")
    page.get_by_role("heading", name="You have been signed out").wait_for()
    here(page, "Noah Castle")
    page.get_by_text("2 taps are waiting").wait_for()
    assert marks() == {"Amelia Thorne": "present"}
    page.context.add_cookies([{"name": "tutti_session", "value": session_of(hannah), "url": site}])
    page.locator("#saving[data-state=saved]").wait_for(timeout=25_000)
    assert marks() == dict.fromkeys(["Amelia Thorne", "Isla Fenwick", "Noah Castle"], "present")


def test_closing_the_page_while_taps_wait_asks_first(open_register):
    page = open_register()
    page.context.set_offline(True)
    here(page, "Amelia Thorne")
    waiting(page)
    asked = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    page.close(run_before_unload=True)
    page.wait_for_timeout(300)
    assert asked == ["beforeunload"] and not page.is_closed()
    page.context.set_offline(False)
    saved(page)
    page.close(run_before_unload=True)
    page.wait_for_event("close")
    assert asked == ["beforeunload"], "nothing waits any more, nothing is asked"


def test_all_as_planned_in_one_and_taps_in_the_other(open_register):
    one, other = open_register(), open_register()
    one.get_by_role("button", name="All as planned").click()
    one.get_by_text("Filled in as planned").wait_for()
    everybody = marks()
    assert set(everybody.values()) == {"present"} and len(everybody) > 5
    away(other, "Noah Castle")  # a page that was opened before
    saved(other)
    assert marks() == {**everybody, "Noah Castle": "absent"}

    one.get_by_role("button", name="Undo").click()  # a page that has not seen that tap
    one.get_by_role("button", name="All as planned").wait_for()
    both_agree(one, other, {"Noah Castle": "absent"})


def test_a_page_that_was_opened_before_does_not_fill_over_a_tap(open_register):
    one, other = open_register(), open_register()
    away(one, "Noah Castle")
    saved(one)
    other.get_by_role("button", name="All as planned").click()
    other.get_by_text("Filled in as planned").wait_for()
    assert marks()["Noah Castle"] == "absent"
    assert {code for name, code in marks().items() if name != "Noah Castle"} == {"present"}
    assert shown(other)["Noah Castle"] == "away"


def test_a_tap_after_the_other_confirmed_is_refused_in_words_and_the_row_shows_what_is_true(open_register):
    one, other = open_register(), open_register()
    one.get_by_role("button", name="All as planned").click()
    one.get_by_role("button", name="Confirm").click()
    one.get_by_text("Your week is recorded").wait_for()
    before = marks()
    away(other, "Noah Castle")
    other.get_by_text("This week is confirmed").wait_for()
    assert marks() == before and larkrise_register().is_confirmed
    assert shown(other)["Noah Castle"] != "away", "what was refused is not shown as true"
    other.reload()
    assert "Your week is recorded" in other.inner_text("main")


def test_a_tap_that_waits_while_the_other_confirms_is_not_lost_in_silence(open_register):
    one, other = open_register(), open_register()
    other.context.set_offline(True)
    away(other, "Noah Castle")
    here(other, "Amelia Thorne")
    waiting(other)
    one.get_by_role("button", name="All as planned").click()
    one.get_by_role("button", name="Confirm").click()
    one.get_by_text("Your week is recorded").wait_for()
    before = marks()
    other.context.set_offline(False)
    other.get_by_text("This week is confirmed").wait_for()
    other.wait_for_timeout(500)
    assert marks() == before
    assert "This week is confirmed" in other.inner_text("body"), "it still says so when all has been answered"


def test_confirm_while_a_tap_is_on_its_way_and_the_line_drops_stays_on_the_page(open_register):
    page = open_register()
    page.get_by_role("button", name="All as planned").click()
    page.get_by_text("Filled in as planned").wait_for()
    page.route("**/tap/", lambda route: None)  # no answer, as where a signal is almost gone
    away(page, "Noah Castle")
    page.context.set_offline(True)
    page.get_by_role("button", name="Confirm").click()
    page.wait_for_timeout(500)
    assert page.get_by_role("group", name="Noah Castle").count(), "the page with the tap is still there"
    page.unroute("**/tap/")
    page.context.set_offline(False)
    page.locator("#saving[data-state=saved]").wait_for(timeout=25_000)
    assert marks()["Noah Castle"] == "absent"


def test_back_to_not_here_with_the_reason_still_chosen_is_sent_again(open_register):
    page = open_register()
    away(page, "Noah Castle")
    saved(page)
    here(page, "Noah Castle")
    saved(page)
    page.get_by_role("group", name="Noah Castle").get_by_role("radio", name="Not here").check()
    page.wait_for_timeout(300)
    saved(page)
    assert shown(page)["Noah Castle"] == "away" and marks() == {"Noah Castle": "absent"}


def test_one_tap_that_is_refused_is_still_named_when_the_others_have_arrived(open_register, hannah):
    page = open_register()
    page.context.set_offline(True)
    here(page, "Noah Castle")
    here(page, "Amelia Thorne")
    waiting(page)
    Place.objects.filter(pupil__name="Noah Castle", lesson__allocation__teacher=hannah).update(until_week=THIS_WEEK - 1)
    page.context.set_offline(False)
    page.wait_for_timeout(1500)
    assert marks() == {"Amelia Thorne": "present"}
    assert "could not be saved" in page.inner_text("body")
    assert shown(page)["Noah Castle"] != "here"


def test_one_tap_that_the_server_stumbles_over_does_not_hold_up_the_others(open_register):
    page = open_register()
    place = page.get_by_role("group", name="Noah Castle").get_attribute("data-place")

    def stumble(route):
        over = f"place={place}&" in route.request.post_data
        route.fulfill(status=500, body="") if over else route.continue_()

    page.route("**/tap/", stumble)
    here(page, "Noah Castle")
    here(page, "Amelia Thorne")
    here(page, "Isla Fenwick")
    page.wait_for_timeout(6000)
    assert marks() == {"Amelia Thorne": "present", "Isla Fenwick": "present"}
    assert "1 waiting" in page.locator("#saving").inner_text()


def test_a_button_without_a_line_stays_on_the_page(open_register):
    page = open_register()
    page.context.set_offline(True)
    page.get_by_role("button", name="All as planned").click()
    page.wait_for_timeout(300)
    assert page.get_by_role("heading", name="No connection just now").is_visible()
    page.context.set_offline(False)
    page.get_by_role("button", name="All as planned").click()
    page.get_by_text("Filled in as planned").wait_for()


def test_a_tap_sent_again_does_not_undo_what_the_other_tapped_meanwhile(open_register):
    """The server took it, the phone did not hear so; the other one has changed the answer before it is sent again."""
    one, other, sent = open_register(), open_register(), []

    def lose_the_answer(route):
        sent.append(route.request.post_data)
        answer = route.fetch()
        if len(sent) > 1:
            return route.fulfill(response=answer)
        away(other, "Noah Castle")
        saved(other)
        return route.abort("connectionreset")

    one.route("**/tap/", lose_the_answer)
    here(one, "Noah Castle")
    one.locator("#saving[data-state=saved]").wait_for(timeout=25_000)
    assert len(sent) == 2 and marks() == {"Noah Castle": "absent"}
    assert told("Noah Castle") == [(None, "present"), ("present", "absent")]


class Model:
    """What should be true: each pupil's newest answer that arrived, and what "All as planned" filled."""

    def __init__(self, pupils):
        self.pupils, self.marks, self.filled, self.waits = pupils, {}, set(), ({}, {})

    def tap(self, who, name, step, is_cut):
        code = "present" if step == "here" else step
        if is_cut:
            self.waits[who][name] = code
        else:
            self._arrive(name, code)

    def come_back(self, who):
        for name, code in self.waits[who].items():
            self._arrive(name, code)
        self.waits[who].clear()

    def _arrive(self, name, code):
        self.marks[name] = code
        self.filled.discard(name)

    def fill(self):
        new = set(self.pupils) - self.marks.keys()
        self.marks.update(dict.fromkeys(new, "present"))
        self.filled |= new

    def undo(self):
        for name in self.filled:
            del self.marks[name]
        self.filled.clear()


def tap(page, name, code):
    """Whether it was a tap: what is chosen already cannot be chosen again."""
    row = page.get_by_role("group", name=name)
    if code == "here":
        changes = not row.locator("[name^=mark-][value=here]").is_checked()
        here(page, name)
        return changes
    why = {"absent": "Absent from school", "ill": "Ill"}[code]
    if row.locator(".why-all").get_by_text(why, exact=True).locator("..").locator("input").is_checked():
        return False
    away(page, name, why)
    return True


@pytest.mark.parametrize("seed", range(3))
def test_whatever_two_do_the_newest_answer_that_arrived_stands(open_register, seed):
    dice, pages = random.Random(seed), (open_register(), open_register())
    pupils = sorted(shown(pages[0]))
    model, cut = Model(pupils), [False, False]
    for _ in range(20):
        who = dice.randrange(2)
        page, step = pages[who], dice.choice(["here", "here", "absent", "ill", "line", "planned", "undo", "load"])
        if step in ("here", "absent", "ill"):
            name = dice.choice(pupils[:5])
            if tap(page, name, step):
                model.tap(who, name, step, cut[who])
                waiting(page) if cut[who] else saved(page)
        elif step == "line":
            cut[who] = not cut[who]
            page.context.set_offline(cut[who])
            if model.waits[who]:
                saved(page)
                model.come_back(who)
        elif not cut[who] and step == "load":
            page.reload()
        elif not cut[who] and step in ("planned", "undo"):
            button = page.locator(f"button[name=move][value={step}]")
            if button.count():
                with page.expect_navigation():
                    button.click()
                model.fill() if step == "planned" else model.undo()
    for who, page in enumerate(pages):
        page.context.set_offline(False)
        if model.waits[who]:
            saved(page)
            model.come_back(who)
    both_agree(*pages, model.marks)
