"""Addresses of the room `teaching`."""

from django.urls import path

urlpatterns: list = []
