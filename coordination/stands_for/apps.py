from django.apps import AppConfig


class StandsForConfig(AppConfig):
    name = "coordination.stands_for"
    label = "stands_for"
