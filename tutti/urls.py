"""The address table: each room's pages under one roof. The service's slug is taken off before this is read."""

from django.urls import include, path, register_converter

from tutti.core.calendar import WeekConverter

register_converter(WeekConverter, "week")

urlpatterns = [
    path("", include("tutti.front.urls")),
    path("", include("tutti.people.urls")),
    path("", include("tutti.schools.urls")),
    path("", include("tutti.teaching.urls")),
    path("", include("tutti.partners.urls")),
    path("accounts/", include("allauth.urls")),
]
