"""A planned operation: a sheriff's office asks those on call at a house and at a clinic."""

from datetime import timedelta
from typing import Any

from coordination.requests import services
from coordination.requests.models import Answer, Request
from coordination.requests.policy import ANSWERS, REQUESTS
from coordination.rota import services as rota
from coordination.rota.models import Shift
from portal.kernel import clock
from portal.kernel.standing import members
from portal.kernel.writing import Actor
from portal.organizations.models import OrganizationMember
from portal.people.models import User
from tests import world
from tests.scene import API, Scene, canary, planned

HOUR = timedelta(hours=1)


class Operation(Scene):
    """Sam asks and Bea is the backup; Cory coordinates the office, Olga works there too.

    Lucia is on call at the house until four hours from now, then Nina; Grace at the clinic.
    """

    def __init__(self, *, second_factor: bool = False) -> None:
        super().__init__(second_factor=second_factor)
        self.office = world.organization("Sheriff's Office", "law_enforcement")
        self.sam = world.person(self.office, "member", "Sam")
        self.bea = world.person(self.office, "member", "Bea")
        self.olga = world.person(self.office, "member", "Olga")
        self.cory = world.person(self.office, "coordinator", "Cory")
        self.nina = world.person(self.house, "member", "Nina")
        self.rosa = world.person(self.clinic, "member", "Rosa")
        self.first = self.on_call(self.house, self.lucia, -1, 4)
        self.second = self.on_call(self.house, self.nina, 4, 12)
        self.on_call(self.clinic, self.grace, -1, 12)

    def employer(self, person: Any) -> Any:
        if person in (self.sam, self.bea, self.olga, self.cory):
            return self.office
        if person == self.nina:
            return self.house
        return self.clinic if person == self.rosa else super().employer(person)

    def on_call(self, organization: Any, person: Any, begins: float, ends: float, kind: str = "") -> Shift:
        planner = {self.house: self.dana, self.clinic: self.grace}.get(organization, self.otto)
        at = clock.now()
        return rota.plan_shift(Actor(planner, organization), person.pk, at + begins * HOUR, at + ends * HOUR, kind)

    def plan(self, *asked: Any, **changed: Any) -> Request:
        return services.post_request(
            self.acting(self.sam),
            request_kind="operation_support",
            **{
                "details": planned(),
                "organizations": asked or (self.house, self.clinic),
                "working_groups": [],
                "note": canary("operation"),
                "backup": self.bea.pk,
                **changed,
            },
        )


def knowing(answer: Answer) -> list[str]:
    """Who, for the organization that was asked, knows of it."""
    return sorted(User.objects.filter(pk__in=members(answer.on_call_id)).values_list("name", flat=True))


def answer_of(request: Request, organization: Any) -> Answer:
    return Answer.objects.select_related("request__owner", "organization").get(
        request=request, organization=organization
    )


def who_sees(obj: Request | Answer) -> list[str]:
    policy = REQUESTS if isinstance(obj, Request) else ANSWERS
    return sorted(p.name for p in User.objects.all() if policy.visible(p).filter(pk=obj.pk).exists())


def later(hours: float) -> Any:
    return clock.at(clock.now() + hours * HOUR)


def say(scene: Operation, request: Request, person: User, answer: str = "yes", **more: Any) -> Any:
    body = {"acting_for": str(scene.employer(person).pk), "answer": answer, **more}
    return world.client(person).put(f"{API}/requests/{request.pk}/answer", body, "application/json")


def stand_aside(scene: Operation, request: Request, person: User) -> Any:
    body = {"acting_for": str(scene.employer(person).pk)}
    return world.client(person).post(f"{API}/requests/{request.pk}/stand-aside", body)


def leave(person: User) -> None:
    world.remove(Actor(person), OrganizationMember.objects.get(user=person))
