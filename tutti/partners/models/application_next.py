"""What comes next for an applicant, stage by stage, in their words (screens)."""

from __future__ import annotations

from tutti.partners.models.application_stage import Stage

WHAT_COMES_NEXT = {
    Stage.RECEIVED: "Our Instrumental Leader reads your application and what your referees write, and decides whether "
    "it goes on. You get a letter either way.",
    Stage.OBSERVATION_DUE: "You and your mentor agree on a day, a time and a place. Then they see you teach, or talk "
    "with you, or both.",
    Stage.OBSERVATION_ARRANGED: "Afterwards your mentor writes a report, and our Instrumental Leader decides.",
    Stage.OBSERVED: "The report goes to our Instrumental Leader, who decides. You get a letter, and read the report.",
    Stage.RECOMMENDED: "You get a letter with the decision, and read the report.",
    Stage.MENTORING: "Your mentor meets you. At the end another observation or interview follows, and we decide again.",
    Stage.INDUCTION_DUE: "We agree with you on a day for the induction, the last step.",
    Stage.INDUCTION_ARRANGED: "With the induction you become a partner: you get your official letter and the logo, and "
    "your name goes on the public list.",
}
