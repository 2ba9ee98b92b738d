"""The demo world: one music service in the middle of a term, and a second one that must see nothing of it.

It is demo, example and test data in one: the same every time for the same day.
"""

from tutti.front.demo.cast import CAST
from tutti.front.demo.world import load_world

__all__ = ["CAST", "load_world"]
