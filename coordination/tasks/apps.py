from django.apps import AppConfig


class TasksConfig(AppConfig):
    name = "coordination.tasks"
    label = "tasks"
