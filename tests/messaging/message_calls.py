"""What the tests of messages call."""

from uuid import uuid4

from messaging.models import Message
from tests import world
from tests.scene import API

PATH = f"{API}/channels"
JSON = {"content_type": "application/json"}


def get(person, channel, path="/messages"):
    return world.client(person).get(f"{PATH}/{channel.pk}{path}")


def post(person, channel, **form):
    return world.client(person).post(f"{PATH}/{channel.pk}/messages", {"id": str(uuid4()), "body": "x", **form})


def of(message, path=""):
    return f"{PATH}/{message.channel_id}/messages/{message.pk}{path}"


def edit(person, message, version=None, **form):
    version = version or Message.objects.get(pk=message.pk).version
    return world.client(person).patch(of(message), form, headers={"If-Match": f'"{version}"'}, **JSON)


def put(person, message, path):
    return world.client(person).put(of(message, path), {}, **JSON)


def again(obj):
    return type(obj)._default_manager.get(pk=obj.pk)


def mine(person, channel):
    return world.client(person).get(f"{PATH}/{channel.pk}").json()["mine"]
