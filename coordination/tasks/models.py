from django.conf import settings
from django.db import models
from django.db.models import Q

from coordination.requests.models import Request
from portal.kernel.models import Audience, Versioned


class Task(Versioned):
    """Something to be done for a request. It lives in the audience of the request's channel, and ends with it."""

    kind = "task"

    request = models.ForeignKey(Request, on_delete=models.PROTECT, related_name="tasks")
    audience = models.ForeignKey(Audience, on_delete=models.PROTECT, related_name="+")
    what = models.CharField(max_length=200)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField()
    # null: nobody's yet, or, since `freed_at`, nobody's any more
    assigned_to = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    freed_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)
    done_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(name="task_says_what", condition=~Q(what="")),
            models.CheckConstraint(
                name="task_done_by_somebody",
                condition=Q(done_at__isnull=True, done_by__isnull=True)
                | Q(done_at__isnull=False, done_by__isnull=False),
            ),
            models.CheckConstraint(
                name="task_freed_is_nobodys", condition=Q(freed_at__isnull=True) | Q(assigned_to__isnull=True)
            ),
        ]
        indexes = [
            models.Index(name="tasks_to_do", fields=["assigned_to", "due_at"], condition=Q(done_at__isnull=True))
        ]

    def __str__(self) -> str:
        return f"task {self.id}"

    @property
    def is_done(self) -> bool:
        return self.done_at is not None

    def permits(self, verb: str) -> bool:
        """When its request has ended it is only read."""
        if self.request.state not in Request.LIVING:
            return False
        return {"finish": not self.is_done, "assign": not self.is_done, "reopen": self.is_done}.get(verb, True)
