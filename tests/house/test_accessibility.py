"""Every page of the cast's world, checked with axe-core at WCAG 2.2 AA: light and dark, 320 and 1280 px (B5).

Pages are found as a person finds them, by following links from each home page, so a new page is covered by its link.
"""

import re
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from django.urls import Resolver404, resolve

from tutti.core.calendar import Week
from tutti.core.letters import Letter, compose
from tutti.partners.models import Application, ApplicationLink, Partner, Referee, Scheme
from tutti.partners.models.application_begin import begin_application
from tutti.teaching.models import Allocation, Question, Register, SummaryLink

pytestmark = pytest.mark.browser
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
WHOLE = {"runOnly": {"type": "tag", "values": TAGS}}
COLOURS = {"runOnly": {"type": "rule", "values": ["color-contrast"]}}
LOOKS = [("light", 320, WHOLE), ("light", 1280, WHOLE), ("dark", 320, COLOURS), ("dark", 1280, COLOURS)]
# axe comes into a page once, and only what it finds wrong leaves the browser again
AXE_ONCE = f"() => {{ if (!window.axe) {{ {AXE_SCRIPT} }} }}"
RUN = """options => axe.run({...options, resultTypes: ["violations"]})
    .then(results => results.violations.map(rule => [rule.id, rule.nodes[0].html]))"""
NO_PAGES = ("pdf", "csv", "xlsx", "json", "_js", "svg", "png", "brand", "healthz", "readyz")
NO_PAGES += ("document", "case_letter", "paper_form", "badge")


def name_of(path, slug):
    """The name of the page behind an address, or None for what is no page."""
    try:
        name = resolve(path.removeprefix(f"/{slug}")).url_name
    except Resolver404:
        return None
    return None if any(part in (name or "") for part in NO_PAGES) else name


def links_of(page, slug):
    hrefs = page.eval_on_selector_all("a[href]", "links => links.map(link => link.href)")
    paths = [urlsplit(href) for href in hrefs if href.startswith(page.url.split(f"/{slug}")[0])]
    return [
        part.path + (f"?{part.query}" if part.query else "") for part in paths if not part.path.startswith("/static")
    ]


def findings(page, look):
    scheme, width, options = look
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # no colour half-way to another
    page.set_viewport_size({"width": width, "height": 800})
    page.evaluate(AXE_ONCE)
    found = [f"{page.url} {scheme} {width}: {rule} {html[:160]}" for rule, html in page.evaluate(RUN, options)]
    if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
        found.append(f"{page.url} {scheme} {width}: scrolls sideways")
    return found


def walk(page, start, slug, known):
    """Open one page of every kind that can be reached and is not known yet, and yield it."""
    waiting, known = [start], known - {"home"}
    while waiting:
        address = waiting.pop(0)
        name = name_of(urlsplit(address).path, slug)
        if name is None or name in known or "logout" in name:
            continue
        known.add(name)
        page.goto(start.split(f"/{slug}")[0] + address if address.startswith("/") else address)
        yield name, page
        waiting += links_of(page, slug)


@pytest.mark.parametrize("cast", [["hannah"], ["tess"], ["robin"], ["rosa", "dilys"], ["lorna", "miles", "una"]])
def test_no_page_has_a_finding(browser_page, url, request, cast):
    """Each kind of page once, by the first who comes to it; each home page for everybody."""
    wrong, many = [], 0
    for who in cast:
        member = request.getfixturevalue(who)
        page = browser_page(member)
        for name, opened in walk(page, url(member, "home"), member.service.slug, SEEN):
            SEEN.add(name)
            many += 1
            wrong += [found for look in LOOKS for found in findings(opened, look)]
    assert not wrong, "\n".join(wrong)
    assert many >= 1
    if cast == ["robin"]:
        assert len(SEEN) >= 40, f"only {len(SEEN)} kinds of page were found"


SEEN: set[str] = set()


def test_no_state_of_the_register_has_a_finding(browser_page, url, hannah, larkrise):
    allocation = Allocation.objects.get(teacher=hannah, school=larkrise)
    page = browser_page(hannah)
    page.goto(url(hannah, "register", allocation.pk, Week.parse("2026-11-16")))
    wrong = []
    page.get_by_role("group", name="Noah Castle").get_by_role("radio", name="Not here").check()
    page.locator(".lesson-more summary").first.click()
    wrong += [found for look in LOOKS for found in findings(page, look)]
    page.locator(".lesson-more summary").first.click()
    page.get_by_role("group", name="Noah Castle").get_by_role("radio", name="Absent from school").check()
    page.locator("#saving[data-state=saved]").wait_for()
    wrong += [found for look in LOOKS for found in findings(page, look)]
    confirmed = Register.objects.confirmed().filter(allocation=allocation).latest("week")
    page.goto(url(hannah, "register", allocation.pk, confirmed.week))
    wrong += [found for look in LOOKS for found in findings(page, look)]
    assert not wrong, "\n".join(wrong)


