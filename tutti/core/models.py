"""Where Django looks for rows: core's live with their verbs in history, letters and runs."""

from tutti.core.history import Event
from tutti.core.letters import Letter
from tutti.core.runs import Run

__all__ = ["Event", "Letter", "Run"]
