"""A file a noun; all names of the room's rows."""

from tutti.teaching.models.allocation import Allocation
from tutti.teaching.models.carry import Carry
from tutti.teaching.models.child import TwoChildren
from tutti.teaching.models.correction import Correction
from tutti.teaching.models.cover import Cover
from tutti.teaching.models.lesson import Kind, Lesson, LessonShape, RotaWeek
from tutti.teaching.models.lock import Lock
from tutti.teaching.models.notice import Notice
from tutti.teaching.models.place import Place
from tutti.teaching.models.pupil import Pupil
from tutti.teaching.models.question import Question, QuestionReply
from tutti.teaching.models.reason import Reason
from tutti.teaching.models.register import Line, Mark, Register
from tutti.teaching.models.second_teacher import SecondTeacher, Share
from tutti.teaching.models.spare_week import SpareWeek
from tutti.teaching.models.summary import Summary
from tutti.teaching.models.summary_link import SummaryLink
from tutti.teaching.models.year_end import YEAR_RUN

__all__ = [
    "YEAR_RUN",
    "Allocation",
    "Carry",
    "Correction",
    "Cover",
    "Kind",
    "Lesson",
    "LessonShape",
    "Line",
    "Lock",
    "Mark",
    "Notice",
    "Place",
    "Pupil",
    "Question",
    "QuestionReply",
    "Reason",
    "Register",
    "RotaWeek",
    "SecondTeacher",
    "Share",
    "SpareWeek",
    "Summary",
    "SummaryLink",
    "TwoChildren",
]
