from django.apps import AppConfig


class RotaConfig(AppConfig):
    name = "coordination.rota"
    label = "rota"
