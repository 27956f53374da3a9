"""Refusals as RFC 9457 problem+json, the same bytes for what is hidden and what is absent."""

import logging
import sqlite3
from collections.abc import Iterator
from typing import Any

import msgspec
from django.core.exceptions import BadRequest, PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.db import OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from django.http.multipartparser import MultiPartParserError
from rest_framework import exceptions
from rest_framework.response import Response

from portal.kernel.errors import FIELD_CODES, FieldError, NotAllowed, NotFound, Problem
from portal.kernel.kinds import KINDS
from portal.kernel.models import Network

log = logging.getLogger(__name__)

# Django REST framework's words for a field's fault, and ours
FIELD_CODE = {
    "max_length": "too_long",
    "min_length": "too_short",
    "max_value": "too_high",
    "min_value": "too_low",
    "invalid_choice": "not_a_choice",
    "not_a_list": "wrong_type",
    "not_a_dict": "wrong_type",
    "empty": "required",
    "date": "not_a_date",
    "make_aware": "not_a_date",
    "overflow": "not_a_date",
    "max_string_length": "too_long",
}


def handle(error: Exception, context: dict[str, Any]) -> Response | None:
    problem = as_problem(error)
    if problem.obj is not None:
        (current,) = KINDS[problem.obj.kind].shape([problem.obj])
        problem.current = msgspec.to_builtins(current)
    response = Response(problem.as_dict(), status=problem.status, content_type="application/problem+json")
    if problem.status == 401:
        response["WWW-Authenticate"] = "Session"
    if problem.retry_after is not None:
        response["Retry-After"] = str(problem.retry_after)
    response["Cache-Control"] = "no-store"
    return response


def as_problem(error: Exception) -> Problem:
    match error:
        case Problem():
            return error
        case exceptions.ValidationError():
            return Problem("invalid", errors=list(field_errors(error.detail)))
        case Http404() | exceptions.NotFound():
            return NotFound()
        case exceptions.NotAuthenticated() | exceptions.AuthenticationFailed():
            return Problem("not_authenticated")
        case PermissionDenied() | exceptions.PermissionDenied():
            return NotAllowed()
        case exceptions.MethodNotAllowed():
            return Problem("method_not_allowed")
        case exceptions.NotAcceptable():
            return Problem("not_acceptable")
        case exceptions.UnsupportedMediaType():
            return Problem("unsupported_media_type")
        case exceptions.ParseError():
            return Problem("malformed")
        case exceptions.Throttled():
            return Problem("rate_limited", retry_after=int(getattr(error, "wait", None) or 1))
        case RequestDataTooBig():
            return Problem("too_large")
        case BadRequest() | SuspiciousOperation() | MultiPartParserError():
            return Problem("malformed")
        case Network.DoesNotExist():
            return Problem("unavailable", "This network is not set up yet: `portal administrator` begins it.")
        case OperationalError():
            log.error("database unavailable: %s", type(error.__cause__).__name__)
            full = isinstance(error.__cause__, sqlite3.OperationalError) and "full" in str(error)
            return Problem("storage_full" if full else "unavailable", retry_after=2)
        case _:
            log.error("unexpected error", exc_info=error)
            return Problem("internal")


def field_errors(detail: Any, path: str = "") -> Iterator[FieldError]:
    """DRF's nested details as a flat list of dotted paths."""
    if isinstance(detail, dict):
        for name, inner in detail.items():
            yield from field_errors(inner, path if name == "non_field_errors" else f"{path}.{name}".strip("."))
    elif isinstance(detail, list):
        for index, inner in enumerate(detail):
            nested = isinstance(inner, dict | list)
            if inner:
                yield from field_errors(inner, f"{path}.{index}".strip(".") if nested else path)
    else:
        yield FieldError(path, field_code(detail.code), str(detail))


def field_code(code: str) -> str:
    """The framework's word for a fault, as one of FIELD_CODES."""
    ours = FIELD_CODE.get(code, code)
    return ours if ours in FIELD_CODES else "invalid"


def http(problem: Problem) -> HttpResponse:
    """A problem outside of a view: from middleware, or where no address matches."""
    response = HttpResponse(
        msgspec.json.encode(problem.as_dict()),
        status=problem.status,
        content_type="application/problem+json",
    )
    response["Cache-Control"] = "no-store"
    return response


def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:
    return http(Problem("csrf_failed"))


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return http(NotFound())


def server_error(request: HttpRequest) -> HttpResponse:
    return http(Problem("internal"))
