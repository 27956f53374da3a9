from django.apps import AppConfig


class CertificatesConfig(AppConfig):
    name = "coordination.certificates"
    label = "certificates"
