"""A form that says first which recorded weeks it would touch, and does it once that was read (P9)."""

from __future__ import annotations

from tutti.core.forms import VerbForm
from tutti.teaching.models.dated_back import Touched


class DatedBackForm(VerbForm):
    """Asks back where a start or stop is dated back; `asks_back` is what it would touch."""

    asks_back: Touched | None = None

    def touches(self) -> Touched:
        """The confirmed registers that it would touch."""
        raise NotImplementedError

    def is_ready(self) -> bool:
        """Nothing is wrong, and what is dated back was said before."""
        if not super().is_ready():
            return False
        self.asks_back = (self.touches() or None) if self.data.get("back") != "yes" else None
        return self.asks_back is None
