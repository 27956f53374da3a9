"""What a body may hold. Unknown fields are refused: a typing error must never pass as silence."""

from typing import Any, NoReturn

from rest_framework import serializers
from rest_framework.request import Request


class Form(serializers.Serializer[Any]):
    # the strict base of every input: a docstring here would describe them all in the OpenAPI document
    default_error_messages = {"unknown_field": "There is no such field."}

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, dict):
            unknown = {
                name: [serializers.ErrorDetail("There is no such field.", code="unknown_field")]
                for name in data.keys() - self.fields.keys()
            }
            if unknown:
                raise serializers.ValidationError(unknown)
        return super().to_internal_value(data)


class Text(serializers.CharField):
    """Words, not numbers or booleans; no control characters (NUL would end the write)."""

    default_error_messages = {"wrong_type": "Write text.", "invalid": "This holds characters that are not text."}

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            self.fail("wrong_type")
        return super().to_internal_value(data)


class Number(serializers.IntegerField):
    """A whole number, not a string that looks like one, nor a boolean."""

    default_error_messages = {"wrong_type": "Write a whole number."}

    def to_internal_value(self, data: Any) -> int:
        if isinstance(data, bool) or not isinstance(data, int):
            self.fail("wrong_type")
        return super().to_internal_value(data)


class Identifier(serializers.UUIDField):
    """An id as text: the framework's own field takes any number for one."""

    default_error_messages = {"wrong_type": "Write an id.", "invalid": "This is not an id."}

    def to_internal_value(self, data: Any) -> Any:
        if not isinstance(data, str):
            self.fail("wrong_type")
        return super().to_internal_value(data)


class Flag(serializers.BooleanField):
    default_error_messages = {"wrong_type": "Say true or false."}

    def to_internal_value(self, data: Any) -> bool:
        if not isinstance(data, bool):
            self.fail("wrong_type")
        return data


def read(form: type[Form], request: Request, *, partial: bool = False, **context: Any) -> dict[str, Any]:
    """The validated body, or a 422 that names each faulty field. A partial one holds what it says and no more."""
    serializer = form(data=request.data, context={"request": request, **context}, partial=partial)
    serializer.is_valid(raise_exception=True)
    return dict(serializer.validated_data)


def refuse(field: str, code: str, message: str) -> NoReturn:
    raise serializers.ValidationError({field: [serializers.ErrorDetail(message, code=code)]})
