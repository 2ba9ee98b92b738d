"""Draws docs/workflows.md from the code."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from tutti.partners.models.drawing import draw_workflows

PAGE = Path(__file__).resolve().parents[4] / "docs" / "workflows.md"


class Command(BaseCommand):
    help = "Draws docs/workflows.md from the code."

    def handle(self, *args: Any, **options: Any) -> None:
        PAGE.write_text(draw_workflows())
        self.stdout.write(f"Drawn: {PAGE.name}")
