"""The chat of the Channels tutorial, with each message saved by the ORM: what most would begin with.

python -m tests.bench.naive PORT DATABASE_URL REDIS_URL
"""

import json
import sys
from typing import Any
from urllib.parse import urlsplit

import django
import uvicorn
from django.conf import settings

ROOM = "room"


def application(database: str, redis: str) -> Any:
    at = urlsplit(database)
    settings.configure(
        DATABASES={
            "default": {
                "ENGINE": "django.db.backends.postgresql",
                "NAME": at.path[1:],
                "USER": at.username,
                "PASSWORD": at.password,
                "HOST": at.hostname,
                "PORT": at.port,
                "CONN_MAX_AGE": None,
            }
        },
        CHANNEL_LAYERS={
            "default": {
                "BACKEND": "channels_redis.core.RedisChannelLayer",
                # the client's own limit of 100 connections would refuse most of a thousand members
                "CONFIG": {"hosts": [{"address": redis, "max_connections": 5000}]},
            }
        },
        USE_TZ=True,
    )
    django.setup()
    from channels.db import database_sync_to_async
    from channels.generic.websocket import AsyncWebsocketConsumer
    from channels.routing import ProtocolTypeRouter
    from django.db import connection, models

    class Message(models.Model):
        body = models.TextField()
        at = models.DateTimeField(auto_now_add=True)

        class Meta:
            app_label = "naive"

    with connection.schema_editor() as editor:
        editor.create_model(Message)

    class Chat(AsyncWebsocketConsumer):  # type: ignore[misc]
        async def connect(self) -> None:
            await self.channel_layer.group_add(ROOM, self.channel_name)
            await self.accept()

        async def disconnect(self, code: int) -> None:
            await self.channel_layer.group_discard(ROOM, self.channel_name)

        async def receive(self, text_data: str) -> None:
            body = json.loads(text_data)["message"]
            await database_sync_to_async(Message.objects.create)(body=body)
            await self.channel_layer.group_send(ROOM, {"type": "chat.message", "message": body})

        async def chat_message(self, event: dict[str, Any]) -> None:
            await self.send(text_data=json.dumps({"message": event["message"]}))

    return ProtocolTypeRouter({"websocket": Chat.as_asgi()})


if __name__ == "__main__":
    port, database, redis = sys.argv[1:]
    chat = application(database, redis)
    uvicorn.run(chat, port=int(port), ws="websockets-sansio", lifespan="off", log_level="warning")
