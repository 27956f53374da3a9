from django.conf import settings
from django.db import models
from django.db.models import F, Q
from guardian.models import GroupObjectPermissionBase, UserObjectPermissionBase

from coordination.requests.kinds import KINDS, ON_CALL, OUTCOMES, REASONS, ROLES
from portal.kernel.models import Audience, Versioned
from portal.organizations.models import Organization


def choices(words: tuple[str, ...]) -> list[tuple[str, str]]:
    return [(word, word) for word in words]


class Step(models.TextChoices):
    """Who is told, one after the other, when nobody answers."""

    BACKUP = "backup"
    LEADS = "leads"
    COORDINATOR = "coordinator"
    NETWORK = "network"

    @classmethod
    def from_(cls, first: "Step") -> "list[Step]":
        return list(cls)[list(cls).index(first) :]


class Request(Versioned):
    """One organization asks others for something, by a time. It names no person."""

    kind = "request"

    class State(models.TextChoices):
        OPEN = "open"
        FILLED = "filled"
        IN_PROGRESS = "in_progress"
        DONE = "done"
        WITHDRAWN = "withdrawn"
        EXPIRED = "expired"

    owner = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="requests")
    # who posted it, or took it over since: they steer it
    posted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    posted_at = models.DateTimeField()
    request_kind = models.CharField(max_length=32, choices=choices(tuple(KINDS)))
    details = models.JSONField()
    note = models.CharField(max_length=500, blank=True, default="")
    places = models.PositiveSmallIntegerField(default=1)
    places_taken = models.PositiveSmallIntegerField(default=0)
    # a drill: nothing of it is real
    exercise = models.BooleanField(default=False)
    # the owner chooses among the organizations that say yes
    pick = models.BooleanField(default=False)
    state = models.CharField(max_length=16, choices=State.choices, default=State.OPEN)
    acknowledge_by = models.DateTimeField()
    answer_by = models.DateTimeField()
    expires_at = models.DateTimeField(db_index=True)
    # one of the owner's people, who steers it too
    backup = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    # those two, of a request to those on call: of the owner's people they and its coordinators alone know of it
    askers = models.OneToOneField(Audience, null=True, on_delete=models.PROTECT, related_name="+")
    escalated_to = models.CharField(max_length=16, choices=Step.choices, blank=True, default="")
    # of the owner's coordinators the one on call, whom it was escalated to; null: it was to all of them
    duty_coordinator = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    # when its clock rings next; null: it stands
    rings_at = models.DateTimeField(null=True, db_index=True)
    # the day on which it was over, where the network is: it stays that day wherever the network moves
    ended_on = models.DateField(null=True, db_index=True)
    outcome = models.CharField(max_length=32, choices=choices(OUTCOMES), blank=True, default="")
    outcome_note = models.CharField(max_length=500, blank=True, default="")

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="request_places_not_oversubscribed",
                condition=Q(places__gte=1, places_taken__gte=0, places_taken__lte=F("places")),
            ),
            models.CheckConstraint(name="request_done_has_outcome", condition=~Q(state="done") | ~Q(outcome="")),
            models.CheckConstraint(
                name="request_clock_runs_while_open", condition=Q(rings_at__isnull=True) | Q(state="open")
            ),
            models.CheckConstraint(
                name="request_ended_when_over",
                condition=Q(state__in=("done", "withdrawn", "expired"), ended_on__isnull=False)
                | ~Q(state__in=("done", "withdrawn", "expired")) & Q(ended_on__isnull=True),
            ),
            models.CheckConstraint(
                name="request_to_those_on_call_has_askers",
                condition=Q(request_kind__in=ON_CALL, askers__isnull=False)
                | ~Q(request_kind__in=ON_CALL) & Q(askers__isnull=True),
            ),
        ]

    # in which states each verb is possible
    LIVING = (State.OPEN, State.FILLED, State.IN_PROGRESS)
    PERMITS = {
        "edit": LIVING,
        "note": LIVING,
        "answer": (State.OPEN, State.FILLED),
        "acknowledge": (State.OPEN, State.FILLED),
        "stand_aside": LIVING,
        "redirect": (State.OPEN,),
        "pick": (State.OPEN,),
        "start": (State.OPEN, State.FILLED),
        "open_channel": LIVING,
        "close": LIVING,
        "withdraw": LIVING,
        "expire": (State.OPEN,),
    }

    def permits(self, verb: str) -> bool:
        return self.state in self.PERMITS[verb]

    @property
    def on_call_only(self) -> bool:
        """Whether, of those asked, those on call alone know of it."""
        return self.askers_id is not None

    @property
    def steps(self) -> list[Step]:
        return [Step(step) for step in KINDS[self.request_kind].steps]

    @property
    def is_fully_escalated(self) -> bool:
        return self.escalated_to == self.steps[-1]

    @property
    def steps_left(self) -> list[Step]:
        further = Step.from_(Step(self.escalated_to))[1:] if self.escalated_to else list(Step)
        return [step for step in further if step in self.steps]


class Slot(models.Model):
    """How many places of a request are for one role. A request without slots has places alone."""

    id = models.BigAutoField(primary_key=True)
    request = models.ForeignKey(Request, on_delete=models.CASCADE, related_name="slots")
    role = models.CharField(max_length=32, choices=choices(ROLES))
    places = models.PositiveSmallIntegerField()
    places_taken = models.PositiveSmallIntegerField(default=0)
    position = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ("position",)
        constraints = [
            models.UniqueConstraint(name="slot_once", fields=["request", "role"]),
            models.CheckConstraint(
                name="slot_not_oversubscribed",
                condition=Q(places__gte=1, places_taken__gte=0, places_taken__lte=F("places")),
            ),
        ]

    @property
    def places_left(self) -> int:
        return self.places - self.places_taken


