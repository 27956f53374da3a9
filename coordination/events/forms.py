"""The forms of events. No field asks for a person, or for a place finer than a county; directions are said apart."""

import re
from datetime import datetime
from typing import Any
from zoneinfo import available_timezones

from rest_framework import serializers

from coordination.events.kinds import KINDS
from coordination.events.models import LONGEST_RULE, Whereabouts
from coordination.requests.forms import NO_PERSON, ActingForm
from coordination.resources.forms import Area, AudienceFields
from portal.api.forms import Flag, Form, Identifier, Number, Text, refuse

MOST_SEATS = 100_000
SHORTEST, LONGEST = 5, 31 * 24 * 60
MOST_AT_ONCE = 100


class LocalMoment(Text):
    """A date and a time of day by the clock of the place."""

    default_error_messages = {"not_a_date": "Write a date and time without a zone, such as 2030-03-10T09:00."}

    def to_internal_value(self, data: Any) -> Any:
        local = super().to_internal_value(data)
        moment = local_moment(local)
        if moment is None:
            self.fail("not_a_date")
        return moment


def local_moment(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text) if re.fullmatch(r"[0-9-]{10}T[0-9:]{5}", text) else None
    except ValueError:
        return None


class Zone(Text):
    default_error_messages = {"not_a_choice": "Write a time zone by its name, such as America/Chicago."}

    def to_internal_value(self, data: Any) -> str:
        zone = super().to_internal_value(data)
        if zone not in available_timezones():
            self.fail("not_a_choice")
        return zone


def seats() -> Number:
    return Number(min_value=1, max_value=MOST_SEATS, required=False, allow_null=True, default=None)


class WordsForm(Form):
    """What is said of an event; no area: it is online only."""

    title = Text(max_length=120, help_text=NO_PERSON)
    about = Text(max_length=2000, required=False, allow_blank=True, default="", help_text=NO_PERSON)
    area = Area(max_length=16, required=False, allow_blank=True, default="")
    seats = seats()
    certificate = Flag(required=False, default=False, help_text="Whether who was there gets a certificate.")


class WhereaboutsFields(Form):
    text = Text(max_length=1000)
    shown_to = serializers.ChoiceField(Whereabouts.ShownTo.values, required=False, default="registered")


class WhereaboutsForm(WhereaboutsFields):
    what = serializers.ChoiceField(Whereabouts.What.values)

    def validate(self, data: dict[str, Any]) -> dict[str, Any]:
        require_link(data["what"], data["text"])
        return data


def require_link(what: str, text: str) -> None:
    if what == Whereabouts.What.ONLINE and not re.fullmatch(r"https://[^\s/]+\S*", text):
        refuse("text", "not_a_link", "Write a link, such as https://meet.example.org/room.")


class WhenFields(Form):
    """By the clock of the zone; a rule of RFC 5545 that ends, or none for one date."""

    zone = Zone(max_length=64)
    local_start = LocalMoment()
    minutes = Number(min_value=SHORTEST, max_value=LONGEST)
    rule = Text(max_length=LONGEST_RULE, required=False, allow_blank=True, default="")


class EventForm(WhenFields, WordsForm, AudienceFields):
    kind = serializers.ChoiceField(list(KINDS))
    exercise = Flag(required=False, default=False)
    whereabouts = serializers.ListField(child=WhereaboutsForm(), required=False, default=list, max_length=2)

    def validate_whereabouts(self, said: list[dict[str, str]]) -> list[dict[str, str]]:
        if len({each["what"] for each in said}) < len(said):
            raise serializers.ValidationError("This is said twice.", code="duplicate")
        return said


class FollowingForm(WhenFields, WordsForm):
    """Of an event from one of its dates on; what is not said stays as it is."""


class DateForm(Form):
    local_start = LocalMoment()
    minutes = Number(min_value=SHORTEST, max_value=LONGEST)
    seats = seats()


class RegisterPeopleForm(ActingForm):
    people = serializers.ListField(child=Identifier(), allow_empty=False, max_length=MOST_AT_ONCE)


class AttendanceForm(Form):
    attended = Flag(allow_null=True)
