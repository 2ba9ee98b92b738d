"""The people of the partners scheme at their browsers: an applicant, two referees, the leader and the mentor.

Each does by hand what the pages offer; what they hear of each other comes from a real mail server.
"""

import re

from django.test import Client

from tests.partners.filled_in import PDF, SECTIONS, fill_in
from tutti.partners.models import Application

PHONE = {"viewport": {"width": 390, "height": 844}}
EMAIL = "ada@studio.example"
APPOINTMENT = {"on": "18 11 2026", "at": "10:00", "place": "Larkrise, music room"}
REPORT = {"focus": "A new piece", "context": "Two lessons", "strengths": "Calm", "to_work_on": "Plan the term"}


class People:
    """`applicant`, `leader` and `mentor` are open pages. Verbs are what somebody does; `newest` is a letter."""

    def __init__(self, browser_page, mail_server, run_jobs, lorna, miles):
        self.mail, self.run_jobs, self.lorna, self.miles = mail_server, run_jobs, lorna, miles
        self.applicant = browser_page(None, **PHONE)
        self.leader = browser_page(lorna)
        self.mentor = browser_page(miles, **PHONE)

    # letters

    def newest(self, address=EMAIL):
        """The last letter that arrived there."""
        self.run_jobs()
        letters = self.mail.to(address)
        assert letters, f"nothing came to {address}"
        return letters[-1]

    def text(self, address=EMAIL):
        """What it says, its subject first."""
        letter = self.newest(address)
        return f"{letter['Subject']}\n{letter.get_body().get_content()}"

    def link(self, address=EMAIL):
        return re.findall(r"https?://\S+", self.text(address))[-1]

    # the applicant

    def apply(self):
        """From the public page to the reference number, with a certificate on the way."""
        page = self.applicant
        page.goto("/northshire/scheme/")
        page.get_by_label("Your name").fill("Ada Quill")
        page.get_by_label("Your e-mail address").fill(EMAIL)
        page.get_by_role("button", name="Send me the link").click()
        page.get_by_role("heading", name="Look at your e-mail").wait_for()
        page.goto(self.link())
        page.get_by_role("link", name="Begin").click()
        for key, said in SECTIONS.items():
            page.wait_for_url(f"**/{key}/")
            self.fill(page, said)
            if key == "qualifications":
                self.add_certificate(page)
            page.get_by_role("button", name="Save and go on").click()
        page.get_by_role("link", name="Carry on").click()
        page.get_by_role("button", name="Send it in").click()
        page.get_by_role("heading", name="We have your application").wait_for()
        return self

    def has_applied(self):
        """The same without a browser, for stories that begin later."""
        client = Client()
        client.post("/northshire/scheme/", {"name": "Ada Quill", "email": EMAIL})
        base = "/" + self.link().split("/", 3)[3]
        fill_in(client, base)
        client.post(f"{base}send/")
        return self

    def add_certificate(self, page):
        page.locator("input[type=file]").set_input_files(
            {"name": "cme.pdf", "mimeType": "application/pdf", "buffer": PDF}
        )
        page.get_by_role("button", name="Save and go on").click()
        page.get_by_role("link", name="cme.pdf").wait_for()

    def refer(self, address):
        """A referee answers by the link in their letter."""
        self.applicant.goto(self.link(address))
        self.applicant.get_by_label("What you can tell us").fill("Children queue for her lessons.")
        self.applicant.get_by_role("button", name="Send the reference").click()
        self.applicant.get_by_role("heading", name="Thank you").wait_for()

    def looks(self):
        """What the applicant reads by the link in their newest letter."""
        self.applicant.goto(self.link())
        return self.applicant.locator("h1").inner_text()

    def withdraw(self):
        self.looks()
        self.applicant.get_by_text("Withdraw your application").click()
        self.applicant.get_by_role("button", name="Withdraw it").click()
        self.applicant.get_by_role("heading", name="You have withdrawn").wait_for()

    # leader and mentor

    def make(self, page, move, **typed):
        """Open the case, press the button of a move, fill its page in and send it."""
        page.goto(f"/northshire/applications/{self.case.pk}/")
        page.get_by_role("link", name=move, exact=True).click()
        page.get_by_role("heading", name=move, level=1).wait_for()
        self.fill(page, typed)
        page.locator("main form button.govuk-button").click()
        page.wait_for_url(f"**/applications/{self.case.pk}/")

    def leads(self, move, **typed):
        self.make(self.leader, move, **typed)
        return self

    def mentors(self, move, **typed):
        self.make(self.mentor, move, **typed)
        return self

    def reports(self, recommendation, *, slowly=False):
        """The mentor writes the report and sends it. Written slowly it is saved while they type."""
        page = self.mentor
        page.goto(f"/northshire/applications/{self.case.pk}/report/")
        self.fill(page, REPORT)
        if slowly:
            page.get_by_text("Saved", exact=False).first.wait_for()
            assert self.case.observation.report["focus"] == REPORT["focus"]
        page.get_by_role("button", name="Send it").click()
        page.locator(f"[name=recommendation][value={recommendation}]").check()
        page.get_by_role("button", name="Send the report").click()
        page.wait_for_url(f"**/applications/{self.case.pk}/")
        return self

    def observed(self):
        """Given to the mentor, who arranges a day and was there."""
        self.leads("Proceed", mentor=str(self.miles.pk), without_references="We know her well.")
        return self.seen()

    def seen(self):
        self.mentors("Arrange the observation", **APPOINTMENT, kind="observation")
        return self.mentors("It took place")

    @property
    def case(self):
        return Application.objects.get(email=EMAIL)

    @staticmethod
    def fill(page, typed):
        """Type, choose or tick whatever control has this name, where the page has it."""
        for name, value in typed.items():
            control = page.locator(f"[name={name}]")
            if not control.count():
                continue
            kind = control.first.get_attribute("type") or control.first.evaluate("one => one.localName")
            if value == "on":
                control.check()
            elif kind in ("checkbox", "radio"):
                for one in value if isinstance(value, list) else [value]:
                    page.locator(f'[name={name}][value="{one}"]').check()
            elif kind == "select":
                control.select_option(value)
            else:
                control.fill(value)
