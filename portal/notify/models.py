from django.conf import settings
from django.db import models
from django.db.models import F, Q

from portal.kernel.ids import uuid7
from portal.people.models import Session


class PushSubscription(models.Model):
    """A device that its owner lets be woken. It ends with the session in which it was last seen.

    A session that has run out by itself leaves it: whoever is on call at night signed in in the morning.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="push_subscriptions")
    session = models.ForeignKey(Session, null=True, on_delete=models.SET_NULL, related_name="push_subscriptions")
    # where the maker of the browser takes messages for it, and what only the browser reads them with
    endpoint = models.CharField(max_length=1000, unique=True)
    public_key = models.CharField(max_length=100)
    secret = models.CharField(max_length=32)
    # it is called by the name that says nothing
    neutral = models.BooleanField(default=False)


class QuietHours(models.Model):
    """From when to when, where the person is, they are woken for nobody's safety alone. Without a row: never."""

    person = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, primary_key=True, related_name="quiet_hours"
    )
    begins = models.TimeField()
    ends = models.TimeField()

    class Meta:
        constraints = [models.CheckConstraint(name="quiet_hours_last", condition=~Q(begins=F("ends")))]


class Wake(models.Model):
    """That a person is to be woken about something, then: whether they still are is asked when it is sent."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    reason = models.CharField(max_length=64)
    subject = models.UUIDField()
    due_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(name="wake_once", fields=["person", "reason", "subject"])]
