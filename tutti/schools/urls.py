"""Addresses of the room `schools`."""

from django.urls import path

urlpatterns: list = []
