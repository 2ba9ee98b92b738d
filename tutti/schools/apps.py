from django.apps import AppConfig


class SchoolsConfig(AppConfig):
    name = "tutti.schools"
    label = "schools"
