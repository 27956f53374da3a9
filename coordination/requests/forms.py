"""The forms of requests: what each kind asks, drawn from the table of kinds."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import cache
from typing import Any

import pycountry
from rest_framework import serializers

from coordination.requests.kinds import KINDS, OUTCOMES, REASONS, ROLES, Field
from coordination.requests.models import Answer
from portal.api.forms import Flag, Form, Identifier, Number, Text, refuse
from portal.api.moments import Moment
from portal.kernel.models import Network

NO_PERSON = "Never name or describe a survivor."
MOST_CHOICES = 10
MOST_PLACES = 50


@cache
def languages() -> frozenset[str]:
    """ISO 639-3 codes of living languages, sign languages among them."""
    return frozenset(language.alpha_3 for language in pycountry.languages)


def choices_of(field: Field) -> Sequence[str]:
    if field.source == "areas":
        return Network.current().areas
    if field.source == "languages":
        return sorted(languages())
    return field.choices or ()


class Stored(Moment):
    """A moment inside `details`, which are JSON."""

    def to_internal_value(self, value: Any) -> Any:
        moment: datetime = super().to_internal_value(value)
        return moment.isoformat()


def form_field(field: Field) -> serializers.Field[Any, Any, Any, Any]:
    match field.type:
        case "integer":
            return Number(min_value=field.minimum, max_value=field.maximum, required=field.required)
        case "choice":
            return serializers.ChoiceField(list(choices_of(field)), required=field.required)
        case "choices":
            one = serializers.ChoiceField(list(choices_of(field)))
            if field.required:
                return serializers.ListField(child=one, allow_empty=False, max_length=MOST_CHOICES)
            return serializers.ListField(child=one, required=False, max_length=MOST_CHOICES, default=list)
        case "datetime":
            return Stored(required=field.required)
        case "text":
            return Text(max_length=field.maximum_length, required=field.required, help_text=NO_PERSON)


def details_form(kind: str) -> type[Form]:
    return type(f"{kind}_details", (Form,), {f.name: form_field(f) for f in KINDS[kind].fields})


def check_details(kind: str, details: Any) -> dict[str, Any]:
    """The validated details, or errors under `details.<field>`."""
    form = details_form(kind)(data=details)
    if not form.is_valid():
        raise serializers.ValidationError({"details": form.errors})
    checked = dict(form.validated_data)
    if KINDS[kind].counts_people and checked["adults"] + checked["children"] == 0:
        refuse("details", "nobody", "Say for how many adults or children.")
    return checked


class RolePlaces(Form):
    role = serializers.ChoiceField(list(ROLES))
    places = Number(min_value=1, max_value=MOST_PLACES)


class ByRole(serializers.ListField):
    """Places for roles, each role once. Kept in the order in which they are named."""

    default_error_messages = {
        "duplicate": "Name each role once.",
        "too_high": f"There can be {MOST_PLACES} places at most.",
    }

    def __init__(self, **options: Any) -> None:
        super().__init__(child=RolePlaces(), required=False, max_length=len(ROLES), **options)

    def to_internal_value(self, data: Any) -> Any:
        rows = super().to_internal_value(data)
        roles = {row["role"]: row["places"] for row in rows}
        if len(roles) < len(rows):
            self.fail("duplicate")
        if sum(roles.values()) > MOST_PLACES:
            self.fail("too_high")
        return roles


class RequestForm(Form):
    acting_for = Identifier()
    kind = serializers.ChoiceField(list(KINDS))
    details = serializers.DictField()
    note = Text(max_length=500, required=False, allow_blank=True, default="", help_text=NO_PERSON)
    places = Number(min_value=1, max_value=MOST_PLACES, required=False, default=1)
    slots = ByRole(default=dict, help_text="Where roles are named, the places are theirs.")
    pick = Flag(required=False, default=False)
    exercise = Flag(required=False, default=False)
    answer_by = Moment(past=timedelta(), required=False, allow_null=True, default=None)
    backup = Identifier(required=False, allow_null=True, default=None)
    organizations = serializers.ListField(child=Identifier(), required=False, default=list, max_length=100)
    working_groups = serializers.ListField(child=Identifier(), required=False, default=list, max_length=50)

    def validate(self, data: dict[str, Any]) -> dict[str, Any]:
        return {**data, "details": check_details(data["kind"], data["details"])}


class RequestEditForm(Form):
    """`context` holds the request's kind."""

    details = serializers.DictField(required=False)
    note = Text(max_length=500, required=False, allow_blank=True, help_text=NO_PERSON)
    places = Number(min_value=1, max_value=MOST_PLACES, required=False)
    slots = ByRole()
    backup = Identifier(required=False, allow_null=True)

    def validate(self, data: dict[str, Any]) -> dict[str, Any]:
        if "details" in data:
            data["details"] = check_details(self.context["kind"], data["details"])
        return data


class OutcomeForm(Form):
    outcome = serializers.ChoiceField(list(OUTCOMES))
    note = Text(max_length=500, required=False, allow_blank=True, default="", help_text=NO_PERSON)


class WithdrawForm(Form):
    reason = Text(max_length=500, required=False, allow_blank=True, default="", help_text=NO_PERSON)


class NoteForm(Form):
    text = Text(max_length=500, help_text=NO_PERSON)


class ActingForm(Form):
    acting_for = Identifier()


class AnswerForm(ActingForm):
    answer = serializers.ChoiceField([Answer.State.YES, Answer.State.MAYBE, Answer.State.NO])
    reason = serializers.ChoiceField(list(REASONS), required=False, allow_blank=True, default="")
    note = Text(max_length=500, required=False, allow_blank=True, default="", help_text=NO_PERSON)
    takes = ByRole(default=dict, help_text="Which roles a yes fills, where the request names some.")

    def validate(self, data: dict[str, Any]) -> dict[str, Any]:
        if data["answer"] == Answer.State.NO and not data["reason"]:
            refuse("reason", "required", "Say why not: it helps the one who asks.")
        if data["answer"] != Answer.State.YES and data["takes"]:
            refuse("takes", "invalid", "Only a yes fills a role.")
        return data


class RedirectForm(ActingForm):
    organization = Identifier()
    reason = serializers.ChoiceField(list(REASONS))
    note = Text(max_length=500, required=False, allow_blank=True, default="", help_text=NO_PERSON)
