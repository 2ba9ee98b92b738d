"""Addresses of the room `front`."""

from django.urls import path

from tutti.front.views import school

urlpatterns = [
    path("schools/<int:school_pk>/", school.school, name="school"),
]
