"""Addresses of the room `teaching`."""

from django.urls import path

from tutti.teaching.views import my_week, registers

urlpatterns = [
    path("my-week/<week:week>/", my_week.my_week, name="my_week"),
    path("my-year/", my_week.my_year, name="my_year"),
    path("registers/<int:allocation_pk>/<week:week>/", registers.register, name="register"),
    path("registers/<int:allocation_pk>/<week:week>/tap/", registers.register_tap, name="register_tap"),
]
