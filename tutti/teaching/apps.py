from django.apps import AppConfig


class TeachingConfig(AppConfig):
    name = "tutti.teaching"
    label = "teaching"
