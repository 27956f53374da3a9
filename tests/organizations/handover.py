"""Nora coordinates Harbor House and holds something of everything; Dana administers it, Lucia works there."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from coordination.requests import services as requests
from coordination.requests.models import Answer, Request
from coordination.rota import services as rota
from coordination.rota.models import Shift
from coordination.working_groups import services as groups
from coordination.working_groups.models import WorkingGroup
from messaging import services as messaging
from messaging.models import Channel
from portal.kernel import clock
from portal.organizations.models import OrganizationMember
from portal.people.models import User
from tests import world
from tests.events.gathering import course
from tests.scene import API, Scene, details

HOUR = timedelta(hours=1)


class Handover(Scene):
    def __init__(self) -> None:
        super().__init__()
        self.nora = world.person(self.house, "coordinator", "Nora")
        self.sent = self.asked_by(self.nora)
        self.backed = self.asked_by(self.dana, backup=self.nora.pk)
        self.promised: Answer = self.answer(self.post(self.house), self.nora)
        self.event = course(self.acting(self.nora), [self.clinic])
        self.needed_by_nora = self.needed(by=self.nora)
        self.offered_by_nora = self.offered(by=self.nora)
        self.first, self.second = (self.planned(hours) for hours in (24, 48))
        self.led = self.founded("Training", joining="request")

    def employer(self, person: Any) -> Any:
        return self.house if person.pk == self.nora.pk else super().employer(person)

    def asked_by(self, person: User, **more: Any) -> Request:
        return requests.post_request(
            self.acting(person),
            request_kind="emergency_shelter",
            details=details(),
            organizations=[self.clinic],
            working_groups=[],
            **more,
        )

    def planned(self, hours: int, person: User | None = None) -> Shift:
        begins = clock.now() + hours * HOUR
        return rota.plan_shift(self.acting(self.dana), (person or self.nora).pk, begins, begins + 8 * HOUR)

    def founded(self, name: str, joining: str) -> WorkingGroup:
        return groups.create_working_group(self.acting(self.nora), name=name, group_kind="training", joining=joining)

    def opened(self, *people: User) -> Channel:
        return messaging.create_private_channel(self.acting(self.nora), "Night desk", people=people)

    @property
    def place(self) -> OrganizationMember:
        return OrganizationMember.objects.get(user=self.nora, group=self.house.members_id)

    @property
    def path(self) -> str:
        return f"{API}/organizations/{self.house.pk}/people/{self.nora.pk}"

    def told(self, person: User) -> dict[str, Any]:
        answer = world.client(person).get(f"{self.path}/responsibilities")
        assert answer.status_code == 200, answer.content
        found: dict[str, Any] = answer.json()
        return found

    def choices(self, person: User, heir: User | None, **by_kind: User | None) -> list[dict[str, Any]]:
        """Everything to one, but what is chosen by its kind, and Dana's request, which is left without a backup."""
        chosen = {kind: each and str(each.pk) for kind, each in {"request_backup": None, **by_kind}.items()}
        return [
            {"kind": i["kind"], "id": i["id"], "successor": chosen.get(i["kind"], heir and str(heir.pk))}
            for i in self.told(person)["items"]
        ]

    def chosen(self, heir: User, **by_kind: User | None) -> dict[tuple[str, UUID], UUID | None]:
        """The same, as the service takes it."""
        chosen = self.choices(self.dana, heir, **by_kind)
        return {(e["kind"], UUID(e["id"])): e["successor"] and UUID(e["successor"]) for e in chosen}

    def leave(self, person: User, successors: list[dict[str, Any]]) -> Any:
        return world.client(person).post(f"{self.path}/leave", {"successors": successors})


def titles(account: dict[str, Any]) -> list[tuple[str, str]]:
    return [(item["kind"], item["name"] or item["word"]) for item in account["items"]]