def test_no_page_of_a_case_has_a_finding(browser_page, url, lorna, miles):
    """Pages that only a case at the right stage leads to."""
    at = {one.stage: one.pk for one in Application.objects.filter(service=lorna.service)}
    silent = Referee.objects.filter(application=at["recommended"], answered_at=None).first()
    lost = Application.objects.get(pk=at["received"])
    text = {"text": "Your application\n\nWe have it."}
    compose(lorna.service, "x", "partners/letters/as_written.txt", text, to_name="A", to_email="", about=lost).save()
    addresses = [
        (lorna, "application", at["received"]),
        (lorna, "application_decline", at["received"]),
        (lorna, "application", at["completed"]),
        (lorna, "application_mentor_first", at["recommended"]),
        (lorna, "referee_answer", at["recommended"], silent.pk),
        (lorna, "referee_change", at["recommended"], silent.pk),
        (lorna, "case_contact", at["recommended"]),
        (lorna, "all_applications"),
        (lorna, "post"),
        (miles, "application", at["mentoring"]),
        (miles, "mentoring_meeting", at["mentoring"]),
        (miles, "application_report", at["observed"]),
        (miles, "application_rearrange", at["observation_arranged"]),
    ]
    pages, wrong = {lorna: browser_page(lorna), miles: browser_page(miles)}, []
    for member, name, *rows in addresses:
        page = pages[member]
        page.goto(url(member, name, *rows))
        assert page.url.endswith(url(member, name, *rows)), f"{name} led to {page.url}"
        wrong += [found for look in LOOKS for found in findings(page, look)]
    assert not wrong, "\n".join(wrong)


def test_an_applicant_s_pages_have_no_finding(browser_page, northshire, url):
    case = begin_application(Scheme.objects.get(service=northshire), name="Ada Quill", email="ada@studio.example")
    base = re.search(r"/northshire/application/\S+", Letter.objects.about(case).get().body)[0]
    page, wrong = browser_page(None), []
    page.goto(f"{base}qualifications/")
    page.locator("input[type=file]").set_input_files({"name": "a.exe", "mimeType": "text/plain", "buffer": b"MZ"})
    page.get_by_role("button", name="Save and go on").click()
    page.get_by_role("alert").wait_for()
    wrong += [found for look in LOOKS for found in findings(page, look)]
    for part in ("", "about-you/", "where/", "checks/", "declarations/", "check/"):
        page.goto(f"{base}{part}")
        wrong += [found for look in LOOKS for found in findings(page, look)]
    for stage in ("received", "completed"):
        sent = Application.objects.filter(service=northshire, stage=stage).first()
        page.goto(url(northshire, "application_status", ApplicationLink.make(sent).secret))
        for more in page.locator("summary").all():
            more.click()
        wrong += [found for look in LOOKS for found in findings(page, look)]
    assert not wrong, "\n".join(wrong)


def test_a_schools_private_pages_have_no_finding(browser_page, url, northshire):
    asked = Question.objects.exclude(line="").select_related("summary", "contact").first()
    link = SummaryLink.make(asked.summary, asked.contact)
    line, number = asked.summary.told()["pupils"][0]["line"], asked.pk
    page, wrong = browser_page(None), []
    for name, query in [
        ("shared_summary", {}),
        ("shared_question", {}),
        ("shared_question", {"line": line}),
        ("shared_question_again", {"question": number}),
        ("shared_contact", {}),
    ]:
        page.goto(url(northshire, name, link.secret, **query))
        page.get_by_role("heading", level=1).wait_for()
        wrong += [found for look in LOOKS for found in findings(page, look)]
    assert not wrong, "\n".join(wrong)


def test_the_pages_for_everybody_have_no_finding(browser_page, url, northshire):
    page = browser_page(None)
    wrong = []
    for name in ["partners", "partners_embed", "partners_line"]:
        page.goto(url(northshire, name))
        wrong += [found for look in LOOKS for found in findings(page, look)]
    for name in ["partner", "partner_write"]:
        page.goto(url(northshire, name, Partner.objects.get(name="Una Merrow").pk))
        wrong += [found for look in LOOKS for found in findings(page, look)]
    for name in ["home", "account_login", "help", "privacy", "accessibility"]:
        page.goto(url(None, name))
        wrong += [found for look in LOOKS for found in findings(page, look)]
        page.goto(url(northshire, name))
        wrong += [found for look in LOOKS for found in findings(page, look)]
    assert not wrong, "\n".join(wrong)
