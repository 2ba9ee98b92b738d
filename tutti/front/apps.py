from django.apps import AppConfig


class FrontConfig(AppConfig):
    name = "tutti.front"
    label = "front"
