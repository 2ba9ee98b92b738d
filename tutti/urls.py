"""The address table: each room's pages under one roof. The service's slug is taken off before this is read."""

from django.urls import include, path

urlpatterns = [
    path("", include("tutti.front.urls")),
    path("", include("tutti.people.urls")),
    path("", include("tutti.schools.urls")),
    path("", include("tutti.teaching.urls")),
    path("accounts/", include("allauth.urls")),
]
