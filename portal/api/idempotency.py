"""`Idempotency-Key`: a creating call that is sent twice is done once and answered twice."""

import hashlib
from collections.abc import Callable
from typing import cast

import msgspec
from django.db import IntegrityError, transaction
from rest_framework.request import Request
from rest_framework.response import Response

from portal.api.models import IdempotencyKey
from portal.kernel.errors import Conflict, Problem
from portal.kernel.writing import retrying
from portal.people.models import User

HEADER = "Idempotency-Key"


def once(request: Request, create: Callable[[], Response]) -> Response:
    """Run `create` at most once for this person, key and body; the key's row commits with the write."""
    key = request.headers.get(HEADER)
    if not key:
        return create()
    if not (1 <= len(key) <= 64 and key.isprintable()):
        raise Problem("malformed", f"{HEADER} is 1 to 64 printable characters.")
    said = f"{request.method} {request.path}\n".encode() + msgspec.json.encode(request.data, order="sorted")
    digest = hashlib.sha256(said).hexdigest()
    return earlier(request, key, digest) or retrying(lambda: first(request, key, digest, create))


def first(request: Request, key: str, digest: str, create: Callable[[], Response]) -> Response:
    with transaction.atomic():
        try:
            with transaction.atomic():
                row = IdempotencyKey.objects.create(person=cast(User, request.user), key=key, digest=digest)
        except IntegrityError:
            found = earlier(request, key, digest)
            assert found is not None  # the row that was in the way
            return found
        response = create()
        row.status = response.status_code
        row.answer = msgspec.json.encode(response.data, enc_hook=str).decode()
        row.save(update_fields=["status", "answer"])
        return response


def earlier(request: Request, key: str, digest: str) -> Response | None:
    row = IdempotencyKey.objects.filter(person=cast(User, request.user), key=key).first()
    if row is None:
        return None
    if row.digest != digest:
        raise Conflict("idempotency_key_reused")
    return Response(msgspec.json.decode(row.answer), status=row.status)
