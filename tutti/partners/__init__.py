"""The Professional Partners scheme: application, observation, mentoring, induction, partner. Nothing of lessons."""
