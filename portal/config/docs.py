"""`/api/docs`: the OpenAPI document as a page for people. Readable without script."""

import base64
import hashlib
import json
from functools import cache
from pathlib import Path
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from drf_spectacular.generators import SchemaGenerator

from portal.people import accounts

STYLE = (Path(__file__).parent / "templates" / "docs.css").read_text()
STYLE_HASH = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
POLICY = f"default-src 'none'; style-src 'sha256-{STYLE_HASH}'; frame-ancestors 'none'; base-uri 'none'"


def page(request: HttpRequest) -> HttpResponse:
    return HttpResponse(rendered(), headers={"Content-Security-Policy": POLICY})


@cache
def rendered() -> str:
    document = SchemaGenerator().get_schema(request=None, public=True)
    schemas = document["components"]["schemas"]
    return render_to_string(
        "docs.html",
        {
            "style": STYLE,
            "info": document["info"],
            "sections": sections(document["paths"]),
            "sign_in": [
                {"method": method.upper(), "path": path, "description": operation.get("summary", "")}
                for path, operations in accounts.document()["paths"].items()
                for method, operation in operations.items()
            ],
            "schemas": [
                {"name": name, "description": schema.get("description", ""), "fields": fields(schema)}
                for name, schema in schemas.items()
            ],
        },
    )


def sections(paths: dict[str, Any]) -> dict[str, list[dict[str, Any]]]:
    """The operations by the first word of their path."""
    found: dict[str, list[dict[str, Any]]] = {}
    for path, methods in paths.items():
        for method, operation in methods.items():
            body = operation.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema")
            answers = [
                (status, words(answer["content"]["application/json"]["schema"]))
                for status, answer in operation["responses"].items()
                if "application/json" in answer.get("content", {})
            ]
            found.setdefault(operation["tags"][0], []).append(
                {
                    "method": method.upper(),
                    "path": path,
                    "description": operation.get("description", ""),
                    "body": words(body) if body else "",
                    "parameters": [p["name"] for p in operation.get("parameters", []) if p["in"] != "path"],
                    "answers": answers,
                }
            )
    return found


def words(schema: Any) -> str:
    """A schema in a few words: `Request`, `list of Answer`, `{result: Request, mine: RequestMine}`."""
    if "$ref" in schema:
        return str(schema["$ref"].rsplit("/", 1)[-1])
    if schema.get("type") == "array":
        return f"list of {words(schema['items'])}"
    if "properties" in schema:
        return "{" + ", ".join(f"{name}: {words(inner)}" for name, inner in schema["properties"].items()) + "}"
    if isinstance(schema.get("additionalProperties"), dict):
        return f"{{id: {words(schema['additionalProperties'])}}}"
    for several in ("anyOf", "oneOf", "allOf"):
        if several in schema:
            return " or ".join(words(one) for one in schema[several])
    if "enum" in schema:
        return " · ".join(str(value) for value in schema["enum"])
    kind = schema.get("format") or schema.get("type", "anything")
    return " or ".join(kind) if isinstance(kind, list) else str(kind)


def fields(schema: dict[str, Any]) -> list[tuple[str, str, bool, str]]:
    """(name, words, required, limits) of each property."""
    required = schema.get("required", [])
    limits = ("minLength", "maxLength", "minimum", "maximum", "maxItems", "default")
    return [
        (
            name,
            words(inner),
            name in required,
            ", ".join(f"{limit} {json.dumps(inner[limit])}" for limit in limits if limit in inner),
        )
        for name, inner in schema.get("properties", {}).items()
    ]
