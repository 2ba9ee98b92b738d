"""The stages of an application, and what each is called for whoever reads it (A3, screens)."""

from __future__ import annotations

from datetime import timedelta

from django.db import models

ABANDONED_AFTER = timedelta(days=90)  # a form that was begun and never sent in (M2)


class Stage(models.TextChoices):
    DRAFT = "draft", "Not sent yet"
    RECEIVED = "received", "Received"
    NOT_PROCEEDING = "not_proceeding", "Not proceeding"
    OBSERVATION_DUE = "observation_due", "Observation to be arranged"
    OBSERVATION_ARRANGED = "observation_arranged", "Observation arranged"
    OBSERVED = "observed", "Observed"
    RECOMMENDED = "recommended", "Report with the leader"
    MENTORING = "mentoring", "Mentoring"
    UNSUCCESSFUL = "unsuccessful", "Unsuccessful"
    INDUCTION_DUE = "induction_due", "Induction to be arranged"
    INDUCTION_ARRANGED = "induction_arranged", "Induction arranged"
    COMPLETED = "completed", "Partner"
    WITHDRAWN = "withdrawn", "Withdrawn"


FINISHED = [Stage.NOT_PROCEEDING, Stage.UNSUCCESSFUL, Stage.COMPLETED, Stage.WITHDRAWN]

APPLICANT_READS = {
    Stage.DRAFT: "You have not sent your application yet",
    Stage.RECEIVED: "We have your application and will tell you whether it goes on",
    Stage.NOT_PROCEEDING: "We are not taking your application further for now",
    Stage.OBSERVATION_DUE: "A mentor will be in touch to arrange an observation or interview",
    Stage.OBSERVATION_ARRANGED: "Your observation or interview is arranged",
    Stage.OBSERVED: "Your mentor is writing the report",
    Stage.RECOMMENDED: "We are deciding",
    Stage.MENTORING: "You work with a mentor until we see you again",
    Stage.UNSUCCESSFUL: "You are not becoming a partner this time",
    Stage.INDUCTION_DUE: "You were successful. Your induction will be arranged",
    Stage.INDUCTION_ARRANGED: "You were successful. Your induction is arranged",
    Stage.COMPLETED: "You are a partner",
    Stage.WITHDRAWN: "You have withdrawn your application",
}
LEADER_READS = {
    Stage.DRAFT: "The applicant is still writing",
    Stage.RECEIVED: "Waits for you: proceed or not",
    Stage.NOT_PROCEEDING: "You did not proceed; the applicant has your feedback",
    Stage.OBSERVATION_DUE: "Waits for the mentor, who arranges the observation",
    Stage.OBSERVATION_ARRANGED: "Waits for the day of the observation",
    Stage.OBSERVED: "Waits for the mentor’s report",
    Stage.RECOMMENDED: "Waits for you: the report and a recommendation are here",
    Stage.MENTORING: "In mentoring; you end it, or give it more time",
    Stage.UNSUCCESSFUL: "Unsuccessful after mentoring; the applicant has your feedback",
    Stage.INDUCTION_DUE: "Waits for you: arrange the induction",
    Stage.INDUCTION_ARRANGED: "Waits for the day of the induction",
    Stage.COMPLETED: "A partner since the induction",
    Stage.WITHDRAWN: "Withdrawn by the applicant",
}
MENTOR_READS = {
    Stage.DRAFT: "The applicant is still writing",
    Stage.RECEIVED: "Waits for the leader",
    Stage.NOT_PROCEEDING: "Not proceeding",
    Stage.OBSERVATION_DUE: "Waits for you: arrange the observation",
    Stage.OBSERVATION_ARRANGED: "You observe on the day that you arranged",
    Stage.OBSERVED: "Waits for you: write the report and recommend",
    Stage.RECOMMENDED: "The leader has your report",
    Stage.MENTORING: "You mentor the applicant",
    Stage.UNSUCCESSFUL: "Unsuccessful",
    Stage.INDUCTION_DUE: "Successful; the leader arranges the induction",
    Stage.INDUCTION_ARRANGED: "Successful; the induction is arranged",
    Stage.COMPLETED: "A partner",
    Stage.WITHDRAWN: "Withdrawn by the applicant",
}
AUDITOR_READS = {
    Stage.DRAFT: "Begun by the applicant, not submitted",
    Stage.RECEIVED: "Submitted; no decision whether to proceed",
    Stage.NOT_PROCEEDING: "Closed by the leader before an observation, with feedback",
    Stage.OBSERVATION_DUE: "Proceeding; mentor assigned, no appointment",
    Stage.OBSERVATION_ARRANGED: "Appointment for an observation or interview made",
    Stage.OBSERVED: "Observation or interview held; no report submitted",
    Stage.RECOMMENDED: "Report and recommendation submitted; no decision",
    Stage.MENTORING: "Decided unsuccessful; mentoring programme running",
    Stage.UNSUCCESSFUL: "Decided unsuccessful after mentoring; closed with feedback",
    Stage.INDUCTION_DUE: "Decided successful; no induction appointment",
    Stage.INDUCTION_ARRANGED: "Decided successful; induction appointment made",
    Stage.COMPLETED: "Induction completed; partnership began",
    Stage.WITHDRAWN: "Closed by the applicant",
}
AUDIENCES = {
    "applicant": APPLICANT_READS,
    "leader": LEADER_READS,
    "mentor": MENTOR_READS,
    "auditor": AUDITOR_READS,
}
