from django.apps import AppConfig


class CalendarsConfig(AppConfig):
    name = "coordination.calendars"
    label = "calendars"
