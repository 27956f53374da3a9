"""The kinds of request, in one table: the form, the validation, the clocks and the documentation read it.

No field asks for a person. Places are never finer than a county.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

import msgspec

REASONS = ("capacity", "eligibility", "area", "conflict_of_interest", "no_agreement", "no_consent", "other")
OUTCOMES = ("met", "partly_met", "not_met", "no_longer_needed")


class Field(msgspec.Struct, frozen=True, kw_only=True):
    """One field of a kind. `source` says where choices come from: the network's areas, or ISO 639-3 languages."""

    name: str
    type: Literal["integer", "choice", "choices", "datetime", "text"]
    required: bool = True
    minimum: int | None = None
    maximum: int | None = None
    maximum_length: int | None = None
    choices: tuple[str, ...] | None = None
    source: Literal["languages", "areas"] | None = None


@dataclass(frozen=True, kw_only=True)
class RequestKind:
    """`acknowledge` and `answer` are the clocks; `lasts` is how long past its moment a request stays open."""

    name: str
    acknowledge: timedelta
    answer: timedelta
    lasts: timedelta
    fields: tuple[Field, ...]


AREA = Field(name="area", type="choice", source="areas")
STARTS_AT = Field(name="starts_at", type="datetime")

KINDS = {
    kind.name: kind
    for kind in (
        RequestKind(
            name="emergency_shelter",
            acknowledge=timedelta(minutes=5),
            answer=timedelta(minutes=30),
            lasts=timedelta(days=1),
            fields=(
                Field(name="adults", type="integer", minimum=0, maximum=20),
                Field(name="children", type="integer", minimum=0, maximum=20),
                STARTS_AT,
                Field(name="nights", type="integer", minimum=1, maximum=90),
                Field(name="languages", type="choices", source="languages", required=False),
                AREA,
            ),
        ),
        RequestKind(
            name="interpreter_now",
            acknowledge=timedelta(minutes=10),
            answer=timedelta(minutes=30),
            lasts=timedelta(days=1),
            fields=(
                Field(name="language", type="choice", source="languages"),
                Field(name="mode", type="choice", choices=("phone", "video", "in_person")),
                Field(name="purpose", type="choice", choices=("service", "investigative")),
                Field(name="gender_preference", type="choice", choices=("none", "female", "male")),
                STARTS_AT,
                Field(name="duration_minutes", type="integer", minimum=15, maximum=480),
                AREA,
            ),
        ),
        RequestKind(
            name="information_request",
            acknowledge=timedelta(days=2),
            answer=timedelta(days=5),
            lasts=timedelta(days=14),
            fields=(
                Field(name="topic", type="choice", choices=("services", "law", "training", "data", "other")),
                Field(name="question", type="text", maximum_length=2000),
            ),
        ),
    )
}
