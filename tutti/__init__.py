"""Tutti runs a music service or music hub."""