class RequestGroupPermission(GroupObjectPermissionBase):
    """That a request is shared with an audience."""

    content_object = models.ForeignKey(Request, on_delete=models.CASCADE, related_name="audience_grants")

    class Meta(GroupObjectPermissionBase.Meta):
        abstract = False
        indexes = [models.Index(name="request_grants", fields=["content_object", "permission", "group"])]


class RequestUserPermission(UserObjectPermissionBase):
    """That a request is shown to a single person."""

    content_object = models.ForeignKey(Request, on_delete=models.CASCADE, related_name="person_grants")

    class Meta(UserObjectPermissionBase.Meta):
        abstract = False
        indexes = [models.Index(name="request_reveals", fields=["content_object", "permission", "user"])]


class Answer(Versioned):
    """What one organization says to a request. Only it and who asks see it; of it, where asked, those on call alone."""

    kind = "answer"

    class State(models.TextChoices):
        ASKED = "asked"
        ACKNOWLEDGED = "acknowledged"
        YES = "yes"
        MAYBE = "maybe"
        NO = "no"
        WITHDRAWN = "withdrawn"
        REDIRECTED = "redirected"

    # those that may still become a yes or a no
    UNDECIDED = (State.ASKED, State.ACKNOWLEDGED, State.MAYBE)

    request = models.ForeignKey(Request, on_delete=models.PROTECT, related_name="answers")
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="answers")
    state = models.CharField(max_length=16, choices=State.choices, default=State.ASKED)
    takes_place = models.BooleanField(default=False)
    reason = models.CharField(max_length=32, choices=choices(REASONS), blank=True, default="")
    note = models.CharField(max_length=500, blank=True, default="")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    # how often it was reminded that nobody there has seen the request, and when last
    reminders = models.PositiveSmallIntegerField(default=0)
    reminded_at = models.DateTimeField(null=True)
    # those on call there, where they alone are asked, and who of them said that it is not for them
    on_call = models.OneToOneField(Audience, null=True, on_delete=models.PROTECT, related_name="answer")
    stood_aside = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="+")
    # whom it passed the request on to, and by whom it was passed on to it
    redirected_to = models.ForeignKey(Organization, null=True, on_delete=models.PROTECT, related_name="+")
    redirected_by = models.ForeignKey(Organization, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="answer_redirected_to_somebody",
                condition=Q(state="redirected", redirected_to__isnull=False)
                | ~Q(state="redirected") & Q(redirected_to__isnull=True),
            ),
            models.UniqueConstraint(name="answer_once", fields=["request", "organization"]),
            models.CheckConstraint(
                name="answer_takes_place_only_with_yes", condition=Q(takes_place=False) | Q(state="yes")
            ),
        ]

    def permits(self, verb: str) -> bool:
        if verb == "pick":
            return self.request.permits(verb) and self.state == self.State.YES and not self.takes_place
        if verb == "acknowledge":
            return self.request.permits(verb) and self.state == self.State.ASKED
        if verb == "withdraw":
            return self.request.state in Request.LIVING and self.state in (self.State.YES, self.State.MAYBE)
        return self.request.permits(verb)


class Take(models.Model):
    """How many places of a slot a yes fills; while the owner picks and has not picked it, would fill."""

    id = models.BigAutoField(primary_key=True)
    answer = models.ForeignKey(Answer, on_delete=models.CASCADE, related_name="takes")
    slot = models.ForeignKey(Slot, on_delete=models.PROTECT, related_name="takes")
    places = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="take_once", fields=["answer", "slot"]),
            models.CheckConstraint(name="take_takes_something", condition=Q(places__gte=1)),
        ]


class AnswerGroupPermission(GroupObjectPermissionBase):
    """That an answer is shared with an audience."""

    content_object = models.ForeignKey(Answer, on_delete=models.CASCADE, related_name="audience_grants")

    class Meta(GroupObjectPermissionBase.Meta):
        abstract = False
        indexes = [models.Index(name="answer_grants", fields=["content_object", "permission", "group"])]


class AnswerUserPermission(UserObjectPermissionBase):
    """That an answer is shown to a single person."""

    content_object = models.ForeignKey(Answer, on_delete=models.CASCADE, related_name="person_grants")

    class Meta(UserObjectPermissionBase.Meta):
        abstract = False
        indexes = [models.Index(name="answer_reveals", fields=["content_object", "permission", "user"])]


class Entry(models.Model):
    """A line of what happened, to a request or to one answer; seen by whoever sees that object."""

    id = models.BigAutoField(primary_key=True)
    request = models.ForeignKey(Request, on_delete=models.CASCADE, related_name="entries")
    answer = models.ForeignKey(Answer, null=True, on_delete=models.CASCADE, related_name="entries")
    what = models.CharField(max_length=32)
    organization = models.ForeignKey(Organization, null=True, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    note = models.CharField(max_length=500, blank=True, default="")
    at = models.DateTimeField()


class Escalation(Versioned):
    """That a request waits and nobody answers: for the network's administrators, who see none of its words."""

    kind = "escalation"

    request = models.OneToOneField(Request, on_delete=models.PROTECT, related_name="escalation")
    audience = models.ForeignKey(Audience, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    # null: it still waits
    ended_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"escalation {self.id}"
