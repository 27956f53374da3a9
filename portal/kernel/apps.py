from django.apps import AppConfig
from django.db.models.signals import post_migrate  # noqa: TID251 - permission ids are recreated by migrate


class KernelConfig(AppConfig):
    name = "portal.kernel"
    label = "kernel"

    def ready(self) -> None:
        from portal.kernel.grants import view_permission

        post_migrate.connect(lambda **_: view_permission.cache_clear(), weak=False)
