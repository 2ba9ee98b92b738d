"""Miles on the map, reckoned by the database itself (A6)."""

from __future__ import annotations

import math
from typing import Any

from django.db.models import F, FloatField, Q, Value
from django.db.models.functions import ASin, Cos, Least, Power, Radians, Sin, Sqrt

from tutti.schools.models.postcode import Point

EARTH, MILES_A_DEGREE = 3958.8, 69.0  # the earth's radius, and a degree of latitude, in miles; rounded down


def miles_to(point: Point) -> Any:
    """The way as the crow flies from a row's `latitude` and `longitude`, in miles (haversine)."""
    up = Power(Sin(Radians(F("latitude") - Value(point.latitude)) / Value(2.0)), Value(2.0))
    across = Power(Sin(Radians(F("longitude") - Value(point.longitude)) / Value(2.0)), Value(2.0))
    squeezed = Cos(Radians(F("latitude"))) * Value(math.cos(math.radians(point.latitude)))
    root = Least(Sqrt(up + squeezed * across), Value(1.0))
    return _float(Value(2 * EARTH) * ASin(root))


def bounding(point: Point, miles: int) -> Q:
    """A box around the circle: what is outside of it needs no reckoning."""
    high = miles / MILES_A_DEGREE * 1.01
    wide = high / max(0.01, math.cos(math.radians(point.latitude)))
    return Q(
        latitude__range=(point.latitude - high, point.latitude + high),
        longitude__range=(point.longitude - wide, point.longitude + wide),
    )


def _float(expression: Any) -> Any:
    expression.output_field = FloatField()
    return expression
