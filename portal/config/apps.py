from django.apps import AppConfig


class PortalConfig(AppConfig):
    name = "portal.config"
    label = "portal_config"

    def ready(self) -> None:
        from portal.config import registry

        registry.fill()
