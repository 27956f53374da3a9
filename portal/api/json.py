"""JSON in and out. What cannot be read is told apart from what is wrong in it."""

from typing import Any, ClassVar

import msgspec
from django.conf import settings
from rest_framework import parsers, renderers

from portal.kernel.errors import Problem


class JSONParser(parsers.BaseParser):
    media_type = "application/json"

    def parse(self, stream: Any, media_type: str | None = None, parser_context: Any = None) -> Any:
        body = stream.read(settings.BODY_LIMIT + 1)
        if len(body) > settings.BODY_LIMIT:
            raise Problem("too_large")
        if not body:
            return {}
        try:
            data = msgspec.json.decode(body)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            raise Problem("malformed", "The body is not valid UTF-8 JSON.") from None
        if not isinstance(data, dict):
            raise Problem("malformed", "The body must be a JSON object.")
        return data


class JSONRenderer(renderers.BaseRenderer):
    media_type = "application/json"
    format = "json"
    charset = None
    ensure_ascii: ClassVar[bool] = False

    def render(self, data: Any, accepted_media_type: str | None = None, renderer_context: Any = None) -> bytes:
        return b"" if data is None else msgspec.json.encode(data, enc_hook=str)


class CSVRenderer(JSONRenderer):
    """For those who ask for a table: its view writes it, and only a refusal comes here, JSON as ever."""

    media_type = "text/csv"


class PDFRenderer(JSONRenderer):
    """The same for a page on paper."""

    media_type = "application/pdf"
