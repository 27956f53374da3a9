from django.db import models

from coordination.requests.models import Request
from coordination.resources.models import Need


class StandsFor(models.Model):
    """That a request was put for a need. It has no audience of its own: who sees both is told."""

    id = models.BigAutoField(primary_key=True)
    request = models.OneToOneField(Request, on_delete=models.PROTECT, related_name="stands_for")
    need = models.ForeignKey(Need, on_delete=models.PROTECT, related_name="asked_by")

    def __str__(self) -> str:
        return f"request {self.request_id} for need {self.need_id}"
