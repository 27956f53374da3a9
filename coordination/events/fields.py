"""A date and a time of day by the clock of a place: no moment, until it is said which place."""

from datetime import datetime
from typing import Any

from django.db import models


class LocalField(models.Field):
    """Kept as text, so that no database moves it to a zone: `2030-03-10T09:00`."""

    _pyi_private_set_type: datetime
    _pyi_private_get_type: datetime

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **{**options, "max_length": 16})

    def get_internal_type(self) -> str:
        return "CharField"

    def from_db_value(self, value: str | None, *_: Any) -> datetime | None:
        return self.to_python(value)

    def to_python(self, value: Any) -> Any:
        return datetime.fromisoformat(value) if isinstance(value, str) else value

    def get_prep_value(self, value: Any) -> Any:
        return said(value) if isinstance(value, datetime) else value


def said(local: datetime) -> str:
    return local.isoformat(timespec="minutes")
