"""The forms of needs, offers and pledges. No field asks for a person."""

import hashlib
import re
from datetime import timedelta
from typing import Any

import msgspec
from rest_framework import serializers

from coordination.requests.forms import NO_PERSON, ActingForm, languages
from coordination.requests.kinds import REASONS
from coordination.resources.services.listings import require_room
from coordination.resources.taxonomy import BARRIERS, CATEGORIES, COSTS, POPULATIONS, UNITS, URGENCIES
from portal.api.forms import Flag, Form, Identifier, Number, Text, refuse
from portal.api.moments import Moment
from portal.kernel import clock
from portal.kernel.areas import is_area
from portal.kernel.errors import Invalid

FAILURES = ("not_delivered", "capacity", "no_longer_needed", "other")
MOST = 100_000
MOST_AT_ONCE = 100
DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
NEED_LASTS, OFFER_LASTS = timedelta(days=14), timedelta(days=90)


class Area(Text):
    """The code of a county, a state or a country; nothing finer has one."""

    default_error_messages = {"not_a_choice": "Write the code of a county, a state or a country, such as US-IA-113."}

    def to_internal_value(self, data: Any) -> str:
        code = super().to_internal_value(data)
        if not is_area(code):
            self.fail("not_a_choice")
        return code


class LocalTime(Text):
    """A time of day in the network's zone; 24:00 is the end of a day."""

    default_error_messages = {"not_a_date": "Write a time of day, such as 08:30."}

    def to_internal_value(self, data: Any) -> str:
        time = super().to_internal_value(data)
        if not re.fullmatch("([01][0-9]|2[0-3]):[0-5][0-9]|24:00", time):
            self.fail("not_a_date")
        return time


class FileText(serializers.CharField):
    """All of it as it is: a file may begin with a byte order mark and end with empty lines."""

    default_error_messages = {"wrong_type": "Send the text of the file."}

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(trim_whitespace=False, **kwargs)

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            self.fail("wrong_type")
        return data


class IntakeHoursForm(Form):
    """On these days from when to when; what closes before it opens closes on the next day."""

    days = serializers.ListField(child=serializers.ChoiceField(list(DAYS)), allow_empty=False, max_length=7)
    opens = LocalTime(max_length=5)
    closes = LocalTime(max_length=5)


def several(*words: str) -> serializers.ListField:
    return serializers.ListField(
        child=serializers.ChoiceField(list(words)), required=False, default=list, max_length=len(words)
    )


class Language(Text):
    """An ISO 639-3 code, sign languages among them."""

    default_error_messages = {"not_a_choice": "Write a language by its ISO 639-3 code, such as spa."}

    def to_internal_value(self, data: Any) -> str:
        code = super().to_internal_value(data)
        if code not in languages():
            self.fail("not_a_choice")
        return code


class ListingFields(Form):
    """What can be edited of both."""

    area = Area(max_length=16)
    populations = several(*POPULATIONS)
    languages = serializers.ListField(child=Language(max_length=3), required=False, default=list, max_length=50)
    barriers = several(*BARRIERS)
    valid_until = Moment(past=timedelta(), required=False)
    note = Text(max_length=500, required=False, allow_blank=True, default="", help_text=NO_PERSON)


class NeedEditForm(ListingFields):
    urgency = serializers.ChoiceField(list(URGENCIES))
    quantity = Number(min_value=1, max_value=MOST)


class OfferEditForm(ListingFields):
    cost = serializers.ChoiceField(list(COSTS), required=False, default="free")
    intake_hours = serializers.ListField(child=IntakeHoursForm(), required=False, default=list, max_length=14)


class SharingForm(Form):
    """Who may see it."""

    organizations = serializers.ListField(child=Identifier(), required=False, default=list, max_length=100)
    working_groups = serializers.ListField(child=Identifier(), required=False, default=list, max_length=50)
    everyone = Flag(required=False, default=False)


class AudienceFields(SharingForm):
    """For which organization it is posted, and who may see it."""

    acting_for = Identifier()


class UnsharingForm(Form):
    """From which audience it is taken back."""

    shared_with = Identifier()


class PostingFields(Form):
    """What is said once: it does not change while it is shared."""

    lasts: timedelta

    category = serializers.ChoiceField(list(CATEGORIES))
    unit = serializers.ChoiceField(list(UNITS), required=False)
    valid_from = Moment(required=False)
    exercise = Flag(required=False, default=False)

    def validate(self, data: dict[str, Any]) -> dict[str, Any]:
        category = CATEGORIES[data["category"]]
        unit = data.get("unit", category.unit)
        if unit is None:
            refuse("unit", "required", "Say in what it is counted.")
        if unit not in category.units:
            refuse("unit", "not_a_choice", f"This is counted in {category.unit}.")
        begins = data.get("valid_from", clock.now())
        ends = data.get("valid_until", begins + self.lasts)
        return {**data, "unit": unit, "valid_from": begins, "valid_until": ends}


class NeedForm(PostingFields, NeedEditForm, AudienceFields):
    lasts = NEED_LASTS


class OfferFields(PostingFields, OfferEditForm):
    lasts = OFFER_LASTS

    maximum = Number(min_value=1, max_value=MOST)
    available = Number(min_value=0, max_value=MOST, required=False)


class OfferForm(OfferFields, AudienceFields):
    pass


class ImportedOfferForm(OfferFields):
    """An offer of a file: who offers it and who sees it is said once for all. By its id
    elsewhere it is known again."""

    external_id = Identifier(required=False)

    def validate(self, data: dict[str, Any]) -> dict[str, Any]:
        said = super().validate(data)
        try:
            require_room(said["maximum"], 0, said.get("available", said["maximum"]))
        except Invalid as fault:
            refuse(fault.errors[0].field, fault.errors[0].code, fault.errors[0].message)
        if "external_id" in said:
            return {**said, "external_id": str(said["external_id"]), "dated": "valid_until" in data}
        return {**said, "row": digest({"available": said["maximum"], **data, "unit": said["unit"]})}


def digest(row: dict[str, Any]) -> str:
    """The same for rows that say the same."""
    return hashlib.sha256(msgspec.json.encode(row, order="sorted")).hexdigest()


class OffersImportForm(AudienceFields):
    offers = serializers.ListField(child=ImportedOfferForm(), allow_empty=False, max_length=MOST_AT_ONCE)


class ImportPreviewForm(ActingForm):
    """The text of a file, as UTF-8: a table, or services of HSDS 3.0. Of these it may be said which category a word
    means here, and where a service is that does not say."""

    file = FileText()
    categories = serializers.DictField(child=serializers.ChoiceField(list(CATEGORIES)), required=False, default=dict)
    area = Area(max_length=16, required=False, default="")


class CapacityForm(Form):
    available = Number(min_value=0, max_value=MOST)
    maximum = Number(min_value=1, max_value=MOST, required=False)


class PledgeForm(ActingForm):
    need = Identifier()
    offer = Identifier()
    quantity = Number(min_value=1, max_value=MOST)
    note = Text(max_length=500, required=False, allow_blank=True, default="", help_text=NO_PERSON)


class PledgeNoteForm(Form):
    note = Text(max_length=500, required=False, allow_blank=True, default="", help_text=NO_PERSON)


class PledgeDeclineForm(PledgeNoteForm):
    reason = serializers.ChoiceField(list(REASONS))


class PledgeFailForm(PledgeNoteForm):
    reason = serializers.ChoiceField(list(FAILURES))
