"""A file a noun; all names of the room's rows."""

from tutti.partners.models.application import Application
from tutti.partners.models.application_check import ApplicationCheck
from tutti.partners.models.application_document import ApplicationDocument
from tutti.partners.models.application_link import ApplicationLink
from tutti.partners.models.entry import Entry
from tutti.partners.models.entry_change import EntryChange
from tutti.partners.models.induction import Induction
from tutti.partners.models.mentoring import MentoringProgramme
from tutti.partners.models.observation import Observation
from tutti.partners.models.official_letter import OfficialLetter
from tutti.partners.models.partner import Partner
from tutti.partners.models.referee import Referee
from tutti.partners.models.referee_link import RefereeLink
from tutti.partners.models.scheme import Scheme
from tutti.partners.models.signing_key import SigningKey

__all__ = [
    "Application",
    "ApplicationCheck",
    "ApplicationDocument",
    "ApplicationLink",
    "Entry",
    "EntryChange",
    "Induction",
    "MentoringProgramme",
    "Observation",
    "OfficialLetter",
    "Partner",
    "Referee",
    "RefereeLink",
    "Scheme",
    "SigningKey",
]
