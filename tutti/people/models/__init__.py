"""A file a noun; all names of the room's rows."""

from tutti.people.models.member import Member
from tutti.people.models.music_service import MusicService
from tutti.people.models.office import Office
from tutti.people.models.person import Person
from tutti.people.models.sign_in_link import SignInLink
from tutti.people.models.teacher_list import Newcomer

__all__ = ["Member", "MusicService", "Newcomer", "Office", "Person", "SignInLink"]
