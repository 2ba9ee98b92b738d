"""The chart of the scheme: every move of an application, from where to where, and whose it is (A3).

It reads like the drawing on the office wall; what each move does stands in `application.py`, under the same name.
"""

from __future__ import annotations

from tutti.core.workflow import Move
from tutti.partners.models.application_stage import FINISHED, Stage
from tutti.people.roles import Permission

APPLICANT = "the applicant"
LEADER, MENTOR = Permission.DECIDE_APPLICATIONS, Permission.OBSERVE_APPLICANTS
SENT = [stage for stage in Stage if stage not in (Stage.DRAFT, *FINISHED)]

SEND = Move((Stage.DRAFT,), Stage.RECEIVED, APPLICANT, "Send it in", "sent the application in")
WITHDRAW = Move(tuple(SENT), Stage.WITHDRAWN, APPLICANT, "Withdraw", "withdrew")
PROCEED = Move((Stage.RECEIVED,), Stage.OBSERVATION_DUE, LEADER, "Proceed", "decided to proceed")
DECLINE = Move((Stage.RECEIVED,), Stage.NOT_PROCEEDING, LEADER, "Do not proceed", "decided not to proceed")
ARRANGE = Move(
    (Stage.OBSERVATION_DUE,), Stage.OBSERVATION_ARRANGED, MENTOR, "Arrange the observation", "arranged the observation"
)
REARRANGE = Move(
    (Stage.OBSERVATION_ARRANGED,), Stage.OBSERVATION_ARRANGED, MENTOR, "Rearrange it", "rearranged the observation"
)
CALL_OFF = Move(
    (Stage.OBSERVATION_ARRANGED,), Stage.OBSERVATION_DUE, MENTOR, "Call it off", "called the observation off"
)
OBSERVE = Move((Stage.OBSERVATION_ARRANGED,), Stage.OBSERVED, MENTOR, "It took place", "observed")
TAKE_BACK = Move(
    (Stage.OBSERVED,), Stage.OBSERVATION_ARRANGED, MENTOR, "It did not take place", "took back that it took place"
)
RECOMMEND = Move((Stage.OBSERVED,), Stage.RECOMMENDED, MENTOR, "Send the report", "recommended and sent the report")
CHANGE_MENTOR = Move(
    (Stage.OBSERVATION_DUE, Stage.OBSERVATION_ARRANGED, Stage.OBSERVED),
    Stage.OBSERVATION_DUE,
    LEADER,
    "Choose another mentor",
    "chose another mentor",
)
SUCCEED = Move((Stage.RECOMMENDED,), Stage.INDUCTION_DUE, LEADER, "Successful", "decided: successful")
MENTOR_FIRST = Move((Stage.RECOMMENDED,), Stage.MENTORING, LEADER, "Not yet: mentoring", "decided: mentoring")
FAIL = Move((Stage.RECOMMENDED,), Stage.UNSUCCESSFUL, LEADER, "Unsuccessful", "decided: unsuccessful")
SEND_BACK = Move((Stage.RECOMMENDED,), Stage.OBSERVED, LEADER, "Send the report back", "sent the report back")
EXTEND = Move((Stage.MENTORING,), Stage.MENTORING, LEADER, "Extend it", "extended the mentoring")
HAND_OVER = Move(
    (Stage.MENTORING,), Stage.MENTORING, LEADER, "Choose another mentor", "gave the mentoring to another mentor"
)
END_MENTORING = Move((Stage.MENTORING,), Stage.OBSERVATION_DUE, LEADER, "End it: observe again", "ended the mentoring")
ARRANGE_INDUCTION = Move(
    (Stage.INDUCTION_DUE,), Stage.INDUCTION_ARRANGED, LEADER, "Arrange the induction", "arranged the induction"
)
CALL_OFF_INDUCTION = Move(
    (Stage.INDUCTION_ARRANGED,), Stage.INDUCTION_DUE, LEADER, "Call it off", "called the induction off"
)
COMPLETE = Move((Stage.INDUCTION_ARRANGED,), Stage.COMPLETED, LEADER, "It is completed", "completed the induction")
