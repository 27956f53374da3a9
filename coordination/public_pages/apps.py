from django.apps import AppConfig


class PublicPagesConfig(AppConfig):
    name = "coordination.public_pages"
    label = "public_pages"
