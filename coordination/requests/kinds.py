"""The kinds of request, in one table: the form, the validation, the clocks and the documentation read it.

No field asks for a person. Places are never finer than a county.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

import msgspec

from portal.organizations.models import OrganizationKind

REASONS = ("capacity", "eligibility", "area", "conflict_of_interest", "no_agreement", "no_consent", "other")
ROLES = (
    *("interpreter", "sign_language_interpreter", "advocate", "attorney", "paralegal", "nurse", "therapist"),
    *("case_manager", "driver", "childcare", "trainer", "facilitator", "other"),
)
OUTCOMES = ("met", "partly_met", "not_met", "no_longer_needed")
# who is told, one after the other, when nobody answers
STEPS = ("backup", "leads", "coordinator", "network")


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
    """`acknowledge` and `answer` are the clocks; `lasts` is how long past its moment a request stays open.

    `pauses`: the clocks run in office hours alone, and a day of theirs is a working day.
    `asks` are the kinds of organization that are usually asked: they are offered first.
    `for_safety`: whoever it is asked of is woken for it in their quiet hours too.
    `on_call`: that it was asked at all is known to those on call alone and, of who asks, to those who steer it.
    """

    name: str
    acknowledge: timedelta
    answer: timedelta
    lasts: timedelta = timedelta(days=1)
    pauses: bool = False
    asks: tuple[OrganizationKind, ...] = ()
    for_safety: bool = False
    on_call: bool = False
    steps: tuple[str, ...] = STEPS
    fields: tuple[Field, ...]

    @property
    def moments(self) -> list[str]:
        """The fields that say when it is needed, or until when."""
        return [field.name for field in self.fields if field.type == "datetime"]

    @property
    def counts_people(self) -> bool:
        return {"adults", "children"} <= {field.name for field in self.fields}


def choice(name: str, *choices: str, required: bool = True) -> Field:
    return Field(name=name, type="choice", choices=choices, required=required)


def several(name: str, *choices: str, required: bool = True) -> Field:
    return Field(name=name, type="choices", choices=choices, required=required)


def number(name: str, minimum: int, maximum: int) -> Field:
    return Field(name=name, type="integer", minimum=minimum, maximum=maximum)


def text(name: str, maximum_length: int) -> Field:
    return Field(name=name, type="text", maximum_length=maximum_length)


AREA = Field(name="area", type="choice", source="areas")
TO_AREA = Field(name="to_area", type="choice", source="areas")
STARTS_AT = Field(name="starts_at", type="datetime")
DUE_AT = Field(name="due_at", type="datetime")
LANGUAGES = Field(name="languages", type="choices", source="languages", required=False)
ADULTS, CHILDREN = number("adults", 0, 20), number("children", 0, 20)
MODE = choice("mode", "phone", "video", "in_person")
GENDER_PREFERENCE = choice("gender_preference", "none", "female", "male")
DURATION = number("duration_minutes", 15, 480)

Kind = OrganizationKind
ADVOCATES = (Kind.NGO_SERVICE_PROVIDER, Kind.SURVIVOR_LED, Kind.HOTLINE, Kind.LOCAL_GOVERNMENT)
LAWYERS = (Kind.LEGAL_PROVIDER,)
SERVICES = (
    *("safety_shelter", "health", "mental_health", "legal", "language", "transport"),
    *("basic_needs", "education", "employment", "reintegration_family"),
)

_kinds = (
    RequestKind(
        name="emergency_shelter",
        acknowledge=timedelta(minutes=5),
        answer=timedelta(minutes=30),
        for_safety=True,
        asks=(Kind.SHELTER_OPERATOR, Kind.NGO_SERVICE_PROVIDER),
        fields=(ADULTS, CHILDREN, STARTS_AT, number("nights", 1, 90), LANGUAGES, AREA),
    ),
    RequestKind(
        name="on_call_advocate",
        acknowledge=timedelta(minutes=10),
        answer=timedelta(minutes=30),
        for_safety=True,
        asks=ADVOCATES,
        fields=(
            choice("setting", "hospital", "interview", "court", "shelter", "elsewhere"),
            MODE,
            LANGUAGES,
            GENDER_PREFERENCE,
            STARTS_AT,
            DURATION,
            AREA,
        ),
    ),
    RequestKind(
        name="interpreter_now",
        acknowledge=timedelta(minutes=10),
        answer=timedelta(minutes=30),
        for_safety=True,
        asks=(Kind.NGO_SERVICE_PROVIDER, Kind.COMMUNITY_GROUP),
        fields=(
            Field(name="language", type="choice", source="languages"),
            MODE,
            choice("purpose", "service", "investigative"),
            GENDER_PREFERENCE,
            STARTS_AT,
            DURATION,
            AREA,
        ),
    ),
    RequestKind(
        name="medical_or_forensic_access",
        acknowledge=timedelta(minutes=15),
        answer=timedelta(hours=1),
        for_safety=True,
        asks=(Kind.HEALTH_PROVIDER,),
        fields=(
            several("care", "emergency", "forensic_exam", "sexual_reproductive", "primary", "mental_health", "dental"),
            STARTS_AT,
            LANGUAGES,
            GENDER_PREFERENCE,
            AREA,
        ),
    ),
    RequestKind(
        name="safe_transport",
        acknowledge=timedelta(minutes=15),
        answer=timedelta(hours=1),
        for_safety=True,
        asks=(Kind.NGO_SERVICE_PROVIDER, Kind.FAITH_BASED, Kind.COMMUNITY_GROUP),
        fields=(ADULTS, CHILDREN, STARTS_AT, LANGUAGES, AREA, TO_AREA),
    ),
    RequestKind(
        name="safety_incident",
        acknowledge=timedelta(minutes=10),
        answer=timedelta(hours=1),
        for_safety=True,
        asks=(Kind.LOCAL_GOVERNMENT,),
        fields=(
            choice("incident", "misposting", "leak", "lost_device", "unsafe_contact", "other"),
            choice("contained", "yes", "no", "not_known"),
            text("situation", 1000),
        ),
    ),
    RequestKind(
        name="legal_process_notice",
        acknowledge=timedelta(hours=1),
        answer=timedelta(hours=24),
        asks=LAWYERS,
        fields=(
            choice("process", "subpoena", "court_order", "search_warrant", "records_request", "other"),
            several("needed", "legal_advice", "motion_to_quash", "notice_to_others", required=False),
            DUE_AT,
            AREA,
        ),
    ),
    RequestKind(
        name="urgent_legal_screening",
        acknowledge=timedelta(hours=2),
        answer=timedelta(hours=24),
        asks=LAWYERS,
        fields=(
            several("matter", "immigration", "criminal_record", "family", "rights_in_court", "compensation"),
            MODE,
            LANGUAGES,
            STARTS_AT,
            AREA,
        ),
    ),
    RequestKind(
        name="operation_support",
        acknowledge=timedelta(hours=4),
        answer=timedelta(hours=24),
        lasts=timedelta(days=31),
        asks=(Kind.SHELTER_OPERATOR, Kind.NGO_SERVICE_PROVIDER, Kind.HEALTH_PROVIDER, *LAWYERS),
        on_call=True,
        steps=("backup", "coordinator"),
        # counted from when it is asked: never a day, and no place finer than a county
        fields=(
            choice("window", "within_three_days", "within_a_week", "within_two_weeks", "within_a_month"),
            several(
                "support",
                *("shelter", "interpreters", "advocates", "medical", "legal", "transport", "interview_site"),
            ),
            choice("people_expected", "one_or_two", "three_to_five", "six_to_ten", "more_than_ten"),
            choice("minors_possible", "yes", "no", "not_known"),
            LANGUAGES,
            AREA,
        ),
    ),
    RequestKind(
        name="service_referral",
        acknowledge=timedelta(hours=24),
        answer=timedelta(hours=48),
        lasts=timedelta(days=7),
        pauses=True,
        asks=(Kind.NGO_SERVICE_PROVIDER, Kind.SHELTER_OPERATOR, Kind.HEALTH_PROVIDER, *LAWYERS),
        fields=(several("services", *SERVICES), ADULTS, CHILDREN, LANGUAGES, AREA),
    ),
    RequestKind(
        name="information_request",
        acknowledge=timedelta(days=2),
        answer=timedelta(days=5),
        lasts=timedelta(days=14),
        pauses=True,
        fields=(
            choice("topic", "services", "law", "training", "data", "other"),
            text("question", 2000),
        ),
    ),
    RequestKind(
        name="joint_training",
        acknowledge=timedelta(days=2),
        answer=timedelta(days=7),
        lasts=timedelta(days=7),
        pauses=True,
        asks=(Kind.LAW_ENFORCEMENT, Kind.SURVIVOR_LED, Kind.NGO_SERVICE_PROVIDER, Kind.SCHOOL_UNIVERSITY),
        fields=(
            text("subject", 300),
            several("part", "trainer", "participants", "venue", "material"),
            number("participants", 1, 1000),
            STARTS_AT,
            MODE,
            AREA,
        ),
    ),
    RequestKind(
        name="co_host_event",
        acknowledge=timedelta(days=2),
        answer=timedelta(days=7),
        lasts=timedelta(days=7),
        pauses=True,
        asks=(Kind.COMMUNITY_GROUP, Kind.FAITH_BASED, Kind.SCHOOL_UNIVERSITY, Kind.BUSINESS),
        fields=(
            choice(
                "event",
                *("community_outreach", "awareness_campaign", "prevention_education", "resource_fair", "meeting"),
            ),
            several("help", "venue", "speakers", "interpreters", "promotion", "costs"),
            number("participants", 1, 1000),
            STARTS_AT,
            AREA,
        ),
    ),
    RequestKind(
        name="policy_mou_review",
        acknowledge=timedelta(days=3),
        answer=timedelta(days=14),
        lasts=timedelta(days=14),
        pauses=True,
        asks=(*LAWYERS, Kind.PROSECUTOR_COURT, Kind.LOCAL_GOVERNMENT, Kind.SURVIVOR_LED),
        fields=(
            choice("document", "mou", "sharing_protocol", "conduct_code", "policy", "law_or_bill"),
            text("subject", 300),
            DUE_AT,
        ),
    ),
)
KINDS = {kind.name: kind for kind in _kinds}
ON_CALL = tuple(kind.name for kind in _kinds if kind.on_call)
