"""The least that a Python server behind ASGI can do and still store each message before it is heard:
no sign-in, no permission, no log; whatever came together is stored in one commit.

    python -m tests.bench.least PORT DATABASE_URL
"""

import asyncio
import json
import sys
from typing import Any

import psycopg
import uvicorn


class Room:
    def __init__(self, database: str) -> None:
        self.database = database
        self.members: set[Any] = set()
        self.said: list[str] = []
        self.woken = asyncio.Event()

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "lifespan":
            await self.live(receive, send)
            return
        await receive()
        await send({"type": "websocket.accept"})
        self.members.add(send)
        while (event := await receive())["type"] == "websocket.receive":
            self.said.append(event["text"])
            self.woken.set()
        self.members.discard(send)

    async def live(self, receive: Any, send: Any) -> None:
        await receive()
        self.connection = await psycopg.AsyncConnection.connect(self.database, autocommit=True)
        await self.connection.execute(
            "CREATE TABLE said (id bigserial PRIMARY KEY, body text NOT NULL, at timestamptz NOT NULL DEFAULT now())"
        )
        work = asyncio.create_task(self.pass_on())
        await send({"type": "lifespan.startup.complete"})
        await receive()
        if work.done():
            work.result()
        work.cancel()
        await self.connection.close()
        await send({"type": "lifespan.shutdown.complete"})

    async def pass_on(self) -> None:
        while True:
            await self.woken.wait()
            self.woken.clear()
            texts, self.said = self.said, []
            bodies = [json.loads(text)["message"] for text in texts]
            await self.connection.execute("INSERT INTO said (body) SELECT unnest(%s::text[])", [bodies])
            for body in bodies:
                event = {"type": "websocket.send", "text": json.dumps({"message": body})}
                for member in list(self.members):
                    try:
                        await member(event)
                    except Exception:
                        self.members.discard(member)


if __name__ == "__main__":
    port, database = sys.argv[1:]
    uvicorn.run(
        Room(database),
        port=int(port),
        ws="websockets-sansio",
        ws_per_message_deflate=False,
        lifespan="on",
        log_level="warning",
    )
