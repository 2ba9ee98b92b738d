from django.apps import AppConfig


class PartnersConfig(AppConfig):
    name = "tutti.partners"
    label = "partners"
