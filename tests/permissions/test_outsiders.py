"""Every operation of the API document, tried by those to whom nothing was shared, on objects that exist.

Each is refused as it should be, nothing is written, and nothing that anybody wrote is in any byte.
"""

from dataclasses import dataclass
from typing import Any

import pytest
from drf_spectacular.generators import SchemaGenerator

from coordination.requests.models import Answer
from portal.kernel.models import Network
from portal.organizations.models import Invitation
from tests import world
from tests.scene import CANARY, unchanged

pytestmark = pytest.mark.django_db
PEOPLE = ("Mara", "Jonas", "Dana", "Grace")
NETWORK = ("County Agency", "Harbor House", "Second Clinic", "Outside Office", "Housing", "Beds")
METHODS = ("get", "post", "put", "patch", "delete")
# what anybody may ask for, whoever they are
OPEN = {("get", "/api/v1/session")}
BY_TOKEN = "/api/v1/invitations/{token}"
# what everybody who is signed in may ask for: their own account, the forms
OWN = {
    ("patch", "/api/v1/me"),
    ("get", "/api/v1/request-kinds"),
    ("get", "/api/v1/sign-ins"),
    ("put", "/api/v1/session/activity"),
    ("get", "/api/v1/sessions"),
    ("delete", "/api/v1/sessions"),
}
# the network's directory: every verified organization and every group, by all who work in the network
DIRECTORY = {"/api/v1/organizations/{id}", "/api/v1/working-groups/{id}", "/api/v1/working-groups/{id}/audience"}
# whose lists are empty to those who are not in the group
INSIDE_GROUPS = {f"/api/v1/working-groups/{{working_group}}/{inside}" for inside in ("members", "entries")}
WITHIN_DIRECTORY = ("/api/v1/organizations/{", "/api/v1/working-groups/{")

# after it, its caller is told nothing any more
LOCKS = ("post", "/api/v1/session/lock")


@dataclass(frozen=True)
class Operation:
    method: str
    path: str

    @property
    def about_one(self) -> bool:
        return "{" in self.path


def operations() -> list[Operation]:
    document = SchemaGenerator().get_schema(request=None, public=True)
    found = [Operation(m, path) for path, methods in document["paths"].items() for m in METHODS if m in methods]
    return [each for each in found if (each.method, each.path) != LOCKS]


def filled(scene: Any, path: str) -> str:
    """The address with ids of objects that exist and belong to others."""
    ids = {
        "organizations": scene.agency.pk,
        "people": scene.dana.pk,
        "leads": scene.dana.pk,
        "members": scene.dana.pk,
        "moderators": scene.dana.pk,
        "working-groups": scene.group.pk,
        "sessions": session_of(scene.dana),
        "group-invitations": scene.quiet.invitations.get(state="pending").pk,
        "rule-acceptances": scene.asked(scene.dana).pk,
        "join-applications": scene.group.applications.get(state="pending").pk,
        "requests": scene.request.pk,
        "answers": Answer.objects.get(organization=scene.house).pk,
        "channels": scene.group.channel_id,
        "messages": scene.group.channel.messages.get().pk,
    }
    words = path.split("/")
    for n, word in enumerate(words):
        if word == "{token}":
            words[n] = "no-such-token"
        elif word.startswith("{"):
            inside = words[n - 1]
            words[n] = str(
                Invitation.objects.get(organization=scene.agency).pk if inside == "invitations" else ids[inside]
            )
    return "/".join(words)


def session_of(person: Any) -> Any:
    world.session(person)
    return person.sessions.first().public_id


def tried(scene: Any, caller: Any, operation: Operation) -> Any:
    path = filled(scene, operation.path)
    if operation.method == "get":
        return caller.get(path)
    call = getattr(caller, operation.method)
    with unchanged():
        return call(path, {}, content_type="application/json", headers={"If-Match": '"1"'})


def walk(scene: Any, caller: Any, expected: Any, secrets: Any) -> None:
    wrong = []
    for operation in operations():
        answer = tried(scene, caller, operation)
        if answer.status_code not in expected(operation):
            wrong.append(f"{operation.method} {operation.path}: {answer.status_code}, not {expected(operation)}")
        told = answer.content.decode() + str(answer.headers)
        wrong += [f"{operation.method} {operation.path} says {word}" for word in secrets if word in told]
    assert not wrong, "\n".join(wrong)


def open_to_all(operation: Operation) -> set[int] | None:
    if (operation.method, operation.path) in OPEN:
        return {200}
    if operation.path.startswith(BY_TOKEN):
        return {404}
    return None


def test_a_stranger(scene):
    walk(scene, world.client(), lambda o: open_to_all(o) or {401}, (CANARY, *PEOPLE, *NETWORK))


def test_somebody_whose_second_factor_is_missing(scene):
    Network.objects.update(second_factor_required=True)
    caller = world.client(scene.mara, second_factor=False)
    own_session = ("Mara", "County Agency")
    secrets = {CANARY, *PEOPLE, *NETWORK}.difference(own_session)
    walk(scene, caller, lambda o: open_to_all(o) or {403}, secrets)


def test_somebody_who_works_for_nobody(scene):
    def expected(operation: Operation) -> set[int]:
        if found := open_to_all(operation):
            return found
        if (operation.method, operation.path) in OWN:
            return {200, 204}
        if operation.about_one:
            return {404}
        return {200} if operation.method == "get" else {403, 404, 422}

    walk(scene, world.client(world.person(name="Nobody")), expected, (CANARY, *PEOPLE, *NETWORK))


def test_somebody_of_an_organization_to_which_nothing_was_shared(scene):
    def expected(operation: Operation) -> set[int]:
        if found := open_to_all(operation):
            return found
        if (operation.method, operation.path) in OWN:
            return {200, 204}
        if operation.method == "get" and operation.path in DIRECTORY:
            return {200}
        if operation.method == "get" and operation.path in INSIDE_GROUPS:
            return {200}
        if operation.path.startswith(WITHIN_DIRECTORY):
            return {403, 404, 422}
        if operation.about_one:
            return {404}
        return {200} if operation.method == "get" else {403, 404, 422}

    walk(scene, world.client(scene.otto), expected, (CANARY, *PEOPLE))


def test_the_walk_would_notice(scene):
    """Somebody in the thick of it reads what the outsiders must not: the tokens are really there."""
    everything = "".join(
        tried(scene, world.client(scene.mara), o).content.decode() for o in operations() if o.method == "get"
    )
    for word in ("note", "answer", "message", "line", "application", "invitation", "rule", "quiet group"):
        assert f"{CANARY} {word}" in everything
    assert f"{CANARY}@example.org" in everything
    assert all(name in everything for name in (*PEOPLE, *NETWORK))
