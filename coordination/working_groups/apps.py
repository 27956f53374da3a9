from django.apps import AppConfig


class WorkingGroupsConfig(AppConfig):
    name = "coordination.working_groups"
    label = "working_groups"
