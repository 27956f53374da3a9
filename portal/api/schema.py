"""The OpenAPI document: inputs from forms, answers from each kind's struct, refusals from the codes.

The structs of the wire protocol are added to its components, so that one generated file holds all
types of the web app.
"""

from collections.abc import Iterable
from typing import Any

import msgspec
from django.conf import settings
from django.db.models import TextChoices
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema

from portal.api.viewsets import ScopedViewSet
from portal.kernel.errors import CODES, FIELD_CODES

REF = "#/components/schemas/{name}"
# structs beyond the kinds' own that the document describes (the wire protocol, the session …)
EXTRA: list[type[msgspec.Struct]] = []
# what a table for spreadsheets answers
CSV: dict[str, Any] = {"type": "string", "contentMediaType": "text/csv"}
# what programs that keep calendars read
CALENDAR: dict[str, Any] = {"type": "string", "contentMediaType": "text/calendar"}


def reference(struct: Any) -> dict[str, Any]:
    """`$ref` to a struct's schema, which `finish` puts among the components."""
    if struct not in EXTRA:
        EXTRA.append(struct)
    return {"$ref": REF.format(name=struct.__name__)}


def array_of(struct: Any) -> dict[str, Any]:
    return {"type": "array", "items": reference(struct)}


def result_of(view: Any) -> dict[str, Any]:
    return {
        "type": "object",
        "required": ["result", "mine"],
        "properties": {"result": reference(view.kind.struct), "mine": reference(view.mine_struct)},
    }


def page_of(view: Any) -> dict[str, Any]:
    return {
        "type": "object",
        "required": ["results", "mine", "next", *view.besides],
        "properties": {
            "results": array_of(view.kind.struct),
            "mine": {"type": "object", "additionalProperties": reference(view.mine_struct)},
            "next": {"type": ["string", "null"], "description": "The cursor of the next page."},
            **view.besides,
        },
    }


def body(media_type: str, schema: Any) -> dict[str, Any]:
    if schema is None:
        return {"description": "Done."}
    return {"description": "", "content": {media_type: {"schema": schema}}}


class SessionScheme(OpenApiAuthenticationExtension):
    target_class = "portal.api.authentication.SessionAuthentication"
    name = "session"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {"type": "apiKey", "in": "cookie", "name": settings.SESSION_COOKIE_NAME}


class Schema(AutoSchema):
    """Knows the envelope of scoped viewsets, so that no view repeats it."""

    def get_response_serializers(self) -> Any:
        if not isinstance(self.view, ScopedViewSet):
            return super().get_response_serializers()
        if getattr(self.view, "action", "") == "list":
            return page_of(self.view)
        if self.method == "DELETE":
            return {204: None}
        return result_of(self.view)

    def get_request_serializer(self) -> Any:
        return None

    def get_override_parameters(self) -> list[Any]:
        return []

    def _get_paginator(self) -> None:
        return None

    def get_tags(self) -> list[str]:
        return [self._tokenize_path()[0]]

    def get_operation_id(self) -> str:
        action = getattr(self.view, "action", None) or getattr(self.view, self.method.lower()).__name__
        words = list(self._tokenize_path())
        return f"{'_'.join(words)}_{action}".replace("-", "_")

    def _get_response_bodies(self, direction: str = "response") -> Any:
        """Every answer is a schema of our own, under one status or under several."""
        answers = self.get_response_serializers()
        if not all(isinstance(status, int) for status in answers):
            created = getattr(self.view, "action", "") == "create"
            answers = {201 if created else 200: answers}
        bodies = {
            str(status): body((schema or {}).get("contentMediaType", "application/json"), schema)
            for status, schema in answers.items()
        }
        return {**bodies, "default": body("application/problem+json", {"$ref": REF.format(name="Problem")})}

    def _get_parameters(self) -> Any:
        parameters = super()._get_parameters()
        action = getattr(self.view, "action", "")
        if isinstance(self.view, ScopedViewSet) and action in ("list", "export"):
            names = [
                *(self.view.filterset_class.base_filters if self.view.filterset_class else []),
                *sorted(self.view.paging if action == "list" else ()),
            ]
        else:
            names = getattr(self.view, "parameters", [])
        parameters += [{"in": "query", "name": n, "schema": {"type": "string"}} for n in names]
        if self.method == "PATCH" and isinstance(self.view, ScopedViewSet):
            parameters.append({"in": "header", "name": "If-Match", "required": True, "schema": {"type": "string"}})
        if self.method == "POST" and action in ("create", "import_offers"):
            parameters.append({"in": "header", "name": "Idempotency-Key", "schema": {"type": "string"}})
        return parameters


def finish(result: dict[str, Any], generator: Any, request: Any, public: bool) -> dict[str, Any]:
    """Add the structs and the problem to the components."""
    schemas = result.setdefault("components", {}).setdefault("schemas", {})
    _, found = msgspec.json.schema_components(EXTRA, ref_template=REF, schema_hook=choices)
    schemas.update(found)
    schemas["Problem"] = PROBLEM
    result["components"]["schemas"] = dict(sorted(schemas.items()))
    return without(result, "x-spec-enum-id")


def without(schema: Any, key: str) -> Any:
    if isinstance(schema, dict):
        return {k: without(v, key) for k, v in schema.items() if k != key}
    return [without(v, key) for v in schema] if isinstance(schema, list) else schema


def choices(found: type) -> dict[str, Any]:
    """Django's text choices, which msgspec writes but cannot describe."""
    if not issubclass(found, TextChoices):
        raise NotImplementedError(found)
    return {"type": "string", "enum": found.values}


def describe(structs: Iterable[type[msgspec.Struct]]) -> None:
    for struct in structs:
        reference(struct)


PROBLEM = {
    "type": "object",
    "description": "RFC 9457. `code` says what happened; `errors` which fields are at fault.",
    "required": ["type", "title", "status", "code", "errors"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "code": {"type": "string", "enum": sorted(CODES)},
        "detail": {"type": "string"},
        "current": {"type": "object", "description": "With 412: the object as it is now."},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["field", "code", "message"],
                "properties": {
                    "field": {"type": "string"},
                    "code": {"type": "string", "enum": sorted(FIELD_CODES)},
                    "message": {"type": "string"},
                },
            },
        },
    },
}
