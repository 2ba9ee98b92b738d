from django.apps import AppConfig


class CoreConfig(AppConfig):
    name = "tutti.core"
    label = "core"
