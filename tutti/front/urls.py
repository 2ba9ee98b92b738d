"""Addresses of the room `front`."""

from django.urls import path

urlpatterns: list = []
