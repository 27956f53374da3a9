"""A lean Django REST framework view: msgspec in and out, one query for the permission, one insert.

python -m tests.bench.lean PORT DATABASE_URL
"""

import asyncio
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from io import BytesIO
from typing import Any
from urllib.parse import urlsplit

import django
import msgspec
import uvicorn
from django.conf import settings
from django.core.handlers.asgi import ASGIRequest
from django.core.handlers.base import BaseHandler

from portal.api.asgi import answer, packed, spool


class Said(msgspec.Struct):
    body: str


def application(database: str, session_key: str) -> Any:
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
        SECRET_KEY=session_key,
        ALLOWED_HOSTS=["*"],
        ROOT_URLCONF=__name__,
        USE_TZ=True,
        INSTALLED_APPS=["django.contrib.auth", "django.contrib.contenttypes", "django.contrib.sessions"],
        MIDDLEWARE=[
            "django.contrib.sessions.middleware.SessionMiddleware",
            "django.middleware.csrf.CsrfViewMiddleware",
            "django.contrib.auth.middleware.AuthenticationMiddleware",
        ],
    )
    django.setup()
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.auth.models import User
    from django.contrib.sessions.backends.db import SessionStore
    from django.contrib.sessions.models import Session
    from django.core.management import call_command
    from django.db import connection, models
    from django.http import HttpResponse
    from django.urls import path
    from django.utils import timezone
    from rest_framework.request import Request
    from rest_framework.views import APIView

    class Permission(models.Model):
        person = models.ForeignKey(User, on_delete=models.CASCADE)

        class Meta:
            app_label = "lean"

    class Message(models.Model):
        body = models.TextField()
        at = models.DateTimeField(auto_now_add=True)

        class Meta:
            app_label = "lean"

    call_command("migrate", verbosity=0)
    with connection.schema_editor() as editor:
        editor.create_model(Permission)
        editor.create_model(Message)
    person = User.objects.create(username="ann")
    Permission.objects.create(person=person)
    session = {
        SESSION_KEY: str(person.pk),
        BACKEND_SESSION_KEY: "django.contrib.auth.backends.ModelBackend",
        HASH_SESSION_KEY: person.get_session_auth_hash(),
    }
    expires = timezone.now() + timedelta(days=1)
    Session.objects.create(session_key=session_key, session_data=SessionStore().encode(session), expire_date=expires)

    class Messages(APIView):
        def post(self, request: Request) -> HttpResponse:
            said = msgspec.json.decode(request.body, type=Said)
            if not Permission.objects.filter(person=request.user.pk).exists():
                return HttpResponse(status=403)
            message = Message.objects.create(body=said.body)
            answer = {"id": message.pk, "body": message.body, "at": message.at}
            return HttpResponse(msgspec.json.encode(answer), status=201, content_type="application/json")

    sys.modules[__name__].urlpatterns = [path("messages", Messages.as_view())]  # type: ignore[attr-defined]
    return Handler()


class Handler(BaseHandler):
    """The same road to the view as the portal's: a pool of threads with lasting connections."""

    def __init__(self) -> None:
        self.load_middleware(is_async=False)
        self.pool = ThreadPoolExecutor(4)

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        body = await spool(scope, receive, 1_048_576)
        await answer(send, *await asyncio.get_running_loop().run_in_executor(self.pool, self.respond, scope, body))

    def respond(self, scope: Any, body: bytes) -> Any:
        return packed(self.get_response(ASGIRequest(scope, BytesIO(body))))


if __name__ == "__main__":
    port, database, session_key = sys.argv[1:]
    uvicorn.run(application(database, session_key), port=int(port), lifespan="off", log_level="warning")
