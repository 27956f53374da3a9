from django.db import models

from portal.kernel.ids import uuid7


class Job(models.Model):
    """One piece of work to be done. It is deleted when done; a worker that dies loses its lease."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    kind = models.CharField(max_length=64)
    payload = models.JSONField(default=dict)
    dedupe_key = models.CharField(max_length=128, null=True, unique=True)
    run_at = models.DateTimeField(db_index=True)
    lease_until = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    last_error = models.TextField(default="", blank=True)
