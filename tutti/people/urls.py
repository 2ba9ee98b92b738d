"""Addresses of the room `people`."""

from django.urls import path

urlpatterns: list = []
