"""What the tests of channels call."""

from messaging.models import Channel
from messaging.queries import channel_member
from tests import world
from tests.scene import API

PATH = f"{API}/channels"
JSON = {"content_type": "application/json"}


def create(person, **form):
    return world.client(person).post(PATH, {"name": "Rota", **form})


def get(person, path=""):
    return world.client(person).get(PATH + path)


def put(person, channel, path):
    return world.client(person).put(f"{PATH}/{channel.pk}{path}", {}, **JSON)


def add(person, channel, *people):
    return world.client(person).post(f"{PATH}/{channel.pk}/people", {"people": [str(p) for p in people]})


def edit(person, channel, version=None, **form):
    version = version or Channel.objects.get(pk=channel.pk).version
    return world.client(person).patch(f"{PATH}/{channel.pk}", form, headers={"If-Match": f'"{version}"'}, **JSON)


def names(person, channel):
    return sorted(m["person"]["name"] for m in get(person, f"/{channel.pk}/members").json()["results"])


def found(person, path="/candidates", search=""):
    return [c["person"]["name"] for c in get(person, f"{path}?search={search}").json()]


def seated(channel, person):
    return channel_member(person, channel, person.pk)
